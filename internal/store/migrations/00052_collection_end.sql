-- +goose Up
-- The end of a request is on record (14b): lists of what is waited for look at open ones only.
ALTER TABLE collection ADD COLUMN ended_on TEXT;
CREATE INDEX collection_open ON collection(due_on, id) WHERE ended_on IS NULL;
