-- +goose Up
-- Messages to persons (A person is told what became of their application): written in the
-- transaction of the act they follow from, sent afterwards.
CREATE TABLE message (
  id          TEXT PRIMARY KEY,
  version     INTEGER NOT NULL,
  state       TEXT NOT NULL,
  agency      TEXT NOT NULL REFERENCES agency(id),
  dossier_id  TEXT NOT NULL REFERENCES dossier(id),
  case_ref    TEXT NOT NULL,
  template    TEXT NOT NULL,
  wording     INTEGER NOT NULL,
  way         TEXT NOT NULL,
  address     BLOB,
  text        TEXT NOT NULL,
  why         TEXT,
  receipt     TEXT,
  created_at  INTEGER NOT NULL,
  ended_at    INTEGER,
  handled_by  TEXT,
  note        TEXT
) STRICT;
CREATE INDEX message_queued ON message(created_at, id) WHERE state='queued';
CREATE INDEX message_agency ON message(agency, state, created_at, id);
CREATE INDEX message_at ON message(agency, created_at, id);
CREATE INDEX message_dossier ON message(dossier_id, created_at, id);
CREATE INDEX message_case ON message(case_ref, template);

-- Wordings of a template: one row a version, the highest holds.
CREATE TABLE message_template (
  id           TEXT PRIMARY KEY,
  template     TEXT NOT NULL,
  wording      INTEGER NOT NULL,
  text         TEXT NOT NULL,
  published_by TEXT NOT NULL,
  published_at INTEGER NOT NULL,
  UNIQUE (template, wording)
) STRICT;

-- How a person wants to be told; without a row the telephone on record is used.
CREATE TABLE message_contact (
  id         TEXT PRIMARY KEY,
  version    INTEGER NOT NULL,
  person_id  TEXT NOT NULL UNIQUE REFERENCES person(id),
  way        TEXT NOT NULL,
  address    BLOB,
  noted_by   TEXT NOT NULL,
  noted_at   INTEGER NOT NULL
) STRICT;

-- Tries at sending: nothing that anyone relies on.
CREATE TABLE message_try (
  message_id TEXT PRIMARY KEY,
  tries      INTEGER NOT NULL,
  next_at    INTEGER NOT NULL,
  taken_at   INTEGER,
  error      TEXT
) STRICT;
