-- +goose Up
-- Money is voted for a budget year, or with no year for a policy's whole term, as all before.
ALTER TABLE appropriations ADD COLUMN budget_year VARCHAR(4) NOT NULL DEFAULT '';
ALTER TABLE appropriations ADD COLUMN closed_through VARCHAR(10) NOT NULL DEFAULT '';
