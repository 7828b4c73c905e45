-- +goose Up
-- Where a packet was handed over: the office of the confidential post or the branch of the mail
-- (20.3a). What a receipt from outside says that came, was done and by whom (20.5). To whom the
-- membership letter of a Party member is addressed, as the transfer letter says it (24).
ALTER TABLE transfer ADD COLUMN office TEXT;
ALTER TABLE transfer ADD COLUMN receipt_volumes INTEGER;
ALTER TABLE transfer ADD COLUMN receipt_copies INTEGER;
ALTER TABLE transfer ADD COLUMN receipt_pages INTEGER;
ALTER TABLE transfer ADD COLUMN receipt_missing TEXT;
ALTER TABLE transfer ADD COLUMN receipt_by TEXT;
ALTER TABLE transfer ADD COLUMN receipt_checker TEXT;
ALTER TABLE transfer ADD COLUMN party_heading TEXT;
ALTER TABLE transfer_list ADD COLUMN office TEXT;
ALTER TABLE transfer_list ADD COLUMN receipt_volumes INTEGER;
ALTER TABLE transfer_list ADD COLUMN receipt_copies INTEGER;
ALTER TABLE transfer_list ADD COLUMN receipt_pages INTEGER;
ALTER TABLE transfer_list ADD COLUMN receipt_outcome TEXT;
ALTER TABLE transfer_list ADD COLUMN receipt_by TEXT;
ALTER TABLE transfer_list ADD COLUMN receipt_checker TEXT;
ALTER TABLE transfer_stray ADD COLUMN office TEXT;
ALTER TABLE transfer_fault ADD COLUMN office TEXT;
ALTER TABLE agency ADD COLUMN party_heading TEXT;

-- +goose Down
ALTER TABLE agency DROP COLUMN party_heading;
ALTER TABLE transfer_fault DROP COLUMN office;
ALTER TABLE transfer_stray DROP COLUMN office;
ALTER TABLE transfer_list DROP COLUMN receipt_checker;
ALTER TABLE transfer_list DROP COLUMN receipt_by;
ALTER TABLE transfer_list DROP COLUMN receipt_outcome;
ALTER TABLE transfer_list DROP COLUMN receipt_pages;
ALTER TABLE transfer_list DROP COLUMN receipt_copies;
ALTER TABLE transfer_list DROP COLUMN receipt_volumes;
ALTER TABLE transfer_list DROP COLUMN office;
ALTER TABLE transfer DROP COLUMN party_heading;
ALTER TABLE transfer DROP COLUMN receipt_checker;
ALTER TABLE transfer DROP COLUMN receipt_by;
ALTER TABLE transfer DROP COLUMN receipt_missing;
ALTER TABLE transfer DROP COLUMN receipt_pages;
ALTER TABLE transfer DROP COLUMN receipt_copies;
ALTER TABLE transfer DROP COLUMN receipt_volumes;
ALTER TABLE transfer DROP COLUMN office;
