-- +goose Up
CREATE TABLE IF NOT EXISTS claim_evidence (
    claim_id VARCHAR(36) NOT NULL,
    file_id  VARCHAR(36) NOT NULL,
    kind     VARCHAR(24) NOT NULL,
    added_by VARCHAR(36) NOT NULL,
    added_at DATETIME NOT NULL,
    PRIMARY KEY (claim_id, file_id)
);
