-- +goose Up
CREATE TABLE IF NOT EXISTS invoice_uses (
    number_key VARCHAR(40) NOT NULL,
    claim_id   VARCHAR(36) NOT NULL,
    created_at DATETIME NOT NULL,
    PRIMARY KEY (number_key)
);
CREATE INDEX IF NOT EXISTS ix_invoice_uses_claim_id ON invoice_uses (claim_id);
