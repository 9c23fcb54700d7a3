-- Documents that open a photo: whoever cited it there has shown that they have its bytes.
CREATE TABLE shown (
  photo     bytea NOT NULL,
  document  uuid NOT NULL,
  PRIMARY KEY (photo, document)
);
-- Before, every citation opened a photo that had come.
INSERT INTO shown SELECT DISTINCT c.photo, c.document FROM citation c JOIN photo p ON p.hash = c.photo
  WHERE p.received IS NOT NULL;
