-- +goose Up
CREATE TABLE IF NOT EXISTS closings (
    period      VARCHAR(10) NOT NULL,
    through     VARCHAR(10) NOT NULL,
    balances    MEDIUMTEXT NOT NULL,
    previous    VARCHAR(64) NOT NULL,
    digest      VARCHAR(64) NOT NULL,
    closed_by   VARCHAR(36) NOT NULL,
    closed_name VARCHAR(80) NOT NULL,
    closed_at   DATETIME(6) NOT NULL,
    PRIMARY KEY (period)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
