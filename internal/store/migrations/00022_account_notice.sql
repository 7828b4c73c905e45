-- +goose Up
-- The notice of rights and duties (12a) in its versions, and who accepted which, when and how.
CREATE TABLE account_notice (
  id           TEXT PRIMARY KEY,
  version      INTEGER NOT NULL,
  no           TEXT NOT NULL,
  kind         TEXT NOT NULL,
  text         TEXT NOT NULL,
  published_by TEXT NOT NULL,
  published_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX account_notice_no ON account_notice(kind, no);

CREATE TABLE account_acceptance (
  id          TEXT PRIMARY KEY,
  version     INTEGER NOT NULL,
  agency      TEXT NOT NULL REFERENCES agency(id),
  account_id  TEXT REFERENCES unit_account(id),
  dossier_id  TEXT REFERENCES dossier(id),
  notice_no   TEXT NOT NULL,
  way         TEXT NOT NULL,
  accepted_by BLOB NOT NULL,
  accepted_on TEXT NOT NULL,
  recorded_by TEXT NOT NULL,
  recorded_at INTEGER NOT NULL
) STRICT;
CREATE INDEX account_acceptance_account ON account_acceptance(account_id, id) WHERE account_id IS NOT NULL;
CREATE INDEX account_acceptance_dossier ON account_acceptance(dossier_id, id) WHERE dossier_id IS NOT NULL;

-- Whom a unit authorized to apply for it, and for how long (12c).
CREATE TABLE account_worker (
  id            TEXT PRIMARY KEY,
  version       INTEGER NOT NULL,
  account_id    TEXT NOT NULL REFERENCES unit_account(id),
  agency        TEXT NOT NULL REFERENCES agency(id),
  name          BLOB NOT NULL,
  id_no         BLOB NOT NULL,
  letter_no     TEXT NOT NULL,
  from_on       TEXT NOT NULL,
  until_on      TEXT NOT NULL,
  registered_by TEXT NOT NULL,
  registered_at INTEGER NOT NULL,
  ended_on      TEXT,
  ended_why     TEXT,
  ended_by      TEXT
) STRICT;
CREATE INDEX account_worker_account ON account_worker(account_id, id);
CREATE INDEX account_worker_until ON account_worker(agency, until_on) WHERE ended_on IS NULL;

-- +goose Down
DROP TABLE account_worker;
DROP TABLE account_acceptance;
DROP TABLE account_notice;
