-- Whether the server said so since stores note which scope brought a document: of older work nothing can be concluded
-- from a log that does not bring it.
ALTER TABLE unscoped ADD COLUMN told INTEGER NOT NULL DEFAULT 0;
