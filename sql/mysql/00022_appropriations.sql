-- +goose Up
CREATE TABLE IF NOT EXISTS appropriations (
    id           VARCHAR(36) NOT NULL,
    policy_code  VARCHAR(60) NOT NULL,
    level        VARCHAR(16) NOT NULL,
    scope        VARCHAR(20) NOT NULL,
    amount_fen   BIGINT NOT NULL,
    reserved_fen BIGINT NOT NULL,
    awarded_fen  BIGINT NOT NULL,
    paid_fen     BIGINT NOT NULL,
    version      BIGINT NOT NULL,
    updated_at   DATETIME(6) NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY uq_appropriations_policy_code_level_scope (policy_code, level, scope)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
