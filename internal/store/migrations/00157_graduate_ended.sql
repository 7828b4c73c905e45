-- +goose Up
-- Register 21 asks where a packet stands and when what it waited for was resolved: the place of one
-- that lies beside a dossier, and the day of every end.
ALTER TABLE graduate ADD COLUMN shelf TEXT;
ALTER TABLE graduate ADD COLUMN ended_at INTEGER;

-- +goose Down
ALTER TABLE graduate DROP COLUMN ended_at;
ALTER TABLE graduate DROP COLUMN shelf;
