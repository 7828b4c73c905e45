-- +goose Up

-- Lists that a province sees in their order, whichever agency has the rows (dossier.InOrder):
-- on PostgreSQL a million matters were sorted for the first fifty.
CREATE INDEX window_matter_due ON window_matter(due_on, id) WHERE state='received';
CREATE INDEX window_matter_order ON window_matter(due_on, id);
CREATE INDEX window_matter_authority ON window_matter(authority, due_on, id) WHERE state='received';
CREATE INDEX found_packet_waiting ON found_packet(registered_at, id) WHERE state IN ('registered','sealed','asked');
CREATE INDEX found_packet_order ON found_packet(registered_at, id);
CREATE INDEX retirement_list_order ON retirement_list(changed_at, id);

-- +goose Down

DROP INDEX retirement_list_order;
DROP INDEX found_packet_order;
DROP INDEX found_packet_waiting;
DROP INDEX window_matter_authority;
DROP INDEX window_matter_order;
DROP INDEX window_matter_due;
