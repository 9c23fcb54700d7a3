-- Files of photos that go because a document was erased: what was made for it, and the photo when nothing cites it any
-- more. They lie beside the log, so they go after its commit, however often that is begun.
CREATE TABLE photo_out (
  photo     BLOB NOT NULL,
  document  BLOB NOT NULL,
  PRIMARY KEY (photo, document)
) STRICT, WITHOUT ROWID;
-- Work that somebody has decided about is in the log or at its author's.
UPDATE review SET bytes = x'' WHERE accepted IS NOT NULL;
