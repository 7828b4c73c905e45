-- +goose Up

-- The paper of a decision on an authority, and under whom an agency went (5).
ALTER TABLE agency_change ADD COLUMN dated TEXT;
ALTER TABLE agency_change ADD COLUMN evidence TEXT;
ALTER TABLE agency_change ADD COLUMN old_parent TEXT;
ALTER TABLE agency_change ADD COLUMN new_parent TEXT;
CREATE INDEX agency_change_old_parent ON agency_change(old_parent) WHERE old_parent IS NOT NULL;

-- +goose Down

DROP INDEX agency_change_old_parent;
ALTER TABLE agency_change DROP COLUMN new_parent;
ALTER TABLE agency_change DROP COLUMN old_parent;
ALTER TABLE agency_change DROP COLUMN evidence;
ALTER TABLE agency_change DROP COLUMN dated;
