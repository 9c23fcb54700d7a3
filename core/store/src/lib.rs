//! SQLite store of a replica: documents, outbox, read model, cursors, photos.
