-- +goose Up
-- A contractor's delivery of scans: which, by whom, with what end (18a).
CREATE TABLE delivery (
  id           TEXT PRIMARY KEY,
  version      INTEGER NOT NULL,
  agency       TEXT NOT NULL REFERENCES agency(id),
  no           TEXT NOT NULL,
  name         TEXT NOT NULL,
  sums         TEXT NOT NULL,
  state        TEXT NOT NULL,
  staff_id     TEXT NOT NULL,
  folders      INTEGER NOT NULL,
  ingested     INTEGER NOT NULL,
  quarantined  INTEGER NOT NULL,
  already      INTEGER NOT NULL,
  pages        INTEGER NOT NULL,
  note         TEXT,
  started_at   INTEGER NOT NULL,
  ended_at     INTEGER,
  sampled_by   TEXT,
  sampled_at   INTEGER,
  sample       INTEGER NOT NULL,
  passed       INTEGER NOT NULL,
  failed       INTEGER NOT NULL,
  decided_by   TEXT,
  decided_at   INTEGER,
  decision     TEXT
) STRICT;
CREATE INDEX delivery_agency ON delivery(agency, id);

-- What became of one folder: taken in, or kept apart untouched.
CREATE TABLE delivery_item (
  id          TEXT PRIMARY KEY,
  version     INTEGER NOT NULL,
  delivery_id TEXT NOT NULL REFERENCES delivery(id),
  agency      TEXT NOT NULL,
  dossier_id  TEXT,
  folder      BLOB NOT NULL,
  folder_ix   BLOB NOT NULL,
  print       TEXT NOT NULL,
  state       TEXT NOT NULL,
  materials   INTEGER NOT NULL,
  pages       INTEGER NOT NULL,
  bytes       INTEGER NOT NULL,
  kept        INTEGER NOT NULL,
  at          INTEGER NOT NULL,
  decided_by  TEXT,
  decided_at  INTEGER,
  reason      TEXT
) STRICT;
CREATE INDEX delivery_item_delivery ON delivery_item(delivery_id, state, id);
CREATE INDEX delivery_item_folder ON delivery_item(agency, folder_ix);
CREATE INDEX delivery_item_dossier ON delivery_item(dossier_id);

CREATE TABLE delivery_problem (
  id       TEXT PRIMARY KEY,
  item_id  TEXT NOT NULL REFERENCES delivery_item(id),
  path     BLOB NOT NULL,
  code     TEXT NOT NULL,
  warning  INTEGER NOT NULL
) STRICT;
CREATE INDEX delivery_problem_item ON delivery_problem(item_id);

-- Files kept as they came: those of a quarantined folder, and each catalog.
CREATE TABLE delivery_file (
  id      TEXT PRIMARY KEY,
  item_id TEXT NOT NULL REFERENCES delivery_item(id),
  path    BLOB NOT NULL,
  blob    TEXT NOT NULL,
  bytes   INTEGER NOT NULL
) STRICT;
CREATE INDEX delivery_file_item ON delivery_file(item_id);

-- The reviewer's sample of a delivery: why a page was drawn, and the verdict.
CREATE TABLE delivery_sample (
  id          TEXT PRIMARY KEY,
  version     INTEGER NOT NULL,
  delivery_id TEXT NOT NULL REFERENCES delivery(id),
  item_id     TEXT NOT NULL REFERENCES delivery_item(id),
  page_id     TEXT NOT NULL REFERENCES page(id),
  why         TEXT NOT NULL,
  verdict     TEXT NOT NULL,
  note        TEXT,
  staff_id    TEXT,
  at          INTEGER
) STRICT;
CREATE INDEX delivery_sample_delivery ON delivery_sample(delivery_id, verdict, id);

-- A delivery uploaded from a browser, until it is taken in: how far it is.
CREATE TABLE delivery_upload (
  id          TEXT PRIMARY KEY,
  agency      TEXT NOT NULL,
  staff_id    TEXT NOT NULL,
  label       TEXT NOT NULL,
  state       TEXT NOT NULL,
  files       INTEGER NOT NULL,
  bytes       INTEGER NOT NULL,
  done        INTEGER NOT NULL,
  total       INTEGER NOT NULL,
  cancel      INTEGER NOT NULL,
  owner       TEXT,
  beat_at     INTEGER NOT NULL,
  delivery_id TEXT,
  ingested    INTEGER NOT NULL,
  quarantined INTEGER NOT NULL,
  already     INTEGER NOT NULL,
  trouble     TEXT,
  at          INTEGER NOT NULL
) STRICT;
CREATE INDEX delivery_upload_agency ON delivery_upload(agency, id);

-- Which stored reduction belongs to which original; made anew from it when lost.
CREATE TABLE rendering (
  blob   TEXT NOT NULL,
  size   INTEGER NOT NULL,
  digest TEXT NOT NULL,
  PRIMARY KEY (blob, size)
) STRICT;
