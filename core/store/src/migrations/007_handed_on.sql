-- Refused work that its author gave to somebody else. It stays refused until theirs is in the log.
CREATE TABLE handed_on (
    outbox INTEGER PRIMARY KEY,
    person TEXT,                    -- to whom, when it was said
    at     INTEGER NOT NULL         -- device clock, ms
);
