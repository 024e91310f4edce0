-- +goose Up
CREATE TABLE IF NOT EXISTS sessions (
    id              VARCHAR(36) NOT NULL,
    person_id       VARCHAR(36) NOT NULL,
    membership_id   VARCHAR(36) NOT NULL,
    session_version BIGINT NOT NULL,
    address         VARCHAR(45) NOT NULL,
    agent           VARCHAR(200) NOT NULL,
    created_at      DATETIME(6) NOT NULL,
    expires_at      DATETIME(6) NOT NULL,
    revoked_at      DATETIME(6),
    PRIMARY KEY (id),
    KEY ix_sessions_person_id_id (person_id, id),
    KEY ix_sessions_expires_at (expires_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
