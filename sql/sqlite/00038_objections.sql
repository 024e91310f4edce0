-- +goose Up
CREATE TABLE IF NOT EXISTS objections (
    id         VARCHAR(36) NOT NULL,
    notice_id  VARCHAR(36) NOT NULL,
    claim_id   VARCHAR(36) NOT NULL,
    text       TEXT NOT NULL,
    contact    VARCHAR(255) NOT NULL,
    state      VARCHAR(16) NOT NULL,
    created_at DATETIME NOT NULL,
    decided_by VARCHAR(36) NOT NULL,
    decided_at DATETIME,
    answer     TEXT NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX IF NOT EXISTS ix_objections_claim_id_state ON objections (claim_id, state);
CREATE INDEX IF NOT EXISTS ix_objections_state_id ON objections (state, id);
