-- +goose Up
-- Collection of materials (14a, 14b): what is asked of a unit, a person or the agency's own
-- staff by one notice. The materials asked for are supplements that name the request.
CREATE TABLE collection (
  id           TEXT PRIMARY KEY,
  version      INTEGER NOT NULL,
  no           TEXT NOT NULL UNIQUE,
  agency       TEXT NOT NULL REFERENCES agency(id),
  dossier_id   TEXT NOT NULL REFERENCES dossier(id),
  target       TEXT NOT NULL,
  addressee    TEXT NOT NULL,
  event        TEXT,
  formed_on    TEXT,
  opened_by    TEXT NOT NULL,
  opened_at    INTEGER NOT NULL,
  opened_on    TEXT NOT NULL,
  due_on       TEXT NOT NULL,
  number       TEXT NOT NULL,
  document_id  TEXT NOT NULL,
  urged        INTEGER NOT NULL,
  urged_on     TEXT,
  withdrawn_on TEXT,
  withdrawn_by TEXT,
  why          TEXT,
  changed_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX collection_agency ON collection(agency, due_on, id);
CREATE INDEX collection_dossier ON collection(dossier_id);
CREATE INDEX supplement_case ON supplement(case_ref);
CREATE INDEX material_late ON material(received_on) WHERE late_days>0;
