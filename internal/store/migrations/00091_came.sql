-- +goose Up

-- How a packet came, as the receiver saw it (20.3a), and the day the carrier says it was delivered (20.5).
ALTER TABLE transfer ADD COLUMN came_way TEXT;
ALTER TABLE transfer ADD COLUMN came_carrier TEXT;
ALTER TABLE transfer ADD COLUMN came_no TEXT;
ALTER TABLE transfer ADD COLUMN delivered_on TEXT;
CREATE INDEX transfer_delivered ON transfer(delivered_on) WHERE delivered_on IS NOT NULL;

-- +goose Down
DROP INDEX transfer_delivered;
