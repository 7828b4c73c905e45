-- +goose Up
-- What was not formed, as its unit or the person states: it closes an expected line of a dossier's
-- checklist for good once a second person confirms it (14a).
CREATE TABLE not_formed (
  id           TEXT PRIMARY KEY,
  version      INTEGER NOT NULL,
  dossier_id   TEXT NOT NULL REFERENCES dossier(id),
  title        TEXT NOT NULL,
  stated_by    TEXT NOT NULL,
  stated_on    TEXT NOT NULL,
  statement    TEXT NOT NULL,
  entered_by   TEXT NOT NULL,
  confirmed_by TEXT,
  void         TEXT,
  at           INTEGER NOT NULL
) STRICT;
CREATE INDEX not_formed_dossier ON not_formed(dossier_id, id);
CREATE INDEX not_formed_unconfirmed ON not_formed(dossier_id) WHERE confirmed_by IS NULL AND void IS NULL;

-- +goose Down
DROP TABLE not_formed;
