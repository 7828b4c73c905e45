-- +goose Up
-- Results of appraisal beside filing, curing and returning (13b, 29.1): what belongs to another
-- department or to somebody's dossier elsewhere is forwarded with a slip and its receipt, what
-- belongs to another dossier here is moved by two, and a suspected alteration or forgery is
-- reported to the head.
ALTER TABLE material ADD COLUMN forward_to TEXT;
ALTER TABLE material ADD COLUMN moved_from TEXT REFERENCES material(id);
CREATE TABLE material_forward (
  id          TEXT PRIMARY KEY,
  version     INTEGER NOT NULL,
  dossier_id  TEXT NOT NULL REFERENCES dossier(id),
  material_id TEXT NOT NULL UNIQUE REFERENCES material(id),
  recipient   TEXT NOT NULL,
  way         TEXT NOT NULL,
  tracking    TEXT,
  receiver    TEXT,
  document_id TEXT NOT NULL,
  number      TEXT NOT NULL,
  sent_by     TEXT NOT NULL,
  sent_on     TEXT NOT NULL,
  due_on      TEXT NOT NULL,
  receipt_on  TEXT,
  signed_by   TEXT,
  entered_by  TEXT
) STRICT;
CREATE INDEX material_forward_due ON material_forward(due_on, id) WHERE receipt_on IS NULL;
CREATE TABLE material_move (
  id          TEXT PRIMARY KEY,
  version     INTEGER NOT NULL,
  dossier_id  TEXT NOT NULL REFERENCES dossier(id),
  material_id TEXT NOT NULL REFERENCES material(id),
  to_id       TEXT NOT NULL REFERENCES dossier(id),
  why         TEXT NOT NULL,
  state       TEXT NOT NULL,
  proposed_by TEXT NOT NULL,
  proposed_on TEXT NOT NULL,
  decided_by  TEXT,
  decided_on  TEXT,
  note        TEXT,
  moved_id    TEXT REFERENCES material(id)
) STRICT;
CREATE UNIQUE INDEX material_move_open ON material_move(material_id) WHERE state='open';
CREATE INDEX material_move_to ON material_move(to_id) WHERE state='open';
CREATE TABLE material_report (
  id          TEXT PRIMARY KEY,
  version     INTEGER NOT NULL,
  no          TEXT NOT NULL UNIQUE,
  dossier_id  TEXT NOT NULL REFERENCES dossier(id),
  material_id TEXT NOT NULL REFERENCES material(id),
  kind        TEXT NOT NULL,
  found       TEXT NOT NULL,
  state       TEXT NOT NULL,
  opened_by   TEXT NOT NULL,
  opened_on   TEXT NOT NULL,
  decided_by  TEXT,
  decided_on  TEXT,
  finding     TEXT,
  recipient   TEXT,
  document_id TEXT,
  number      TEXT
) STRICT;
CREATE INDEX material_report_material ON material_report(material_id, id);
CREATE INDEX material_report_open ON material_report(opened_on, id) WHERE state='open';
CREATE INDEX material_report_dossier ON material_report(dossier_id, id);

-- +goose Down
DROP TABLE material_report;
DROP TABLE material_move;
DROP TABLE material_forward;
ALTER TABLE material DROP COLUMN moved_from;
ALTER TABLE material DROP COLUMN forward_to;
