-- Signed requests that some node has answered, so that none is answered twice, whichever node it is sent to.
--
-- UNLOGGED: losing these rows in a crash of the server costs nothing but this memory, and each node still has its own;
-- writing them costs no wait for a disk. An engine that knows no such tables keeps them like any other.
CREATE UNLOGGED TABLE seen_request (
    store  BYTEA  NOT NULL,
    device BYTEA  NOT NULL,
    nonce  BYTEA  NOT NULL,
    seen   BIGINT NOT NULL,
    PRIMARY KEY (store, device, nonce)
);

CREATE INDEX seen_request_by_age ON seen_request (store, seen);

ALTER TABLE seen_request ENABLE ROW LEVEL SECURITY;
ALTER TABLE seen_request FORCE ROW LEVEL SECURITY;
CREATE POLICY own_store ON seen_request
    USING (store = decode(current_setting('custody.store', true), 'hex'))
    WITH CHECK (store = decode(current_setting('custody.store', true), 'hex'));
