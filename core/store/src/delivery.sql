SELECT
    (SELECT count(*) FROM outbox WHERE document = ?1 AND state IN (0, 4)),
    (SELECT count(*) FROM outbox WHERE document = ?1 AND state = 1),
    (SELECT count(*) FROM outbox WHERE document = ?1 AND state = 2),
    (SELECT count(DISTINCT hash) FROM outbox_photo WHERE document = ?1),
    (SELECT count(DISTINCT hash) FROM outbox_photo JOIN photo USING (hash)
     WHERE document = ?1 AND receipt IS NOT NULL)
