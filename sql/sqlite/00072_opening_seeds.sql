-- +goose Up
CREATE TABLE IF NOT EXISTS opening_seeds (
    opening_id   VARCHAR(36) NOT NULL,
    person_id    VARCHAR(36) NOT NULL,
    person_name  VARCHAR(50) NOT NULL,
    ordinal      BIGINT NOT NULL,
    commitment   VARCHAR(64) NOT NULL,
    committed_at DATETIME NOT NULL,
    seed         VARCHAR(64) NOT NULL,
    revealed_at  DATETIME,
    lost_reason  TEXT NOT NULL,
    PRIMARY KEY (opening_id, person_id)
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_opening_seeds_opening_id_ordinal ON opening_seeds (opening_id, ordinal);
