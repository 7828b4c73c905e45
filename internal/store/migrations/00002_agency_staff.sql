-- +goose Up
-- The tree of authorities and agencies (5, 6a). id is the code: 500000 the
-- province, 500108 a district's bureau, 50010801 an agency, 50000001 the center.
CREATE TABLE agency (
  id          TEXT PRIMARY KEY,
  version     INTEGER NOT NULL,
  name        TEXT NOT NULL,
  short       TEXT NOT NULL,
  kind        TEXT NOT NULL,
  parent      TEXT,
  region      TEXT NOT NULL,
  basis_kind  TEXT,
  basis       TEXT,
  valid_until TEXT,
  address     TEXT,
  postcode    TEXT,
  desk        TEXT,
  phone       TEXT,
  hotline     TEXT,
  post_no     TEXT,
  state       TEXT NOT NULL,
  successor   TEXT
) STRICT;
CREATE INDEX agency_parent ON agency(parent);

-- What was decided of an agency, on which document, and from which day it holds.
CREATE TABLE agency_change (
  id           TEXT PRIMARY KEY,
  version      INTEGER NOT NULL,
  agency       TEXT NOT NULL REFERENCES agency(id),
  kind         TEXT NOT NULL,
  document     TEXT,
  effective_on TEXT NOT NULL,
  old_name     TEXT,
  new_name     TEXT,
  new_short    TEXT,
  successor    TEXT,
  valid_until  TEXT,
  decided_by   TEXT NOT NULL,
  decided_at   INTEGER NOT NULL,
  applied_at   INTEGER,
  moved        INTEGER NOT NULL
) STRICT;
CREATE INDEX agency_change_agency ON agency_change(agency, effective_on);

CREATE TABLE staff (
  id           TEXT PRIMARY KEY,
  version      INTEGER NOT NULL,
  username     TEXT NOT NULL UNIQUE,
  name         TEXT NOT NULL,
  agency       TEXT NOT NULL,
  state        TEXT NOT NULL,
  party_member INTEGER NOT NULL,
  clearance    INTEGER NOT NULL,
  id_no        BLOB,
  id_ix        BLOB,
  password     TEXT,
  password_at  INTEGER,
  must_change  INTEGER NOT NULL,
  totp         BLOB,
  totp_on      INTEGER NOT NULL,
  totp_step    INTEGER,
  recovery     TEXT,
  locked_until INTEGER,
  locks        INTEGER NOT NULL,
  created_at   INTEGER NOT NULL,
  used_at      INTEGER
) STRICT;
CREATE INDEX staff_agency ON staff(agency, username);
CREATE UNIQUE INDEX staff_id_ix ON staff(id_ix);

-- A post held by a member of staff, for a term or until ended; a stand-in names whom it stands in for.
CREATE TABLE post (
  id           TEXT PRIMARY KEY,
  version      INTEGER NOT NULL,
  staff_id     TEXT NOT NULL REFERENCES staff(id),
  post         TEXT NOT NULL,
  org          TEXT NOT NULL,
  from_at      INTEGER NOT NULL,
  until_at     INTEGER,
  ended_at     INTEGER,
  stand_in_for TEXT,
  reason       TEXT,
  granted_by   TEXT NOT NULL
) STRICT;
CREATE INDEX post_staff ON post(staff_id);

CREATE TABLE kin_declaration (
  id        TEXT PRIMARY KEY,
  version   INTEGER NOT NULL,
  staff_id  TEXT NOT NULL REFERENCES staff(id),
  relation  TEXT NOT NULL,
  name      BLOB NOT NULL,
  id_no     BLOB NOT NULL,
  id_ix     BLOB NOT NULL,
  at        INTEGER NOT NULL
) STRICT;
CREATE INDEX kin_declaration_staff ON kin_declaration(staff_id);

CREATE TABLE api_token (
  id         TEXT PRIMARY KEY,
  version    INTEGER NOT NULL,
  staff_id   TEXT NOT NULL REFERENCES staff(id),
  name       TEXT NOT NULL,
  digest     BLOB NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT;

CREATE TABLE session (
  digest     BLOB PRIMARY KEY,
  staff_id   TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  seen_at    INTEGER NOT NULL,
  stepped_at INTEGER,
  stage      TEXT NOT NULL,
  address    TEXT NOT NULL,
  agent      TEXT NOT NULL,
  public_id  TEXT NOT NULL
) STRICT;
CREATE INDEX session_staff ON session(staff_id);
CREATE TABLE signin_failure (
  subject TEXT NOT NULL,
  at      INTEGER NOT NULL
) STRICT;
CREATE INDEX signin_failure_subject ON signin_failure(subject, at);

-- Settings of the province; changed as acts.
CREATE TABLE setting (
  id      TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  value   TEXT NOT NULL
) STRICT;
