-- One journey to the database: the change, and its entry in every scope that its document is in.
WITH added AS (
  INSERT INTO change (hash, document, actor, actor_seq, manifest, seq, bytes)
  VALUES ($1, $2, $3, $4, (SELECT id FROM manifest WHERE hash = $5), $6, $7)
  RETURNING id
)
INSERT INTO entry (scope, seq, link, received, kind, ref)
SELECT e.scope, e.seq, e.link, $8, $9, added.id
FROM added, unnest($10::bigint[], $11::bigint[], $12::bytea[]) AS e (scope, seq, link)
