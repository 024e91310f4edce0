-- +goose Up
CREATE TABLE IF NOT EXISTS signing_keys (
    id             VARCHAR(36) NOT NULL,
    public_key     TEXT NOT NULL,
    private_key    TEXT NOT NULL,
    created_at     DATETIME(6) NOT NULL,
    signs_until    DATETIME(6) NOT NULL,
    verifies_until DATETIME(6) NOT NULL,
    PRIMARY KEY (id),
    KEY ix_signing_keys_verifies_until (verifies_until)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
