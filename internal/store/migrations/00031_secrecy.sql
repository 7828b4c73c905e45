-- +goose Up
-- Security classes (15, 21b): a dossier's own class beside the highest of its materials, a
-- material's class below the clearances, every change of a class, who is named to know.
ALTER TABLE dossier ADD COLUMN own_secrecy INTEGER;
ALTER TABLE material ADD COLUMN guard TEXT;

CREATE INDEX dossier_concealed ON dossier(secrecy) WHERE secrecy>0;

CREATE TABLE secrecy_change (
  id          TEXT PRIMARY KEY,
  version     INTEGER NOT NULL,
  no          TEXT NOT NULL,
  dossier_id  TEXT NOT NULL REFERENCES dossier(id),
  material_id TEXT REFERENCES material(id),
  agency      TEXT NOT NULL REFERENCES agency(id),
  kind        TEXT NOT NULL,
  state       TEXT NOT NULL,
  from_class  TEXT NOT NULL,
  to_class    TEXT NOT NULL,
  reason      TEXT NOT NULL,
  organ       TEXT,
  doc_name    TEXT,
  doc_no      TEXT,
  doc_on      TEXT,
  asked_by    TEXT NOT NULL,
  asked_at    INTEGER NOT NULL,
  decided_by  TEXT,
  decided_at  INTEGER,
  note        TEXT,
  changed_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX secrecy_change_agency ON secrecy_change(agency, changed_at, id);
CREATE INDEX secrecy_change_asked ON secrecy_change(agency, asked_at, id);
CREATE INDEX secrecy_change_open ON secrecy_change(agency, asked_at, id) WHERE state='asked';
CREATE INDEX secrecy_change_dossier ON secrecy_change(dossier_id, asked_at);

CREATE TABLE secrecy_reader (
  id          TEXT PRIMARY KEY,
  version     INTEGER NOT NULL,
  dossier_id  TEXT NOT NULL REFERENCES dossier(id),
  material_id TEXT REFERENCES material(id),
  staff_id    TEXT NOT NULL REFERENCES staff(id),
  reason      TEXT NOT NULL,
  named_by    TEXT NOT NULL,
  named_at    INTEGER NOT NULL,
  ended_by    TEXT,
  ended_at    INTEGER
) STRICT;
CREATE INDEX secrecy_reader_dossier ON secrecy_reader(dossier_id, named_at);
CREATE INDEX secrecy_reader_staff ON secrecy_reader(staff_id) WHERE ended_at IS NULL;

-- +goose Down
DROP INDEX dossier_concealed;
DROP TABLE secrecy_reader;
DROP TABLE secrecy_change;
ALTER TABLE material DROP COLUMN guard;
ALTER TABLE dossier DROP COLUMN own_secrecy;
