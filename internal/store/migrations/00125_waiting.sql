-- +goose Up
-- What waits for somebody at an agency, in the order of its terms, and the few things that wait
-- for somebody above it (test/bench, BenchmarkClocks). Each names its predicate as the query does.
CREATE INDEX transfer_waiting_receiver ON transfer(receiver, coalesce(due_on,'9999'), changed_at, id) WHERE state NOT IN ('applied','closed','not_sent','withdrawn','expired','returned');
CREATE INDEX transfer_waiting_holder ON transfer(holder, coalesce(due_on,'9999'), changed_at, id) WHERE state NOT IN ('applied','closed','not_sent','withdrawn','expired','returned');
CREATE INDEX transfer_escalated ON transfer(changed_at, id) WHERE escalated>0;
CREATE INDEX transfer_faulty ON transfer(changed_at, id) WHERE fault IS NOT NULL;
CREATE INDEX legal_hold_deciding ON legal_hold(until_on, id) WHERE state IN ('asked','lifting');
CREATE INDEX supplement_escalated ON supplement(due_on, id) WHERE state='open' AND escalated>0;
CREATE INDEX supplement_asked ON supplement(due_on, id) WHERE state='open' AND asked_until IS NOT NULL;

-- +goose Down
DROP INDEX supplement_asked;
DROP INDEX supplement_escalated;
DROP INDEX legal_hold_deciding;
DROP INDEX transfer_faulty;
DROP INDEX transfer_escalated;
DROP INDEX transfer_waiting_holder;
DROP INDEX transfer_waiting_receiver;
