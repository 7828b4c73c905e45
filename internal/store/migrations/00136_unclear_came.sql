-- +goose Up
-- A packet that came by a transfer and turned out at the check to be a second one of its person
-- (2) stands on no roster.
CREATE TABLE unclear_packet_any (
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
  import_id     TEXT REFERENCES roster_import(id),
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
  resolved_at   INTEGER,
  transfer_id   TEXT REFERENCES transfer(id),
  came_on       TEXT REFERENCES transfer(id)
) STRICT;
INSERT INTO unclear_packet_any(id,version,no,agency,receiver,kind,codes,state,shelfmark,seal,cover_no,name,written,birth_date,category,received_on,received_from,remark,print,import_id,row_no,taken_by,taken_at,
  ending,found,document,seen_by,seen_on,way,proposed_by,proposed_at,decided_by,decided_at,note,dossier_id,resolved_at,transfer_id)
SELECT id,version,no,agency,receiver,kind,codes,state,shelfmark,seal,cover_no,name,written,birth_date,category,received_on,received_from,remark,print,import_id,row_no,taken_by,taken_at,
  ending,found,document,seen_by,seen_on,way,proposed_by,proposed_at,decided_by,decided_at,note,dossier_id,resolved_at,transfer_id FROM unclear_packet;
DROP TABLE unclear_packet;
ALTER TABLE unclear_packet_any RENAME TO unclear_packet;
CREATE INDEX unclear_packet_agency ON unclear_packet(agency, state, id);
CREATE INDEX unclear_packet_receiver ON unclear_packet(receiver, state, id) WHERE receiver IS NOT NULL;
CREATE UNIQUE INDEX unclear_packet_print ON unclear_packet(agency, print);
CREATE INDEX unclear_packet_taken ON unclear_packet(agency, taken_at, id);
CREATE INDEX unclear_packet_came ON unclear_packet(came_on) WHERE came_on IS NOT NULL;

-- +goose Down
DROP INDEX unclear_packet_came;
ALTER TABLE unclear_packet DROP COLUMN came_on;
