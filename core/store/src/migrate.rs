//! Numbered migrations, each applied once, in one transaction with the number it reaches.

use crate::error::StoreError;
use rusqlite::{Connection, TransactionBehavior};

/// "SANB": this file is a store of ours and of nobody else.
const APPLICATION: i64 = 0x5341_4E42;

const MIGRATIONS: &[&str] = &[
    include_str!("migrations/001_truth.sql"),
    include_str!("migrations/002_sharing.sql"),
    include_str!("migrations/003_review.sql"),
    include_str!("migrations/004_photos.sql"),
    include_str!("migrations/005_mailbag.sql"),
    include_str!("migrations/006_lives.sql"),
    include_str!("migrations/007_handed_on.sql"),
    include_str!("migrations/008_gone.sql"),
    include_str!("migrations/009_saved.sql"),
    include_str!("migrations/010_unscoped.sql"),
    include_str!("migrations/011_set_aside.sql"),
    include_str!("migrations/012_told.sql"),
    include_str!("migrations/013_matter_draft.sql"),
];

/// The version this program writes.
pub(crate) fn known() -> u32 {
    u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX)
}

/// Brings a file to the known version. A fresh one becomes a store.
pub(crate) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let found: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let application: i64 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tables: u32 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let fresh = application == 0 && found == 0 && tables == 0;
    if !fresh && application != APPLICATION {
        return Err(StoreError::Corrupt("the file is not a store of this program".to_owned()));
    }
    if found > known() {
        return Err(StoreError::Newer { found, known: known() });
    }
    if found == known() {
        return Ok(());
    }
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for migration in MIGRATIONS.iter().skip(usize::try_from(found).unwrap_or(usize::MAX)) {
        tx.execute_batch(migration)?;
    }
    tx.pragma_update(None, "application_id", APPLICATION)?;
    tx.pragma_update(None, "user_version", known())?;
    tx.commit()?;
    Ok(())
}
