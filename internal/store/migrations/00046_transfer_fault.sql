-- +goose Up
-- What goes wrong with a packet on its way (20.3–20.5): late, misdelivered, refused, lost, damaged, opened.
ALTER TABLE transfer ADD COLUMN fault TEXT;
ALTER TABLE transfer ADD COLUMN sent_first TEXT;

CREATE TABLE transfer_fault (
  id            TEXT PRIMARY KEY,
  version       INTEGER NOT NULL,
  no            TEXT NOT NULL UNIQUE,
  transfer_id   TEXT NOT NULL REFERENCES transfer(id),
  dossier_id    TEXT REFERENCES dossier(id),
  kind          TEXT NOT NULL,
  state         TEXT NOT NULL,
  sender        TEXT,
  receiver      TEXT,
  agency        TEXT NOT NULL REFERENCES agency(id),
  found_on      TEXT NOT NULL,
  found_by      TEXT NOT NULL,
  seen          TEXT,
  place         TEXT,
  way           TEXT,
  tracking_no   TEXT,
  dispatched_on TEXT,
  carrier       TEXT,
  inquiry_no    TEXT,
  inquiry_on    TEXT,
  inquiry_due   TEXT,
  answer        TEXT,
  answer_on     TEXT,
  answer_note   TEXT,
  lost_on       TEXT,
  lost_by       TEXT,
  report_no     TEXT,
  search_due    TEXT,
  record        TEXT,
  record_no     TEXT,
  asked_by      TEXT,
  decided_by    TEXT,
  decided_on    TEXT,
  decided_note  TEXT,
  signed_by     TEXT,
  signed_on     TEXT,
  signed_note   TEXT,
  outcome       TEXT,
  closed_on     TEXT,
  closed_by     TEXT,
  found_at      INTEGER NOT NULL,
  changed_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX transfer_fault_case ON transfer_fault(transfer_id, found_at, id);
CREATE UNIQUE INDEX transfer_fault_open ON transfer_fault(transfer_id) WHERE closed_on IS NULL;
CREATE INDEX transfer_fault_sender ON transfer_fault(sender, found_at, id);
CREATE INDEX transfer_fault_receiver ON transfer_fault(receiver, found_at, id);

-- +goose Down
DROP TABLE transfer_fault;
