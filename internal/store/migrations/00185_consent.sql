-- +goose Up
-- N2: programs outside that may ask, what a person consented to, and the answers. A consent
-- names the person by the id of the signed-in actor, never by a number.
CREATE TABLE requester (
  id            TEXT PRIMARY KEY,
  version       INTEGER NOT NULL,
  agency        TEXT NOT NULL REFERENCES agency(id),
  name          TEXT NOT NULL,
  uscc          TEXT NOT NULL,
  basis         TEXT NOT NULL,
  valid_until   TEXT NOT NULL,
  key_digest    BLOB NOT NULL UNIQUE,
  registered_by TEXT NOT NULL,
  registered_at INTEGER NOT NULL,
  confirmed_by  TEXT,
  confirmed_at  INTEGER,
  ended_by      TEXT,
  ended_at      INTEGER,
  ended_why     TEXT
) STRICT;
CREATE INDEX requester_agency ON requester(agency, registered_at, id);
CREATE UNIQUE INDEX requester_uscc ON requester(uscc) WHERE ended_by IS NULL;

CREATE TABLE consent (
  id           TEXT PRIMARY KEY,
  version      INTEGER NOT NULL,
  no           TEXT NOT NULL UNIQUE,
  agency       TEXT NOT NULL REFERENCES agency(id),
  requester_id TEXT NOT NULL REFERENCES requester(id),
  subject      TEXT NOT NULL,
  ref          TEXT,
  purpose      TEXT NOT NULL,
  matter       TEXT NOT NULL,
  days         INTEGER NOT NULL,
  state        TEXT NOT NULL,
  asked_at     INTEGER NOT NULL,
  ask_until    TEXT NOT NULL,
  valid_until  TEXT,
  granted_at   INTEGER,
  ended_at     INTEGER,
  answered_at  INTEGER,
  entry_id     TEXT
) STRICT;
CREATE INDEX consent_subject ON consent(subject, id);
CREATE INDEX consent_requester ON consent(requester_id, id);
CREATE INDEX consent_asked ON consent(requester_id, asked_at);

CREATE TABLE consent_question (
  id         TEXT PRIMARY KEY,
  version    INTEGER NOT NULL,
  consent_id TEXT NOT NULL REFERENCES consent(id),
  no         INTEGER NOT NULL,
  kind       TEXT NOT NULL,
  value      TEXT NOT NULL,
  UNIQUE (consent_id, kind)
) STRICT;

CREATE TABLE consent_answer (
  id           TEXT PRIMARY KEY,
  version      INTEGER NOT NULL,
  question_id  TEXT NOT NULL UNIQUE REFERENCES consent_question(id),
  consent_id   TEXT NOT NULL REFERENCES consent(id),
  requester_id TEXT NOT NULL REFERENCES requester(id),
  agency       TEXT NOT NULL REFERENCES agency(id),
  subject      TEXT NOT NULL,
  kind         TEXT NOT NULL,
  value        TEXT NOT NULL,
  outcome      TEXT NOT NULL,
  entry_id     TEXT NOT NULL,
  answered_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX consent_answer_budget ON consent_answer(subject, kind, answered_at);
CREATE INDEX consent_answer_agency ON consent_answer(agency, answered_at, id);
CREATE INDEX consent_answer_consent ON consent_answer(consent_id);

-- +goose Down
DROP TABLE consent_answer;
DROP TABLE consent_question;
DROP TABLE consent;
DROP TABLE requester;
