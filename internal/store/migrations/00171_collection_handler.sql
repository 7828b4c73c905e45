-- +goose Up
-- What the agency's own staff fetch is in the hands of one member of it (14a): empty for those that
-- whoever opened them has in hand.
ALTER TABLE collection ADD COLUMN handler TEXT;
CREATE INDEX collection_office ON collection(agency, due_on) WHERE target='office' AND ended_on IS NULL;

-- +goose Down
DROP INDEX collection_office;
ALTER TABLE collection DROP COLUMN handler;
