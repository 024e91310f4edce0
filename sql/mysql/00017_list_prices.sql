-- +goose Up
CREATE TABLE IF NOT EXISTS list_prices (
    id        VARCHAR(36) NOT NULL,
    plan_id   VARCHAR(36) NOT NULL,
    price_fen BIGINT NOT NULL,
    from_at   DATETIME(6) NOT NULL,
    PRIMARY KEY (id),
    KEY ix_list_prices_plan_id_from_at (plan_id, from_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
