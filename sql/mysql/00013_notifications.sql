-- +goose Up
CREATE TABLE IF NOT EXISTS notifications (
    id         VARCHAR(36) NOT NULL,
    person_id  VARCHAR(36) NOT NULL,
    kind       VARCHAR(60) NOT NULL,
    params     TEXT NOT NULL,
    link       VARCHAR(200) NOT NULL,
    dedupe     VARCHAR(160) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    read_at    DATETIME(6),
    PRIMARY KEY (id),
    UNIQUE KEY uq_notifications_dedupe (dedupe),
    KEY ix_notifications_person_id_id (person_id, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
