-- What is known of photos beyond the originals recorded here.

-- When the original was dropped to make room; the server has it.
ALTER TABLE photo ADD COLUMN dropped INTEGER;

-- The thumbnails that the server took ahead of their originals, for one document each.
CREATE TABLE photo_ahead (
    document BLOB NOT NULL,
    hash     BLOB NOT NULL,
    PRIMARY KEY (document, hash)
) WITHOUT ROWID;

-- Photos of others, as far as the server was asked.
CREATE TABLE photo_elsewhere (
    hash      BLOB PRIMARY KEY,
    received  INTEGER,              -- when the server had it whole, its clock, ms; NULL: not when last asked
    thumbnail BLOB
) WITHOUT ROWID;
