-- +goose Up

-- Where an agency is reached, as a decision from a day (5, 26): what a change sets and what stood before,
-- as JSON; the telephone for supervision beside the one for inquiries.
ALTER TABLE agency ADD COLUMN oversight TEXT;
ALTER TABLE agency_change ADD COLUMN details TEXT;
ALTER TABLE agency_change ADD COLUMN old_details TEXT;

-- +goose Down

ALTER TABLE agency_change DROP COLUMN old_details;
ALTER TABLE agency_change DROP COLUMN details;
ALTER TABLE agency DROP COLUMN oversight;
