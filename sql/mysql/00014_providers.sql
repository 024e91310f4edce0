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
    created_at  DATETIME(6) NOT NULL,
    updated_at  DATETIME(6) NOT NULL,
    PRIMARY KEY (id),
    KEY ix_providers_status_id (status, id),
    KEY ix_providers_updated_at_id (updated_at, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
