-- +goose Up
CREATE TABLE IF NOT EXISTS notices (
    id         VARCHAR(36) NOT NULL,
    number     VARCHAR(24) NOT NULL,
    state      VARCHAR(16) NOT NULL,
    opened_on  VARCHAR(10) NOT NULL,
    closes_on  VARCHAR(10) NOT NULL,
    item_count BIGINT NOT NULL,
    opened_by  VARCHAR(36) NOT NULL,
    version    BIGINT NOT NULL,
    created_at DATETIME(6) NOT NULL,
    closed_at  DATETIME(6),
    PRIMARY KEY (id),
    UNIQUE KEY uq_notices_number (number),
    KEY ix_notices_state_closes_on_id (state, closes_on, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
