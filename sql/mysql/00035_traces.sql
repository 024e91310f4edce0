-- +goose Up
CREATE TABLE IF NOT EXISTS traces (
    id             VARCHAR(36) NOT NULL,
    subject_kind   VARCHAR(12) NOT NULL,
    subject_id     VARCHAR(36) NOT NULL,
    policy_code    VARCHAR(60) NOT NULL,
    policy_version BIGINT NOT NULL,
    digest         VARCHAR(64) NOT NULL,
    document       MEDIUMBLOB NOT NULL,
    at             DATETIME(6) NOT NULL,
    PRIMARY KEY (id),
    KEY ix_traces_subject_id_id (subject_id, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
