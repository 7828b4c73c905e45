-- +goose Up
-- Lists of what is due, in the order of their terms: of one agency, and of a tree of them
-- (test/bench, BenchmarkClocks). Each names its predicate as the list does.
CREATE INDEX death_due ON death(term_ends_on, id) WHERE state='kept';
CREATE INDEX retirement_due ON retirement(due_on, id) WHERE state IN ('checking','ready');
CREATE INDEX retirement_due_agency ON retirement(agency, due_on, id) WHERE state IN ('checking','ready');
CREATE INDEX legal_hold_running ON legal_hold(until_on, id) WHERE state IN ('active','lifting');
CREATE INDEX legal_hold_running_agency ON legal_hold(agency, until_on, id) WHERE state IN ('active','lifting');
CREATE INDEX consultation_latest ON consultation(state, changed_at, id);
CREATE INDEX transfer_overdue ON transfer((CASE WHEN state IN ('registered','pulled','approved','packed') THEN due_on END), id);
