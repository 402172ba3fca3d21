-- Sums over the pages of each store's view, kept with every change, so that a device can tell that it misses a row.
-- The server counts a store's sums when it first opens a log that is older than they are.
CREATE TABLE view_sum (
    store  BYTEA   NOT NULL,
    kind   INTEGER NOT NULL,
    number INTEGER NOT NULL,
    sum    BYTEA   NOT NULL,
    PRIMARY KEY (store, kind, number)
);

ALTER TABLE view_sum ENABLE ROW LEVEL SECURITY;
ALTER TABLE view_sum FORCE ROW LEVEL SECURITY;
CREATE POLICY own_store ON view_sum
    USING (store = decode(current_setting('custody.store', true), 'hex'))
    WITH CHECK (store = decode(current_setting('custody.store', true), 'hex'));
