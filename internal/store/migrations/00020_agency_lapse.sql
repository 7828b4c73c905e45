-- +goose Up
-- A later-dated decision that something stood against on its day: it did not take effect, why (JSON), and what
-- those who decided made of it (6a).
ALTER TABLE agency_change ADD COLUMN lapsed_at INTEGER;
ALTER TABLE agency_change ADD COLUMN lapsed TEXT;
ALTER TABLE agency_change ADD COLUMN settled_by TEXT;
ALTER TABLE agency_change ADD COLUMN settled_at INTEGER;
ALTER TABLE agency_change ADD COLUMN settled TEXT;
CREATE INDEX agency_change_due ON agency_change(effective_on, id) WHERE applied_at IS NULL AND lapsed_at IS NULL;
CREATE INDEX agency_change_lapsed ON agency_change(lapsed_at, id) WHERE lapsed_at IS NOT NULL AND settled_at IS NULL;
