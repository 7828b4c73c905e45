-- +goose Up
-- Who applies and on what paper, the states of 跨省通办, and lists on which many dossiers go to one school (20.1, 20b).
ALTER TABLE transfer ADD COLUMN applicant_kind TEXT;
ALTER TABLE transfer ADD COLUMN applicant_paper TEXT;
ALTER TABLE transfer ADD COLUMN agent_id_no BLOB;
ALTER TABLE transfer ADD COLUMN province TEXT;
ALTER TABLE transfer ADD COLUMN online_no TEXT;
ALTER TABLE transfer ADD COLUMN answer TEXT;
ALTER TABLE transfer ADD COLUMN answer_on TEXT;
ALTER TABLE transfer ADD COLUMN answer_note TEXT;
ALTER TABLE transfer ADD COLUMN answer_by TEXT;
ALTER TABLE transfer ADD COLUMN list_id TEXT;
CREATE INDEX transfer_list_cases ON transfer(list_id, id) WHERE list_id IS NOT NULL;

CREATE TABLE transfer_list (
  id            TEXT PRIMARY KEY,
  version       INTEGER NOT NULL,
  no            TEXT NOT NULL UNIQUE,
  state         TEXT NOT NULL,
  agency        TEXT NOT NULL REFERENCES agency(id),
  receiver_name TEXT NOT NULL,
  receiver_addr TEXT,
  province      TEXT,
  reason        TEXT NOT NULL,
  letter_no     TEXT NOT NULL,
  letter_on     TEXT NOT NULL,
  verified      TEXT NOT NULL,
  received_on   TEXT NOT NULL,
  due_on        TEXT NOT NULL,
  due_tentative INTEGER NOT NULL,
  persons       INTEGER NOT NULL,
  left_out      BLOB,
  registered_by TEXT NOT NULL,
  registered_at INTEGER NOT NULL,
  reviewed_by   TEXT,
  reviewed_at   INTEGER,
  packed_by     TEXT,
  packed_at     INTEGER,
  seal_no       TEXT,
  notice_no     TEXT,
  way           TEXT,
  tracking_no   TEXT,
  messengers    BLOB,
  dispatched_on TEXT,
  dispatched_by TEXT,
  receipt_due   TEXT,
  receipt_no    TEXT,
  receipt_on    TEXT,
  changed_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX transfer_list_agency ON transfer_list(agency, state, changed_at, id);

-- +goose Down
DROP TABLE transfer_list;
