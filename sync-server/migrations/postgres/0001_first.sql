-- The first shape of the stores' tables in PostgreSQL. Released migrations are never edited; a new shape is a
-- new file. The SQL is what PostgreSQL and the distributed engines that speak it have in common: no sequences,
-- no triggers, no advisory locks.
--
-- Every table begins with the store, and shows and takes only rows of the store in `custody.store`, in
-- hexadecimal digits, whatever a query asks for. A connection that has not said which store it is for sees
-- nothing. FORCE: so it is also for the role that owns the tables.

-- What the store is: its identifier, the log's life, counters.
CREATE TABLE meta (
    store BYTEA NOT NULL,
    name  TEXT  NOT NULL,
    value BYTEA NOT NULL,
    PRIMARY KEY (store, name)
);

-- The newest place of each store's log. Whoever writes locks the row first, so places are given out without
-- gaps and become visible in order.
CREATE TABLE store_head (
    store    BYTEA  NOT NULL PRIMARY KEY,
    position BIGINT NOT NULL
);

-- The log. `bytes` are exactly what was signed; everything beside them is for finding.
-- `event_id`, `kind` and `version` are NULL where the bytes are no envelope.
CREATE TABLE event (
    store       BYTEA   NOT NULL,
    position    BIGINT  NOT NULL,
    device      BYTEA   NOT NULL,
    epoch       BYTEA   NOT NULL,
    seq         BIGINT  NOT NULL,
    event_id    BYTEA,
    kind        INTEGER,
    version     INTEGER,
    recorded_at BIGINT  NOT NULL,
    bytes       BYTEA   NOT NULL,
    signature   BYTEA   NOT NULL,
    hash        BYTEA   NOT NULL,
    outcome     BYTEA   NOT NULL,
    PRIMARY KEY (store, position),
    UNIQUE (store, device, epoch, seq)
);

-- Where each chain stands.
CREATE TABLE chain (
    store  BYTEA  NOT NULL,
    device BYTEA  NOT NULL,
    epoch  BYTEA  NOT NULL,
    next   BIGINT NOT NULL,
    head   BYTEA  NOT NULL,
    PRIMARY KEY (store, device, epoch)
);

-- The state: each entity's latest version. No bytes: it is gone. Rows of kind 11 are customers' cards,
-- sealed under the key in `customer_key`.
CREATE TABLE entity (
    store   BYTEA   NOT NULL,
    kind    INTEGER NOT NULL,
    id      BYTEA   NOT NULL,
    changed BIGINT  NOT NULL,
    bytes   BYTEA,
    PRIMARY KEY (store, kind, id)
);

CREATE INDEX entity_by_change ON entity (store, changed, kind, id);

-- The tree over the log (RFC 6962). Complete subtrees; level 0 are leaves. They never change.
CREATE TABLE tree_node (
    store BYTEA  NOT NULL,
    level BIGINT NOT NULL,
    idx   BIGINT NOT NULL,
    hash  BYTEA  NOT NULL,
    PRIMARY KEY (store, level, idx)
);

-- One sheet per size of the tree that was signed, with the signatures of devices that saw it.
CREATE TABLE tree_head (
    store BYTEA  NOT NULL,
    size  BIGINT NOT NULL,
    note  TEXT   NOT NULL,
    PRIMARY KEY (store, size)
);

-- Which events are about an order (kind 1) or a package (kind 2).
CREATE TABLE subject (
    store    BYTEA   NOT NULL,
    kind     INTEGER NOT NULL,
    id       BYTEA   NOT NULL,
    position BIGINT  NOT NULL,
    PRIMARY KEY (store, kind, id, position)
);

-- What could not be given a place in its chain, kept whole.
CREATE TABLE quarantine (
    store       BYTEA  NOT NULL,
    device      BYTEA  NOT NULL,
    epoch       BYTEA  NOT NULL,
    seq         BIGINT NOT NULL,
    hash        BYTEA  NOT NULL,
    reason      BYTEA  NOT NULL,
    recorded_at BIGINT NOT NULL,
    bytes       BYTEA  NOT NULL,
    signature   BYTEA  NOT NULL,
    PRIMARY KEY (store, device, epoch, seq, hash)
);

-- One key per order for its customer's data. Without this row the data in the log is noise.
CREATE TABLE customer_key (
    store    BYTEA NOT NULL,
    order_id BYTEA NOT NULL,
    key      BYTEA NOT NULL,
    salt     BYTEA NOT NULL,
    input    BYTEA,
    PRIMARY KEY (store, order_id)
);

-- What a person's PIN opens.
CREATE TABLE person (
    store    BYTEA  NOT NULL,
    actor    BIGINT NOT NULL,
    salt     BYTEA  NOT NULL,
    sealed   BYTEA  NOT NULL,
    failures BIGINT NOT NULL,
    PRIMARY KEY (store, actor)
);

CREATE TABLE device_secret (
    store           BYTEA NOT NULL,
    device          BYTEA NOT NULL,
    boot_token_hash BYTEA NOT NULL,
    PRIMARY KEY (store, device)
);

