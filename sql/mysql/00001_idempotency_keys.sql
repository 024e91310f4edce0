-- +goose Up
CREATE TABLE IF NOT EXISTS idempotency_keys (
    actor       VARCHAR(36) NOT NULL,
    idem_key    VARCHAR(64) NOT NULL,
    command     VARCHAR(80) NOT NULL,
    fingerprint VARCHAR(64) NOT NULL,
    result      MEDIUMTEXT NOT NULL,
    created_at  DATETIME(6) NOT NULL,
    PRIMARY KEY (actor, idem_key, command),
    KEY ix_idempotency_keys_created_at (created_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
