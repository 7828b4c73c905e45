-- +goose Up
-- What comes back cured or formed anew is a piece of its own that names the one sent back (13b).
ALTER TABLE material ADD COLUMN resubmits TEXT;
CREATE UNIQUE INDEX material_resubmits ON material(resubmits) WHERE resubmits IS NOT NULL AND state<>'superseded';

-- +goose Down
DROP INDEX material_resubmits;
ALTER TABLE material DROP COLUMN resubmits;
