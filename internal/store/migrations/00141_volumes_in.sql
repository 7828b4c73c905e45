-- +goose Up
-- How many volumes the receiver counted, beside those the sender packed (20.4a).
ALTER TABLE transfer ADD COLUMN volumes_in INTEGER;

-- +goose Down
ALTER TABLE transfer DROP COLUMN volumes_in;
