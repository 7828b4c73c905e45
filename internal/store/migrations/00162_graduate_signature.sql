-- +goose Up
-- The signature by which a clerk takes over a batch, as the signing pad gives it (12): of as many
-- packets as lay in the batch when it was given, and of no others.
CREATE TABLE graduate_signature (
  id       TEXT PRIMARY KEY,
  version  INTEGER NOT NULL,
  batch_id TEXT NOT NULL REFERENCES graduate_batch(id),
  no       INTEGER NOT NULL,
  blob     TEXT NOT NULL REFERENCES blob(id),
  bytes    INTEGER NOT NULL,
  format   TEXT NOT NULL,
  scanned  INTEGER NOT NULL,
  packets  INTEGER NOT NULL,
  added_by TEXT NOT NULL,
  added_at INTEGER NOT NULL,
  UNIQUE (batch_id, no)
) STRICT;
CREATE INDEX graduate_signature_blob ON graduate_signature(blob);

-- +goose Down
DROP TABLE graduate_signature;
