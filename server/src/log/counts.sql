SELECT
  (SELECT count(*) FROM scope),
  (SELECT CAST(coalesce(sum(seq), 0) AS bigint) FROM scope),
  (SELECT count(*) FROM change),
  (SELECT count(DISTINCT document) FROM change),
  (SELECT count(DISTINCT change) FROM rejection),
  (SELECT count(*) FROM device WHERE revoked IS NULL),
  (SELECT count(*) FROM photo WHERE received IS NOT NULL),
  (SELECT count(DISTINCT c.photo) FROM citation c
   LEFT JOIN photo p ON p.hash = c.photo WHERE p.received IS NULL)
