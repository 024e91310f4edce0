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
    updated_at   DATETIME NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_appropriations_policy_code_level_scope ON appropriations (policy_code, level, scope);
