-- +goose Up
-- A statement reads an account in the order of its journals; the sum stays covered.
ALTER TABLE postings
    DROP INDEX ix_postings_account_policy_code_scope_amount_fen,
    ADD KEY ix_postings_account (account, policy_code, scope, budget_year, journal_id, amount_fen);
