SELECT p.hash, p.size FROM photo p
LEFT JOIN photo_elsewhere e ON e.hash = p.hash
WHERE p.dropped IS NULL
  AND (p.receipt <= ?1
       OR e.received <= ?1 AND NOT EXISTS (SELECT 1 FROM outbox_photo c WHERE c.hash = p.hash))
  AND NOT EXISTS (SELECT 1 FROM draft_photo d WHERE d.hash = p.hash)
  AND NOT EXISTS (SELECT 1 FROM outbox_photo c JOIN outbox o ON o.id = c.outbox
                  WHERE c.hash = p.hash AND (o.state NOT IN (1, 3) OR o.recorded >= ?1))
  AND NOT EXISTS (SELECT 1 FROM outbox_photo c JOIN case_row r ON r.id = c.document
                  WHERE c.hash = p.hash AND r.open = 1)
ORDER BY p.id
