-- +goose Up
-- The clock of two months stands still only for a reason of the list: who stopped it, on what
-- ground, from when to when (13a). A material whose clock stands has no term meanwhile.
ALTER TABLE material ADD COLUMN paused_on TEXT;
ALTER TABLE material ADD COLUMN paused_days INTEGER;
CREATE INDEX material_paused ON material(paused_on, id, dossier_id) WHERE paused_on IS NOT NULL;

CREATE TABLE material_pause (
  id          TEXT PRIMARY KEY,
  version     INTEGER NOT NULL,
  material_id TEXT NOT NULL REFERENCES material(id),
  dossier_id  TEXT NOT NULL REFERENCES dossier(id),
  reason      TEXT NOT NULL,
  basis       TEXT NOT NULL,
  paused_on   TEXT NOT NULL,
  paused_by   TEXT NOT NULL,
  resumed_on  TEXT,
  resumed_by  TEXT,
  outcome     TEXT,
  days        INTEGER
) STRICT;
CREATE INDEX material_pause_material ON material_pause(material_id, id);

-- +goose Down
DROP TABLE material_pause;
DROP INDEX material_paused;
ALTER TABLE material DROP COLUMN paused_days;
ALTER TABLE material DROP COLUMN paused_on;
