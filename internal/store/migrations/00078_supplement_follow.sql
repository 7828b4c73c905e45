-- +goose Up

-- What follows when the term of a supplement has passed (20.4a, 20.4b): the person is told,
-- the head and then the superior; the term is put off once.
ALTER TABLE supplement ADD COLUMN first_due TEXT;
ALTER TABLE supplement ADD COLUMN lapsed_on TEXT;
ALTER TABLE supplement ADD COLUMN reminded INTEGER;
ALTER TABLE supplement ADD COLUMN reminded_on TEXT;
ALTER TABLE supplement ADD COLUMN escalated INTEGER;
ALTER TABLE supplement ADD COLUMN escalated_on TEXT;
ALTER TABLE supplement ADD COLUMN asked_until TEXT;
ALTER TABLE supplement ADD COLUMN asked_by TEXT;
ALTER TABLE supplement ADD COLUMN asked_why TEXT;
ALTER TABLE supplement ADD COLUMN extended INTEGER;
CREATE INDEX supplement_due ON supplement(due_on, id) WHERE state='open';

CREATE TABLE supplement_step (
  id            TEXT PRIMARY KEY,
  supplement_id TEXT NOT NULL REFERENCES supplement(id),
  dossier_id    TEXT NOT NULL REFERENCES dossier(id),
  kind          TEXT NOT NULL,
  at            INTEGER NOT NULL,
  made_by       TEXT NOT NULL,
  due_on        TEXT,
  until_on      TEXT,
  note          TEXT
) STRICT;
CREATE INDEX supplement_step_of ON supplement_step(supplement_id, at, id);
CREATE INDEX supplement_step_at ON supplement_step(at, id);

-- +goose Down
DROP TABLE supplement_step;
DROP INDEX supplement_due;
