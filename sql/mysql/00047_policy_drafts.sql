-- +goose Up
CREATE TABLE IF NOT EXISTS policy_drafts (
    id           VARCHAR(36) NOT NULL,
    code         VARCHAR(64) NOT NULL,
    version      BIGINT NOT NULL,
    title_zh     VARCHAR(200) NOT NULL,
    title_en     VARCHAR(200) NOT NULL,
    document     MEDIUMTEXT NOT NULL,
    faults       BIGINT NOT NULL,
    state        VARCHAR(16) NOT NULL,
    rev          BIGINT NOT NULL,
    reason       VARCHAR(2000) NOT NULL,
    author_id    VARCHAR(36) NOT NULL,
    created_at   DATETIME(6) NOT NULL,
    updated_at   DATETIME(6) NOT NULL,
    published_at DATETIME(6),
    PRIMARY KEY (id),
    KEY ix_policy_drafts_state_id (state, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
