-- +goose Up
-- Deaths and what became of the dossiers (20c): five years here, then a list of its own kind.
CREATE TABLE death_handover (
  id             TEXT PRIMARY KEY,
  version        INTEGER NOT NULL,
  no             TEXT NOT NULL,
  agency         TEXT NOT NULL REFERENCES agency(id),
  state          TEXT NOT NULL,
  reason         TEXT NOT NULL,
  recipient_kind TEXT NOT NULL,
  recipient      TEXT NOT NULL,
  basis          TEXT NOT NULL,
  secrecy        INTEGER NOT NULL,
  persons        INTEGER NOT NULL,
  materials      INTEGER NOT NULL,
  pages          INTEGER NOT NULL,
  prepared_by    TEXT NOT NULL,
  prepared_at    INTEGER NOT NULL,
  delivered_by   TEXT,
  handed_on      TEXT,
  document_id    TEXT,
  number         TEXT,
  takers         TEXT,
  witness        TEXT,
  receipt_no     TEXT,
  received_on    TEXT,
  note           TEXT,
  changed_at     INTEGER NOT NULL
) STRICT;
CREATE INDEX death_handover_agency ON death_handover(agency, changed_at, id);

CREATE TABLE death (
  id            TEXT PRIMARY KEY,
  version       INTEGER NOT NULL,
  dossier_id    TEXT NOT NULL REFERENCES dossier(id),
  agency        TEXT NOT NULL REFERENCES agency(id),
  state         TEXT NOT NULL,
  source        TEXT NOT NULL,
  died_on       TEXT NOT NULL,
  evidence      TEXT NOT NULL,
  evidence_no   TEXT NOT NULL,
  informant     BLOB,
  relation      TEXT,
  last_post     TEXT,
  merit         TEXT,
  registered_by TEXT NOT NULL,
  registered_at INTEGER NOT NULL,
  decided_by    TEXT,
  decided_at    INTEGER,
  term_ends_on  TEXT NOT NULL,
  basis         TEXT,
  handover_id   TEXT REFERENCES death_handover(id),
  changed_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX death_agency ON death(agency, state, term_ends_on, id);
CREATE INDEX death_dossier ON death(dossier_id);
CREATE INDEX death_handed ON death(handover_id);
CREATE INDEX death_decided ON death(agency, decided_at, id);
