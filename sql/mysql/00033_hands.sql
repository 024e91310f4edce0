-- +goose Up
CREATE TABLE IF NOT EXISTS hands (
    subject_id VARCHAR(36) NOT NULL,
    person_id  VARCHAR(36) NOT NULL,
    part       VARCHAR(24) NOT NULL,
    at         DATETIME(6) NOT NULL,
    PRIMARY KEY (subject_id, person_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
