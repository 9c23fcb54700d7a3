-- What else the log says: that a document was erased, that it was taken back. An entry of kind `note` names a row here.
CREATE TABLE note (
  id     INTEGER PRIMARY KEY,
  kind   INTEGER NOT NULL,
  bytes  BLOB NOT NULL
) STRICT;

-- Nothing of these documents comes back in.
CREATE TABLE erased (
  document   BLOB PRIMARY KEY,
  at         INTEGER NOT NULL,
  -- The server's word for it, which devices keep too.
  signature  BLOB NOT NULL,
  -- Whether the file was written anew since: until then remnants may lie in the gaps of its pages.
  scrubbed   INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- Of a change of an erased document only its hash is left.
ALTER TABLE change ADD COLUMN erased INTEGER NOT NULL DEFAULT 0;
-- The document was taken back out of this scope: later changes do not go there any more.
ALTER TABLE shared ADD COLUMN taken_back INTEGER NOT NULL DEFAULT 0;
