-- A mailbag that the server could not open: device clock, ms. It is not handed in again unless somebody brings it again.
ALTER TABLE mailbag ADD COLUMN refused INTEGER;
-- An original that was dropped here and that the server, whose log was restored since, does not have any more: device clock, ms.
ALTER TABLE photo ADD COLUMN gone INTEGER;
