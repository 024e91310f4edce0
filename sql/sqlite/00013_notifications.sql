-- +goose Up
CREATE TABLE IF NOT EXISTS notifications (
    id         VARCHAR(36) NOT NULL,
    person_id  VARCHAR(36) NOT NULL,
    kind       VARCHAR(60) NOT NULL,
    params     TEXT NOT NULL,
    link       VARCHAR(200) NOT NULL,
    dedupe     VARCHAR(160) NOT NULL,
    created_at DATETIME NOT NULL,
    read_at    DATETIME,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_notifications_dedupe ON notifications (dedupe);
CREATE INDEX IF NOT EXISTS ix_notifications_person_id_id ON notifications (person_id, id);
