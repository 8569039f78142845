-- The same rows; SQLite looks a list of two up without a table in memory, one of three with it, for
-- each operation that is written.
DROP INDEX outbox_open;
CREATE INDEX outbox_open ON outbox(state, ord) WHERE state NOT IN (1, 3); -- pending, dead, held
