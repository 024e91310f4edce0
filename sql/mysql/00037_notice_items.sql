-- +goose Up
CREATE TABLE IF NOT EXISTS notice_items (
    notice_id VARCHAR(36) NOT NULL,
    claim_id  VARCHAR(36) NOT NULL,
    state     VARCHAR(16) NOT NULL,
    PRIMARY KEY (notice_id, claim_id),
    KEY ix_notice_items_claim_id (claim_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
