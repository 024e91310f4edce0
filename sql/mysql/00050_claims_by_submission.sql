-- +goose Up
ALTER TABLE claims ADD KEY ix_claims_submitted_at_id (submitted_at, id);
