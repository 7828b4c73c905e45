-- +goose Up
-- Collective accounts of units (12c, 12d): opened on their papers, or registered because
-- dossiers taken over as stock already hang on the unit. A dossier hangs on the open
-- account of its agency that bears the name of its unit.
CREATE TABLE unit_account (
  id          TEXT PRIMARY KEY,
  version     INTEGER NOT NULL,
  no          TEXT NOT NULL UNIQUE,
  agency      TEXT NOT NULL REFERENCES agency(id),
  unit        TEXT NOT NULL,
  uscc        TEXT,
  paper       TEXT,
  paper_no    TEXT,
  basis       TEXT NOT NULL,
  state       TEXT NOT NULL,
  opened_by   TEXT NOT NULL,
  opened_at   INTEGER NOT NULL,
  why         TEXT,
  document    TEXT,
  document_on TEXT,
  reason      TEXT,
  closed_by   TEXT,
  closed_at   INTEGER,
  changed_at  INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX unit_account_open ON unit_account(agency, unit) WHERE state='open';
CREATE UNIQUE INDEX unit_account_uscc ON unit_account(agency, uscc) WHERE state='open' AND uscc IS NOT NULL;
CREATE INDEX unit_account_list ON unit_account(agency, state, id);

-- What changed on them, a line a dossier or a step: the register 集体户变动 (N3).
CREATE TABLE account_change (
  id         TEXT PRIMARY KEY,
  version    INTEGER NOT NULL,
  account_id TEXT NOT NULL REFERENCES unit_account(id),
  agency     TEXT NOT NULL REFERENCES agency(id),
  unit       TEXT NOT NULL,
  kind       TEXT NOT NULL,
  dossier_id TEXT REFERENCES dossier(id),
  to_agency  TEXT,
  case_ref   TEXT,
  document   TEXT,
  changed_by TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  told_way   TEXT,
  told_on    TEXT,
  told_by    TEXT
) STRICT;
CREATE INDEX account_change_account ON account_change(account_id, id);
CREATE INDEX account_change_agency ON account_change(agency, changed_at, id);
CREATE INDEX account_change_dossier ON account_change(dossier_id, id) WHERE dossier_id IS NOT NULL;
CREATE INDEX account_change_untold ON account_change(agency, account_id) WHERE kind IN ('converted','sent') AND told_on IS NULL;

CREATE INDEX dossier_unit ON dossier(agency, account_unit, id) WHERE account_kind='collective';

-- +goose Down
DROP INDEX dossier_unit;
DROP TABLE account_change;
DROP TABLE unit_account;
