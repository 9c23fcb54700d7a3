-- The truth of one tenant, in a schema of its own. Hashes and keys are raw bytes, instants are milliseconds
-- since 1970. Identities name rows and nothing else: what is numbered for others, we number.

-- Says to other programs, and to us, whose schema this is, and which of these files were run.
CREATE TABLE sanben (
  version  integer NOT NULL
);

CREATE TABLE life (
  one     integer PRIMARY KEY CHECK (one = 1),
  epoch   uuid NOT NULL,
  -- Fingerprint of the key that signs its heads.
  server  bytea NOT NULL,
  tenant  text
);

-- One counter row per scope: number and chain of its last entry. Written at every commit, hence the room.
CREATE TABLE scope (
  id     bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  -- By bytes: an index that follows a language breaks when the system's idea of the language changes.
  unit   text COLLATE "C" NOT NULL,
  class  text COLLATE "C" NOT NULL,
  seq    bigint NOT NULL,
  link   bytea NOT NULL,
  UNIQUE (unit, class)
) WITH (fillfactor = 50);

-- Signed bytes are never encoded again.
CREATE TABLE manifest (
  id         bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  hash       bytea NOT NULL UNIQUE,
  device     uuid NOT NULL,
  bytes      bytea NOT NULL,
  signature  bytea NOT NULL
);

-- A change once, whatever number of scopes it is in.
CREATE TABLE change (
  id         bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  hash       bytea NOT NULL UNIQUE,
  document   uuid NOT NULL,
  actor      bytea NOT NULL,
  actor_seq  bigint NOT NULL,
  manifest   bigint NOT NULL REFERENCES manifest (id),
  -- Its number in its home scope.
  seq        bigint NOT NULL,
  bytes      bytea NOT NULL,
  UNIQUE (document, actor, actor_seq)
);
-- Changes are small already: no time is spent on packing them.
ALTER TABLE change ALTER COLUMN bytes SET STORAGE EXTERNAL;

CREATE TABLE reference (
  id     bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  bytes  bytea NOT NULL
);

CREATE TABLE entry (
  scope     bigint NOT NULL REFERENCES scope (id),
  seq       bigint NOT NULL,
  link      bytea NOT NULL,
  received  bigint NOT NULL,
  kind      text NOT NULL,
  -- Row of `change` or `reference`, by kind.
  ref       bigint NOT NULL,
  PRIMARY KEY (scope, seq)
);

-- Which scopes a document is in: its home (rank 0), then those it was shared into.
CREATE TABLE shared (
  document  uuid NOT NULL,
  rank      bigint NOT NULL,
  scope     bigint NOT NULL REFERENCES scope (id),
  PRIMARY KEY (document, rank),
  UNIQUE (document, scope)
);

-- By device: whoever sends another's change in vain must not spoil it for its author.
CREATE TABLE rejection (
  change    bytea NOT NULL,
  device    uuid NOT NULL,
  manifest  bytea NOT NULL,
  why       bytea NOT NULL,
  at        bigint NOT NULL,
  PRIMARY KEY (change, device)
);

CREATE TABLE device (
  id        uuid PRIMARY KEY,
  key       bytea NOT NULL,
  person    text NOT NULL,
  enrolled  bigint NOT NULL,
  revoked   bigint
);

CREATE TABLE invitation (
  secret   bytea PRIMARY KEY,
  person   text NOT NULL,
  expires  bigint NOT NULL,
  used_by  uuid
);

CREATE TABLE handed (
  device   uuid NOT NULL,
  digest   bytea NOT NULL,
  cursors  bytea NOT NULL,
  PRIMARY KEY (device, digest)
);

CREATE TABLE citation (
  photo     bytea NOT NULL,
  scope     bigint NOT NULL REFERENCES scope (id),
  document  uuid NOT NULL,
  bytes     bigint NOT NULL,
  PRIMARY KEY (photo, scope, document)
);

CREATE TABLE photo (
  hash      bytea PRIMARY KEY,
  kept      bigint NOT NULL,
  received  bigint
);
