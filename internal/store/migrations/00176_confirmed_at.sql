-- +goose Up
-- When a second person compared an entry with the material: the comparison names both hands and their days (materials.md 3.6).
ALTER TABLE fact ADD COLUMN confirmed_at INTEGER;
ALTER TABLE history_period ADD COLUMN confirmed_at INTEGER;
ALTER TABLE determination ADD COLUMN confirmed_at INTEGER;

-- +goose Down
ALTER TABLE determination DROP COLUMN confirmed_at;
ALTER TABLE history_period DROP COLUMN confirmed_at;
ALTER TABLE fact DROP COLUMN confirmed_at;
