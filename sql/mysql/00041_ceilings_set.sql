-- +goose Up
ALTER TABLE ceilings ADD COLUMN set_fen BIGINT;
