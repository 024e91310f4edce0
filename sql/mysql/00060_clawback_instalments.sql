-- +goose Up
CREATE TABLE IF NOT EXISTS clawback_instalments (
    clawback_id VARCHAR(36) NOT NULL,
    no          BIGINT NOT NULL,
    due_on      VARCHAR(10) NOT NULL,
    amount_fen  BIGINT NOT NULL,
    PRIMARY KEY (clawback_id, no)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
