-- +goose Up
CREATE TABLE ledger_entry (
  id    TEXT PRIMARY KEY,
  seq   INTEGER UNIQUE,
  ord   INTEGER NOT NULL UNIQUE,
  body  TEXT NOT NULL,
  trace TEXT NOT NULL,
  salt  BLOB NOT NULL,
  mac   BLOB NOT NULL
) STRICT;
-- what an entry is about, newest first: time lines
CREATE TABLE ledger_subject (
  subject  TEXT NOT NULL,
  ord      INTEGER NOT NULL,
  entry_id TEXT NOT NULL,
  PRIMARY KEY (subject, ord)
) STRICT;
CREATE INDEX ledger_entry_unnumbered ON ledger_entry(ord) WHERE seq IS NULL;
CREATE TABLE blob (
  id      TEXT PRIMARY KEY,
  size    INTEGER NOT NULL,
  kind    TEXT NOT NULL,
  made_at INTEGER NOT NULL
) STRICT;
CREATE TABLE idempotency (
  actor    TEXT NOT NULL,
  key      TEXT NOT NULL,
  request  TEXT NOT NULL,
  entry_id TEXT NOT NULL,
  status   INTEGER NOT NULL,
  response TEXT,
  at       INTEGER NOT NULL,
  PRIMARY KEY (actor, key)
) STRICT;
CREATE TABLE number_series (
  id      TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  next    INTEGER NOT NULL
) STRICT;
