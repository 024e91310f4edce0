-- +goose Up
CREATE TABLE IF NOT EXISTS notice_items (
    notice_id VARCHAR(36) NOT NULL,
    claim_id  VARCHAR(36) NOT NULL,
    state     VARCHAR(16) NOT NULL,
    PRIMARY KEY (notice_id, claim_id)
);
CREATE INDEX IF NOT EXISTS ix_notice_items_claim_id ON notice_items (claim_id);
