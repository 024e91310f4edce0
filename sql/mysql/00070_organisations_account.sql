-- +goose Up
ALTER TABLE organisations ADD COLUMN account_change VARCHAR(36) NOT NULL DEFAULT '', ADD COLUMN account_uses BIGINT NOT NULL DEFAULT 0;
