-- +goose Up
-- An outside unit's readers consult a dossier (21): one row an application.
CREATE TABLE consultation (
  id              TEXT PRIMARY KEY,
  version         INTEGER NOT NULL,
  no              TEXT NOT NULL UNIQUE,
  agency          TEXT NOT NULL,
  dossier_id      TEXT NOT NULL REFERENCES dossier(id),
  state           TEXT NOT NULL,
  unit_kind       TEXT NOT NULL,
  unit            TEXT NOT NULL,
  unit_code       TEXT,
  purpose         TEXT NOT NULL,
  reason          TEXT,
  basis           TEXT,
  paper_name      TEXT,
  paper_no        TEXT,
  paper_on        TEXT,
  paper_until     TEXT,
  sealed          INTEGER NOT NULL,
  matches         INTEGER NOT NULL,
  form_signed     INTEGER NOT NULL,
  form_by         TEXT,
  asked_kind      TEXT NOT NULL,
  asked           TEXT,
  way             TEXT NOT NULL,
  applied_by      TEXT NOT NULL,
  applied_at      INTEGER NOT NULL,
  missing         TEXT,
  told_on         TEXT,
  told_due        TEXT,
  checked_by      TEXT,
  checked_at      INTEGER,
  approved_by     TEXT,
  approved_at     INTEGER,
  opinion         TEXT,
  needs_head      INTEGER NOT NULL,
  head_by         TEXT,
  head_at         INTEGER,
  head_opinion    TEXT,
  grant_kind      TEXT,
  granted         TEXT,
  grant_reason    TEXT,
  minutes         INTEGER NOT NULL,
  max_pages       INTEGER NOT NULL,
  valid_until     TEXT,
  valid_tentative INTEGER NOT NULL,
  closed_at       INTEGER,
  closed_why      TEXT,
  refusal         TEXT,
  changed_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX consultation_agency ON consultation(agency, changed_at, id);
CREATE INDEX consultation_state ON consultation(agency, state, changed_at, id);
CREATE INDEX consultation_dossier ON consultation(dossier_id);
CREATE INDEX consultation_term ON consultation(state, valid_until);

-- Who reads: two or more (21.2), with their declarations (21c).
CREATE TABLE consultation_reader (
  id         TEXT PRIMARY KEY,
  version    INTEGER NOT NULL,
  case_id    TEXT NOT NULL REFERENCES consultation(id),
  seq        INTEGER NOT NULL,
  off        INTEGER NOT NULL,
  name       BLOB NOT NULL,
  id_no      BLOB NOT NULL,
  id_ix      BLOB NOT NULL,
  post       TEXT,
  political  TEXT,
  non_member TEXT,
  card       TEXT,
  declared   INTEGER NOT NULL,
  pledged    INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX consultation_reader_seq ON consultation_reader(case_id, seq);

-- A reading at the desk, bounded in time and pages (21.4).
CREATE TABLE reading_session (
  id         TEXT PRIMARY KEY,
  version    INTEGER NOT NULL,
  case_id    TEXT NOT NULL REFERENCES consultation(id),
  dossier_id TEXT NOT NULL REFERENCES dossier(id),
  agency     TEXT NOT NULL,
  no         TEXT NOT NULL UNIQUE,
  way        TEXT NOT NULL,
  monitor    TEXT NOT NULL,
  opened_at  INTEGER NOT NULL,
  ends_at    INTEGER NOT NULL,
  ended_at   INTEGER,
  ended_why  TEXT,
  ended_by   TEXT,
  max_pages  INTEGER NOT NULL,
  pages      INTEGER NOT NULL,
  locked_at  INTEGER
) STRICT;
CREATE UNIQUE INDEX reading_session_case ON reading_session(case_id);
CREATE INDEX reading_session_open ON reading_session(ended_at, ends_at);
CREATE INDEX reading_session_dossier ON reading_session(dossier_id);

-- What was read, never changed.
CREATE TABLE reading_view (
  id          TEXT PRIMARY KEY,
  session_id  TEXT NOT NULL REFERENCES reading_session(id),
  dossier_id  TEXT NOT NULL REFERENCES dossier(id),
  kind        TEXT NOT NULL,
  material_id TEXT,
  class       TEXT,
  title       TEXT,
  page_no     INTEGER,
  pages       INTEGER NOT NULL,
  at          INTEGER NOT NULL,
  staff_id    TEXT NOT NULL
) STRICT;
CREATE INDEX reading_view_session ON reading_view(session_id, at, id);
CREATE INDEX reading_view_page ON reading_view(session_id, material_id, page_no);
