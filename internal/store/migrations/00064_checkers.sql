-- +goose Up

-- All who entered a result of checking a packet (20.4a): none of them is the second person.
ALTER TABLE transfer ADD COLUMN checkers TEXT;

-- +goose Down

ALTER TABLE transfer DROP COLUMN checkers;
