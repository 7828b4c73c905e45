-- +goose Up
-- A version of the notice of rights and duties may ask those who accepted an older one again (12a).
ALTER TABLE account_notice ADD COLUMN again INTEGER;

-- Personal accounts (12, 12b): a row each, from its opening to its end, with what of the
-- notice its person accepted. notice_rank is when the accepted version was published, in
-- microseconds: 0 for the program's own, -1 while none was accepted.
CREATE TABLE personal_account (
  id          TEXT PRIMARY KEY,
  version     INTEGER NOT NULL,
  no          TEXT NOT NULL UNIQUE,
  agency      TEXT NOT NULL REFERENCES agency(id),
  dossier_id  TEXT NOT NULL REFERENCES dossier(id),
  state       TEXT NOT NULL,
  how         TEXT NOT NULL,
  case_ref    TEXT,
  opened_by   TEXT NOT NULL,
  opened_at   INTEGER NOT NULL,
  notice_no   TEXT,
  notice_rank INTEGER NOT NULL,
  notice_on   TEXT,
  waived      INTEGER,
  reminded    INTEGER,
  reminded_on TEXT,
  reminded_by TEXT,
  ended_how   TEXT,
  ended_ref   TEXT,
  ended_at    INTEGER
) STRICT;
CREATE UNIQUE INDEX personal_account_open ON personal_account(dossier_id) WHERE state='open';
CREATE INDEX personal_account_owed ON personal_account(agency, notice_rank, opened_at, id) WHERE state='open' AND waived IS NULL;
CREATE INDEX personal_account_register ON personal_account(opened_at, id);
CREATE INDEX personal_account_dossier ON personal_account(dossier_id, id);

-- One-time links on which a person reads and accepts the notice; of the secret only the digest is kept.
CREATE TABLE notice_link (
  id         TEXT PRIMARY KEY,
  version    INTEGER NOT NULL,
  agency     TEXT NOT NULL REFERENCES agency(id),
  account_id TEXT NOT NULL REFERENCES personal_account(id),
  dossier_id TEXT NOT NULL REFERENCES dossier(id),
  salt       TEXT NOT NULL,
  digest     TEXT NOT NULL UNIQUE,
  sent_by    TEXT NOT NULL,
  sent_at    INTEGER NOT NULL,
  until_on   TEXT NOT NULL,
  state      TEXT NOT NULL
) STRICT;
CREATE INDEX notice_link_account ON notice_link(account_id, id);

-- +goose Down
DROP TABLE notice_link;
DROP TABLE personal_account;
ALTER TABLE account_notice DROP COLUMN again;
