-- +goose Up
CREATE TABLE IF NOT EXISTS batch_lines (
    id             VARCHAR(36) NOT NULL,
    batch_id       VARCHAR(36) NOT NULL,
    line_no        BIGINT NOT NULL,
    claim_id       VARCHAR(36) NOT NULL,
    live_key       VARCHAR(36),
    district       VARCHAR(20) NOT NULL,
    payee_org_id   VARCHAR(36) NOT NULL,
    payee_name     VARCHAR(200) NOT NULL,
    bank_name      VARCHAR(100) NOT NULL,
    bank_code      VARCHAR(12) NOT NULL,
    account_number VARCHAR(255) NOT NULL,
    amount_fen     BIGINT NOT NULL,
    municipal_fen  BIGINT NOT NULL,
    district_fen   BIGINT NOT NULL,
    state          VARCHAR(16) NOT NULL,
    failure        VARCHAR(500) NOT NULL,
    bank_reference VARCHAR(80) NOT NULL,
    paid_on        VARCHAR(10),
    version        BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_batch_lines_batch_id_line_no ON batch_lines (batch_id, line_no);
CREATE UNIQUE INDEX IF NOT EXISTS uq_batch_lines_live_key ON batch_lines (live_key);
CREATE INDEX IF NOT EXISTS ix_batch_lines_claim_id ON batch_lines (claim_id);
