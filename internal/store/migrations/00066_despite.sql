-- +goose Up

-- What was taken in although its tie leads elsewhere: why, by whom, and where it leads (7b).
CREATE TABLE transfer_despite (
  id          TEXT PRIMARY KEY,
  version     INTEGER NOT NULL,
  transfer_id TEXT NOT NULL,
  agency      TEXT NOT NULL REFERENCES agency(id),
  tie         TEXT NOT NULL,
  reason      TEXT NOT NULL,
  tied        TEXT,
  taken_by    TEXT NOT NULL,
  taken_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX transfer_despite_agency ON transfer_despite(agency, taken_at, id);
CREATE INDEX transfer_despite_transfer ON transfer_despite(transfer_id);

-- Whom none of the named kinds of category 4.7 fits: the superior's list.
CREATE INDEX dossier_other ON dossier(agency, changed_at, id) WHERE category='4.7' AND subtype='other';

-- +goose Down

DROP INDEX dossier_other;
DROP TABLE transfer_despite;
