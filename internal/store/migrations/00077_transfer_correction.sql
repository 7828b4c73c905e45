-- +goose Up

-- What was put right in a transfer under way (20.1): each field with its old value.
CREATE TABLE transfer_correction (
  id          TEXT PRIMARY KEY,
  transfer_id TEXT NOT NULL REFERENCES transfer(id),
  at          INTEGER NOT NULL,
  made_by     TEXT NOT NULL,
  field       TEXT NOT NULL,
  was         TEXT,
  became      TEXT,
  why         TEXT NOT NULL,
  letter_no   TEXT,
  replaced_by TEXT
) STRICT;
CREATE INDEX transfer_correction_case ON transfer_correction(transfer_id, at, id);

-- +goose Down
DROP TABLE transfer_correction;
