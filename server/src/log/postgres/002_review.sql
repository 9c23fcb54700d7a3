-- Work that was allowed when its author acted and not any more when it arrived.
CREATE TABLE review (
  id        bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  change    bytea NOT NULL UNIQUE,
  device    uuid NOT NULL,
  manifest  bytea NOT NULL,
  bytes     bytea NOT NULL,
  why       bytea NOT NULL,
  arrived   bigint NOT NULL,
  -- What a person decided; all three or none.
  accepted  boolean,
  reason    text,
  decided   bigint
);
