-- +goose Up
-- Dossiers that go to the social-insurance reviewer before retirement (7.4, 22): the
-- case of a person, the list of a handing over, and each packet's way there and back.
CREATE TABLE retirement_list (
  id           TEXT PRIMARY KEY,
  version      INTEGER NOT NULL,
  no           TEXT NOT NULL,
  agency       TEXT NOT NULL REFERENCES agency(id),
  state        TEXT NOT NULL,
  recipient    TEXT NOT NULL,
  secrecy      INTEGER NOT NULL,
  persons      INTEGER NOT NULL,
  away         INTEGER NOT NULL,
  prepared_by  TEXT NOT NULL,
  prepared_at  INTEGER NOT NULL,
  delivered_by TEXT,
  handed_on    TEXT,
  taker        TEXT,
  due_back     TEXT,
  document_id  TEXT,
  number       TEXT,
  note         TEXT,
  changed_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX retirement_list_agency ON retirement_list(agency, changed_at, id);

CREATE TABLE retirement (
  id           TEXT PRIMARY KEY,
  version      INTEGER NOT NULL,
  dossier_id   TEXT NOT NULL REFERENCES dossier(id),
  agency       TEXT NOT NULL REFERENCES agency(id),
  state        TEXT NOT NULL,
  kind         TEXT NOT NULL,
  ground       TEXT NOT NULL,
  born_on      TEXT NOT NULL,
  born_by      TEXT NOT NULL,
  statutory_on TEXT NOT NULL,
  choice       TEXT NOT NULL,
  due_on       TEXT NOT NULL,
  choice_paper TEXT,
  opened_by    TEXT NOT NULL,
  opened_at    INTEGER NOT NULL,
  findings     TEXT,
  note         TEXT,
  materials    INTEGER NOT NULL,
  pages        INTEGER NOT NULL,
  checked_by   TEXT,
  checked_at   INTEGER,
  list_id      TEXT REFERENCES retirement_list(id),
  result       TEXT,
  approval_no  TEXT,
  approved_on  TEXT,
  difference   TEXT,
  returned_by  TEXT,
  returned_at  INTEGER,
  basis        TEXT,
  ended_by     TEXT,
  ended_at     INTEGER,
  changed_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX retirement_agency ON retirement(agency, state, due_on, id);
CREATE INDEX retirement_dossier ON retirement(dossier_id);
CREATE INDEX retirement_listed ON retirement(list_id);
-- One case of a person at a time.
CREATE UNIQUE INDEX retirement_open ON retirement(dossier_id) WHERE state NOT IN ('kept','passed','dropped');

CREATE TABLE retirement_sending (
  id             TEXT PRIMARY KEY,
  version        INTEGER NOT NULL,
  case_id        TEXT NOT NULL REFERENCES retirement(id),
  list_id        TEXT NOT NULL REFERENCES retirement_list(id),
  dossier_id     TEXT NOT NULL REFERENCES dossier(id),
  agency         TEXT NOT NULL REFERENCES agency(id),
  state          TEXT NOT NULL,
  materials      INTEGER NOT NULL,
  pages          INTEGER NOT NULL,
  sent_by        TEXT NOT NULL,
  sent_at        INTEGER NOT NULL,
  back_materials INTEGER,
  back_pages     INTEGER,
  packet         TEXT,
  difference     TEXT,
  returned_by    TEXT,
  returned_on    TEXT
) STRICT;
CREATE INDEX retirement_sending_case ON retirement_sending(case_id);
CREATE INDEX retirement_sending_list ON retirement_sending(list_id);
CREATE INDEX retirement_sending_sent ON retirement_sending(agency, sent_at, id);

-- Who is near an age is asked by birth date.
CREATE INDEX person_age ON person(sex, birth_date);
