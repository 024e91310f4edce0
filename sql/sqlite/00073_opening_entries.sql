-- +goose Up
CREATE TABLE IF NOT EXISTS opening_entries (
    agreement_id VARCHAR(36) NOT NULL,
    policy_code  VARCHAR(60) NOT NULL,
    round        VARCHAR(10) NOT NULL,
    band         BIGINT NOT NULL,
    number       BIGINT NOT NULL,
    place        BIGINT NOT NULL,
    entered_at   DATETIME NOT NULL,
    explained    TEXT NOT NULL,
    PRIMARY KEY (agreement_id)
);
CREATE INDEX IF NOT EXISTS ix_opening_entries_policy_code_round_number ON opening_entries (policy_code, round, number);
CREATE INDEX IF NOT EXISTS ix_opening_entries_policy_code_round_place ON opening_entries (policy_code, round, place);
