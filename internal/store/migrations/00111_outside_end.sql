-- +goose Up

-- What the outside end of a transfer is: a dossier goes to organs, state firms, institutions,
-- schools and agencies only (6a, 20b), and goes back to a former employer only (20.4a).
ALTER TABLE transfer ADD COLUMN outside_kind TEXT;
ALTER TABLE transfer_list ADD COLUMN receiver_kind TEXT;

-- Whose word a case was withdrawn on (29.8), and how far those above were told of a term over.
ALTER TABLE transfer ADD COLUMN withdrawn_by TEXT;
ALTER TABLE transfer ADD COLUMN withdrawn_paper TEXT;
ALTER TABLE transfer ADD COLUMN watched INTEGER;

-- +goose Down
ALTER TABLE transfer DROP COLUMN watched;
ALTER TABLE transfer DROP COLUMN withdrawn_paper;
ALTER TABLE transfer DROP COLUMN withdrawn_by;
ALTER TABLE transfer_list DROP COLUMN receiver_kind;
ALTER TABLE transfer DROP COLUMN outside_kind;
