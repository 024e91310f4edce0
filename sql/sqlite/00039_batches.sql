-- +goose Up
CREATE TABLE IF NOT EXISTS batches (
    id           VARCHAR(36) NOT NULL,
    number       VARCHAR(24) NOT NULL,
    state        VARCHAR(16) NOT NULL,
    policy_code  VARCHAR(60) NOT NULL,
    line_count   BIGINT NOT NULL,
    total_fen    BIGINT NOT NULL,
    paid_count   BIGINT NOT NULL,
    failed_count BIGINT NOT NULL,
    digest       VARCHAR(64) NOT NULL,
    created_by   VARCHAR(36) NOT NULL,
    created_at   DATETIME NOT NULL,
    closed_at    DATETIME,
    exported_at  DATETIME,
    settled_at   DATETIME,
    version      BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_batches_number ON batches (number);
CREATE INDEX IF NOT EXISTS ix_batches_state_id ON batches (state, id);
