-- The truth of one tenant. Hashes, ids and keys are raw bytes, instants are milliseconds since 1970.

CREATE TABLE life (
  only    INTEGER PRIMARY KEY CHECK (only = 1),
  epoch   BLOB NOT NULL,
  -- Fingerprint of the key that signs its heads.
  server  BLOB NOT NULL,
  tenant  TEXT
) STRICT;

-- One counter row per scope: number and chain of its last entry.
CREATE TABLE scope (
  id     INTEGER PRIMARY KEY,
  unit   TEXT NOT NULL,
  class  TEXT NOT NULL,
  seq    INTEGER NOT NULL,
  link   BLOB NOT NULL,
  UNIQUE (unit, class)
) STRICT;

-- Signed bytes are never encoded again.
CREATE TABLE manifest (
  id         INTEGER PRIMARY KEY,
  hash       BLOB NOT NULL UNIQUE,
  device     BLOB NOT NULL,
  bytes      BLOB NOT NULL,
  signature  BLOB NOT NULL
) STRICT;

-- A change once, whatever number of scopes it is in.
CREATE TABLE change (
  id         INTEGER PRIMARY KEY,
  hash       BLOB NOT NULL UNIQUE,
  document   BLOB NOT NULL,
  actor      BLOB NOT NULL,
  actor_seq  INTEGER NOT NULL,
  manifest   INTEGER NOT NULL REFERENCES manifest (id),
  -- Its number in its home scope.
  seq        INTEGER NOT NULL,
  bytes      BLOB NOT NULL,
  UNIQUE (document, actor, actor_seq)
) STRICT;

CREATE TABLE reference (
  id     INTEGER PRIMARY KEY,
  bytes  BLOB NOT NULL
) STRICT;

CREATE TABLE entry (
  scope     INTEGER NOT NULL REFERENCES scope (id),
  seq       INTEGER NOT NULL,
  link      BLOB NOT NULL,
  received  INTEGER NOT NULL,
  kind      TEXT NOT NULL,
  -- Row of `change` or `reference`, by kind.
  ref       INTEGER NOT NULL,
  PRIMARY KEY (scope, seq)
) STRICT, WITHOUT ROWID;

-- By device: whoever sends another's change in vain must not spoil it for its author.
CREATE TABLE rejection (
  change    BLOB NOT NULL,
  device    BLOB NOT NULL,
  manifest  BLOB NOT NULL,
  why       BLOB NOT NULL,
  at        INTEGER NOT NULL,
  PRIMARY KEY (change, device)
) STRICT, WITHOUT ROWID;

CREATE TABLE device (
  id        BLOB PRIMARY KEY,
  key       BLOB NOT NULL,
  person    TEXT NOT NULL,
  enrolled  INTEGER NOT NULL,
  revoked   INTEGER
) STRICT;

CREATE TABLE invitation (
  secret   BLOB PRIMARY KEY,
  person   TEXT NOT NULL,
  expires  INTEGER NOT NULL,
  used_by  BLOB
) STRICT;

CREATE TABLE handed (
  device   BLOB NOT NULL,
  digest   BLOB NOT NULL,
  cursors  BLOB NOT NULL,
  PRIMARY KEY (device, digest)
) STRICT;

CREATE TABLE citation (
  photo     BLOB NOT NULL,
  scope     INTEGER NOT NULL REFERENCES scope (id),
  document  BLOB NOT NULL,
  bytes     INTEGER NOT NULL,
  PRIMARY KEY (photo, scope, document)
) STRICT, WITHOUT ROWID;

CREATE TABLE photo (
  hash      BLOB PRIMARY KEY,
  kept      INTEGER NOT NULL,
  received  INTEGER
) STRICT;
