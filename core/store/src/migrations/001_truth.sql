-- What cannot be made again: documents as their changes, what this device recorded, what it was told.
-- Migrations are numbered, applied once each in order, and never edited after a release.

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE document (
    id   BLOB PRIMARY KEY,
    kind INTEGER NOT NULL,          -- 0 case, 1 patrol
    home TEXT NOT NULL              -- unit whose scope it lives in
) WITHOUT ROWID;

-- Clustered by document: loading a cold one reads neighbouring rows. n counts in order of arrival here,
-- in which each change follows what it builds on.
CREATE TABLE change (
    document BLOB NOT NULL,
    n        INTEGER NOT NULL,
    hash     BLOB NOT NULL,
    bytes    BLOB NOT NULL,
    PRIMARY KEY (document, n)
) WITHOUT ROWID;

-- AUTOINCREMENT: a number is never given twice, so it can be shown and remembered.
CREATE TABLE outbox (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    document  BLOB NOT NULL,
    person    TEXT NOT NULL,
    hash      BLOB NOT NULL,        -- of the change the intent became
    intent    BLOB NOT NULL,        -- CBOR
    recorded  INTEGER NOT NULL,     -- device clock, ms
    state     INTEGER NOT NULL,     -- 0 pending, 1 accepted, 2 rejected, 3 discarded
    seq       INTEGER,              -- accepted: number in the home scope
    at        INTEGER,              -- when it got into this state, ms
    rejection BLOB,                 -- rejected: CBOR
    reason    TEXT,                 -- discarded: a person's words
    bytes     BLOB                  -- rejected: the change, taken out of its document
);
CREATE INDEX outbox_state ON outbox (state);
CREATE INDEX outbox_document ON outbox (document);

-- Which own work cites which photo.
CREATE TABLE outbox_photo (
    document BLOB NOT NULL,
    hash     BLOB NOT NULL,
    outbox   INTEGER NOT NULL,
    PRIMARY KEY (document, hash, outbox)
) WITHOUT ROWID;
CREATE INDEX outbox_photo_hash ON outbox_photo (hash);

CREATE TABLE photo (
    id        INTEGER PRIMARY KEY,
    hash      BLOB NOT NULL UNIQUE,
    mime      TEXT NOT NULL,
    width     INTEGER NOT NULL,
    height    INTEGER NOT NULL,
    size      INTEGER NOT NULL,
    taken_at  TEXT,
    place     BLOB,                 -- CBOR of a fix
    thumbnail BLOB,
    sent      INTEGER NOT NULL DEFAULT 0,
    receipt   INTEGER               -- server clock, ms
);
CREATE INDEX photo_waiting ON photo (id) WHERE receipt IS NULL;

CREATE TABLE draft (
    id          BLOB PRIMARY KEY,
    at          INTEGER NOT NULL,
    person      TEXT NOT NULL,
    point       TEXT,
    standard    TEXT,
    description TEXT NOT NULL DEFAULT '',
    fix         BLOB,               -- CBOR
    source      INTEGER
) WITHOUT ROWID;

CREATE TABLE draft_photo (
    draft BLOB NOT NULL,
    n     INTEGER NOT NULL,
    hash  BLOB NOT NULL,
    role  INTEGER NOT NULL,
    PRIMARY KEY (draft, n)
) WITHOUT ROWID;

CREATE TABLE reference_row (
    kind TEXT NOT NULL,
    key  TEXT NOT NULL,
    body BLOB NOT NULL,             -- CBOR
    PRIMARY KEY (kind, key)
) WITHOUT ROWID;

CREATE TABLE cursor (
    scope BLOB PRIMARY KEY,         -- CBOR
    seq   INTEGER NOT NULL,
    link  BLOB NOT NULL,
    head  BLOB NOT NULL             -- CBOR of the signed head, kept as proof
) WITHOUT ROWID;

-- Scopes no longer held whose documents go as soon as no own work waits in them.
CREATE TABLE lost_scope (
    scope BLOB PRIMARY KEY
) WITHOUT ROWID;

-- Arrived changes that could not be applied.
CREATE TABLE quarantine (
    id       INTEGER PRIMARY KEY,
    document BLOB NOT NULL,
    hash     BLOB NOT NULL UNIQUE,
    bytes    BLOB,
    reason   TEXT NOT NULL,
    received INTEGER NOT NULL
);
CREATE INDEX quarantine_document ON quarantine (document);

CREATE TABLE position (
    key TEXT PRIMARY KEY,
    seq INTEGER NOT NULL
) WITHOUT ROWID;
