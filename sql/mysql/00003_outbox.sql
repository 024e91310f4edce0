-- +goose Up
CREATE TABLE IF NOT EXISTS outbox (
    id         VARCHAR(36) NOT NULL,
    kind       VARCHAR(60) NOT NULL,
    subject    VARCHAR(36) NOT NULL,
    payload    MEDIUMTEXT NOT NULL,
    headers    TEXT NOT NULL,
    state      VARCHAR(8) NOT NULL,
    next_at    DATETIME(6) NOT NULL,
    owner      VARCHAR(80) NOT NULL,
    deliveries BIGINT NOT NULL,
    last_error TEXT NOT NULL,
    created_at DATETIME(6) NOT NULL,
    done_at    DATETIME(6),
    PRIMARY KEY (id),
    KEY ix_outbox_state_next_at_id (state, next_at, id),
    KEY ix_outbox_kind_state (kind, state)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
