-- +goose Up

-- 2: persons whose names and birth dates are alike. A name is compared without blanks and the
-- dots of minority names, as internal/person/alike.go does; both say the same words.
CREATE INDEX person_alike ON person(birth_date, upper(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(name,'·',''),'•',''),'・',''),'‧',''),'∙',''),'．',''),'･',''),'.',''),' ',''),'　',''))) WHERE merged_into IS NULL;
-- Those that are also found by what they were called, or registered as, before.
CREATE INDEX person_formerly ON person(birth_date, id) WHERE former_names IS NOT NULL OR merged_into IS NOT NULL;

-- That two numbers are of two persons, who said so and on what evidence. The numbers stand as
-- keyed indexes: one of them may be of somebody the province does not keep yet.
CREATE TABLE distinct_persons (
  id         TEXT PRIMARY KEY,
  version    INTEGER NOT NULL,
  one_ix     BLOB NOT NULL,
  other_ix   BLOB NOT NULL,
  name       TEXT NOT NULL,
  birth_date TEXT NOT NULL,
  agency     TEXT NOT NULL REFERENCES agency(id),
  state      TEXT NOT NULL,
  reason     TEXT NOT NULL,
  document   TEXT NOT NULL,
  seen_by    TEXT NOT NULL,
  seen_on    TEXT NOT NULL,
  stated_by  TEXT NOT NULL,
  stated_at  INTEGER NOT NULL,
  undone_by  TEXT,
  undone_at  INTEGER,
  undone_why TEXT
) STRICT;
CREATE UNIQUE INDEX distinct_persons_pair ON distinct_persons(one_ix, other_ix) WHERE state='stated';
CREATE INDEX distinct_persons_other ON distinct_persons(other_ix);
CREATE INDEX distinct_persons_agency ON distinct_persons(agency, id);

-- +goose Down
DROP TABLE distinct_persons;
DROP INDEX person_formerly;
DROP INDEX person_alike;
