-- +goose Up
CREATE TABLE IF NOT EXISTS batch_jobs (
    id         VARCHAR(36) NOT NULL,
    batch_id   VARCHAR(36) NOT NULL,
    live_key   VARCHAR(36),
    kind       VARCHAR(12) NOT NULL,
    state      VARCHAR(12) NOT NULL,
    actor      TEXT NOT NULL,
    source     MEDIUMTEXT NOT NULL,
    expected   BIGINT NOT NULL,
    seen       BIGINT NOT NULL,
    taken      BIGINT NOT NULL,
    missed     BIGINT NOT NULL,
    after_at   DATETIME(6),
    after_id   VARCHAR(36) NOT NULL,
    trouble    VARCHAR(60) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,
    ended_at   DATETIME(6),
    version    BIGINT NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY uq_batch_jobs_live_key (live_key),
    KEY ix_batch_jobs_batch_id_id (batch_id, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
