-- +goose Up
-- One run of an import of stock: file, basis, counts. The rows themselves are acts of their own.
CREATE TABLE roster_import (
  id           TEXT PRIMARY KEY,
  version      INTEGER NOT NULL,
  agency       TEXT NOT NULL REFERENCES agency(id),
  file_name    TEXT NOT NULL,
  blob         TEXT NOT NULL,
  bytes        INTEGER NOT NULL,
  sheet        TEXT NOT NULL,
  header_row   INTEGER NOT NULL,
  columns      TEXT NOT NULL,
  basis        TEXT,
  state        TEXT NOT NULL,
  row_count    INTEGER NOT NULL,
  accepted     INTEGER NOT NULL,
  warned       INTEGER NOT NULL,
  rejected     INTEGER NOT NULL,
  already_here INTEGER NOT NULL,
  errors_blob  TEXT,
  note         TEXT,
  staff_id     TEXT NOT NULL,
  uploaded_at  INTEGER NOT NULL,
  started_at   INTEGER,
  ended_at     INTEGER
) STRICT;
CREATE INDEX roster_import_agency ON roster_import(agency, id);
CREATE INDEX roster_import_state ON roster_import(state);

-- What an agency calls its columns, once somebody said so; id is the agency's code.
CREATE TABLE roster_template (
  id      TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  headers TEXT NOT NULL
) STRICT;

-- How far a check or run is; who works at it, and whether it is to stop.
CREATE TABLE roster_progress (
  import_id    TEXT PRIMARY KEY,
  phase        TEXT NOT NULL,
  owner        TEXT,
  beat_at      INTEGER NOT NULL,
  cancel       INTEGER NOT NULL,
  done         INTEGER NOT NULL,
  total        INTEGER NOT NULL,
  accepted     INTEGER NOT NULL,
  warned       INTEGER NOT NULL,
  rejected     INTEGER NOT NULL,
  already_here INTEGER NOT NULL,
  took_ms      INTEGER NOT NULL,
  trouble      TEXT
) STRICT;

-- The fates of the last check or run, for the screen; body is encrypted.
CREATE TABLE roster_row (
  import_id TEXT NOT NULL,
  row_no    INTEGER NOT NULL,
  flag      INTEGER NOT NULL,
  body      BLOB NOT NULL,
  PRIMARY KEY (import_id, row_no)
) STRICT;
CREATE INDEX roster_row_flag ON roster_row(import_id, flag, row_no);

-- Packets on the shelf that are nobody's dossier yet (2): whose they are is not certain,
-- or the person's dossier is kept already. No dossier stands behind them, so nothing serves
-- from them and no list of dossiers knows them. print tells packets apart when a file comes again.
CREATE TABLE unclear_packet (
  id            TEXT PRIMARY KEY,
  version       INTEGER NOT NULL,
  no            TEXT NOT NULL UNIQUE,
  agency        TEXT NOT NULL REFERENCES agency(id),
  receiver      TEXT,
  kind          TEXT NOT NULL,
  codes         TEXT NOT NULL,
  state         TEXT NOT NULL,
  shelfmark     TEXT NOT NULL,
  seal          TEXT NOT NULL,
  cover_no      TEXT,
  name          TEXT,
  written       BLOB,
  birth_date    TEXT,
  category      TEXT,
  received_on   TEXT,
  received_from TEXT,
  remark        TEXT,
  print         BLOB NOT NULL,
  import_id     TEXT NOT NULL REFERENCES roster_import(id),
  row_no        INTEGER NOT NULL,
  taken_by      TEXT NOT NULL,
  taken_at      INTEGER NOT NULL,
  ending        TEXT,
  found         BLOB,
  document      TEXT,
  seen_by       TEXT,
  seen_on       TEXT,
  way           TEXT,
  proposed_by   TEXT,
  proposed_at   INTEGER,
  decided_by    TEXT,
  decided_at    INTEGER,
  note          TEXT,
  dossier_id    TEXT REFERENCES dossier(id),
  resolved_at   INTEGER
) STRICT;
CREATE INDEX unclear_packet_agency ON unclear_packet(agency, state, id);
CREATE INDEX unclear_packet_receiver ON unclear_packet(receiver, state, id) WHERE receiver IS NOT NULL;
CREATE UNIQUE INDEX unclear_packet_print ON unclear_packet(agency, print);
