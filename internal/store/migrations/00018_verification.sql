-- +goose Up
-- What a person hands in is verified with the unit that formed it, a copy with its original (13b, 14b).
CREATE TABLE verification (
  id          TEXT PRIMARY KEY,
  version     INTEGER NOT NULL,
  dossier_id  TEXT NOT NULL REFERENCES dossier(id),
  material_id TEXT NOT NULL REFERENCES material(id),
  kind        TEXT NOT NULL,
  party       TEXT NOT NULL,
  way         TEXT NOT NULL,
  agrees      INTEGER NOT NULL,
  answer      TEXT,
  answered_on TEXT NOT NULL,
  by_staff    TEXT NOT NULL,
  at          INTEGER NOT NULL
) STRICT;
CREATE INDEX verification_material ON verification(material_id, at);
