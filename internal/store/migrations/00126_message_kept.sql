-- +goose Up
-- Staff that a message is kept from: a handler does not learn of a rating from the answer to it (28).
ALTER TABLE message ADD COLUMN kept_from TEXT;

-- +goose Down
ALTER TABLE message DROP COLUMN kept_from;
