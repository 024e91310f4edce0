-- +goose Up
CREATE TABLE IF NOT EXISTS objections (
    id         VARCHAR(36) NOT NULL,
    notice_id  VARCHAR(36) NOT NULL,
    claim_id   VARCHAR(36) NOT NULL,
    text       TEXT NOT NULL,
    contact    VARCHAR(255) NOT NULL,
    state      VARCHAR(16) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    decided_by VARCHAR(36) NOT NULL,
    decided_at DATETIME(6),
    answer     TEXT NOT NULL,
    PRIMARY KEY (id),
    KEY ix_objections_claim_id_state (claim_id, state),
    KEY ix_objections_state_id (state, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
