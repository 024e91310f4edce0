-- +goose Up
DROP INDEX IF EXISTS ix_claims_policy_code_state;
CREATE INDEX IF NOT EXISTS ix_claims_policy_code_state_since_id ON claims (policy_code, state, since, id);
