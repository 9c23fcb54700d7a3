-- A page of a scope: entry by entry along the numbers, which have no gaps, until the budget is used up.
-- Nothing behind the page is read.
WITH RECURSIVE page AS (
  SELECT e.seq, e.link, e.received, e.kind, coalesce(c.bytes, r.bytes) AS bytes, c.document, c.hash, c.manifest,
         $4::bigint + octet_length(coalesce(c.bytes, r.bytes)) AS total
  FROM entry e
  LEFT JOIN change c ON e.kind = 'change' AND c.id = e.ref
  LEFT JOIN reference r ON e.kind = 'reference' AND r.id = e.ref
  WHERE e.scope = $1::bigint AND e.seq = $2::bigint
UNION ALL
  SELECT e.seq, e.link, e.received, e.kind, coalesce(c.bytes, r.bytes), c.document, c.hash, c.manifest,
         p.total + $4::bigint + octet_length(coalesce(c.bytes, r.bytes))
  FROM page p
  JOIN entry e ON e.scope = $1::bigint AND e.seq = p.seq + 1
  LEFT JOIN change c ON e.kind = 'change' AND c.id = e.ref
  LEFT JOIN reference r ON e.kind = 'reference' AND r.id = e.ref
  WHERE p.total + $4::bigint + octet_length(coalesce(c.bytes, r.bytes)) <= $3::bigint
)
SELECT p.seq, p.link, p.received, p.kind, p.bytes, p.document, p.hash, m.hash
FROM page p LEFT JOIN manifest m ON m.id = p.manifest ORDER BY p.seq
