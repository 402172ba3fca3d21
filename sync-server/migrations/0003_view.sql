-- Sums over the pages of the view, kept with every change, so that a device can tell that it misses a row.
-- The server counts them over an older file when it first opens it.
CREATE TABLE view_sum (
    kind   INTEGER NOT NULL,
    number INTEGER NOT NULL,
    sum    BLOB    NOT NULL,
    PRIMARY KEY (kind, number)
) STRICT, WITHOUT ROWID;

-- How far each device has read, by its own word: what is gone is told until all have read it.
CREATE TABLE reader (
    device BLOB    NOT NULL PRIMARY KEY,
    read   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What is gone, first gone first.
CREATE INDEX entity_gone ON entity (changed) WHERE bytes IS NULL;
