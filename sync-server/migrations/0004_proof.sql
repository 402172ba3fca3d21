-- Passkeys of managers. `bytes` is the public key with what the authenticator said of it, as the library keeps it; `counter`
-- is how often it has signed, by its own word, so that a copy is noticed.
CREATE TABLE passkey (
    id      BLOB    NOT NULL PRIMARY KEY,
    actor   INTEGER NOT NULL,
    rp      TEXT    NOT NULL,
    name    TEXT    NOT NULL,
    made    INTEGER NOT NULL,
    used    INTEGER,
    counter INTEGER NOT NULL,
    bytes   BLOB    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX passkey_by_actor ON passkey (actor);

-- What proves something for a while: challenges, sessions, approvals, printed codes. `id` is a hash; what was given away
-- once is not here.
CREATE TABLE proof (
    kind    INTEGER NOT NULL,
    id      BLOB    NOT NULL,
    actor   INTEGER NOT NULL,
    device  BLOB,
    expires INTEGER NOT NULL,
    bytes   BLOB    NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
