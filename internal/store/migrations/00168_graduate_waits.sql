-- +goose Up
-- How long a graduate's undertaking waits for its signature: reminders, before whom it lies, and
-- what was decided (20.4a), as transfers have it.
ALTER TABLE graduate ADD COLUMN reminded INTEGER;
ALTER TABLE graduate ADD COLUMN reminded_on TEXT;
ALTER TABLE graduate ADD COLUMN escalated INTEGER;
ALTER TABLE graduate ADD COLUMN escalated_on TEXT;
ALTER TABLE graduate ADD COLUMN disposed_by TEXT;
ALTER TABLE graduate ADD COLUMN disposed_on TEXT;
ALTER TABLE graduate ADD COLUMN disposed_note TEXT;
CREATE INDEX graduate_waits ON graduate(asked_on, id) WHERE asked_on IS NOT NULL AND promised_on IS NULL;

-- +goose Down
DROP INDEX graduate_waits;
ALTER TABLE graduate DROP COLUMN disposed_note;
ALTER TABLE graduate DROP COLUMN disposed_on;
ALTER TABLE graduate DROP COLUMN disposed_by;
ALTER TABLE graduate DROP COLUMN escalated_on;
ALTER TABLE graduate DROP COLUMN escalated;
ALTER TABLE graduate DROP COLUMN reminded_on;
ALTER TABLE graduate DROP COLUMN reminded;
