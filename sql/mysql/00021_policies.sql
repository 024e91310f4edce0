-- +goose Up
CREATE TABLE IF NOT EXISTS policies (
    code         VARCHAR(60) NOT NULL,
    version      BIGINT NOT NULL,
    status       VARCHAR(16) NOT NULL,
    document     MEDIUMTEXT NOT NULL,
    digest       VARCHAR(64) NOT NULL,
    valid_from   VARCHAR(10) NOT NULL,
    published_by VARCHAR(36) NOT NULL,
    published_at DATETIME(6),
    created_at   DATETIME(6) NOT NULL,
    PRIMARY KEY (code, version),
    KEY ix_policies_status_code (status, code)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
