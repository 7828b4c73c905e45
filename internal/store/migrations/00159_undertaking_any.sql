-- +goose Up
-- A graduate's undertaking is signed like any other (20.4a): what was told, what was promised and
-- how it was signed stand on the graduate; a scan of the paper is of a transfer or of a graduate.
ALTER TABLE graduate ADD COLUMN gaps TEXT;
ALTER TABLE graduate ADD COLUMN asked_on TEXT;
ALTER TABLE graduate ADD COLUMN promised_on TEXT;
ALTER TABLE graduate ADD COLUMN promise_due TEXT;
ALTER TABLE graduate ADD COLUMN statement TEXT;
ALTER TABLE graduate ADD COLUMN signing TEXT;
CREATE INDEX graduate_promise ON graduate(agency, asked_on) WHERE asked_on IS NOT NULL AND promised_on IS NULL;
CREATE TABLE undertaking_file_any (
  id          TEXT PRIMARY KEY,
  version     INTEGER NOT NULL,
  transfer_id TEXT REFERENCES transfer(id),
  graduate_id TEXT REFERENCES graduate(id),
  no          INTEGER NOT NULL,
  blob        TEXT NOT NULL REFERENCES blob(id),
  bytes       INTEGER NOT NULL,
  format      TEXT NOT NULL,
  pages       INTEGER NOT NULL,
  added_by    TEXT NOT NULL,
  added_at    INTEGER NOT NULL,
  UNIQUE (transfer_id, no),
  UNIQUE (graduate_id, no)
) STRICT;
INSERT INTO undertaking_file_any(id,version,transfer_id,no,blob,bytes,format,pages,added_by,added_at)
SELECT id,version,transfer_id,no,blob,bytes,format,pages,added_by,added_at FROM undertaking_file;
DROP TABLE undertaking_file;
ALTER TABLE undertaking_file_any RENAME TO undertaking_file;

-- +goose Down
CREATE TABLE undertaking_file_one (
  id          TEXT PRIMARY KEY,
  version     INTEGER NOT NULL,
  transfer_id TEXT NOT NULL REFERENCES transfer(id),
  no          INTEGER NOT NULL,
  blob        TEXT NOT NULL REFERENCES blob(id),
  bytes       INTEGER NOT NULL,
  format      TEXT NOT NULL,
  pages       INTEGER NOT NULL,
  added_by    TEXT NOT NULL,
  added_at    INTEGER NOT NULL,
  UNIQUE (transfer_id, no)
) STRICT;
INSERT INTO undertaking_file_one SELECT id,version,transfer_id,no,blob,bytes,format,pages,added_by,added_at FROM undertaking_file WHERE transfer_id IS NOT NULL;
DROP TABLE undertaking_file;
ALTER TABLE undertaking_file_one RENAME TO undertaking_file;
DROP INDEX graduate_promise;
ALTER TABLE graduate DROP COLUMN signing;
ALTER TABLE graduate DROP COLUMN statement;
ALTER TABLE graduate DROP COLUMN promise_due;
ALTER TABLE graduate DROP COLUMN promised_on;
ALTER TABLE graduate DROP COLUMN asked_on;
ALTER TABLE graduate DROP COLUMN gaps;
