-- +goose Up
-- Powers of attorney (委托书) seen at the window (12a, 29.9): one record for every application
-- of every room that somebody hands in for another, and what was applied for on it.
CREATE TABLE mandate (
  id            TEXT PRIMARY KEY,
  version       INTEGER NOT NULL,
  no            TEXT NOT NULL UNIQUE,
  agency        TEXT NOT NULL REFERENCES agency(id),
  state         TEXT NOT NULL,
  principal     TEXT NOT NULL,
  principal_no  BLOB NOT NULL,
  principal_ix  BLOB NOT NULL,
  principal_doc TEXT NOT NULL,
  agent         TEXT NOT NULL,
  agent_no      BLOB NOT NULL,
  agent_ix      BLOB NOT NULL,
  agent_doc     TEXT NOT NULL,
  relation      TEXT NOT NULL,
  phone         BLOB,
  matters       TEXT NOT NULL,
  paper_on      TEXT NOT NULL,
  valid_until   TEXT NOT NULL,
  unpaid        INTEGER NOT NULL,
  persons       INTEGER NOT NULL,
  seen_by       TEXT NOT NULL,
  seen_at       INTEGER NOT NULL,
  decided_by    TEXT,
  decided_at    INTEGER,
  note          TEXT,
  ended_by      TEXT,
  ended_at      INTEGER,
  end_reason    TEXT,
  changed_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX mandate_agency ON mandate(agency, seen_at, id);
CREATE INDEX mandate_waiting ON mandate(agency, seen_at, id) WHERE state='waiting';
CREATE INDEX mandate_agent ON mandate(agent_ix, seen_at);
CREATE INDEX mandate_principal ON mandate(principal_ix, agency);

CREATE TABLE mandate_use (
  id         TEXT PRIMARY KEY,
  version    INTEGER NOT NULL,
  mandate_id TEXT NOT NULL REFERENCES mandate(id),
  matter     TEXT NOT NULL,
  case_ref   TEXT NOT NULL UNIQUE,
  used_by    TEXT NOT NULL,
  used_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX mandate_use_mandate ON mandate_use(mandate_id, id);

-- +goose Down
DROP TABLE mandate_use;
DROP TABLE mandate;
