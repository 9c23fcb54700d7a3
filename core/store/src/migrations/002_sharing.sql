-- The scopes through which a document arrived: its home, and those it was shared into.
CREATE TABLE document_scope (
    document BLOB NOT NULL,
    scope    BLOB NOT NULL,         -- CBOR
    PRIMARY KEY (document, scope)
) WITHOUT ROWID;
CREATE INDEX document_scope_scope ON document_scope (scope);
