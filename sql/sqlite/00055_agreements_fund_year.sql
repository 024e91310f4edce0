-- +goose Up
ALTER TABLE agreements ADD COLUMN fund_year VARCHAR(4) NOT NULL DEFAULT '';
