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
    created_at   DATETIME(6) NOT NULL,
    closed_at    DATETIME(6),
    exported_at  DATETIME(6),
    settled_at   DATETIME(6),
    version      BIGINT NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY uq_batches_number (number),
    KEY ix_batches_state_id (state, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
