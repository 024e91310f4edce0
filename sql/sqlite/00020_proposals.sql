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
    created_at     DATETIME NOT NULL,
    updated_at     DATETIME NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_proposals_demand_id_provider_id ON proposals (demand_id, provider_id);
CREATE INDEX IF NOT EXISTS ix_proposals_provider_id_id ON proposals (provider_id, id);
