-- Documents kept as one save instead of their changes: they came in a bundle, or were compacted.
CREATE TABLE saved (
    n        INTEGER PRIMARY KEY,
    document BLOB NOT NULL UNIQUE,
    bytes    BLOB NOT NULL,
    hashes   BLOB                   -- of the changes in it, one after another; NULL: not looked into yet
);
CREATE INDEX saved_unexamined ON saved (n) WHERE hashes IS NULL;

-- Documents whose changes do not come out of a save byte for byte: they stay as they are.
CREATE TABLE loose (
    document BLOB PRIMARY KEY
) WITHOUT ROWID;

-- Bundles that are being fetched.
CREATE TABLE bundle (
    scope  BLOB PRIMARY KEY,        -- CBOR
    offer  BLOB NOT NULL,           -- CBOR of the signed offer
    blocks INTEGER NOT NULL         -- how many of its blocks are here
) WITHOUT ROWID;
