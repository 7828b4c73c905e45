-- +goose Up
CREATE TABLE person (
  id             TEXT PRIMARY KEY,
  version        INTEGER NOT NULL,
  name           TEXT NOT NULL,
  sex            TEXT NOT NULL,
  birth_date     TEXT NOT NULL,
  id_no          BLOB NOT NULL,
  id_ix          BLOB NOT NULL UNIQUE,
  id_written     BLOB,
  ethnic         TEXT,
  political      TEXT,
  education      TEXT,
  phone          BLOB,
  household      TEXT,
  employer       TEXT,
  employer_uscc  TEXT,
  employer_place TEXT,
  former_names   TEXT,
  synthetic      INTEGER NOT NULL
) STRICT;
-- Names and birth dates alike: who may be registered twice (2).
CREATE INDEX person_birth ON person(birth_date, name);

-- One dossier a person in the whole province (2, 3); its row stays the same when custody moves.
CREATE TABLE dossier (
  id            TEXT PRIMARY KEY,
  version       INTEGER NOT NULL,
  person_id     TEXT NOT NULL UNIQUE REFERENCES person(id),
  agency        TEXT NOT NULL REFERENCES agency(id),
  no            TEXT NOT NULL,
  state         TEXT NOT NULL,
  place         TEXT NOT NULL,
  shelfmark     TEXT,
  category      TEXT NOT NULL,
  subtype       TEXT,
  evidence      TEXT,
  basis         TEXT NOT NULL,
  received_on   TEXT NOT NULL,
  received_from TEXT,
  secrecy       INTEGER NOT NULL,
  senior        INTEGER NOT NULL,
  hold          TEXT,
  account_kind  TEXT,
  account_unit  TEXT,
  account_on    TEXT,
  catalog       INTEGER NOT NULL,
  materials     INTEGER NOT NULL,
  pages         INTEGER NOT NULL,
  images        INTEGER NOT NULL,
  forced        TEXT NOT NULL,
  notes         TEXT,
  remark        TEXT,
  loose         INTEGER NOT NULL,
  owed          INTEGER NOT NULL,
  attention     INTEGER NOT NULL,
  history_by    TEXT,
  history_ok_by TEXT,
  changed_at    INTEGER NOT NULL
) STRICT;
-- Every view and filter of the list walks an index from its newest row, however many
-- dossiers there are. A row of stock goes to the end of most of them, which is cheap,
-- and into none of those that hold exceptions.
CREATE INDEX dossier_agency_changed ON dossier(agency, changed_at, id);
CREATE INDEX dossier_agency_no ON dossier(agency, no, id);
CREATE INDEX dossier_agency_state ON dossier(agency, state, changed_at, id);
CREATE INDEX dossier_agency_category ON dossier(agency, category, changed_at, id);
CREATE INDEX dossier_agency_account ON dossier(agency, account_kind, changed_at, id) WHERE account_kind IS NOT NULL;
CREATE INDEX dossier_agency_place ON dossier(agency, place, changed_at, id) WHERE place<>'store';
CREATE INDEX dossier_attention ON dossier(agency, changed_at, id) WHERE attention=1;
CREATE INDEX dossier_owed ON dossier(agency, changed_at, id) WHERE owed>0;
CREATE INDEX dossier_hold ON dossier(agency, changed_at, id) WHERE hold IS NOT NULL;
CREATE INDEX dossier_paper ON dossier(agency, changed_at, id) WHERE images=0;
CREATE INDEX dossier_forced ON dossier(agency, changed_at, id) WHERE forced<>'no';

-- Names of the field to find a dossier by: suffixes of the name's characters, its pinyin, its initials.
CREATE TABLE name_key (
  agency     TEXT NOT NULL,
  key        TEXT NOT NULL,
  dossier_id TEXT NOT NULL,
  PRIMARY KEY (agency, key, dossier_id)
) STRICT;
CREATE INDEX name_key_dossier ON name_key(dossier_id, key);

