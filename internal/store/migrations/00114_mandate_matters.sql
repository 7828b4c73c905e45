-- +goose Up
-- A case can rest on more than one mandate: an agent applies, and comes again with the
-- undertaking or asks for a longer term (12a).
CREATE TABLE mandate_use_any (
  id         TEXT PRIMARY KEY,
  version    INTEGER NOT NULL,
  mandate_id TEXT NOT NULL REFERENCES mandate(id),
  matter     TEXT NOT NULL,
  case_ref   TEXT NOT NULL,
  used_by    TEXT NOT NULL,
  used_at    INTEGER NOT NULL
) STRICT;
INSERT INTO mandate_use_any(id,version,mandate_id,matter,case_ref,used_by,used_at) SELECT id,version,mandate_id,matter,case_ref,used_by,used_at FROM mandate_use;
DROP TABLE mandate_use;
ALTER TABLE mandate_use_any RENAME TO mandate_use;
CREATE INDEX mandate_use_mandate ON mandate_use(mandate_id, id);
CREATE INDEX mandate_use_case ON mandate_use(case_ref, id);

-- +goose Down
CREATE TABLE mandate_use_one (
  id         TEXT PRIMARY KEY,
  version    INTEGER NOT NULL,
  mandate_id TEXT NOT NULL REFERENCES mandate(id),
  matter     TEXT NOT NULL,
  case_ref   TEXT NOT NULL UNIQUE,
  used_by    TEXT NOT NULL,
  used_at    INTEGER NOT NULL
) STRICT;
INSERT INTO mandate_use_one(id,version,mandate_id,matter,case_ref,used_by,used_at) SELECT id,version,mandate_id,matter,case_ref,used_by,used_at FROM mandate_use WHERE id IN (SELECT min(id) FROM mandate_use GROUP BY case_ref);
DROP TABLE mandate_use;
ALTER TABLE mandate_use_one RENAME TO mandate_use;
CREATE INDEX mandate_use_mandate ON mandate_use(mandate_id, id);
