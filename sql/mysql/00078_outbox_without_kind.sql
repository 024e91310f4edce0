-- +goose Up
-- Nothing asks for the messages of a kind.
ALTER TABLE outbox DROP INDEX ix_outbox_kind_state;
