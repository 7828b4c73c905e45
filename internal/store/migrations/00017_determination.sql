-- +goose Up
-- Decisions of the competent department on key facts, each with its paper (20.4, 29.2).
CREATE TABLE determination (
  id           TEXT PRIMARY KEY,
  version      INTEGER NOT NULL,
  dossier_id   TEXT NOT NULL REFERENCES dossier(id),
  kind         TEXT NOT NULL,
  written      TEXT NOT NULL,
  value        TEXT,
  authority    TEXT NOT NULL,
  doc_no       TEXT NOT NULL,
  decided_on   TEXT NOT NULL,
  material_id  TEXT,
  cite         TEXT,
  page_no      INTEGER NOT NULL,
  entered_by   TEXT NOT NULL,
  confirmed_by TEXT,
  void         TEXT,
  at           INTEGER NOT NULL
) STRICT;
CREATE INDEX determination_dossier ON determination(dossier_id, kind);
CREATE INDEX determination_unconfirmed ON determination(dossier_id) WHERE confirmed_by IS NULL AND void IS NULL;
