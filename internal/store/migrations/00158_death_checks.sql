-- +goose Up
-- What a handover of the dead's dossiers says of each: volumes and a remark on its line, and what
-- the four checks found of its images when they ran, each time they ran.
ALTER TABLE death ADD COLUMN volumes INTEGER;
ALTER TABLE death ADD COLUMN remark TEXT;
ALTER TABLE death_handover ADD COLUMN volumes INTEGER;
CREATE TABLE death_check (
  id           TEXT PRIMARY KEY,
  version      INTEGER NOT NULL,
  handover_id  TEXT NOT NULL REFERENCES death_handover(id),
  case_id      TEXT NOT NULL REFERENCES death(id),
  dossier_id   TEXT NOT NULL REFERENCES dossier(id),
  images       INTEGER NOT NULL,
  sum          TEXT,
  catalog      INTEGER NOT NULL,
  authenticity TEXT NOT NULL,
  integrity    TEXT NOT NULL,
  usability    TEXT NOT NULL,
  security     TEXT NOT NULL,
  found        TEXT,
  checked_by   TEXT NOT NULL,
  checked_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX death_check_handover ON death_check(handover_id, case_id, checked_at);

-- +goose Down
DROP TABLE death_check;
ALTER TABLE death_handover DROP COLUMN volumes;
ALTER TABLE death DROP COLUMN remark;
ALTER TABLE death DROP COLUMN volumes;
