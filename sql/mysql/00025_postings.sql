-- +goose Up
CREATE TABLE IF NOT EXISTS postings (
    journal_id  VARCHAR(36) NOT NULL,
    line        BIGINT NOT NULL,
    account     VARCHAR(40) NOT NULL,
    policy_code VARCHAR(60) NOT NULL,
    scope       VARCHAR(20) NOT NULL,
    subject_id  VARCHAR(36) NOT NULL,
    amount_fen  BIGINT NOT NULL,
    PRIMARY KEY (journal_id, line),
    KEY ix_postings_account_policy_code_scope_amount_fen (account, policy_code, scope, amount_fen),
    KEY ix_postings_subject_id (subject_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
