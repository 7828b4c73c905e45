-- +goose Up
-- The scan of a 委托书 (12a): photos or PDF beside the record of what was seen in the original.
CREATE TABLE mandate_file (
  id         TEXT PRIMARY KEY,
  version    INTEGER NOT NULL,
  mandate_id TEXT NOT NULL REFERENCES mandate(id),
  no         INTEGER NOT NULL,
  blob       TEXT NOT NULL REFERENCES blob(id),
  bytes      INTEGER NOT NULL,
  format     TEXT NOT NULL,
  pages      INTEGER NOT NULL,
  added_by   TEXT NOT NULL,
  added_at   INTEGER NOT NULL,
  UNIQUE (mandate_id, no)
) STRICT;

-- +goose Down
DROP TABLE mandate_file;
