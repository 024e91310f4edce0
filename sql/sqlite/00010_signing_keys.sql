-- +goose Up
CREATE TABLE IF NOT EXISTS signing_keys (
    id             VARCHAR(36) NOT NULL,
    public_key     TEXT NOT NULL,
    private_key    TEXT NOT NULL,
    created_at     DATETIME NOT NULL,
    signs_until    DATETIME NOT NULL,
    verifies_until DATETIME NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX IF NOT EXISTS ix_signing_keys_verifies_until ON signing_keys (verifies_until);
