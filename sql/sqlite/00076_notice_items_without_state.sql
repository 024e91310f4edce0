-- +goose Up
-- Where a claim on a notice stands follows from the claim.
ALTER TABLE notice_items DROP COLUMN state;
