-- +goose Up
CREATE TABLE IF NOT EXISTS waiting_lists (
    policy_code VARCHAR(60) NOT NULL,
    version     BIGINT NOT NULL,
    PRIMARY KEY (policy_code)
);
