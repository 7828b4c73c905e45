-- +goose Up
-- Lists of a unit's staff as the unit sent them (12c): the newest of an account is the one
-- that counts, the others stay.
CREATE TABLE unit_staff_list (
  id          TEXT PRIMARY KEY,
  version     INTEGER NOT NULL,
  no          TEXT NOT NULL UNIQUE,
  agency      TEXT NOT NULL REFERENCES agency(id),
  account_id  TEXT NOT NULL REFERENCES unit_account(id),
  file_name   TEXT NOT NULL,
  digest      TEXT NOT NULL,
  state       TEXT NOT NULL,
  rows        INTEGER NOT NULL,
  unlisted    INTEGER NOT NULL,
  imported_by TEXT NOT NULL,
  imported_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX unit_staff_list_digest ON unit_staff_list(account_id, digest);
CREATE UNIQUE INDEX unit_staff_list_current ON unit_staff_list(account_id) WHERE state='current';

CREATE TABLE unit_staff (
  id         TEXT PRIMARY KEY,
  version    INTEGER NOT NULL,
  list_id    TEXT NOT NULL REFERENCES unit_staff_list(id),
  row_no     INTEGER NOT NULL,
  name       BLOB NOT NULL,
  id_no      BLOB NOT NULL,
  left_on    TEXT,
  gone       INTEGER NOT NULL,
  outcome    TEXT NOT NULL,
  dossier_id TEXT REFERENCES dossier(id),
  UNIQUE (list_id, row_no)
) STRICT;
CREATE INDEX unit_staff_dossier ON unit_staff(dossier_id) WHERE dossier_id IS NOT NULL;
CREATE INDEX unit_staff_outcome ON unit_staff(list_id, outcome, row_no);

-- +goose Down
DROP TABLE unit_staff;
DROP TABLE unit_staff_list;
