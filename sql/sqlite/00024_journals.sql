-- +goose Up
CREATE TABLE IF NOT EXISTS journals (
    id          VARCHAR(36) NOT NULL,
    kind        VARCHAR(24) NOT NULL,
    effect_key  VARCHAR(120) NOT NULL,
    subject_id  VARCHAR(36) NOT NULL,
    policy_code VARCHAR(60) NOT NULL,
    actor       VARCHAR(36) NOT NULL,
    at          DATETIME NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_journals_effect_key ON journals (effect_key);
CREATE INDEX IF NOT EXISTS ix_journals_subject_id_id ON journals (subject_id, id);
CREATE INDEX IF NOT EXISTS ix_journals_policy_code_at ON journals (policy_code, at);
