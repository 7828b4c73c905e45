-- +goose Up
-- What staff are told of their cases: to all of a post at an agency, or to the one who had
-- the case in hand. Written in the act it tells of.
CREATE TABLE staff_notice (
  id         TEXT PRIMARY KEY,
  version    INTEGER NOT NULL,
  agency     TEXT NOT NULL REFERENCES agency(id),
  post       TEXT NOT NULL,
  staff_id   TEXT REFERENCES staff(id),
  subject    TEXT NOT NULL,
  text       TEXT NOT NULL,
  dossier_id TEXT REFERENCES dossier(id),
  case_ref   TEXT NOT NULL,
  link       TEXT NOT NULL,
  by_id      TEXT NOT NULL,
  by_agency  TEXT,
  at         INTEGER NOT NULL
) STRICT;
CREATE INDEX staff_notice_agency ON staff_notice(agency, at, id);

-- Who has read what: a convenience of the reader, nothing that anyone relies on.
CREATE TABLE staff_notice_read (
  notice_id TEXT NOT NULL,
  staff_id  TEXT NOT NULL,
  read_at   INTEGER NOT NULL,
  PRIMARY KEY (staff_id, notice_id)
) STRICT;

-- +goose Down
DROP TABLE staff_notice_read;
DROP TABLE staff_notice;
