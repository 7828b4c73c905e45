-- +goose Up
-- A sitting: many pieces of one kind from one maker, each of another person, scanned one after
-- the other, signed for once and reviewed by another person with a sample (13, 13a).
CREATE TABLE sitting (
  id           TEXT PRIMARY KEY,
  version      INTEGER NOT NULL,
  no           TEXT NOT NULL,
  agency       TEXT NOT NULL REFERENCES agency(id),
  state        TEXT NOT NULL,
  staff_id     TEXT NOT NULL,
  title        TEXT NOT NULL,
  class        TEXT NOT NULL,
  maker        TEXT NOT NULL,
  giver        TEXT NOT NULL,
  formed_year  INTEGER NOT NULL,
  formed_month INTEGER,
  formed_day   INTEGER,
  copies       INTEGER NOT NULL,
  pages        INTEGER NOT NULL,
  is_copy      INTEGER NOT NULL,
  compared     TEXT,
  note         TEXT,
  expected     INTEGER NOT NULL,
  scanned      INTEGER NOT NULL,
  pieces       INTEGER NOT NULL,
  aside        INTEGER NOT NULL,
  opened_at    INTEGER NOT NULL,
  signed_at    INTEGER,
  batch_id     TEXT REFERENCES filing_batch(id)
) STRICT;
CREATE UNIQUE INDEX sitting_open ON sitting(staff_id) WHERE state='open';
CREATE INDEX sitting_agency ON sitting(agency, id);
CREATE INDEX sitting_batch ON sitting(batch_id) WHERE batch_id IS NOT NULL;

-- One piece as it was scanned: whose it is, or why it was put aside. It lies in a sitting once.
CREATE TABLE sitting_piece (
  id          TEXT PRIMARY KEY,
  version     INTEGER NOT NULL,
  sitting_id  TEXT NOT NULL REFERENCES sitting(id),
  agency      TEXT NOT NULL REFERENCES agency(id),
  seq         INTEGER NOT NULL,
  state       TEXT NOT NULL,
  number      TEXT NOT NULL,
  dossier_id  TEXT REFERENCES dossier(id),
  why         TEXT,
  material_id TEXT REFERENCES material(id),
  scanned_at  INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX sitting_piece_once ON sitting_piece(sitting_id, dossier_id) WHERE state='ready';
CREATE INDEX sitting_piece_seq ON sitting_piece(sitting_id, seq);

-- +goose Down
DROP TABLE sitting_piece;
DROP TABLE sitting;
