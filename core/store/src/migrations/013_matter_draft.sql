-- What is being typed into the form of a matter, saved per field. The draft itself and its photos are rows of `draft` and
-- `draft_photo`, so that photos stay and drafts are counted as ever.
CREATE TABLE matter_draft (
    draft   BLOB PRIMARY KEY,
    feature TEXT NOT NULL,
    matter  BLOB,                   -- the one that is acted on; NULL for one that is opened
    act     TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE matter_draft_field (
    draft BLOB NOT NULL,
    name  TEXT NOT NULL,
    value BLOB NOT NULL,            -- CBOR
    PRIMARY KEY (draft, name)
) WITHOUT ROWID;
