-- +goose Up
-- Legal holds (20.2a): what an organ ordered by document, on which basis, until when.
-- The sentence of those in force stands in dossier.hold.
CREATE TABLE legal_hold (
  id         TEXT PRIMARY KEY,
  version    INTEGER NOT NULL,
  no         TEXT NOT NULL UNIQUE,
  state      TEXT NOT NULL,
  agency     TEXT NOT NULL REFERENCES agency(id),
  dossier_id TEXT NOT NULL REFERENCES dossier(id),
  organ      TEXT NOT NULL,
  basis      TEXT NOT NULL,
  order_name TEXT NOT NULL,
  order_no   TEXT NOT NULL,
  order_on   TEXT NOT NULL,
  until_on   TEXT NOT NULL,
  contact    TEXT,
  extends    TEXT REFERENCES legal_hold(id),
  asked_by   TEXT NOT NULL,
  asked_at   INTEGER NOT NULL,
  decided_by TEXT,
  decided_at INTEGER,
  note       TEXT,
  lift_name  TEXT,
  lift_no    TEXT,
  lift_on    TEXT,
  lift_by    TEXT,
  lift_at    INTEGER,
  lift_ok_by TEXT,
  ended_at   INTEGER,
  changed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX legal_hold_open ON legal_hold(agency, until_on, id) WHERE state IN ('asked','active','lifting');
CREATE INDEX legal_hold_ended ON legal_hold(agency, until_on, id) WHERE state IN ('lifted','extended','expired','refused');
CREATE INDEX legal_hold_dossier ON legal_hold(dossier_id, changed_at);

-- +goose Down
DROP TABLE legal_hold;
