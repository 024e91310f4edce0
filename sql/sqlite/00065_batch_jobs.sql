-- +goose Up
CREATE TABLE IF NOT EXISTS batch_jobs (
    id         VARCHAR(36) NOT NULL,
    batch_id   VARCHAR(36) NOT NULL,
    live_key   VARCHAR(36),
    kind       VARCHAR(12) NOT NULL,
    state      VARCHAR(12) NOT NULL,
    actor      TEXT NOT NULL,
    source     TEXT NOT NULL,
    expected   BIGINT NOT NULL,
    seen       BIGINT NOT NULL,
    taken      BIGINT NOT NULL,
    missed     BIGINT NOT NULL,
    after_at   DATETIME,
    after_id   VARCHAR(36) NOT NULL,
    trouble    VARCHAR(60) NOT NULL,
    created_at DATETIME NOT NULL,
    updated_at DATETIME NOT NULL,
    ended_at   DATETIME,
    version    BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_batch_jobs_live_key ON batch_jobs (live_key);
CREATE INDEX IF NOT EXISTS ix_batch_jobs_batch_id_id ON batch_jobs (batch_id, id);
