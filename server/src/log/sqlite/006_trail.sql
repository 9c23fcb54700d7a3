-- What the desk did: chained like a scope, and signed for in backups and exports.
CREATE TABLE trail (
  seq    INTEGER PRIMARY KEY,
  link   BLOB NOT NULL,
  bytes  BLOB NOT NULL
) STRICT;
