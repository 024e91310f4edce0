-- +goose Up
CREATE TABLE IF NOT EXISTS openings (
    id             VARCHAR(36) NOT NULL,
    policy_code    VARCHAR(60) NOT NULL,
    policy_version BIGINT NOT NULL,
    opens_on       VARCHAR(10) NOT NULL,
    closes_on      VARCHAR(10) NOT NULL,
    state          VARCHAR(16) NOT NULL,
    list_count     BIGINT NOT NULL,
    list_digest    VARCHAR(64) NOT NULL,
    closed_at      DATETIME,
    drawn_at       DATETIME,
    version        BIGINT NOT NULL,
    created_at     DATETIME NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_openings_policy_code_closes_on ON openings (policy_code, closes_on);
