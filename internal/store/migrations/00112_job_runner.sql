-- +goose Up

-- Processes that run jobs, and when each was last heard of: what a killed one had in hand goes
-- back to the queue.
CREATE TABLE job_runner (
  id      TEXT PRIMARY KEY,
  seen_at INTEGER NOT NULL
);

-- +goose Down
DROP TABLE job_runner;
