-- +goose Up
CREATE TABLE IF NOT EXISTS journals (
    id          VARCHAR(36) NOT NULL,
    kind        VARCHAR(24) NOT NULL,
    effect_key  VARCHAR(120) NOT NULL,
    subject_id  VARCHAR(36) NOT NULL,
    policy_code VARCHAR(60) NOT NULL,
    actor       VARCHAR(36) NOT NULL,
    at          DATETIME(6) NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY uq_journals_effect_key (effect_key),
    KEY ix_journals_subject_id_id (subject_id, id),
    KEY ix_journals_policy_code_at (policy_code, at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
