-- +goose Up
-- A person who can't be reached (20.4a): what was tried, reminders, escalation; how the undertaking was signed.
ALTER TABLE transfer ADD COLUMN tries INTEGER;
ALTER TABLE transfer ADD COLUMN reminded INTEGER;
ALTER TABLE transfer ADD COLUMN reminded_on TEXT;
ALTER TABLE transfer ADD COLUMN escalated INTEGER;
ALTER TABLE transfer ADD COLUMN escalated_on TEXT;
ALTER TABLE transfer ADD COLUMN signing TEXT;
CREATE INDEX transfer_promising ON transfer(told_on, id) WHERE state='promising';

CREATE TABLE transfer_attempt (
  id          TEXT PRIMARY KEY,
  version     INTEGER NOT NULL,
  transfer_id TEXT NOT NULL REFERENCES transfer(id),
  at          INTEGER NOT NULL,
  tried_on    TEXT NOT NULL,
  tried_by    TEXT NOT NULL,
  way         TEXT NOT NULL,
  reached     INTEGER NOT NULL,
  note        TEXT NOT NULL
) STRICT;
CREATE INDEX transfer_attempt_case ON transfer_attempt(transfer_id, at, id);

-- +goose Down
DROP TABLE transfer_attempt;
