-- +goose Up
-- Where the person is told of a transfer before the province knows their dossier (20.1), and
-- the scan of an undertaking that was signed on paper (20.4a).
ALTER TABLE transfer ADD COLUMN contact BLOB;

CREATE TABLE undertaking_file (
  id          TEXT PRIMARY KEY,
  version     INTEGER NOT NULL,
  transfer_id TEXT NOT NULL REFERENCES transfer(id),
  no          INTEGER NOT NULL,
  blob        TEXT NOT NULL REFERENCES blob(id),
  bytes       INTEGER NOT NULL,
  format      TEXT NOT NULL,
  pages       INTEGER NOT NULL,
  added_by    TEXT NOT NULL,
  added_at    INTEGER NOT NULL,
  UNIQUE (transfer_id, no)
) STRICT;

-- +goose Down
DROP TABLE undertaking_file;
ALTER TABLE transfer DROP COLUMN contact;
