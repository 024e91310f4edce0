-- +goose Up
CREATE TABLE IF NOT EXISTS policies (
    code         VARCHAR(60) NOT NULL,
    version      BIGINT NOT NULL,
    status       VARCHAR(16) NOT NULL,
    document     TEXT NOT NULL,
    digest       VARCHAR(64) NOT NULL,
    valid_from   VARCHAR(10) NOT NULL,
    published_by VARCHAR(36) NOT NULL,
    published_at DATETIME,
    created_at   DATETIME NOT NULL,
    PRIMARY KEY (code, version)
);
CREATE INDEX IF NOT EXISTS ix_policies_status_code ON policies (status, code);
