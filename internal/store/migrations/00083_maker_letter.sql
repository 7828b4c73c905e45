-- +goose Up
-- The letter that asks the maker (材料核实函): the last that was issued.
ALTER TABLE maker_task ADD COLUMN letter_id TEXT;
ALTER TABLE maker_task ADD COLUMN letter TEXT;
