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

-- How far each device has read, by its own word: what is gone is told until all have read it.
CREATE TABLE reader (
    store  BYTEA  NOT NULL,
    device BYTEA  NOT NULL,
    read   BIGINT NOT NULL,
    PRIMARY KEY (store, device)
);

ALTER TABLE reader ENABLE ROW LEVEL SECURITY;
ALTER TABLE reader FORCE ROW LEVEL SECURITY;
CREATE POLICY own_store ON reader
    USING (store = decode(current_setting('custody.store', true), 'hex'))
    WITH CHECK (store = decode(current_setting('custody.store', true), 'hex'));

-- What is gone, first gone first.
CREATE INDEX entity_gone ON entity (store, changed) WHERE bytes IS NULL;
