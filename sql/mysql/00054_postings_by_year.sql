-- +goose Up
ALTER TABLE postings ADD COLUMN budget_year VARCHAR(4) NOT NULL DEFAULT '';
