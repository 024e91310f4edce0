-- +goose Up
CREATE TABLE IF NOT EXISTS waiting_lists (
    policy_code VARCHAR(60) NOT NULL,
    version     BIGINT NOT NULL,
    PRIMARY KEY (policy_code)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
