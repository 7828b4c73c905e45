-- +goose Up
-- What came back from the reviewer is held against what went out, piece by piece, by two
-- persons (22): the lines of each sending, the second person's word, and what became of a
-- difference.
CREATE TABLE retirement_item (
  id          TEXT PRIMARY KEY,
  version     INTEGER NOT NULL,
  sending_id  TEXT NOT NULL REFERENCES retirement_sending(id),
  dossier_id  TEXT NOT NULL REFERENCES dossier(id),
  line_no     INTEGER NOT NULL,
  material_id TEXT REFERENCES material(id),
  number      TEXT,
  title       TEXT,
  copies      INTEGER NOT NULL,
  pages       INTEGER NOT NULL,
  result      TEXT,
  back_pages  INTEGER,
  note        TEXT
) STRICT;
CREATE UNIQUE INDEX retirement_item_line ON retirement_item(sending_id, line_no);

ALTER TABLE retirement ADD COLUMN disputed TEXT;
ALTER TABLE retirement ADD COLUMN signed_by TEXT;
ALTER TABLE retirement ADD COLUMN signed_at INTEGER;
ALTER TABLE retirement ADD COLUMN settled TEXT;
ALTER TABLE retirement ADD COLUMN settled_by TEXT;
ALTER TABLE retirement ADD COLUMN settled_at INTEGER;
ALTER TABLE retirement_sending ADD COLUMN signed_by TEXT;
ALTER TABLE retirement_sending ADD COLUMN signed_on TEXT;
