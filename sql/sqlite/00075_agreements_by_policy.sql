-- +goose Up
CREATE INDEX IF NOT EXISTS ix_agreements_policy_code_state_district ON agreements (policy_code, state, district);
