-- Who has shown, through a document that cites a photo, that they have its bytes. '' is whoever cited it there first:
-- nobody else could deliver it.
ALTER TABLE shown ADD COLUMN person text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE shown ALTER COLUMN person DROP DEFAULT;
ALTER TABLE shown DROP CONSTRAINT shown_pkey;
ALTER TABLE shown ADD PRIMARY KEY (photo, document, person);
