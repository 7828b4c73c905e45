-- +goose Up
-- What the registers (N3) list by day and agency is found without reading the whole table.
CREATE INDEX person_case_applied ON person_case(agency, applied_at, id);
CREATE INDEX legal_hold_asked ON legal_hold(agency, asked_at, id);
CREATE INDEX unclear_packet_taken ON unclear_packet(agency, taken_at, id);
CREATE INDEX account_acceptance_recorded ON account_acceptance(agency, recorded_at, id);
CREATE INDEX determination_at ON determination(at, id);
CREATE INDEX verification_at ON verification(at, id);

-- +goose Down
DROP INDEX person_case_applied;
DROP INDEX legal_hold_asked;
DROP INDEX unclear_packet_taken;
DROP INDEX account_acceptance_recorded;
DROP INDEX determination_at;
DROP INDEX verification_at;
