-- +goose Up
CREATE TABLE IF NOT EXISTS offers (
    id               VARCHAR(36) NOT NULL,
    provider_id      VARCHAR(36) NOT NULL,
    category         VARCHAR(40) NOT NULL,
    depth            VARCHAR(16) NOT NULL,
    class            VARCHAR(1) NOT NULL,
    name_zh          VARCHAR(200) NOT NULL,
    name_en          VARCHAR(200) NOT NULL,
    summary_zh       VARCHAR(500) NOT NULL,
    summary_en       VARCHAR(500) NOT NULL,
    description_zh   TEXT NOT NULL,
    description_en   TEXT NOT NULL,
    chains           TEXT NOT NULL,
    sizes            TEXT NOT NULL,
    integrates       TEXT NOT NULL,
    data_return_zh   TEXT NOT NULL,
    data_return_en   TEXT NOT NULL,
    status           VARCHAR(16) NOT NULL,
    lowest_price_fen BIGINT NOT NULL,
    version          BIGINT NOT NULL,
    listed_at        DATETIME,
    created_at       DATETIME NOT NULL,
    updated_at       DATETIME NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX IF NOT EXISTS ix_offers_provider_id_id ON offers (provider_id, id);
CREATE INDEX IF NOT EXISTS ix_offers_status_category_id ON offers (status, category, id);
CREATE INDEX IF NOT EXISTS ix_offers_updated_at_id ON offers (updated_at, id);
