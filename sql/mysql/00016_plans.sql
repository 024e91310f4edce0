-- +goose Up
CREATE TABLE IF NOT EXISTS plans (
    id          VARCHAR(36) NOT NULL,
    offer_id    VARCHAR(36) NOT NULL,
    position    BIGINT NOT NULL,
    name_zh     VARCHAR(200) NOT NULL,
    name_en     VARCHAR(200) NOT NULL,
    unit        VARCHAR(20) NOT NULL,
    price_fen   BIGINT NOT NULL,
    includes_zh VARCHAR(500) NOT NULL,
    includes_en VARCHAR(500) NOT NULL,
    status      VARCHAR(16) NOT NULL,
    version     BIGINT NOT NULL,
    PRIMARY KEY (id),
    KEY ix_plans_offer_id_position (offer_id, position)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
