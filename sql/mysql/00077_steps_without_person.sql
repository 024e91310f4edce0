-- +goose Up
-- Nothing asks for the steps of a person; the record of who did what does that.
ALTER TABLE steps DROP INDEX ix_steps_person_id_id;
