-- +goose Up
CREATE TABLE IF NOT EXISTS audit_entries (
    id          VARCHAR(36) NOT NULL,
    at          DATETIME NOT NULL,
    person_id   VARCHAR(36) NOT NULL,
    org_id      VARCHAR(36) NOT NULL,
    role        VARCHAR(24) NOT NULL,
    action      VARCHAR(80) NOT NULL,
    object_kind VARCHAR(40) NOT NULL,
    object_id   VARCHAR(80) NOT NULL,
    address     VARCHAR(45) NOT NULL,
    request_id  VARCHAR(64) NOT NULL,
    detail      TEXT NOT NULL,
    seq         BIGINT,
    prev_hash   VARCHAR(64),
    hash        VARCHAR(64),
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_audit_entries_seq ON audit_entries (seq);
CREATE INDEX IF NOT EXISTS ix_audit_entries_object_kind_object_id_at_id ON audit_entries (object_kind, object_id, at, id);
CREATE INDEX IF NOT EXISTS ix_audit_entries_person_id_at_id ON audit_entries (person_id, at, id);
CREATE INDEX IF NOT EXISTS ix_audit_entries_at_id ON audit_entries (at, id);
