-- +goose Up
CREATE TABLE IF NOT EXISTS outbox (
    id         VARCHAR(36) NOT NULL,
    kind       VARCHAR(60) NOT NULL,
    subject    VARCHAR(36) NOT NULL,
    payload    TEXT NOT NULL,
    headers    TEXT NOT NULL,
    state      VARCHAR(8) NOT NULL,
    next_at    DATETIME NOT NULL,
    owner      VARCHAR(80) NOT NULL,
    deliveries BIGINT NOT NULL,
    last_error TEXT NOT NULL,
    created_at DATETIME NOT NULL,
    done_at    DATETIME,
    PRIMARY KEY (id)
);
CREATE INDEX IF NOT EXISTS ix_outbox_state_next_at_id ON outbox (state, next_at, id);
CREATE INDEX IF NOT EXISTS ix_outbox_kind_state ON outbox (kind, state);
