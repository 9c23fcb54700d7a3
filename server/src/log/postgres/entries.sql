-- A page of a scope: entry by entry along the numbers, which have no gaps, until the budget is used up.
-- Nothing behind the page is read. The LIMIT 1 keeps each step a look-up by key of its own: joined with the rest,
-- a planner that knows nothing yet of a log that has just grown would read the whole scope at every step.
WITH RECURSIVE page AS (
  SELECT e.seq, e.link, e.received, e.kind, coalesce(c.bytes, r.bytes, n.bytes) AS bytes, c.document, c.hash, c.manifest,
         c.erased, n.kind AS note,
         $4::bigint + octet_length(coalesce(c.bytes, r.bytes, n.bytes)) AS total
  FROM entry e
  LEFT JOIN change c ON e.kind = 'change' AND c.id = e.ref
  LEFT JOIN reference r ON e.kind = 'reference' AND r.id = e.ref
  LEFT JOIN note n ON e.kind = 'note' AND n.id = e.ref
  WHERE e.scope = $1::bigint AND e.seq = $2::bigint
UNION ALL
  SELECT x.seq, x.link, x.received, x.kind, x.bytes, x.document, x.hash, x.manifest, x.erased, x.note,
         p.total + $4::bigint + octet_length(x.bytes)
  FROM page p
  CROSS JOIN LATERAL (
    SELECT e.seq, e.link, e.received, e.kind, coalesce(c.bytes, r.bytes, n.bytes) AS bytes, c.document, c.hash, c.manifest,
           c.erased, n.kind AS note
    FROM entry e
    LEFT JOIN change c ON e.kind = 'change' AND c.id = e.ref
    LEFT JOIN reference r ON e.kind = 'reference' AND r.id = e.ref
    LEFT JOIN note n ON e.kind = 'note' AND n.id = e.ref
    WHERE e.scope = $1::bigint AND e.seq = p.seq + 1
    LIMIT 1
  ) x
  WHERE p.total + $4::bigint + octet_length(x.bytes) <= $3::bigint
)
SELECT p.seq, p.link, p.received, p.kind, p.bytes, p.document, p.hash, m.hash, p.erased, p.note
FROM page p LEFT JOIN manifest m ON m.id = p.manifest ORDER BY p.seq
