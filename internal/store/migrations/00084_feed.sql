-- +goose Up
-- Data of other departments (14a, 18b): who may send it, the files that came, what they
-- say of persons whose dossiers are kept here, and the rows that could not be used.
CREATE TABLE feed_source (
  id            TEXT PRIMARY KEY,
  version       INTEGER NOT NULL,
  agency        TEXT NOT NULL REFERENCES agency(id),
  kind          TEXT NOT NULL,
  name          TEXT NOT NULL,
  basis         TEXT NOT NULL,
  public_key    TEXT NOT NULL,
  fingerprint   TEXT NOT NULL,
  valid_from    TEXT NOT NULL,
  valid_until   TEXT NOT NULL,
  registered_by TEXT NOT NULL,
  registered_at INTEGER NOT NULL,
  confirmed_by  TEXT,
  confirmed_at  INTEGER,
  revoked_by    TEXT,
  revoked_at    INTEGER,
  revoked_why   TEXT
) STRICT;
CREATE INDEX feed_source_agency ON feed_source(agency, id);
CREATE UNIQUE INDEX feed_source_key ON feed_source(agency, kind, fingerprint) WHERE revoked_by IS NULL;

CREATE TABLE feed_file (
  id          TEXT PRIMARY KEY,
  version     INTEGER NOT NULL,
  no          TEXT NOT NULL UNIQUE,
  agency      TEXT NOT NULL REFERENCES agency(id),
  source_id   TEXT NOT NULL REFERENCES feed_source(id),
  kind        TEXT NOT NULL,
  file_name   TEXT NOT NULL,
  digest      TEXT NOT NULL,
  bytes       INTEGER NOT NULL,
  signature   TEXT NOT NULL,
  state       TEXT NOT NULL,
  lines       INTEGER NOT NULL,
  done        INTEGER NOT NULL,
  at_row      INTEGER NOT NULL,
  opened      INTEGER NOT NULL,
  known       INTEGER NOT NULL,
  differs     INTEGER NOT NULL,
  elsewhere   INTEGER NOT NULL,
  refused     INTEGER NOT NULL,
  note        TEXT,
  imported_by TEXT NOT NULL,
  imported_at INTEGER NOT NULL,
  touched_at  INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX feed_file_digest ON feed_file(agency, digest);
CREATE INDEX feed_file_agency ON feed_file(agency, imported_at, id);
CREATE INDEX feed_file_running ON feed_file(touched_at) WHERE state='running';

CREATE TABLE feed_fact (
  id            TEXT PRIMARY KEY,
  version       INTEGER NOT NULL,
  file_id       TEXT NOT NULL REFERENCES feed_file(id),
  row_no        INTEGER NOT NULL,
  dossier_id    TEXT NOT NULL REFERENCES dossier(id),
  event         TEXT NOT NULL,
  happened      TEXT NOT NULL,
  unit          TEXT NOT NULL,
  fact_key      TEXT NOT NULL,
  outcome       TEXT NOT NULL,
  basis         TEXT NOT NULL,
  collection_id TEXT REFERENCES collection(id)
) STRICT;
CREATE UNIQUE INDEX feed_fact_row ON feed_fact(file_id, row_no, event);
CREATE UNIQUE INDEX feed_fact_once ON feed_fact(fact_key) WHERE outcome='opened';
CREATE INDEX feed_fact_dossier ON feed_fact(dossier_id);

CREATE TABLE feed_refusal (
  id       TEXT PRIMARY KEY,
  version  INTEGER NOT NULL,
  file_id  TEXT NOT NULL REFERENCES feed_file(id),
  row_no   INTEGER NOT NULL,
  problems TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX feed_refusal_row ON feed_refusal(file_id, row_no);
