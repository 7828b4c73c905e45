-- +goose Up

-- What came of a piece whose pages do not agree, and whether it still proves what it proves (20.4a).
ALTER TABLE transfer_item ADD COLUMN got_pages INTEGER;
ALTER TABLE transfer_item ADD COLUMN proves_still INTEGER;

-- What a term is counted from and for how many working days: it is recounted from that, not
-- from the day the letter came, once it was given anew (20.2b).
ALTER TABLE transfer ADD COLUMN term_from TEXT;
ALTER TABLE transfer ADD COLUMN term_days INTEGER;

-- +goose Down
ALTER TABLE transfer DROP COLUMN term_days;
ALTER TABLE transfer DROP COLUMN term_from;
ALTER TABLE transfer_item DROP COLUMN proves_still;
ALTER TABLE transfer_item DROP COLUMN got_pages;
