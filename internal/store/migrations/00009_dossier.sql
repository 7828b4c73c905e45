-- +goose Up
-- Full identity numbers are shown on record only (29.3).
CREATE TABLE revelation (
  id         TEXT PRIMARY KEY,
  dossier_id TEXT NOT NULL REFERENCES dossier(id),
  staff_id   TEXT NOT NULL,
  reason     TEXT NOT NULL,
  at         INTEGER NOT NULL
) STRICT;

-- Materials go to the catalog in batches that another person reviews with a sample (13a).
CREATE TABLE filing_batch (
  id           TEXT PRIMARY KEY,
  version      INTEGER NOT NULL,
  no           TEXT NOT NULL,
  agency       TEXT NOT NULL REFERENCES agency(id),
  kind         TEXT NOT NULL,
  state        TEXT NOT NULL,
  materials    INTEGER NOT NULL,
  dossiers     INTEGER NOT NULL,
  sample       TEXT NOT NULL,
  submitted_by TEXT NOT NULL,
  submitted_at INTEGER NOT NULL,
  reviewed_by  TEXT,
  reviewed_at  INTEGER,
  note         TEXT
) STRICT;
CREATE INDEX filing_batch_agency ON filing_batch(agency, state, submitted_at);

-- A filed material changes only by a correction (29.2): what was, what is asked for, who decided.
CREATE TABLE correction (
  id          TEXT PRIMARY KEY,
  version     INTEGER NOT NULL,
  material_id TEXT NOT NULL REFERENCES material(id),
  dossier_id  TEXT NOT NULL REFERENCES dossier(id),
  agency      TEXT NOT NULL,
  state       TEXT NOT NULL,
  proposed    TEXT NOT NULL,
  reason      TEXT NOT NULL,
  basis       TEXT,
  applicant   TEXT NOT NULL,
  applied_at  INTEGER NOT NULL,
  decided_by  TEXT,
  decided_at  INTEGER,
  note        TEXT
) STRICT;
CREATE INDEX correction_agency ON correction(agency, state, applied_at);
CREATE INDEX correction_material ON correction(material_id);

-- 查档去向: who asked where the dossier is, and what was answered.
CREATE TABLE inquiry (
  id         TEXT PRIMARY KEY,
  version    INTEGER NOT NULL,
  no         TEXT NOT NULL,
  agency     TEXT NOT NULL,
  name       TEXT NOT NULL,
  id_no      BLOB NOT NULL,
  id_ix      BLOB NOT NULL,
  asker      TEXT NOT NULL,
  document   TEXT NOT NULL,
  dossier_id TEXT,
  answer     TEXT NOT NULL,
  paper      TEXT,
  by_staff   TEXT NOT NULL,
  at         INTEGER NOT NULL
) STRICT;
CREATE INDEX inquiry_agency ON inquiry(agency, at);

CREATE TABLE saved_view (
  staff_id TEXT PRIMARY KEY,
  views    TEXT NOT NULL,
  at       INTEGER NOT NULL
) STRICT;

CREATE INDEX fact_unconfirmed ON fact(dossier_id) WHERE confirmed_by IS NULL AND void IS NULL;
CREATE INDEX history_period_unconfirmed ON history_period(dossier_id) WHERE confirmed_by IS NULL AND void IS NULL;
CREATE INDEX family_member_unconfirmed ON family_member(dossier_id) WHERE confirmed_by IS NULL AND void IS NULL;
