-- Passkeys of managers. `bytes` is the public key with what the authenticator said of it, as the library keeps it; `counter`
-- is how often it has signed, by its own word, so that a copy is noticed.
CREATE TABLE passkey (
    store   BYTEA  NOT NULL,
    id      BYTEA  NOT NULL,
    actor   BIGINT NOT NULL,
    rp      TEXT   NOT NULL,
    name    TEXT   NOT NULL,
    made    BIGINT NOT NULL,
    used    BIGINT,
    counter BIGINT NOT NULL,
    bytes   BYTEA  NOT NULL,
    PRIMARY KEY (store, id)
);

CREATE INDEX passkey_by_actor ON passkey (store, actor);

-- What proves something for a while: challenges, sessions, approvals, printed codes. `id` is a hash; what was given away
-- once is not here.
CREATE TABLE proof (
    store   BYTEA   NOT NULL,
    kind    INTEGER NOT NULL,
    id      BYTEA   NOT NULL,
    actor   BIGINT  NOT NULL,
    device  BYTEA,
    expires BIGINT  NOT NULL,
    bytes   BYTEA   NOT NULL,
    PRIMARY KEY (store, kind, id)
);

ALTER TABLE passkey ENABLE ROW LEVEL SECURITY;
ALTER TABLE passkey FORCE ROW LEVEL SECURITY;
CREATE POLICY own_store ON passkey
    USING (store = decode(current_setting('custody.store', true), 'hex'))
    WITH CHECK (store = decode(current_setting('custody.store', true), 'hex'));

ALTER TABLE proof ENABLE ROW LEVEL SECURITY;
ALTER TABLE proof FORCE ROW LEVEL SECURITY;
CREATE POLICY own_store ON proof
    USING (store = decode(current_setting('custody.store', true), 'hex'))
    WITH CHECK (store = decode(current_setting('custody.store', true), 'hex'));
