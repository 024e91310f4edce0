-- +goose Up
CREATE TABLE IF NOT EXISTS sessions (
    id              VARCHAR(36) NOT NULL,
    person_id       VARCHAR(36) NOT NULL,
    membership_id   VARCHAR(36) NOT NULL,
    session_version BIGINT NOT NULL,
    address         VARCHAR(45) NOT NULL,
    agent           VARCHAR(200) NOT NULL,
    created_at      DATETIME NOT NULL,
    expires_at      DATETIME NOT NULL,
    revoked_at      DATETIME,
    PRIMARY KEY (id)
);
CREATE INDEX IF NOT EXISTS ix_sessions_person_id_id ON sessions (person_id, id);
CREATE INDEX IF NOT EXISTS ix_sessions_expires_at ON sessions (expires_at);
