-- +goose Up
CREATE TABLE IF NOT EXISTS list_prices (
    id        VARCHAR(36) NOT NULL,
    plan_id   VARCHAR(36) NOT NULL,
    price_fen BIGINT NOT NULL,
    from_at   DATETIME NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX IF NOT EXISTS ix_list_prices_plan_id_from_at ON list_prices (plan_id, from_at);
