-- +goose Up
CREATE TABLE IF NOT EXISTS login_attempts (
    bucket       VARCHAR(120) NOT NULL,
    failures     BIGINT NOT NULL,
    window_from  DATETIME NOT NULL,
    locked_until DATETIME,
    PRIMARY KEY (bucket)
);
