-- +goose Up
CREATE TABLE IF NOT EXISTS claim_checks (
    claim_id   VARCHAR(36) NOT NULL,
    round      BIGINT NOT NULL,
    code       VARCHAR(40) NOT NULL,
    outcome    VARCHAR(8) NOT NULL,
    message_zh VARCHAR(500) NOT NULL,
    message_en VARCHAR(500) NOT NULL,
    at         DATETIME NOT NULL,
    PRIMARY KEY (claim_id, round, code)
);
