-- +goose Up
-- When a person gave notice of another day, or agreed on it (the office's measures of
-- 2024-12-31): three months before an earlier day, one month before the statutory one.
ALTER TABLE retirement ADD COLUMN choice_paper_on TEXT;
-- Who is near the age by a birth date that was decided (20.4a): few, found without
-- reading every dossier's decisions.
CREATE INDEX determination_birth ON determination(value, dossier_id) WHERE kind='birth_date' AND confirmed_by IS NOT NULL AND void IS NULL;
