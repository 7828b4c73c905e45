-- +goose Up
-- The desk that takes in a class: packets are scanned one by one and taken over with one signature (12).
CREATE TABLE graduate_batch (
  id          TEXT PRIMARY KEY,
  version     INTEGER NOT NULL,
  agency      TEXT NOT NULL REFERENCES agency(id),
  state       TEXT NOT NULL,
  staff_id    TEXT NOT NULL,
  opened_at   INTEGER NOT NULL,
  scanned     INTEGER NOT NULL,
  packets     INTEGER NOT NULL,
  number      TEXT,
  document_id TEXT,
  signed_at   INTEGER
) STRICT;
CREATE UNIQUE INDEX graduate_batch_open ON graduate_batch(staff_id) WHERE state='open';
CREATE INDEX graduate_batch_agency ON graduate_batch(agency, id);

-- One packet as it was scanned. A packet lies in one batch at most.
CREATE TABLE graduate_scan (
  id          TEXT PRIMARY KEY,
  version     INTEGER NOT NULL,
  batch_id    TEXT NOT NULL REFERENCES graduate_batch(id),
  graduate_id TEXT NOT NULL REFERENCES graduate(id),
  agency      TEXT NOT NULL REFERENCES agency(id),
  state       TEXT NOT NULL,
  seq         INTEGER NOT NULL,
  seal        TEXT NOT NULL,
  note        TEXT,
  scanned_at  INTEGER NOT NULL,
  UNIQUE (graduate_id)
) STRICT;
CREATE INDEX graduate_scan_batch ON graduate_scan(batch_id, state, seq);

-- The keyed index of a listed person's identity number, for the reader of identity cards.
CREATE TABLE graduate_key (
  id      TEXT PRIMARY KEY REFERENCES graduate(id),
  version INTEGER NOT NULL,
  id_ix   BLOB NOT NULL
) STRICT;
CREATE INDEX graduate_key_ix ON graduate_key(id_ix);

-- The document seen when a graduate came (12b).
CREATE TABLE graduate_proof (
  id       TEXT PRIMARY KEY REFERENCES graduate(id),
  version  INTEGER NOT NULL,
  document TEXT NOT NULL,
  seen_by  TEXT NOT NULL,
  seen_at  INTEGER NOT NULL
) STRICT;

CREATE INDEX graduate_agency_state ON graduate(agency, state, id);
CREATE INDEX graduate_agency_name ON graduate(agency, name);
CREATE INDEX graduate_received ON graduate(received_at, id) WHERE received_at IS NOT NULL;
