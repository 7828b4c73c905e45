-- +goose Up
-- A school's list of 毕业去向登记: packets that come without letter or applicant (12).
CREATE TABLE graduate_list (
  id        TEXT PRIMARY KEY,
  version   INTEGER NOT NULL,
  agency    TEXT NOT NULL REFERENCES agency(id),
  school    TEXT NOT NULL,
  file_name TEXT NOT NULL,
  digest    TEXT NOT NULL,
  row_count INTEGER NOT NULL,
  staff_id  TEXT NOT NULL,
  listed_at INTEGER NOT NULL,
  UNIQUE (agency, digest)
) STRICT;
CREATE INDEX graduate_list_agency ON graduate_list(agency, id);

-- One person of a list: awaited, unclaimed, claimed or elsewhere, never none of them.
CREATE TABLE graduate (
  id             TEXT PRIMARY KEY,
  version        INTEGER NOT NULL,
  list_id        TEXT NOT NULL REFERENCES graduate_list(id),
  agency         TEXT NOT NULL REFERENCES agency(id),
  row_no         INTEGER NOT NULL,
  school         TEXT NOT NULL,
  name           TEXT NOT NULL,
  id_no          BLOB NOT NULL,
  phone          BLOB,
  transfer_no    TEXT NOT NULL,
  mail_no        TEXT,
  education      TEXT,
  state          TEXT NOT NULL,
  seal           TEXT,
  note           TEXT,
  received_by    TEXT,
  received_at    INTEGER,
  dossier_id     TEXT REFERENCES dossier(id),
  told_way       TEXT,
  told_by        TEXT,
  told_at        INTEGER,
  notice_version TEXT,
  missing        TEXT,
  undertaking    INTEGER NOT NULL,
  claimed_by     TEXT,
  claimed_at     INTEGER,
  UNIQUE (agency, transfer_no)
) STRICT;
CREATE INDEX graduate_list_state ON graduate(list_id, state, id);
CREATE INDEX graduate_mail ON graduate(agency, mail_no) WHERE mail_no IS NOT NULL;
