-- +goose Up
CREATE TABLE IF NOT EXISTS batch_job_parts (
    job_id   VARCHAR(36) NOT NULL,
    part     BIGINT NOT NULL,
    digest   VARCHAR(64) NOT NULL,
    document MEDIUMBLOB NOT NULL,
    PRIMARY KEY (job_id, part)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
