-- What the desk did: chained like a scope, and signed for in backups and exports.
CREATE TABLE trail (
  seq    bigint PRIMARY KEY,
  link   bytea NOT NULL,
  bytes  bytea NOT NULL
);
