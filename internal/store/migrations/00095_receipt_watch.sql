-- +goose Up
-- Receipts (受理回执) whose case has no end beyond its term (28, 29.8): when its head and the
-- authority above were told.
CREATE TABLE receipt_watch (
  id       TEXT PRIMARY KEY,
  version  INTEGER NOT NULL,
  case_ref TEXT NOT NULL UNIQUE,
  number   TEXT NOT NULL,
  agency   TEXT NOT NULL REFERENCES agency(id),
  due_on   TEXT NOT NULL,
  head_on  TEXT NOT NULL,
  above_on TEXT
) STRICT;
CREATE INDEX receipt_watch_agency ON receipt_watch(agency, head_on, id);

-- +goose Down
DROP TABLE receipt_watch;
