-- What else the log says: that a document was erased, that it was taken back. An entry of kind `note` names a row here.
CREATE TABLE note (
  id     bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  kind   bigint NOT NULL,
  bytes  bytea NOT NULL
);

-- Nothing of these documents comes back in.
CREATE TABLE erased (
  document   uuid PRIMARY KEY,
  at         bigint NOT NULL,
  -- The server's word for it, which devices keep too.
  signature  bytea NOT NULL,
  -- Whether the tables were written anew since: until then dead rows may lie in them.
  scrubbed   boolean NOT NULL DEFAULT false
);

-- Of a change of an erased document only its hash is left.
ALTER TABLE change ADD COLUMN erased boolean NOT NULL DEFAULT false;
-- The document was taken back out of this scope: later changes do not go there any more.
ALTER TABLE shared ADD COLUMN taken_back boolean NOT NULL DEFAULT false;
