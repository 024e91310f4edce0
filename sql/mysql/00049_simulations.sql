-- +goose Up
CREATE TABLE IF NOT EXISTS simulations (
    id          VARCHAR(36) NOT NULL,
    policy_code VARCHAR(60) NOT NULL,
    title_zh    VARCHAR(200) NOT NULL,
    title_en    VARCHAR(200) NOT NULL,
    question    MEDIUMTEXT NOT NULL,
    state       VARCHAR(12) NOT NULL,
    done        BIGINT NOT NULL,
    total       BIGINT NOT NULL,
    result      MEDIUMTEXT NOT NULL,
    failure     VARCHAR(60) NOT NULL,
    elapsed_ms  BIGINT NOT NULL,
    author_id   VARCHAR(36) NOT NULL,
    author_name VARCHAR(100) NOT NULL,
    owner       VARCHAR(36) NOT NULL,
    beat_at     DATETIME(6) NOT NULL,
    created_at  DATETIME(6) NOT NULL,
    PRIMARY KEY (id),
    KEY ix_simulations_policy_code_id (policy_code, id),
    KEY ix_simulations_state_beat_at (state, beat_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
