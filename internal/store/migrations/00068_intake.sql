-- +goose Up
-- Applications that were not taken in as they came (28, 29.8): papers to be completed, told
-- once, or a rule that stands against them, with what became of each.
CREATE TABLE intake (
  id          TEXT PRIMARY KEY,
  version     INTEGER NOT NULL,
  no          TEXT NOT NULL UNIQUE,
  agency      TEXT NOT NULL REFERENCES agency(id),
  matter      TEXT NOT NULL,
  state       TEXT NOT NULL,
  name        TEXT NOT NULL,
  subject     TEXT NOT NULL,
  id_no       BLOB,
  person_id   TEXT REFERENCES person(id),
  dossier_id  TEXT REFERENCES dossier(id),
  applicant   TEXT NOT NULL,
  contact     BLOB,
  application BLOB NOT NULL,
  reasons     TEXT NOT NULL,
  told        INTEGER NOT NULL,
  due_on      TEXT NOT NULL,
  recorded_by TEXT NOT NULL,
  recorded_at INTEGER NOT NULL,
  decided_by  TEXT,
  decided_at  INTEGER,
  note        TEXT,
  notice_id   TEXT REFERENCES document(id),
  notice_no   TEXT,
  upheld      INTEGER NOT NULL,
  case_ref    TEXT,
  ended_on    TEXT,
  changed_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX intake_agency ON intake(agency, recorded_at, id);
CREATE INDEX intake_open ON intake(agency, due_on, id) WHERE state IN ('completing','proposed','returned');
CREATE INDEX intake_lapsing ON intake(due_on, id) WHERE state='completing';
CREATE UNIQUE INDEX intake_once ON intake(agency, matter, subject) WHERE state IN ('completing','proposed','returned');
CREATE INDEX intake_dossier ON intake(dossier_id);
CREATE INDEX intake_person ON intake(person_id);

-- +goose Down
DROP TABLE intake;
