-- +goose Up
-- Personal accounts of before they had rows are found without reading every dossier (12b).
CREATE INDEX dossier_personal ON dossier(id) WHERE account_kind='personal';

-- +goose Down
DROP INDEX dossier_personal;
