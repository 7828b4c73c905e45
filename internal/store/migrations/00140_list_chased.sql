-- +goose Up
-- The receipt of a packet with many dossiers is asked for once, not by each of them (20.5).
ALTER TABLE transfer_list ADD COLUMN chased_on TEXT;
ALTER TABLE transfer_list ADD COLUMN chased INTEGER;

-- The one notice of the gaps that nobody gave is watched too (20.4a).
CREATE INDEX transfer_untold ON transfer(receipt_on, id) WHERE state='promising' AND told_on IS NULL;

-- +goose Down
DROP INDEX transfer_untold;
ALTER TABLE transfer_list DROP COLUMN chased;
ALTER TABLE transfer_list DROP COLUMN chased_on;
