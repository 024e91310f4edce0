-- +goose Up
CREATE TABLE IF NOT EXISTS leases (
    name       VARCHAR(80) NOT NULL,
    owner      VARCHAR(80) NOT NULL,
    expires_at DATETIME(6) NOT NULL,
    PRIMARY KEY (name)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
