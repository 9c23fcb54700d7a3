-- Which scopes a document is in: its home (rank 0), then those it was shared into.
CREATE TABLE shared (
  document  BLOB NOT NULL,
  rank      INTEGER NOT NULL,
  scope     INTEGER NOT NULL REFERENCES scope (id),
  PRIMARY KEY (document, rank),
  UNIQUE (document, scope)
) STRICT, WITHOUT ROWID;

-- Until now every document was in its home only.
INSERT INTO shared (document, rank, scope)
  SELECT DISTINCT c.document, 0, e.scope FROM entry e JOIN change c ON e.kind = 'change' AND c.id = e.ref;
