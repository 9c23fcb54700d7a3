-- The read model. Disposable: dropped and made again from documents and reference rows when its form
-- changes (PROJECTION in project.rs).

DROP TABLE IF EXISTS case_row;
DROP TABLE IF EXISTS case_content;
DROP TABLE IF EXISTS case_search;
DROP TABLE IF EXISTS case_unread;
DROP TABLE IF EXISTS patrol_row;
DROP TABLE IF EXISTS contact_row;
DROP TABLE IF EXISTS matter_row;
DROP TABLE IF EXISTS matter_search;
DROP TABLE IF EXISTS place;
DROP TABLE IF EXISTS point_box;
DROP TABLE IF EXISTS cell_box;

-- n is the instant of the report (ms) shifted by 20 bits, then bits of the id: walking n backwards is
-- "latest first", also inside every index and in the word index. Slim on purpose: lists scan it.
CREATE TABLE case_row (
    n              INTEGER PRIMARY KEY,
    id             BLOB NOT NULL UNIQUE,
    home           TEXT NOT NULL,
    point          TEXT,
    community      TEXT,
    standard       TEXT,
    handler_unit   TEXT,
    handler        TEXT,
    answered       TEXT,
    reporter       TEXT NOT NULL,
    source         INTEGER NOT NULL,
    status         INTEGER NOT NULL,    -- seen together with the other cases
    unmerged       INTEGER NOT NULL,    -- as a record of its own
    open           INTEGER NOT NULL,
    disputed       INTEGER NOT NULL,
    due            INTEGER NOT NULL,    -- the largest integer for none
    late_before    INTEGER NOT NULL,
    late_after     INTEGER NOT NULL,
    reported       INTEGER NOT NULL,
    doubtful       INTEGER NOT NULL,
    active         INTEGER NOT NULL,    -- latest event
    times_found    INTEGER NOT NULL,
    photos         INTEGER NOT NULL,
    thumbnail      BLOB,
    merged_into    BLOB,
    lat            INTEGER,
    lon            INTEGER,
    description    TEXT NOT NULL,
    words          BLOB NOT NULL        -- hash of what the word index holds
);
CREATE INDEX case_point ON case_row (point);
CREATE INDEX case_community ON case_row (community);
CREATE INDEX case_handler ON case_row (handler) WHERE open = 1;
-- Partial, and not on the flag itself: with "open = 1" as an indexed equality SQLite would prefer it to
-- the point or the due instant and then sort everything that is open (measured: 40 to 70 ms at 100,000).
CREATE INDEX case_open ON case_row (n) WHERE open = 1;
CREATE INDEX case_due ON case_row (due) WHERE open = 1;
CREATE INDEX case_disputed ON case_row (n) WHERE disputed = 1;
CREATE INDEX case_merged ON case_row (merged_into, id) WHERE merged_into IS NOT NULL;

CREATE TABLE case_content (
    n      INTEGER PRIMARY KEY,
    record BLOB NOT NULL,               -- CBOR
    state  BLOB NOT NULL                -- CBOR
);

-- Words as words.rs makes them; the text itself is not kept twice.
CREATE VIRTUAL TABLE case_search USING fts5 (
    words, content = '', contentless_delete = 1, tokenize = 'ascii'
);

-- Cases whose words in the index are older than their texts: read again before anybody searches. What a person
-- records waits for one page here instead of for the word index.
CREATE TABLE case_unread (
    n INTEGER PRIMARY KEY
);

CREATE TABLE patrol_row (
    n      INTEGER PRIMARY KEY,
    id     BLOB NOT NULL UNIQUE,
    home   TEXT NOT NULL,
    team   TEXT NOT NULL,
    day    TEXT NOT NULL,
    round  INTEGER NOT NULL,
    record BLOB NOT NULL,
    state  BLOB NOT NULL
);
CREATE INDEX patrol_day ON patrol_row (day, id);

-- Whom a case is about. Nobody searches for residents: no index of words.
CREATE TABLE contact_row (
    id      BLOB PRIMARY KEY,
    case_id BLOB NOT NULL,
    added   INTEGER NOT NULL,
    record  BLOB NOT NULL               -- CBOR
) WITHOUT ROWID;
CREATE INDEX contact_case ON contact_row (case_id, added);

-- Matters of all features. n as in case_row: walking it backwards is "latest opened first".
CREATE TABLE matter_row (
    n        INTEGER PRIMARY KEY,
    id       BLOB NOT NULL UNIQUE,
    feature  TEXT NOT NULL,
    home     TEXT NOT NULL,
    day      TEXT NOT NULL,
    point    TEXT,
    person   TEXT,
    about    BLOB,
    opener   TEXT NOT NULL,
    step     TEXT NOT NULL,
    open     INTEGER NOT NULL,
    disputed INTEGER NOT NULL,
    due      INTEGER NOT NULL,          -- the largest integer for none
    title    TEXT NOT NULL,
    record   BLOB NOT NULL              -- CBOR
);
CREATE INDEX matter_feature ON matter_row (feature, n);
CREATE INDEX matter_about ON matter_row (about, n) WHERE about IS NOT NULL;
CREATE INDEX matter_person ON matter_row (person, n) WHERE person IS NOT NULL;
CREATE INDEX matter_open ON matter_row (n) WHERE open = 1;
CREATE VIRTUAL TABLE matter_search USING fts5 (
    words, content = '', contentless_delete = 1, tokenize = 'ascii'
);

-- Numbers of points (kind 0) and polygons (kind 1) in the two boxes.
CREATE TABLE place (
    n    INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    id   TEXT NOT NULL,
    UNIQUE (kind, id)
);
CREATE VIRTUAL TABLE point_box USING rtree_i32 (n, lat_min, lat_max, lon_min, lon_max);
CREATE VIRTUAL TABLE cell_box USING rtree_i32 (n, lat_min, lat_max, lon_min, lon_max);
