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
    created_at DATETIME NOT NULL,
    closed_at  DATETIME,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_notices_number ON notices (number);
CREATE INDEX IF NOT EXISTS ix_notices_state_closes_on_id ON notices (state, closes_on, id);