-- Numbers a dossier had before; old ones are still found.
CREATE TABLE dossier_number (
  id         TEXT PRIMARY KEY,
  dossier_id TEXT NOT NULL REFERENCES dossier(id),
  agency     TEXT NOT NULL,
  no         TEXT NOT NULL,
  until_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX dossier_number_no ON dossier_number(no);

-- Where the packet was: one row a handover, never changed (6b, 16b).
CREATE TABLE custody_event (
  id         TEXT PRIMARY KEY,
  dossier_id TEXT NOT NULL REFERENCES dossier(id),
  at         INTEGER NOT NULL,
  kind       TEXT NOT NULL,
  agency     TEXT NOT NULL,
  from_place TEXT NOT NULL,
  to_place   TEXT NOT NULL,
  case_ref   TEXT,
  staff_id   TEXT NOT NULL,
  packet     TEXT,
  note       TEXT
) STRICT;
CREATE INDEX custody_event_dossier ON custody_event(dossier_id, at);

CREATE TABLE material (
  id            TEXT PRIMARY KEY,
  version       INTEGER NOT NULL,
  dossier_id    TEXT NOT NULL REFERENCES dossier(id),
  state         TEXT NOT NULL,
  class         TEXT,
  seq           INTEGER,
  title         TEXT,
  formed_year   INTEGER,
  formed_month  INTEGER,
  formed_day    INTEGER,
  copies        INTEGER NOT NULL,
  pages         INTEGER NOT NULL,
  images        INTEGER NOT NULL,
  is_copy       INTEGER NOT NULL,
  key_facts     TEXT,
  secrecy       INTEGER NOT NULL,
  note          TEXT,
  origin        TEXT NOT NULL,
  source        TEXT,
  maker         TEXT,
  intake_no     TEXT,
  received_on   TEXT,
  due_on        TEXT,
  due_tentative INTEGER NOT NULL,
  late_days     INTEGER NOT NULL,
  defects       TEXT,
  decision      TEXT,
  appraised_by  TEXT,
  appraised_on  TEXT,
  cure_by       TEXT,
  handler       TEXT,
  reviewer      TEXT,
  batch_id      TEXT,
  filed_at      INTEGER,
  cat_from      INTEGER NOT NULL,
  cat_to        INTEGER NOT NULL,
  replaces      TEXT,
  superseded_by TEXT,
  reason        TEXT
) STRICT;
CREATE INDEX material_dossier ON material(dossier_id, class, seq);
CREATE INDEX material_open ON material(state, due_on, id) WHERE state IN ('received','appraising','curing','to_file');
-- what was filed in a span of time, of what came over the counter: stock has no term
CREATE INDEX material_filed ON material(filed_at) WHERE filed_at IS NOT NULL AND due_on IS NOT NULL;
CREATE INDEX material_batch ON material(batch_id) WHERE batch_id IS NOT NULL;

CREATE TABLE page (
  id          TEXT PRIMARY KEY,
  version     INTEGER NOT NULL,
  material_id TEXT NOT NULL REFERENCES material(id),
  dossier_id  TEXT NOT NULL REFERENCES dossier(id),
  no          INTEGER NOT NULL,
  state       TEXT NOT NULL,
  blob        TEXT NOT NULL,
  bytes       INTEGER NOT NULL,
  format      TEXT NOT NULL,
  width       INTEGER NOT NULL,
  height      INTEGER NOT NULL,
  dpi         INTEGER NOT NULL,
  blank       INTEGER NOT NULL,
  quality     TEXT,
  delivery_id TEXT
) STRICT;
CREATE INDEX page_material ON page(material_id, no);
CREATE INDEX page_dossier ON page(dossier_id);

-- What filed materials record: mentions of the five key facts (20.4, 23), each with its source.
CREATE TABLE fact (
  id          TEXT PRIMARY KEY,
  version     INTEGER NOT NULL,
  dossier_id  TEXT NOT NULL REFERENCES dossier(id),
  kind        TEXT NOT NULL,
  written     TEXT NOT NULL,
  value       TEXT,
  material_id TEXT,
  cite        TEXT,
  page_no     INTEGER,
  entered_by  TEXT NOT NULL,
  confirmed_by TEXT,
  void         TEXT,
  at          INTEGER NOT NULL
) STRICT;
CREATE INDEX fact_dossier ON fact(dossier_id, kind);

-- Periods of study and work as recorded; identity drives the way of transfer (20.3b).
CREATE TABLE history_period (
  id           TEXT PRIMARY KEY,
  version      INTEGER NOT NULL,
  dossier_id   TEXT NOT NULL REFERENCES dossier(id),
  kind         TEXT NOT NULL,
  from_month   TEXT NOT NULL,
  to_month     TEXT,
  unit         TEXT NOT NULL,
  post         TEXT,
  identity     TEXT,
  material_id  TEXT,
  cite         TEXT,
  page_no      INTEGER,
  entered_by   TEXT NOT NULL,
  confirmed_by TEXT,
  void         TEXT,
  at           INTEGER NOT NULL
) STRICT;
CREATE INDEX history_period_dossier ON history_period(dossier_id, from_month);

-- Family as the dossier records it (21c, 23): relation by slug of the kin list.
CREATE TABLE family_member (
  id           TEXT PRIMARY KEY,
  version      INTEGER NOT NULL,
  dossier_id   TEXT NOT NULL REFERENCES dossier(id),
  relation     TEXT NOT NULL,
  name         BLOB NOT NULL,
  name_ix      BLOB NOT NULL,
  id_no        BLOB,
  id_ix        BLOB,
  material_id  TEXT,
  cite         TEXT,
  page_no      INTEGER,
  entered_by   TEXT NOT NULL,
  confirmed_by TEXT,
  void         TEXT,
  at           INTEGER NOT NULL
) STRICT;
CREATE INDEX family_member_dossier ON family_member(dossier_id);
CREATE INDEX family_member_ix ON family_member(id_ix);

-- Papers issued: number, kind, signed PDF (forms.md 0).
CREATE TABLE document (
  id         TEXT PRIMARY KEY,
  version    INTEGER NOT NULL,
  kind       TEXT NOT NULL,
  agency     TEXT NOT NULL,
  number     TEXT NOT NULL,
  series     TEXT NOT NULL,
  seq        INTEGER NOT NULL,
  code       TEXT NOT NULL,
  state      TEXT NOT NULL,
  case_ref   TEXT NOT NULL,
  dossier_id TEXT,
  addressee  TEXT,
  blob       TEXT NOT NULL,
  issued_by  TEXT NOT NULL,
  issued_at  INTEGER NOT NULL,
  valid_until TEXT,
  replaces   TEXT,
  id_tail    TEXT
) STRICT;
CREATE INDEX document_dossier ON document(dossier_id, issued_at);
CREATE INDEX document_case ON document(case_ref);
CREATE UNIQUE INDEX document_number ON document(number, kind);
