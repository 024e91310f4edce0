-- +goose Up
CREATE TABLE IF NOT EXISTS policy_drafts (
    id           VARCHAR(36) NOT NULL,
    code         VARCHAR(64) NOT NULL,
    version      BIGINT NOT NULL,
    title_zh     VARCHAR(200) NOT NULL,
    title_en     VARCHAR(200) NOT NULL,
    document     TEXT NOT NULL,
    faults       BIGINT NOT NULL,
    state        VARCHAR(16) NOT NULL,
    rev          BIGINT NOT NULL,
    reason       VARCHAR(2000) NOT NULL,
    author_id    VARCHAR(36) NOT NULL,
    created_at   DATETIME NOT NULL,
    updated_at   DATETIME NOT NULL,
    published_at DATETIME,
    PRIMARY KEY (id)
);
CREATE INDEX IF NOT EXISTS ix_policy_drafts_state_id ON policy_drafts (state, id);
