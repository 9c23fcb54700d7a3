SELECT
    (SELECT count(*) FROM case_row),
    (SELECT count(*) FROM case_row WHERE open = 1),
    (SELECT count(*) FROM case_row WHERE disputed = 1),
    (SELECT count(*) FROM patrol_row),
    (SELECT count(*) FROM draft),
    (SELECT count(*) FROM outbox WHERE state IN (0, 4)),
    (SELECT count(*) FROM outbox WHERE state = 2),
    (SELECT count(DISTINCT hash) FROM outbox_photo),
    (SELECT count(*) FROM photo WHERE receipt IS NOT NULL
        AND EXISTS (SELECT 1 FROM outbox_photo c WHERE c.hash = photo.hash)),
    (SELECT count(*) FROM quarantine),
    (SELECT count(*) FROM photo WHERE gone IS NOT NULL
        AND EXISTS (SELECT 1 FROM outbox_photo c WHERE c.hash = photo.hash))
