-- +goose Up
-- What a unit applied for, by the agency and the name of its account there: a unit that signs
-- in sees its own applications and nothing else (12c).
CREATE INDEX transfer_unit ON transfer(receiver, applicant, id) WHERE applicant_kind='unit';
CREATE INDEX consultation_unit ON consultation(agency, unit, id);
CREATE INDEX certificate_unit ON certificate(agency, unit, id) WHERE applicant='unit';

-- +goose Down
SELECT 1;
