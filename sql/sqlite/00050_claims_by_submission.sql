-- +goose Up
CREATE INDEX IF NOT EXISTS ix_claims_submitted_at_id ON claims (submitted_at, id);
