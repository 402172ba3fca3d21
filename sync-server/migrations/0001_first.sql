-- The first shape of a shop's file. Released migrations are never edited; a new shape is a new file.

-- What the store is: its identifier, the log's life, counters.
CREATE TABLE meta (
    name  TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- The log. `bytes` are exactly what was signed; everything beside them is for finding.
-- `event_id`, `kind` and `version` are NULL where the bytes are no envelope.
CREATE TABLE event (
    position    INTEGER NOT NULL PRIMARY KEY,
    device      BLOB    NOT NULL,
    epoch       BLOB    NOT NULL,
    seq         INTEGER NOT NULL,
    event_id    BLOB,
    kind        INTEGER,
    version     INTEGER,
    recorded_at INTEGER NOT NULL,
    bytes       BLOB    NOT NULL,
    signature   BLOB    NOT NULL,
    hash        BLOB    NOT NULL,
    outcome     BLOB    NOT NULL,
    UNIQUE (device, epoch, seq)
) STRICT;

-- Where each chain stands.
CREATE TABLE chain (
    device BLOB    NOT NULL,
    epoch  BLOB    NOT NULL,
    next   INTEGER NOT NULL,
    head   BLOB    NOT NULL,
    PRIMARY KEY (device, epoch)
) STRICT, WITHOUT ROWID;

-- The state: each entity's latest version. No bytes: it is gone. Rows of kind 11 are customers' cards,
-- sealed under the key in `customer_key`.
CREATE TABLE entity (
    kind    INTEGER NOT NULL,
    id      BLOB    NOT NULL,
    changed INTEGER NOT NULL,
    bytes   BLOB,
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX entity_by_change ON entity (changed);

-- Which events are about an order (kind 1) or a package (kind 2).
CREATE TABLE subject (
    kind     INTEGER NOT NULL,
    id       BLOB    NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (kind, id, position)
) STRICT, WITHOUT ROWID;

-- What could not be given a place in its chain, kept whole.
CREATE TABLE quarantine (
    device      BLOB    NOT NULL,
    epoch       BLOB    NOT NULL,
    seq         INTEGER NOT NULL,
    hash        BLOB    NOT NULL,
    reason      BLOB    NOT NULL,
    recorded_at INTEGER NOT NULL,
    bytes       BLOB    NOT NULL,
    signature   BLOB    NOT NULL,
    PRIMARY KEY (device, epoch, seq, hash)
) STRICT, WITHOUT ROWID;

-- One key per order for its customer's data. Without this row the data in the log is noise.
CREATE TABLE customer_key (
    order_id BLOB NOT NULL PRIMARY KEY,
    key      BLOB NOT NULL,
    salt     BLOB NOT NULL,
    input    BLOB
) STRICT, WITHOUT ROWID;

-- What a person's PIN opens.
CREATE TABLE person (
    actor    INTEGER NOT NULL PRIMARY KEY,
    salt     BLOB    NOT NULL,
    sealed   BLOB    NOT NULL,
    failures INTEGER NOT NULL
) STRICT;

CREATE TABLE device_secret (
    device          BLOB NOT NULL PRIMARY KEY,
    boot_token_hash BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE enrol_code (
    hash    BLOB    NOT NULL PRIMARY KEY,
    expires INTEGER NOT NULL,
    used    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE api_token (
    hash    BLOB    NOT NULL PRIMARY KEY,
    name    TEXT    NOT NULL,
    created INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
