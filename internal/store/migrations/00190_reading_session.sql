-- +goose Up
-- The reading session (21.2, 21.4, 18c): who came and who is away, one prolonging, and when each
-- page left the screen.
ALTER TABLE reading_session ADD COLUMN extended_at INTEGER;
ALTER TABLE reading_session ADD COLUMN extended_by TEXT;
ALTER TABLE reading_session ADD COLUMN extended_because TEXT;
CREATE TABLE reading_attendance (
  id         TEXT PRIMARY KEY,
  version    INTEGER NOT NULL,
  session_id TEXT NOT NULL REFERENCES reading_session(id),
  reader_id  TEXT NOT NULL REFERENCES consultation_reader(id),
  came_at    INTEGER NOT NULL,
  away_at    INTEGER,
  UNIQUE (session_id, reader_id)
) STRICT;
CREATE TABLE reading_leave (
  id         TEXT PRIMARY KEY,
  session_id TEXT NOT NULL REFERENCES reading_session(id),
  view_id    TEXT NOT NULL UNIQUE REFERENCES reading_view(id),
  at         INTEGER NOT NULL,
  why        TEXT NOT NULL
) STRICT;
CREATE INDEX reading_leave_session ON reading_leave(session_id, at, id);

-- +goose Down
DROP TABLE reading_leave;
DROP TABLE reading_attendance;
ALTER TABLE reading_session DROP COLUMN extended_because;
ALTER TABLE reading_session DROP COLUMN extended_by;
ALTER TABLE reading_session DROP COLUMN extended_at;
