-- +goose Up
-- What persons hand in over the net for a request for materials (14): one-time links, of
-- which only the digest of the secret is kept, submissions, and their files.
CREATE TABLE hand_in_link (
  id            TEXT PRIMARY KEY,
  version       INTEGER NOT NULL,
  agency        TEXT NOT NULL REFERENCES agency(id),
  collection_id TEXT NOT NULL REFERENCES collection(id),
  dossier_id    TEXT NOT NULL REFERENCES dossier(id),
  again         TEXT,
  salt          TEXT NOT NULL,
  digest        TEXT NOT NULL UNIQUE,
  sent_by       TEXT NOT NULL,
  sent_at       INTEGER NOT NULL,
  until_on      TEXT NOT NULL,
  state         TEXT NOT NULL
) STRICT;
CREATE INDEX hand_in_link_collection ON hand_in_link(collection_id, id);
CREATE INDEX hand_in_link_again ON hand_in_link(again);
CREATE INDEX hand_in_link_open ON hand_in_link(agency) WHERE state='open';
CREATE TABLE hand_in (
  id            TEXT PRIMARY KEY,
  version       INTEGER NOT NULL,
  no            TEXT NOT NULL UNIQUE,
  agency        TEXT NOT NULL REFERENCES agency(id),
  collection_id TEXT NOT NULL REFERENCES collection(id),
  dossier_id    TEXT NOT NULL REFERENCES dossier(id),
  link_id       TEXT NOT NULL UNIQUE REFERENCES hand_in_link(id),
  session       TEXT NOT NULL,
  files         INTEGER NOT NULL,
  bytes         INTEGER NOT NULL,
  sent_at       INTEGER NOT NULL,
  sent_on       TEXT NOT NULL,
  state         TEXT NOT NULL,
  why           TEXT,
  ended_by      TEXT,
  ended_at      INTEGER,
  changed_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX hand_in_waiting ON hand_in(agency, id) WHERE state='waiting';
CREATE INDEX hand_in_collection ON hand_in(collection_id, id);
CREATE TABLE hand_in_file (
  id          TEXT PRIMARY KEY,
  version     INTEGER NOT NULL,
  hand_in_id  TEXT NOT NULL REFERENCES hand_in(id),
  no          INTEGER NOT NULL,
  item_id     TEXT NOT NULL,
  blob        TEXT NOT NULL REFERENCES blob(id),
  bytes       INTEGER NOT NULL,
  format      TEXT NOT NULL,
  width       INTEGER NOT NULL,
  height      INTEGER NOT NULL,
  pages       INTEGER NOT NULL,
  material_id TEXT,
  UNIQUE (hand_in_id, no)
) STRICT;
