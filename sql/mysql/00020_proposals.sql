-- +goose Up
CREATE TABLE IF NOT EXISTS proposals (
    id             VARCHAR(36) NOT NULL,
    demand_id      VARCHAR(36) NOT NULL,
    provider_id    VARCHAR(36) NOT NULL,
    offer_id       VARCHAR(36) NOT NULL,
    plan_id        VARCHAR(36) NOT NULL,
    quantity       BIGINT NOT NULL,
    list_price_fen BIGINT NOT NULL,
    discount_fen   BIGINT NOT NULL,
    message        TEXT NOT NULL,
    valid_until    VARCHAR(10) NOT NULL,
    status         VARCHAR(16) NOT NULL,
    version        BIGINT NOT NULL,
    created_by     VARCHAR(36) NOT NULL,
    created_at     DATETIME(6) NOT NULL,
    updated_at     DATETIME(6) NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY uq_proposals_demand_id_provider_id (demand_id, provider_id),
    KEY ix_proposals_provider_id_id (provider_id, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
