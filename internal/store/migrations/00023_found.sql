-- +goose Up
-- Packets found in private hands (6b): registered, sealed before two, verified with the last keeper.
CREATE TABLE found_packet (
  id            TEXT PRIMARY KEY,
  version       INTEGER NOT NULL,
  no            TEXT NOT NULL UNIQUE,
  agency        TEXT NOT NULL REFERENCES agency(id),
  state         TEXT NOT NULL,
  person_name   TEXT NOT NULL,
  id_no         BLOB,
  person_id     TEXT,
  bringer       BLOB NOT NULL,
  bringer_paper TEXT,
  relation      TEXT NOT NULL,
  phone         BLOB,
  came          TEXT NOT NULL,
  seal          TEXT NOT NULL,
  seen          TEXT,
  volumes       INTEGER NOT NULL,
  keeper        TEXT,
  registered_by TEXT NOT NULL,
  registered_at INTEGER NOT NULL,
  sealed_by     TEXT,
  sealed_at     INTEGER,
  seal_no       TEXT,
  shelf         TEXT,
  holder        TEXT,
  proof_no      TEXT,
  verified_at   INTEGER,
  transfer_id   TEXT REFERENCES transfer(id),
  dossier_id    TEXT REFERENCES dossier(id),
  changed_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX found_packet_agency ON found_packet(agency, registered_at, id);
CREATE INDEX found_packet_state ON found_packet(agency, state, registered_at, id);
CREATE INDEX found_packet_dossier ON found_packet(dossier_id);

CREATE TABLE found_inquiry (
  id          TEXT PRIMARY KEY,
  version     INTEGER NOT NULL,
  packet_id   TEXT NOT NULL REFERENCES found_packet(id),
  kind        TEXT NOT NULL,
  addressee   TEXT NOT NULL,
  document_id TEXT NOT NULL,
  number      TEXT NOT NULL,
  sent_by     TEXT NOT NULL,
  sent_on     TEXT NOT NULL,
  due_on      TEXT NOT NULL,
  reminded    INTEGER NOT NULL,
  reminded_on TEXT,
  result      TEXT,
  answer_no   TEXT,
  answered_on TEXT,
  answer      TEXT,
  answered_by TEXT
) STRICT;
CREATE INDEX found_inquiry_packet ON found_inquiry(packet_id, sent_on, id);