CREATE TABLE enrol_code (
    store   BYTEA   NOT NULL,
    hash    BYTEA   NOT NULL,
    expires BIGINT  NOT NULL,
    used    BOOLEAN NOT NULL,
    PRIMARY KEY (store, hash)
);

CREATE TABLE api_token (
    store   BYTEA  NOT NULL,
    hash    BYTEA  NOT NULL,
    name    TEXT   NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (store, hash)
);

ALTER TABLE meta ENABLE ROW LEVEL SECURITY;
ALTER TABLE meta FORCE ROW LEVEL SECURITY;
CREATE POLICY own_store ON meta
    USING (store = decode(current_setting('custody.store', true), 'hex'))
    WITH CHECK (store = decode(current_setting('custody.store', true), 'hex'));

ALTER TABLE store_head ENABLE ROW LEVEL SECURITY;
ALTER TABLE store_head FORCE ROW LEVEL SECURITY;
CREATE POLICY own_store ON store_head
    USING (store = decode(current_setting('custody.store', true), 'hex'))
    WITH CHECK (store = decode(current_setting('custody.store', true), 'hex'));

ALTER TABLE event ENABLE ROW LEVEL SECURITY;
ALTER TABLE event FORCE ROW LEVEL SECURITY;
CREATE POLICY own_store ON event
    USING (store = decode(current_setting('custody.store', true), 'hex'))
    WITH CHECK (store = decode(current_setting('custody.store', true), 'hex'));

ALTER TABLE chain ENABLE ROW LEVEL SECURITY;
ALTER TABLE chain FORCE ROW LEVEL SECURITY;
CREATE POLICY own_store ON chain
    USING (store = decode(current_setting('custody.store', true), 'hex'))
    WITH CHECK (store = decode(current_setting('custody.store', true), 'hex'));

ALTER TABLE entity ENABLE ROW LEVEL SECURITY;
ALTER TABLE entity FORCE ROW LEVEL SECURITY;
CREATE POLICY own_store ON entity
    USING (store = decode(current_setting('custody.store', true), 'hex'))
    WITH CHECK (store = decode(current_setting('custody.store', true), 'hex'));

ALTER TABLE subject ENABLE ROW LEVEL SECURITY;
ALTER TABLE subject FORCE ROW LEVEL SECURITY;
CREATE POLICY own_store ON subject
    USING (store = decode(current_setting('custody.store', true), 'hex'))
    WITH CHECK (store = decode(current_setting('custody.store', true), 'hex'));

ALTER TABLE quarantine ENABLE ROW LEVEL SECURITY;
ALTER TABLE quarantine FORCE ROW LEVEL SECURITY;
CREATE POLICY own_store ON quarantine
    USING (store = decode(current_setting('custody.store', true), 'hex'))
    WITH CHECK (store = decode(current_setting('custody.store', true), 'hex'));

ALTER TABLE customer_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE customer_key FORCE ROW LEVEL SECURITY;
CREATE POLICY own_store ON customer_key
    USING (store = decode(current_setting('custody.store', true), 'hex'))
    WITH CHECK (store = decode(current_setting('custody.store', true), 'hex'));

ALTER TABLE person ENABLE ROW LEVEL SECURITY;
ALTER TABLE person FORCE ROW LEVEL SECURITY;
CREATE POLICY own_store ON person
    USING (store = decode(current_setting('custody.store', true), 'hex'))
    WITH CHECK (store = decode(current_setting('custody.store', true), 'hex'));

ALTER TABLE device_secret ENABLE ROW LEVEL SECURITY;
ALTER TABLE device_secret FORCE ROW LEVEL SECURITY;
CREATE POLICY own_store ON device_secret
    USING (store = decode(current_setting('custody.store', true), 'hex'))
    WITH CHECK (store = decode(current_setting('custody.store', true), 'hex'));

ALTER TABLE enrol_code ENABLE ROW LEVEL SECURITY;
ALTER TABLE enrol_code FORCE ROW LEVEL SECURITY;
CREATE POLICY own_store ON enrol_code
    USING (store = decode(current_setting('custody.store', true), 'hex'))
    WITH CHECK (store = decode(current_setting('custody.store', true), 'hex'));

ALTER TABLE api_token ENABLE ROW LEVEL SECURITY;
ALTER TABLE api_token FORCE ROW LEVEL SECURITY;
CREATE POLICY own_store ON api_token
    USING (store = decode(current_setting('custody.store', true), 'hex'))
    WITH CHECK (store = decode(current_setting('custody.store', true), 'hex'));

ALTER TABLE tree_node ENABLE ROW LEVEL SECURITY;
ALTER TABLE tree_node FORCE ROW LEVEL SECURITY;
CREATE POLICY own_store ON tree_node
    USING (store = decode(current_setting('custody.store', true), 'hex'))
    WITH CHECK (store = decode(current_setting('custody.store', true), 'hex'));

ALTER TABLE tree_head ENABLE ROW LEVEL SECURITY;
ALTER TABLE tree_head FORCE ROW LEVEL SECURITY;
CREATE POLICY own_store ON tree_head
    USING (store = decode(current_setting('custody.store', true), 'hex'))
    WITH CHECK (store = decode(current_setting('custody.store', true), 'hex'));
