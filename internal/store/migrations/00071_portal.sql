-- +goose Up
-- Actors from outside (a unit's worker, a person) who sign in at a provider of identities,
-- and their sessions, apart from those of staff. Requests for materials name the unit by its
-- credit code, so that a unit sees those to itself and no others (14, 29.3).
CREATE TABLE outside_actor (
  id       TEXT PRIMARY KEY,
  version  INTEGER NOT NULL,
  kind     TEXT NOT NULL,
  provider TEXT NOT NULL,
  uscc     TEXT,
  unit     TEXT,
  name     BLOB NOT NULL,
  id_no    BLOB NOT NULL,
  first_at INTEGER NOT NULL
) STRICT;
CREATE TABLE outside_session (
  digest     BLOB PRIMARY KEY,
  actor_id   TEXT NOT NULL,
  provider   TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  seen_at    INTEGER NOT NULL,
  address    TEXT NOT NULL,
  agent      TEXT NOT NULL
) STRICT;
CREATE INDEX outside_session_actor ON outside_session(actor_id);

ALTER TABLE collection ADD COLUMN uscc TEXT;
CREATE INDEX collection_uscc ON collection(uscc, due_on, id) WHERE uscc IS NOT NULL;
CREATE INDEX unit_account_code ON unit_account(uscc) WHERE state='open' AND uscc IS NOT NULL;

-- A submission may come from somebody signed in, without a link. SQLite can't take back a
-- NOT NULL, so the tables are made anew; their rows stay as they were sealed.
CREATE TABLE hand_in_file_before (
  id TEXT PRIMARY KEY, version INTEGER NOT NULL, hand_in_id TEXT NOT NULL, no INTEGER NOT NULL, item_id TEXT NOT NULL, blob TEXT NOT NULL,
  bytes INTEGER NOT NULL, format TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL, pages INTEGER NOT NULL, material_id TEXT
) STRICT;
INSERT INTO hand_in_file_before(id,version,hand_in_id,no,item_id,blob,bytes,format,width,height,pages,material_id)
  SELECT id,version,hand_in_id,no,item_id,blob,bytes,format,width,height,pages,material_id FROM hand_in_file;
DROP TABLE hand_in_file;
CREATE TABLE hand_in_any (
  id            TEXT PRIMARY KEY,
  version       INTEGER NOT NULL,
  no            TEXT NOT NULL UNIQUE,
  agency        TEXT NOT NULL REFERENCES agency(id),
  collection_id TEXT NOT NULL REFERENCES collection(id),
  dossier_id    TEXT NOT NULL REFERENCES dossier(id),
  link_id       TEXT UNIQUE REFERENCES hand_in_link(id),
  session       TEXT NOT NULL,
  files         INTEGER NOT NULL,
  bytes         INTEGER NOT NULL,
  sent_at       INTEGER NOT NULL,
  sent_on       TEXT NOT NULL,
  state         TEXT NOT NULL,
  why           TEXT,
  ended_by      TEXT,
  ended_at      INTEGER,
  changed_at    INTEGER NOT NULL,
  sender        TEXT REFERENCES outside_actor(id),
  unit          TEXT
) STRICT;
INSERT INTO hand_in_any(id,version,no,agency,collection_id,dossier_id,link_id,session,files,bytes,sent_at,sent_on,state,why,ended_by,ended_at,changed_at)
  SELECT id,version,no,agency,collection_id,dossier_id,link_id,session,files,bytes,sent_at,sent_on,state,why,ended_by,ended_at,changed_at FROM hand_in;
DROP TABLE hand_in;
ALTER TABLE hand_in_any RENAME TO hand_in;
CREATE INDEX hand_in_waiting ON hand_in(agency, id) WHERE state='waiting';
CREATE INDEX hand_in_collection ON hand_in(collection_id, id);
CREATE INDEX hand_in_sent ON hand_in(agency, sent_on, id);
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
INSERT INTO hand_in_file(id,version,hand_in_id,no,item_id,blob,bytes,format,width,height,pages,material_id)
  SELECT id,version,hand_in_id,no,item_id,blob,bytes,format,width,height,pages,material_id FROM hand_in_file_before;
DROP TABLE hand_in_file_before;

-- +goose Down
SELECT 1;
