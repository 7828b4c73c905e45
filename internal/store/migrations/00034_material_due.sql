-- +goose Up
-- What waits is listed by its term, the earliest first, whoever keeps it (13a). An index that
-- begins with the state would be taken for its filter, and everything sorted for one page.
DROP INDEX material_open;
CREATE INDEX material_due ON material(coalesce(due_on,'9999-12-31'), id, state, dossier_id) WHERE state IN ('received','appraising','curing','to_file');
