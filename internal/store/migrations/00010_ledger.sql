-- +goose Up
-- Whole checks of the ledger: who had one done, when, and what came of it (29.1).
CREATE TABLE ledger_check (
  id         TEXT PRIMARY KEY,
  version    INTEGER NOT NULL,
  state      TEXT NOT NULL,
  started_by TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at   INTEGER,
  entries    INTEGER NOT NULL,
  published  INTEGER NOT NULL,
  row_count  INTEGER NOT NULL,
  files      INTEGER NOT NULL,
  bytes      INTEGER NOT NULL,
  signed     INTEGER NOT NULL,
  found      INTEGER NOT NULL,
  report     TEXT,
  trouble    TEXT
) STRICT;
CREATE INDEX ledger_check_started ON ledger_check(started_at);
CREATE TABLE ledger_check_progress (
  check_id TEXT PRIMARY KEY,
  owner    TEXT NOT NULL,
  beat_at  INTEGER NOT NULL,
  stage    TEXT NOT NULL,
  done     INTEGER NOT NULL,
  total    INTEGER NOT NULL
) STRICT;
