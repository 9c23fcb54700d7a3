-- How far the reference data and the people were here, as often as that moved: recorded work cites it.
CREATE TABLE cited (
    id    INTEGER PRIMARY KEY,
    heads BLOB NOT NULL             -- CBOR
);
-- state 4: in review, with `at` and `rejection` as for a refusal.
ALTER TABLE outbox ADD COLUMN cited INTEGER;

-- Heads of earlier lives of the log: the proof of what the server once said.
CREATE TABLE past_head (
    epoch BLOB NOT NULL,
    scope BLOB NOT NULL,            -- CBOR
    head  BLOB NOT NULL,            -- CBOR of the signed head
    PRIMARY KEY (epoch, scope)
) WITHOUT ROWID;
