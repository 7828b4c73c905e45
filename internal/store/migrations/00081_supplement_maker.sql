-- +goose Up
-- Who forms what is owed: two employers owe a contract each (14b). And the piece that came in
-- answer to it, from its registration until it is filed or sent back.
ALTER TABLE supplement ADD COLUMN maker TEXT;
ALTER TABLE supplement ADD COLUMN handed_id TEXT;
ALTER TABLE supplement ADD COLUMN handed_on TEXT;
CREATE INDEX supplement_handed ON supplement(handed_id) WHERE handed_id IS NOT NULL;
