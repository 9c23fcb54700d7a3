-- Documents that were erased: nothing of them comes back in.
CREATE TABLE erased (
    document BLOB PRIMARY KEY,
    at       INTEGER NOT NULL,      -- server clock, ms
    proof    BLOB,                  -- CBOR of the server's signed word; NULL: known from a refusal only
    epoch    BLOB                   -- the life of the log that says so; another one has to be told
) WITHOUT ROWID;

-- Documents that were taken back out of a scope and stay while own work waits in them.
CREATE TABLE taken_back (
    document BLOB NOT NULL,
    scope    BLOB NOT NULL,         -- CBOR
    PRIMARY KEY (document, scope)
) WITHOUT ROWID;

-- Entries of kinds that this version does not know, for one that does.
CREATE TABLE later_note (
    scope    BLOB NOT NULL,         -- CBOR
    seq      INTEGER NOT NULL,
    kind     INTEGER NOT NULL,
    body     BLOB NOT NULL,
    received INTEGER NOT NULL,      -- server clock, ms
    PRIMARY KEY (scope, seq)
) WITHOUT ROWID;
