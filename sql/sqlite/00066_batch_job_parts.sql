-- +goose Up
CREATE TABLE IF NOT EXISTS batch_job_parts (
    job_id   VARCHAR(36) NOT NULL,
    part     BIGINT NOT NULL,
    digest   VARCHAR(64) NOT NULL,
    document BLOB NOT NULL,
    PRIMARY KEY (job_id, part)
);
