-- Files of photos that go because a document was erased: what was made for it, and the photo when nothing cites it any
-- more. They lie beside the log, so they go after its commit, however often that is begun.
CREATE TABLE photo_out (
  photo     bytea NOT NULL,
  document  uuid NOT NULL,
  PRIMARY KEY (photo, document)
);
-- Work that somebody has decided about is in the log or at its author's.
UPDATE review SET bytes = '' WHERE accepted IS NOT NULL;
