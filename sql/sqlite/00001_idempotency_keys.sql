-- +goose Up
CREATE TABLE IF NOT EXISTS idempotency_keys (
    actor       VARCHAR(36) NOT NULL,
    idem_key    VARCHAR(64) NOT NULL,
    command     VARCHAR(80) NOT NULL,
    fingerprint VARCHAR(64) NOT NULL,
    result      TEXT NOT NULL,
    created_at  DATETIME NOT NULL,
    PRIMARY KEY (actor, idem_key, command)
);
CREATE INDEX IF NOT EXISTS ix_idempotency_keys_created_at ON idempotency_keys (created_at);
