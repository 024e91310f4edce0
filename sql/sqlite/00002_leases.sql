-- +goose Up
CREATE TABLE IF NOT EXISTS leases (
    name       VARCHAR(80) NOT NULL,
    owner      VARCHAR(80) NOT NULL,
    expires_at DATETIME NOT NULL,
    PRIMARY KEY (name)
);
