-- +goose Up
CREATE TABLE IF NOT EXISTS claim_recoveries (
    claim_id           VARCHAR(36) NOT NULL,
    municipal_fen      BIGINT NOT NULL,
    district_fen       BIGINT NOT NULL,
    back_municipal_fen BIGINT NOT NULL,
    back_district_fen  BIGINT NOT NULL,
    version            BIGINT NOT NULL,
    PRIMARY KEY (claim_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
