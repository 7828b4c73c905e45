-- +goose Up

-- A packet that is no dossier of its own goes by the same rules as any other (2, 20.2b–20.3c): which packet it
-- is, and which dossier it belongs to.
ALTER TABLE transfer ADD COLUMN packet_ref TEXT;
ALTER TABLE transfer ADD COLUMN joins_id TEXT REFERENCES dossier(id);
CREATE INDEX transfer_packet ON transfer(packet_ref) WHERE packet_ref IS NOT NULL;

ALTER TABLE unclear_packet ADD COLUMN transfer_id TEXT REFERENCES transfer(id);

-- What becomes of a graduate's packet whose person has a dossier already (2, 12).
ALTER TABLE graduate ADD COLUMN ending TEXT;
ALTER TABLE graduate ADD COLUMN evidence TEXT;
ALTER TABLE graduate ADD COLUMN ending_by TEXT;
ALTER TABLE graduate ADD COLUMN ending_at INTEGER;
ALTER TABLE graduate ADD COLUMN decided_by TEXT;
ALTER TABLE graduate ADD COLUMN decided_at INTEGER;
ALTER TABLE graduate ADD COLUMN decided_note TEXT;
ALTER TABLE graduate ADD COLUMN transfer_id TEXT REFERENCES transfer(id);

-- The receipt that the school gets for its class (12): the latest one holds.
ALTER TABLE graduate_list ADD COLUMN receipt_no TEXT;
ALTER TABLE graduate_list ADD COLUMN receipt_id TEXT REFERENCES document(id);
ALTER TABLE graduate_list ADD COLUMN receipt_by TEXT;
ALTER TABLE graduate_list ADD COLUMN receipt_at INTEGER;
ALTER TABLE graduate_list ADD COLUMN received INTEGER;

CREATE INDEX graduate_elsewhere ON graduate(agency, received_at) WHERE state='elsewhere';

-- +goose Down
DROP INDEX transfer_packet;
DROP INDEX graduate_elsewhere;
