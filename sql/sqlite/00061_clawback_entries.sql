-- +goose Up
CREATE TABLE IF NOT EXISTS clawback_entries (
    id            VARCHAR(36) NOT NULL,
    clawback_id   VARCHAR(36) NOT NULL,
    kind          VARCHAR(16) NOT NULL,
    state         VARCHAR(16) NOT NULL,
    amount_fen    BIGINT NOT NULL,
    municipal_fen BIGINT NOT NULL,
    district_fen  BIGINT NOT NULL,
    happened_on   VARCHAR(10) NOT NULL,
    reference     VARCHAR(80) NOT NULL,
    reference_key VARCHAR(80),
    line_id       VARCHAR(36) NOT NULL,
    person_id     VARCHAR(36) NOT NULL,
    at            DATETIME NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_clawback_entries_reference_key ON clawback_entries (reference_key);
CREATE INDEX IF NOT EXISTS ix_clawback_entries_clawback_id_id ON clawback_entries (clawback_id, id);
CREATE INDEX IF NOT EXISTS ix_clawback_entries_line_id ON clawback_entries (line_id);
