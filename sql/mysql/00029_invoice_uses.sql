-- +goose Up
CREATE TABLE IF NOT EXISTS invoice_uses (
    number_key VARCHAR(40) NOT NULL,
    claim_id   VARCHAR(36) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    PRIMARY KEY (number_key),
    KEY ix_invoice_uses_claim_id (claim_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
