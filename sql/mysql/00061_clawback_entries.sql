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
    at            DATETIME(6) NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY uq_clawback_entries_reference_key (reference_key),
    KEY ix_clawback_entries_clawback_id_id (clawback_id, id),
    KEY ix_clawback_entries_line_id (line_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
