-- +goose Up
CREATE TABLE IF NOT EXISTS login_attempts (
    bucket       VARCHAR(120) NOT NULL,
    failures     BIGINT NOT NULL,
    window_from  DATETIME(6) NOT NULL,
    locked_until DATETIME(6),
    PRIMARY KEY (bucket),
    KEY ix_login_attempts_window_from (window_from)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
