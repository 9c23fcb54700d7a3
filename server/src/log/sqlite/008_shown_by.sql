-- Who has shown, through a document that cites a photo, that they have its bytes. '' is whoever cited it there first:
-- nobody else could deliver it.
CREATE TABLE shown_by (
  photo     BLOB NOT NULL,
  document  BLOB NOT NULL,
  person    TEXT NOT NULL,
  PRIMARY KEY (photo, document, person)
) STRICT, WITHOUT ROWID;
INSERT INTO shown_by SELECT photo, document, '' FROM shown;
DROP TABLE shown;
ALTER TABLE shown_by RENAME TO shown;
