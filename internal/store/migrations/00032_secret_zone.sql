-- +goose Up
-- Marked storage zones with named keepers (21b).
CREATE TABLE secret_zone (
  id        TEXT PRIMARY KEY,
  version   INTEGER NOT NULL,
  agency    TEXT NOT NULL REFERENCES agency(id),
  zone      TEXT NOT NULL,
  reason    TEXT NOT NULL,
  marked_by TEXT NOT NULL,
  marked_at INTEGER NOT NULL,
  ended_by  TEXT,
  ended_at  INTEGER
) STRICT;
CREATE UNIQUE INDEX secret_zone_open ON secret_zone(agency, zone) WHERE ended_at IS NULL;

CREATE TABLE zone_keeper (
  id       TEXT PRIMARY KEY,
  version  INTEGER NOT NULL,
  zone_id  TEXT NOT NULL REFERENCES secret_zone(id),
  staff_id TEXT NOT NULL REFERENCES staff(id),
  named_by TEXT NOT NULL,
  named_at INTEGER NOT NULL,
  ended_by TEXT,
  ended_at INTEGER
) STRICT;
CREATE INDEX dossier_strict ON dossier(agency, id) WHERE senior=1 OR secrecy>=2;
CREATE INDEX zone_keeper_zone ON zone_keeper(zone_id, named_at);

-- +goose Down
DROP INDEX dossier_strict;
DROP TABLE zone_keeper;
DROP TABLE secret_zone;
