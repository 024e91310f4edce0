-- +goose Up
CREATE TABLE IF NOT EXISTS steps (
    id           VARCHAR(36) NOT NULL,
    subject_kind VARCHAR(12) NOT NULL,
    subject_id   VARCHAR(36) NOT NULL,
    act          VARCHAR(40) NOT NULL,
    from_state   VARCHAR(24) NOT NULL,
    to_state     VARCHAR(24) NOT NULL,
    person_id    VARCHAR(36) NOT NULL,
    person_name  VARCHAR(50) NOT NULL,
    org_id       VARCHAR(36) NOT NULL,
    role         VARCHAR(24) NOT NULL,
    reason_code  VARCHAR(40) NOT NULL,
    note         TEXT NOT NULL,
    at           DATETIME(6) NOT NULL,
    PRIMARY KEY (id),
    KEY ix_steps_subject_id_id (subject_id, id),
    KEY ix_steps_person_id_id (person_id, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
