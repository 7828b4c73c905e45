-- +goose Up
-- A packet that came to an agency which is neither end of its transfer (20.3a): kept sealed
-- there, and sent on to its receiver or back to its sender.
CREATE TABLE transfer_stray (
  id          TEXT PRIMARY KEY,
  version     INTEGER NOT NULL,
  no          TEXT NOT NULL UNIQUE,
  transfer_id TEXT NOT NULL REFERENCES transfer(id),
  dossier_id  TEXT REFERENCES dossier(id),
  agency      TEXT NOT NULL REFERENCES agency(id),
  state       TEXT NOT NULL,
  found_on    TEXT NOT NULL,
  found_by    TEXT NOT NULL,
  intact      INTEGER NOT NULL,
  seen        TEXT,
  due_on      TEXT NOT NULL,
  slip_no     TEXT,
  goes_to     TEXT,
  way         TEXT,
  tracking_no TEXT,
  messengers  BLOB,
  sent_on     TEXT,
  sent_by     TEXT,
  outcome     TEXT,
  found_at    INTEGER NOT NULL,
  changed_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX transfer_stray_agency ON transfer_stray(agency, found_at, id);
CREATE UNIQUE INDEX transfer_stray_held ON transfer_stray(transfer_id) WHERE state='held';

-- +goose Down
DROP TABLE transfer_stray;
