-- Work that was allowed when its author acted and not any more when it arrived.
CREATE TABLE review (
  id        INTEGER PRIMARY KEY,
  change    BLOB NOT NULL UNIQUE,
  device    BLOB NOT NULL,
  manifest  BLOB NOT NULL,
  bytes     BLOB NOT NULL,
  why       BLOB NOT NULL,
  arrived   INTEGER NOT NULL,
  -- What a person decided; all three or none.
  accepted  INTEGER,
  reason    TEXT,
  decided   INTEGER
) STRICT;
