-- +goose Up
CREATE TABLE IF NOT EXISTS simulations (
    id          VARCHAR(36) NOT NULL,
    policy_code VARCHAR(60) NOT NULL,
    title_zh    VARCHAR(200) NOT NULL,
    title_en    VARCHAR(200) NOT NULL,
    question    TEXT NOT NULL,
    state       VARCHAR(12) NOT NULL,
    done        BIGINT NOT NULL,
    total       BIGINT NOT NULL,
    result      TEXT NOT NULL,
    failure     VARCHAR(60) NOT NULL,
    elapsed_ms  BIGINT NOT NULL,
    author_id   VARCHAR(36) NOT NULL,
    author_name VARCHAR(100) NOT NULL,
    owner       VARCHAR(36) NOT NULL,
    beat_at     DATETIME NOT NULL,
    created_at  DATETIME NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX IF NOT EXISTS ix_simulations_policy_code_id ON simulations (policy_code, id);
CREATE INDEX IF NOT EXISTS ix_simulations_state_beat_at ON simulations (state, beat_at);
