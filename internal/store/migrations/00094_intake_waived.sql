-- +goose Up
-- What an upheld objection set aside stays known, however often the application is judged again (29.8).
ALTER TABLE intake ADD COLUMN waived TEXT;

-- +goose Down
ALTER TABLE intake DROP COLUMN waived;
