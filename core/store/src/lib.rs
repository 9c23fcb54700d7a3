//! The SQLite store of one replica: documents, outbox, read model, reference data, cursors, photos.
//!
//! A device keeps what its person recorded here before anything else happens; the server keeps one more
//! replica of the same shape per tenant, disposable, filled by [`Store::apply_log`]. The truth is the
//! change rows of the documents, the outbox and the reference rows; everything that is asked on site
//! (lists, search, ledgers, nearby) is a *projection* of them, can be thrown away and is made again from
//! documents when its form changes. Questions never load a document.
//!
//! - [`Store::open`], [`Store::suspend`]: one process, one writer, a few readers beside it.
//! - [`Store::record`]: intents become changes, outbox rows and list rows in one durable transaction.
//! - [`Store::pending`], [`Store::apply`]: the two halves of a round trip; an answer is applied whole or
//!   not at all, and what the server rejected waits in [`Store::needs_attention`].
//! - [`Encrypting`]: from a store that lies open to an encrypted one.
//! - [`salvage`]: what a damaged file still holds of the outbox. A damaged file is never replaced.

mod album;
mod arrive;
mod asked;
mod attention;
mod bundle;
mod case_words;
mod cases;
mod columns;
mod connection;
mod contacts;
mod dangling;
mod draft;
mod encrypt;
mod error;
mod files;
mod gone;
mod handed_on;
mod hot;
mod identity;
mod initials;
mod installation;
mod key;
mod life;
mod mailbag;
mod matter_draft;
mod matters;
mod merging;
mod migrate;
mod nearby;
mod outbox;
mod page;
mod patrols;
mod photos;
mod project;
mod purge;
mod record;
mod reference;
mod resting;
mod salvage;
mod scored;
mod seal;
mod store;
mod words;
mod writing;

#[cfg(test)]
mod tests;

pub use album::{Dropped, Held, Whereabouts};
pub use arrive::Quarantined;
pub use attention::{Attention, Discarded};
pub use bundle::{Begun, Examined, Packed};
pub use cases::{CasePage, MAX_PAGE};
pub use cases::{CaseQuery, CaseRow, CaseSummary, Delivery, Order, PageToken, RecordFilter};
pub use contacts::ContactRow;
pub use draft::{Draft, DraftField};
pub use encrypt::{Encrypting, is_sealed, settle};
pub use error::StoreError;
pub use files::Fetched;
pub use handed_on::HandedOn;
pub use identity::StoredIdentity;
pub use initials::found_in;
pub use key::StoreKey;
pub use mailbag::Mailbag;
pub use matter_draft::MatterDraft;
pub use matters::{MatterPage, MatterQuery, MatterRow, MatterSummary, MatterToken};
pub use outbox::{Counts, OutboxId, OutboxRow, OutboxState};
pub use patrols::{PatrolQuery, PatrolRow};
pub use photos::{PhotoRow, Upload};
pub use record::Recorded;
pub use resting::Compacted;
pub use salvage::{Salvaged, photo_in, salvage, salvage_encrypted, salvaged_photo};
pub use store::{Changed, Options, Store, VAULT};
