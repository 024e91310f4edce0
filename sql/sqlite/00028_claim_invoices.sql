-- +goose Up
CREATE TABLE IF NOT EXISTS claim_invoices (
    id          VARCHAR(36) NOT NULL,
    claim_id    VARCHAR(36) NOT NULL,
    position    BIGINT NOT NULL,
    number_key  VARCHAR(40) NOT NULL,
    code        VARCHAR(12) NOT NULL,
    number      VARCHAR(20) NOT NULL,
    issued_on   VARCHAR(10) NOT NULL,
    seller_code VARCHAR(18) NOT NULL,
    buyer_code  VARCHAR(18) NOT NULL,
    amount_fen  BIGINT NOT NULL,
    tax_fen     BIGINT NOT NULL,
    item        VARCHAR(200) NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_claim_invoices_claim_id_position ON claim_invoices (claim_id, position);
CREATE INDEX IF NOT EXISTS ix_claim_invoices_number_key ON claim_invoices (number_key);
