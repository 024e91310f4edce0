-- +goose Up
CREATE TABLE IF NOT EXISTS files (
    id         VARCHAR(36) NOT NULL,
    org_id     VARCHAR(36) NOT NULL,
    name       VARCHAR(255) NOT NULL,
    media_type VARCHAR(100) NOT NULL,
    size       BIGINT NOT NULL,
    sha256     VARCHAR(64) NOT NULL,
    created_by VARCHAR(36) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    PRIMARY KEY (id),
    KEY ix_files_org_id_id (org_id, id),
    KEY ix_files_sha256 (sha256)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
