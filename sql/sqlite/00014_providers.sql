-- +goose Up
CREATE TABLE IF NOT EXISTS providers (
    id          VARCHAR(36) NOT NULL,
    status      VARCHAR(16) NOT NULL,
    name        VARCHAR(200) NOT NULL,
    name_en     VARCHAR(200) NOT NULL,
    district    VARCHAR(20) NOT NULL,
    intro_zh    TEXT NOT NULL,
    intro_en    TEXT NOT NULL,
    strengths   TEXT NOT NULL,
    admitted_on VARCHAR(10),
    version     BIGINT NOT NULL,
    created_at  DATETIME NOT NULL,
    updated_at  DATETIME NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX IF NOT EXISTS ix_providers_status_id ON providers (status, id);
CREATE INDEX IF NOT EXISTS ix_providers_updated_at_id ON providers (updated_at, id);
