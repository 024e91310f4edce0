-- +goose Up
CREATE TABLE IF NOT EXISTS policy_draft_editors (
    draft_id  VARCHAR(36) NOT NULL,
    person_id VARCHAR(36) NOT NULL,
    name      VARCHAR(100) NOT NULL,
    since     DATETIME NOT NULL,
    PRIMARY KEY (draft_id, person_id)
);
