-- +goose Up
-- The materials of a class numbered anew: a new version of the catalog, asked for by one and decided by another (13a, 29.2).
CREATE TABLE rearrangement (
  id         TEXT PRIMARY KEY,
  version    INTEGER NOT NULL,
  dossier_id TEXT NOT NULL REFERENCES dossier(id),
  agency     TEXT NOT NULL,
  class      TEXT NOT NULL,
  state      TEXT NOT NULL,
  proposed   TEXT NOT NULL,
  reason     TEXT NOT NULL,
  applicant  TEXT NOT NULL,
  applied_at INTEGER NOT NULL,
  decided_by TEXT,
  decided_at INTEGER,
  note       TEXT
) STRICT;
CREATE INDEX rearrangement_dossier ON rearrangement(dossier_id, state);
CREATE INDEX rearrangement_waiting ON rearrangement(agency, applied_at) WHERE state='asked';
