-- +goose Up

-- Who asked where a dossier is and got no answer at the window leaves how they are reached; a mandate
-- that was seen by somebody who knew of no dossier says so: it stays as open as that of anybody unknown (15).
ALTER TABLE inquiry ADD COLUMN contact BLOB;
ALTER TABLE mandate ADD COLUMN unknown INTEGER NOT NULL DEFAULT 0;

-- +goose Down

ALTER TABLE mandate DROP COLUMN unknown;
ALTER TABLE inquiry DROP COLUMN contact;
