-- +goose Up
-- A unit is who its credit code says, whatever its name (12c): what it applies for bears the
-- code. Rows of before have none.
ALTER TABLE transfer ADD COLUMN applicant_uscc TEXT;
CREATE INDEX transfer_uscc ON transfer(receiver, applicant_uscc, id) WHERE applicant_uscc IS NOT NULL;
CREATE INDEX consultation_code ON consultation(agency, unit_code, id) WHERE unit_code IS NOT NULL;
ALTER TABLE certificate ADD COLUMN unit_code TEXT;
CREATE INDEX certificate_code ON certificate(agency, unit_code, id) WHERE unit_code IS NOT NULL;

-- A unit's changes of name, each from a day and with its evidence; what bore the old name
-- then still does.
CREATE TABLE unit_name (
  id          TEXT PRIMARY KEY,
  version     INTEGER NOT NULL,
  account_id  TEXT NOT NULL REFERENCES unit_account(id),
  was         TEXT NOT NULL,
  became      TEXT NOT NULL,
  from_on     TEXT NOT NULL,
  document    TEXT NOT NULL,
  document_on TEXT NOT NULL,
  changed_by  TEXT NOT NULL,
  changed_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX unit_name_account ON unit_name(account_id, id);
CREATE INDEX unit_name_was ON unit_name(was);

-- +goose Down
DROP TABLE unit_name;
DROP INDEX certificate_code;
ALTER TABLE certificate DROP COLUMN unit_code;
DROP INDEX consultation_code;
DROP INDEX transfer_uscc;
ALTER TABLE transfer DROP COLUMN applicant_uscc;
