-- +goose Up
-- A dossier moves from one keeper to another (20.1–20.5): one row a case, seen from both ends.
CREATE TABLE transfer (
  id             TEXT PRIMARY KEY,
  version        INTEGER NOT NULL,
  no             TEXT NOT NULL UNIQUE,
  direction      TEXT NOT NULL,
  state          TEXT NOT NULL,
  dossier_id     TEXT REFERENCES dossier(id),
  person_name    TEXT NOT NULL,
  id_no          BLOB NOT NULL,
  id_ix          BLOB NOT NULL,
  sex            TEXT,
  receiver       TEXT,
  receiver_name  TEXT NOT NULL,
  receiver_addr  TEXT,
  holder         TEXT,
  holder_name    TEXT NOT NULL,
  applicant      TEXT NOT NULL,
  agent          TEXT,
  reason         TEXT NOT NULL,
  region_basis   TEXT,
  employer       TEXT,
  category       TEXT,
  subtype        TEXT,
  evidence       TEXT,
  political      TEXT,
  document       TEXT,
  way_required   TEXT,
  applied_on     TEXT,
  applied_by     TEXT,
  letter_no      TEXT,
  letter_code    TEXT,
  letter_on      TEXT,
  valid_until    TEXT,
  letter_by      TEXT,
  verified       TEXT,
  registered_on  TEXT,
  registered_by  TEXT,
  due_on         TEXT,
  due_tentative  INTEGER NOT NULL,
  pulled_at      INTEGER,
  pulled_by      TEXT,
  listed_by      TEXT,
  listed_at      INTEGER,
  reviewed_at    INTEGER,
  reviewed_by    TEXT,
  review         TEXT,
  packed_at      INTEGER,
  packed_by      TEXT,
  seal_no        TEXT,
  notice_no      TEXT,
  volumes        INTEGER NOT NULL,
  way            TEXT,
  tracking_no    TEXT,
  messengers     BLOB,
  dispatched_on  TEXT,
  dispatched_by  TEXT,
  receipt_due    TEXT,
  arrived_on     TEXT,
  arrived_by     TEXT,
  intact         INTEGER NOT NULL,
  checked_at     INTEGER,
  checked_by     TEXT,
  second_checker TEXT,
  check_result   TEXT,
  differences    TEXT,
  outcome        TEXT,
  receipt_no     TEXT,
  receipt_on     TEXT,
  received_at    INTEGER,
  shelved_at     INTEGER,
  chased_on      TEXT,
  chased         INTEGER NOT NULL,
  gaps           TEXT,
  told_on        TEXT,
  promised_on    TEXT,
  statement      TEXT,
  promise_due    TEXT,
  withdrawn_why  TEXT,
  closed_at      INTEGER,
  refusal        TEXT,
  changed_at     INTEGER NOT NULL
) STRICT;
CREATE INDEX transfer_receiver ON transfer(receiver, state, changed_at, id);
CREATE INDEX transfer_holder ON transfer(holder, state, changed_at, id);
CREATE INDEX transfer_dossier ON transfer(dossier_id);
CREATE INDEX transfer_person ON transfer(id_ix);
-- A person's dossier moves in one case at a time: nothing falls between two custodians.
CREATE UNIQUE INDEX transfer_open ON transfer(id_ix) WHERE state NOT IN ('closed','not_sent','withdrawn','expired','returned');
CREATE INDEX transfer_due ON transfer(state, valid_until);

CREATE TABLE transfer_item (
  id             TEXT PRIMARY KEY,
  version        INTEGER NOT NULL,
  transfer_id    TEXT NOT NULL REFERENCES transfer(id),
  line_no        INTEGER NOT NULL,
  material_id    TEXT,
  class          TEXT,
  seq            INTEGER,
  title          TEXT,
  formed         TEXT,
  copies         INTEGER NOT NULL,
  pages          INTEGER NOT NULL,
  is_copy        INTEGER NOT NULL,
  key_facts      TEXT,
  has_image      INTEGER NOT NULL,
  loose          INTEGER NOT NULL,
  secret         INTEGER NOT NULL,
  void           INTEGER NOT NULL,
  receiver_check TEXT,
  note           TEXT
) STRICT;
CREATE UNIQUE INDEX transfer_item_line ON transfer_item(transfer_id, line_no);

-- What a person or unit still owes a dossier (20.4a, 20.4b).
CREATE TABLE supplement (
  id          TEXT PRIMARY KEY,
  version     INTEGER NOT NULL,
  dossier_id  TEXT NOT NULL REFERENCES dossier(id),
  case_ref    TEXT NOT NULL,
  key_fact    TEXT,
  title       TEXT NOT NULL,
  class       TEXT,
  consequence TEXT,
  state       TEXT NOT NULL,
  due_on      TEXT,
  promised    INTEGER NOT NULL,
  material_id TEXT,
  closed_at   INTEGER,
  closed_why  TEXT
) STRICT;
CREATE INDEX supplement_dossier ON supplement(dossier_id, state);

-- 提档单: a case needs the packet; one open request a dossier and case. The keeper answers it (16b).
CREATE TABLE pull_request (
  id          TEXT PRIMARY KEY,
  version     INTEGER NOT NULL,
  dossier_id  TEXT NOT NULL REFERENCES dossier(id),
  agency      TEXT NOT NULL,
  case_ref    TEXT NOT NULL,
  purpose     TEXT NOT NULL,
  state       TEXT NOT NULL,
  asked_by    TEXT NOT NULL,
  asked_at    INTEGER NOT NULL,
  pulled_by   TEXT,
  pulled_at   INTEGER,
  place       TEXT,
  finished_at INTEGER,
  closed_by   TEXT,
  closed_at   INTEGER
) STRICT;
CREATE UNIQUE INDEX pull_request_open ON pull_request(dossier_id, case_ref) WHERE state<>'closed';
CREATE INDEX pull_request_agency ON pull_request(agency, state, asked_at, id);
CREATE INDEX pull_request_dossier ON pull_request(dossier_id, state);
