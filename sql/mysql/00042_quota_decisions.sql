-- +goose Up
CREATE TABLE IF NOT EXISTS quota_decisions (
    id          VARCHAR(36) NOT NULL,
    policy_code VARCHAR(60) NOT NULL,
    kind        VARCHAR(24) NOT NULL,
    subject     VARCHAR(80) NOT NULL,
    period      VARCHAR(10) NOT NULL,
    serial      BIGINT NOT NULL,
    limit_fen   BIGINT,
    reason      TEXT NOT NULL,
    person_id   VARCHAR(36) NOT NULL,
    person_name VARCHAR(50) NOT NULL,
    at          DATETIME(6) NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY ux_quota_decisions_serial (policy_code, kind, subject, period, serial)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
