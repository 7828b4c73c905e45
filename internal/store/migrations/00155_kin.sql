-- +goose Up
-- 21c, 10b: who declared whom as kin is asked from the other end, too.
CREATE INDEX kin_declaration_ix ON kin_declaration(id_ix);

-- +goose Down
DROP INDEX kin_declaration_ix;
