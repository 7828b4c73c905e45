-- +goose Up
-- 好差评 (28): one rating an application that has its end, never changed; a bad one opens a case
-- that somebody who had no hand in the matter calls back on.
CREATE TABLE rating (
  id       TEXT PRIMARY KEY,
  version  INTEGER NOT NULL,
  case_ref TEXT NOT NULL UNIQUE,
  agency   TEXT NOT NULL REFERENCES agency(id),
  kind     TEXT NOT NULL,
  handler  TEXT,
  grade    INTEGER NOT NULL,
  reasons  TEXT,
  text     BLOB,
  channel  TEXT NOT NULL,
  nameless INTEGER NOT NULL,
  rated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX rating_agency ON rating(agency, rated_at, id);

CREATE TABLE rating_case (
  id           TEXT PRIMARY KEY,
  version      INTEGER NOT NULL,
  no           TEXT NOT NULL UNIQUE,
  rating_id    TEXT NOT NULL UNIQUE REFERENCES rating(id),
  agency       TEXT NOT NULL REFERENCES agency(id),
  authority    TEXT,
  kind         TEXT NOT NULL,
  grade        INTEGER NOT NULL,
  reasons      TEXT,
  text         BLOB,
  nameless     INTEGER NOT NULL,
  case_ref     TEXT,
  receipt_no   TEXT,
  who          BLOB,
  contact      BLOB,
  dossier_id   TEXT,
  handlers     TEXT NOT NULL,
  opened_on    TEXT NOT NULL,
  due_on       TEXT NOT NULL,
  state        TEXT NOT NULL,
  result       TEXT,
  corrected    INTEGER NOT NULL,
  answer       TEXT,
  finished_by  TEXT,
  finished_on  TEXT,
  told_on      TEXT,
  changed_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX rating_case_agency ON rating_case(agency, state, due_on, id);
CREATE INDEX rating_case_opened ON rating_case(agency, opened_on, id);
CREATE INDEX rating_case_due ON rating_case(state, due_on, id);

CREATE TABLE rating_call (
  id       TEXT PRIMARY KEY,
  version  INTEGER NOT NULL,
  case_id  TEXT NOT NULL REFERENCES rating_case(id),
  way      TEXT NOT NULL,
  reached  INTEGER NOT NULL,
  said     BLOB,
  by_id    TEXT NOT NULL,
  at       INTEGER NOT NULL
) STRICT;
CREATE INDEX rating_call_case ON rating_call(case_id, at, id);

CREATE INDEX document_receipts ON document(agency, issued_at) WHERE kind='acceptance';

-- +goose Down
DROP INDEX document_receipts;
DROP TABLE rating_call;
DROP TABLE rating_case;
DROP TABLE rating;
