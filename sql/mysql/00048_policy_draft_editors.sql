-- +goose Up
CREATE TABLE IF NOT EXISTS policy_draft_editors (
    draft_id  VARCHAR(36) NOT NULL,
    person_id VARCHAR(36) NOT NULL,
    name      VARCHAR(100) NOT NULL,
    since     DATETIME(6) NOT NULL,
    PRIMARY KEY (draft_id, person_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
