-- +goose Up
ALTER TABLE claims DROP KEY ix_claims_policy_code_state, ADD KEY ix_claims_policy_code_state_since_id (policy_code, state, since, id);
