-- +goose Up
CREATE TABLE IF NOT EXISTS postings (
    journal_id  VARCHAR(36) NOT NULL,
    line        BIGINT NOT NULL,
    account     VARCHAR(40) NOT NULL,
    policy_code VARCHAR(60) NOT NULL,
    scope       VARCHAR(20) NOT NULL,
    subject_id  VARCHAR(36) NOT NULL,
    amount_fen  BIGINT NOT NULL,
    PRIMARY KEY (journal_id, line)
);
CREATE INDEX IF NOT EXISTS ix_postings_account_policy_code_scope_amount_fen ON postings (account, policy_code, scope, amount_fen);
CREATE INDEX IF NOT EXISTS ix_postings_subject_id ON postings (subject_id);
