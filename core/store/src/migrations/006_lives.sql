-- What a new life of the log has not brought again yet. When it has been read to its end, what is left here is not
-- in the log any more.
ALTER TABLE reference_row ADD COLUMN doubted INTEGER NOT NULL DEFAULT 0;
CREATE TABLE doubted (
    document BLOB NOT NULL,
    hash     BLOB NOT NULL,
    PRIMARY KEY (document, hash)
) WITHOUT ROWID;

-- Work of others that only an earlier life of the log had: kept, and part of nothing that is shown.
CREATE TABLE past_change (
    document BLOB NOT NULL,
    hash     BLOB NOT NULL,
    bytes    BLOB NOT NULL,
    PRIMARY KEY (document, hash)
) WITHOUT ROWID;
