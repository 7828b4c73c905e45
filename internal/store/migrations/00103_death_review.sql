-- +goose Up
-- What was kept on after the five years is looked through again (20c): until when it is kept,
-- and each look with who took it and why.
ALTER TABLE death ADD COLUMN review_on TEXT;
CREATE TABLE death_review (
  id         TEXT PRIMARY KEY,
  version    INTEGER NOT NULL,
  case_id    TEXT NOT NULL REFERENCES death(id),
  dossier_id TEXT NOT NULL REFERENCES dossier(id),
  made_by    TEXT NOT NULL,
  at         INTEGER NOT NULL,
  until_on   TEXT NOT NULL,
  reason     TEXT NOT NULL
) STRICT;
CREATE INDEX death_review_case ON death_review(case_id, at, id);
CREATE INDEX death_review_due ON death(agency, review_on, id) WHERE state='retained';
