-- +goose Up
CREATE TABLE IF NOT EXISTS login_attempts (
    bucket       VARCHAR(120) NOT NULL,
    failures     BIGINT NOT NULL,
    window_from  DATETIME NOT NULL,
    locked_until DATETIME,
    PRIMARY KEY (bucket)
);
CREATE INDEX IF NOT EXISTS ix_login_attempts_window_from ON login_attempts (window_from);
