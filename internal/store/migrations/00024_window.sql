-- +goose Up
-- What people say of the service at the window (28, 29.8–29.10): objections to refusals and complaints.
CREATE TABLE window_matter (
  id          TEXT PRIMARY KEY,
  version     INTEGER NOT NULL,
  no          TEXT NOT NULL UNIQUE,
  kind        TEXT NOT NULL,
  about       TEXT,
  agency      TEXT NOT NULL REFERENCES agency(id),
  authority   TEXT NOT NULL REFERENCES agency(id),
  notice_id   TEXT REFERENCES document(id),
  notice_no   TEXT,
  case_ref    TEXT,
  dossier_id  TEXT,
  who         BLOB,
  contact     BLOB,
  text        BLOB NOT NULL,
  received_by TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  due_on      TEXT NOT NULL,
  state       TEXT NOT NULL,
  upheld      INTEGER NOT NULL,
  answer      TEXT,
  document_id TEXT,
  answered_by TEXT,
  answered_on TEXT,
  changed_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX window_matter_agency ON window_matter(agency, state, due_on, id);
CREATE INDEX window_matter_received ON window_matter(agency, received_at, id);
CREATE INDEX window_matter_notice ON window_matter(notice_id);
