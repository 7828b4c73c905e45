-- +goose Up
-- One person, one dossier (2): numbers a person had before, persons and dossiers found to be another's.
CREATE TABLE person_number (
  id        TEXT PRIMARY KEY,
  person_id TEXT NOT NULL REFERENCES person(id),
  id_no     BLOB NOT NULL,
  id_ix     BLOB NOT NULL,
  until_at  INTEGER NOT NULL,
  case_ref  TEXT NOT NULL
) STRICT;
CREATE INDEX person_number_ix ON person_number(id_ix);
CREATE INDEX person_number_person ON person_number(person_id);

ALTER TABLE person ADD COLUMN merged_into TEXT;
CREATE INDEX person_merged ON person(merged_into) WHERE merged_into IS NOT NULL;
ALTER TABLE dossier ADD COLUMN merged_into TEXT;
CREATE INDEX dossier_merged ON dossier(merged_into) WHERE merged_into IS NOT NULL;

-- What changes whose a dossier is or under what it is kept: asked by one, decided by another (2, 4, 29.5).
CREATE TABLE person_case (
  id         TEXT PRIMARY KEY,
  version    INTEGER NOT NULL,
  no         TEXT NOT NULL,
  agency     TEXT NOT NULL REFERENCES agency(id),
  kind       TEXT NOT NULL,
  state      TEXT NOT NULL,
  dossier_id TEXT NOT NULL REFERENCES dossier(id),
  other_id   TEXT REFERENCES dossier(id),
  of_case    TEXT,
  proposed   BLOB NOT NULL,
  was        BLOB NOT NULL,
  reason     TEXT NOT NULL,
  document   TEXT NOT NULL,
  seen_by    TEXT NOT NULL,
  seen_on    TEXT NOT NULL,
  moved      TEXT,
  applicant  TEXT NOT NULL,
  applied_at INTEGER NOT NULL,
  decided_by TEXT,
  decided_at INTEGER,
  note       TEXT
) STRICT;
CREATE INDEX person_case_agency ON person_case(agency, state, id);
CREATE INDEX person_case_dossier ON person_case(dossier_id, id);
CREATE INDEX person_case_other ON person_case(other_id, id) WHERE other_id IS NOT NULL;
-- One open case a dossier: what is decided rests on what was seen.
CREATE UNIQUE INDEX person_case_open ON person_case(dossier_id) WHERE state='asked';
