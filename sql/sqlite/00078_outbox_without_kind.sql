-- +goose Up
-- Nothing asks for the messages of a kind.
DROP INDEX ix_outbox_kind_state;
