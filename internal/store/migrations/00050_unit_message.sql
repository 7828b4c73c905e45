-- +goose Up
-- Messages to a unit's authorized worker: of no dossier. SQLite can't take back a NOT NULL,
-- so the table is made anew; its rows stay as they were sealed.
ALTER TABLE account_worker ADD COLUMN way TEXT;
ALTER TABLE account_worker ADD COLUMN address BLOB;

CREATE TABLE message_with_units (
  id          TEXT PRIMARY KEY,
  version     INTEGER NOT NULL,
  state       TEXT NOT NULL,
  agency      TEXT NOT NULL REFERENCES agency(id),
  dossier_id  TEXT REFERENCES dossier(id),
  case_ref    TEXT NOT NULL,
  template    TEXT NOT NULL,
  wording     INTEGER NOT NULL,
  way         TEXT NOT NULL,
  address     BLOB,
  text        TEXT NOT NULL,
  why         TEXT,
  receipt     TEXT,
  created_at  INTEGER NOT NULL,
  ended_at    INTEGER,
  handled_by  TEXT,
  note        TEXT,
  unit        TEXT,
  worker_id   TEXT REFERENCES account_worker(id)
) STRICT;
INSERT INTO message_with_units(id,version,state,agency,dossier_id,case_ref,template,wording,way,address,text,why,receipt,created_at,ended_at,handled_by,note)
  SELECT id,version,state,agency,dossier_id,case_ref,template,wording,way,address,text,why,receipt,created_at,ended_at,handled_by,note FROM message;
DROP TABLE message;
ALTER TABLE message_with_units RENAME TO message;
CREATE INDEX message_queued ON message(created_at, id) WHERE state='queued';
CREATE INDEX message_agency ON message(agency, state, created_at, id);
CREATE INDEX message_at ON message(agency, created_at, id);
CREATE INDEX message_dossier ON message(dossier_id, created_at, id);
CREATE INDEX message_case ON message(case_ref, template);

-- +goose Down
SELECT 1;
