SELECT
    (SELECT count(*) FROM outbox WHERE document = ?1 AND state IN (0, 4)),
    (SELECT count(*) FROM outbox WHERE document = ?1 AND state = 1),
    (SELECT count(*) FROM outbox WHERE document = ?1 AND state = 2),
    (SELECT count(DISTINCT c.hash) FROM outbox_photo c JOIN outbox o ON o.id = c.outbox
     WHERE c.document = ?1 AND o.state <> 3),
    (SELECT count(DISTINCT c.hash) FROM outbox_photo c JOIN outbox o ON o.id = c.outbox
     JOIN photo p ON p.hash = c.hash WHERE c.document = ?1 AND o.state <> 3 AND p.receipt IS NOT NULL)
