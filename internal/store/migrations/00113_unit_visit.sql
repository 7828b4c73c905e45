-- +goose Up
-- Which of a unit's authorized workers came with which of its matters (12c).
CREATE TABLE unit_visit (
  id         TEXT PRIMARY KEY,
  version    INTEGER NOT NULL,
  worker_id  TEXT NOT NULL REFERENCES account_worker(id),
  account_id TEXT NOT NULL REFERENCES unit_account(id),
  act        TEXT NOT NULL,
  case_ref   TEXT NOT NULL,
  seen_by    TEXT NOT NULL,
  seen_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX unit_visit_account ON unit_visit(account_id, id);
CREATE INDEX unit_visit_case ON unit_visit(case_ref, id);

-- +goose Down
DROP TABLE unit_visit;
