-- +goose Up
-- Certificates from what dossiers record (23, 29.7): one row an application, kept when issued.
CREATE TABLE certificate (
  id             TEXT PRIMARY KEY,
  version        INTEGER NOT NULL,
  kind           TEXT NOT NULL,
  state          TEXT NOT NULL,
  agency         TEXT NOT NULL REFERENCES agency(id),
  dossier_id     TEXT NOT NULL REFERENCES dossier(id),
  use_for        TEXT NOT NULL,
  applicant      TEXT NOT NULL,
  applicant_name BLOB NOT NULL,
  applicant_id   BLOB,
  relation       TEXT,
  unit           TEXT,
  letter         TEXT,
  consent        TEXT,
  seen           TEXT NOT NULL,
  chosen         TEXT,
  stated         BLOB,
  asked          INTEGER NOT NULL,
  applied_on     TEXT NOT NULL,
  drafted_by     TEXT NOT NULL,
  submitted_by   TEXT,
  submitted_at   INTEGER,
  reviewed_by    TEXT,
  reviewed_at    INTEGER,
  review_note    TEXT,
  document_id    TEXT,
  number         TEXT,
  valid_until    TEXT,
  replaces       TEXT,
  superseded_by  TEXT,
  reason         TEXT,
  hindrance      BLOB,
  refusal        BLOB,
  changed_at     INTEGER NOT NULL
) STRICT;
CREATE INDEX certificate_agency ON certificate(agency, changed_at, id);
CREATE INDEX certificate_agency_state ON certificate(agency, state, changed_at, id);
CREATE INDEX certificate_dossier ON certificate(dossier_id, changed_at);
