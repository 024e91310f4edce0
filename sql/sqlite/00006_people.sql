-- +goose Up
CREATE TABLE IF NOT EXISTS people (
    id              VARCHAR(36) NOT NULL,
    login           VARCHAR(64) NOT NULL,
    name            VARCHAR(50) NOT NULL,
    password_hash   VARCHAR(255) NOT NULL,
    session_version BIGINT NOT NULL,
    status          VARCHAR(16) NOT NULL,
    version         BIGINT NOT NULL,
    created_at      DATETIME NOT NULL,
    updated_at      DATETIME NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_people_login ON people (login);
