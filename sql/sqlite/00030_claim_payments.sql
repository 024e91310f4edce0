-- +goose Up
CREATE TABLE IF NOT EXISTS claim_payments (
    id             VARCHAR(36) NOT NULL,
    claim_id       VARCHAR(36) NOT NULL,
    position       BIGINT NOT NULL,
    paid_on        VARCHAR(10) NOT NULL,
    amount_fen     BIGINT NOT NULL,
    payer          VARCHAR(200) NOT NULL,
    payee          VARCHAR(200) NOT NULL,
    bank_reference VARCHAR(80) NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_claim_payments_claim_id_position ON claim_payments (claim_id, position);
