-- +goose Up
-- 档案记载情况证明 and 查无记载告知单 (23): what is asked for, what was found unrecorded, the
-- right of kin that is concerned, and the province's wordings in versions.
ALTER TABLE certificate ADD COLUMN right_of TEXT;
ALTER TABLE certificate ADD COLUMN right_proof TEXT;
ALTER TABLE certificate ADD COLUMN asks TEXT;
ALTER TABLE certificate ADD COLUMN absent TEXT;
ALTER TABLE certificate ADD COLUMN notice_id TEXT REFERENCES document(id);
ALTER TABLE certificate ADD COLUMN notice_no TEXT;
ALTER TABLE certificate ADD COLUMN wording INTEGER NOT NULL DEFAULT 0;
CREATE INDEX certificate_notice ON certificate(agency, reviewed_at, id) WHERE notice_no IS NOT NULL;

CREATE TABLE certificate_wording (
  id           TEXT PRIMARY KEY,
  kind         TEXT NOT NULL,
  wording      INTEGER NOT NULL,
  opening      TEXT,
  closing      TEXT NOT NULL,
  published_by TEXT NOT NULL,
  published_at INTEGER NOT NULL,
  UNIQUE (kind, wording)
) STRICT;

-- +goose Down
DROP TABLE certificate_wording;
DROP INDEX certificate_notice;
ALTER TABLE certificate DROP COLUMN wording;
ALTER TABLE certificate DROP COLUMN notice_no;
ALTER TABLE certificate DROP COLUMN notice_id;
ALTER TABLE certificate DROP COLUMN absent;
ALTER TABLE certificate DROP COLUMN asks;
ALTER TABLE certificate DROP COLUMN right_proof;
ALTER TABLE certificate DROP COLUMN right_of;
