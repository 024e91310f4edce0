-- +goose Up
CREATE TABLE IF NOT EXISTS ceilings (
    policy_code VARCHAR(60) NOT NULL,
    kind        VARCHAR(24) NOT NULL,
    subject     VARCHAR(80) NOT NULL,
    period      VARCHAR(10) NOT NULL,
    limit_fen   BIGINT NOT NULL,
    used_fen    BIGINT NOT NULL,
    version     BIGINT NOT NULL,
    PRIMARY KEY (policy_code, kind, subject, period)
);
