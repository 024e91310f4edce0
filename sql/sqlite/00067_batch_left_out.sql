-- +goose Up
CREATE TABLE IF NOT EXISTS batch_left_out (
    batch_id     VARCHAR(36) NOT NULL,
    claim_id     VARCHAR(36) NOT NULL,
    claim_number VARCHAR(24) NOT NULL,
    code         VARCHAR(40) NOT NULL,
    reason_zh    VARCHAR(300) NOT NULL,
    reason_en    VARCHAR(300) NOT NULL,
    PRIMARY KEY (batch_id, claim_id)
);
