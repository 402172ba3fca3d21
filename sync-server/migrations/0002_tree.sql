-- The tree over the log (RFC 6962), and the heads of it that were signed.

-- Complete subtrees; level 0 are leaves. They never change. The server grows them over an older log.
CREATE TABLE tree_node (
    level INTEGER NOT NULL,
    idx   INTEGER NOT NULL,
    hash  BLOB    NOT NULL,
    PRIMARY KEY (level, idx)
) STRICT, WITHOUT ROWID;

-- One sheet per size that was signed, with the signatures of devices that saw it.
CREATE TABLE tree_head (
    size INTEGER NOT NULL PRIMARY KEY,
    note TEXT    NOT NULL
) STRICT;
