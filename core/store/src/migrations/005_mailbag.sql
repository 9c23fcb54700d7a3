-- Work of others that this device takes along: sealed, so that only the server can open it.
CREATE TABLE mailbag (
    hash     BLOB PRIMARY KEY,
    bytes    BLOB,                  -- gone once it was handed in
    taken    INTEGER NOT NULL,      -- device clock, ms
    received INTEGER                -- server clock, ms: the receipt
) WITHOUT ROWID;
