-- +goose Up
CREATE TABLE IF NOT EXISTS traces (
    id             VARCHAR(36) NOT NULL,
    subject_kind   VARCHAR(12) NOT NULL,
    subject_id     VARCHAR(36) NOT NULL,
    policy_code    VARCHAR(60) NOT NULL,
    policy_version BIGINT NOT NULL,
    digest         VARCHAR(64) NOT NULL,
    document       BLOB NOT NULL,
    at             DATETIME NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX IF NOT EXISTS ix_traces_subject_id_id ON traces (subject_id, id);
