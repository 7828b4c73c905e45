-- +goose Up
-- The task to ask the unit that formed a material (13b, 14b): opened by the act that gives
-- cause, with a term; closed by the answer, or when the piece goes back.
CREATE TABLE maker_task (
  id              TEXT PRIMARY KEY,
  version         INTEGER NOT NULL,
  no              TEXT NOT NULL,
  dossier_id      TEXT NOT NULL REFERENCES dossier(id),
  material_id     TEXT NOT NULL REFERENCES material(id),
  party           TEXT,
  question        TEXT NOT NULL,
  state           TEXT NOT NULL,
  opened_by       TEXT NOT NULL,
  opened_on       TEXT NOT NULL,
  due_on          TEXT NOT NULL,
  closed_on       TEXT,
  verification_id TEXT
) STRICT;
CREATE UNIQUE INDEX maker_task_no ON maker_task(no);
CREATE UNIQUE INDEX maker_task_open ON maker_task(material_id) WHERE state='open';
CREATE INDEX maker_task_due ON maker_task(due_on, id) WHERE state='open';
CREATE INDEX maker_task_dossier ON maker_task(dossier_id);
CREATE INDEX maker_task_opened ON maker_task(opened_on, id);
