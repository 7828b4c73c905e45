-- +goose Up
-- A packet that is lent by exception (22): one row an application.
CREATE TABLE loan (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  no TEXT NOT NULL UNIQUE,
  agency TEXT NOT NULL,
  dossier_id TEXT NOT NULL REFERENCES dossier(id),
  state TEXT NOT NULL,
  unit_kind TEXT NOT NULL,
  unit TEXT NOT NULL,
  unit_code TEXT,
  superior TEXT,
  purpose TEXT NOT NULL,
  reason TEXT,
  basis TEXT,
  why_not_here TEXT,
  kept_at TEXT,
  paper_name TEXT,
  paper_no TEXT,
  paper_on TEXT,
  paper_until TEXT,
  sealed INTEGER NOT NULL,
  matches INTEGER NOT NULL,
  form_signed INTEGER NOT NULL,
  form_by TEXT,
  pledged INTEGER NOT NULL,
  days INTEGER NOT NULL,
  way TEXT NOT NULL,
  applied_by TEXT NOT NULL,
  applied_at INTEGER NOT NULL,
  missing TEXT,
  told_on TEXT,
  told_due TEXT,
  checked_by TEXT,
  checked_at INTEGER,
  approved_by TEXT,
  approved_at INTEGER,
  opinion TEXT,
  head_by TEXT,
  head_at INTEGER,
  head_opinion TEXT,
  valid_until TEXT,
  valid_tentative INTEGER NOT NULL,
  number TEXT,
  handed_by TEXT,
  handed_at INTEGER,
  taken_by TEXT,
  tracking TEXT,
  seal TEXT,
  materials INTEGER NOT NULL,
  pages INTEGER NOT NULL,
  due_on TEXT,
  extended_on TEXT,
  extended_by TEXT,
  extended_why TEXT,
  recalled_on TEXT,
  recalled_by TEXT,
  recalled_why TEXT,
  chased_on TEXT,
  escalated_on TEXT,
  returned_by TEXT,
  returned_at INTEGER,
  brought_by TEXT,
  back_materials INTEGER NOT NULL,
  back_pages INTEGER NOT NULL,
  packet TEXT,
  difference TEXT,
  difference_no TEXT,
  recount TEXT,
  signed_by TEXT,
  signed_at INTEGER,
  settled TEXT,
  settled_by TEXT,
  settled_at INTEGER,
  closed_at INTEGER,
  closed_why TEXT,
  refusal TEXT,
  changed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX loan_agency ON loan(agency, changed_at, id);
CREATE INDEX loan_state ON loan(agency, state, changed_at, id);
CREATE INDEX loan_dossier ON loan(dossier_id);
CREATE INDEX loan_due ON loan(state, due_on);
CREATE INDEX loan_handed ON loan(agency, handed_at, id);

-- Who of the unit reads it, keeps it, carries it (21.2, 21c).
CREATE TABLE loan_person (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  loan_id TEXT NOT NULL REFERENCES loan(id),
  seq INTEGER NOT NULL,
  off INTEGER NOT NULL,
  name BLOB NOT NULL,
  id_no BLOB NOT NULL,
  id_ix BLOB NOT NULL,
  post TEXT,
  political TEXT,
  non_member TEXT,
  card TEXT,
  carries INTEGER NOT NULL,
  keeps INTEGER NOT NULL,
  declared INTEGER NOT NULL,
  pledged INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX loan_person_seq ON loan_person(loan_id, seq);

-- What went out, piece by piece, and what came back of it.
CREATE TABLE loan_item (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  loan_id TEXT NOT NULL REFERENCES loan(id),
  dossier_id TEXT NOT NULL REFERENCES dossier(id),
  line_no INTEGER NOT NULL,
  material_id TEXT,
  number TEXT,
  title TEXT,
  copies INTEGER NOT NULL,
  pages INTEGER NOT NULL,
  result TEXT,
  back_pages INTEGER,
  note TEXT
) STRICT;
CREATE UNIQUE INDEX loan_item_line ON loan_item(loan_id, line_no);

-- +goose Down
DROP TABLE loan_item;
DROP TABLE loan_person;
DROP TABLE loan;
