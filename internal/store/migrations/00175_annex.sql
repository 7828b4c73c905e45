-- +goose Up
-- An attachment stands behind its main paper in the catalog and shares its number (13a, materials.md 5.2):
-- whose it is, and the how manieth of it. What is asked for in numbering anew says both.
ALTER TABLE material ADD COLUMN main_id TEXT;
ALTER TABLE material ADD COLUMN annex INTEGER;
CREATE INDEX material_main ON material(main_id) WHERE main_id IS NOT NULL;
ALTER TABLE rearrangement ADD COLUMN annexes TEXT;

-- +goose Down
ALTER TABLE rearrangement DROP COLUMN annexes;
DROP INDEX material_main;
ALTER TABLE material DROP COLUMN annex;
ALTER TABLE material DROP COLUMN main_id;
