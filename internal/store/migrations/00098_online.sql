-- +goose Up
-- Applications that units and persons send over the net (12, 20.1, 21.1, 23, 28): who sent
-- it, from which page, what was sent with it, and the answer to what was asked for.
ALTER TABLE intake ADD COLUMN sender TEXT REFERENCES outside_actor(id);
ALTER TABLE intake ADD COLUMN sender_uscc TEXT;
ALTER TABLE intake ADD COLUMN session TEXT;
ALTER TABLE intake ADD COLUMN answer BLOB;
ALTER TABLE intake ADD COLUMN answered_on TEXT;
ALTER TABLE intake ADD COLUMN slip INTEGER;
CREATE INDEX intake_sender ON intake(sender, id) WHERE sender IS NOT NULL;
CREATE INDEX intake_sender_unit ON intake(sender_uscc, id) WHERE sender_uscc IS NOT NULL;
CREATE UNIQUE INDEX intake_session ON intake(sender, session) WHERE sender IS NOT NULL;
CREATE INDEX intake_became ON intake(case_ref) WHERE sender IS NOT NULL AND case_ref IS NOT NULL;

-- At the window the same application is put down once. Over the net one applicant must not
-- learn by a refusal that another one, or the person, applied for the same.
DROP INDEX intake_once;
CREATE UNIQUE INDEX intake_once ON intake(agency, matter, subject) WHERE state IN ('completing','proposed','returned') AND sender IS NULL;
DROP INDEX intake_open;
CREATE INDEX intake_open ON intake(agency, due_on, id) WHERE state IN ('sent','completing','proposed','returned');

CREATE TABLE intake_file (
  id        TEXT PRIMARY KEY,
  version   INTEGER NOT NULL,
  intake_id TEXT NOT NULL REFERENCES intake(id),
  no        INTEGER NOT NULL,
  paper     TEXT NOT NULL,
  blob      TEXT NOT NULL,
  bytes     INTEGER NOT NULL,
  format    TEXT NOT NULL,
  width     INTEGER NOT NULL,
  height    INTEGER NOT NULL,
  pages     INTEGER NOT NULL,
  sent_at   INTEGER NOT NULL,
  session   TEXT NOT NULL,
  UNIQUE (intake_id, no)
) STRICT;

-- +goose Down
DROP TABLE intake_file;
DROP INDEX intake_once;
CREATE UNIQUE INDEX intake_once ON intake(agency, matter, subject) WHERE state IN ('completing','proposed','returned');
DROP INDEX intake_became;
DROP INDEX intake_session;
DROP INDEX intake_sender_unit;
DROP INDEX intake_sender;
ALTER TABLE intake DROP COLUMN slip;
ALTER TABLE intake DROP COLUMN answered_on;
ALTER TABLE intake DROP COLUMN answer;
ALTER TABLE intake DROP COLUMN session;
ALTER TABLE intake DROP COLUMN sender_uscc;
ALTER TABLE intake DROP COLUMN sender;
