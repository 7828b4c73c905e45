-- +goose Up
-- Who was asked for materials is reminded by the program near the end of the term and once it
-- is over, each once (14a, 14b); a worker hears once a day of several notices.
ALTER TABLE collection ADD COLUMN reminded TEXT;
ALTER TABLE collection ADD COLUMN reminded_on TEXT;
CREATE INDEX message_worker ON message(worker_id, created_at) WHERE worker_id IS NOT NULL;

-- +goose Down
DROP INDEX message_worker;
ALTER TABLE collection DROP COLUMN reminded_on;
ALTER TABLE collection DROP COLUMN reminded;
