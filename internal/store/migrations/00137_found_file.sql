-- +goose Up
-- Pictures of a packet found in private hands (6b): the state of its seal, and the signatures of the
-- two before whom it was sealed, as the signing pad gives them.
CREATE TABLE found_file (
  id        TEXT PRIMARY KEY,
  version   INTEGER NOT NULL,
  packet_id TEXT NOT NULL REFERENCES found_packet(id),
  no        INTEGER NOT NULL,
  kind      TEXT NOT NULL,
  blob      TEXT NOT NULL REFERENCES blob(id),
  bytes     INTEGER NOT NULL,
  format    TEXT NOT NULL,
  pages     INTEGER NOT NULL,
  added_by  TEXT NOT NULL,
  added_at  INTEGER NOT NULL,
  UNIQUE (packet_id, no)
) STRICT;

-- +goose Down
DROP TABLE found_file;
