-- Documents with own accepted work that no held scope had brought when they were last looked at: they are looked at
-- after every sync, the others (all that one ever recorded) are not.
CREATE TABLE unscoped (
    document BLOB PRIMARY KEY
) WITHOUT ROWID;
INSERT INTO unscoped
    SELECT DISTINCT document FROM outbox o WHERE state = 1
    AND NOT EXISTS (SELECT 1 FROM document_scope s WHERE s.document = o.document);
