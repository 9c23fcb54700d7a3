//! Documents: the Automerge mapping of cases, patrols, contacts and matters, the intents that change them, and the guard
//! that decides whether a foreign change may touch one. This is the only crate that knows automerge;
//! its API changes often and none of it shows outside.
//!
//! What is edited in the field is one document each. All its containers are created in its first change
//! and none is ever added later (of two devices adding the same container one side would vanish). Below
//! the root lie registers (scalars) and two maps of immutable entries, `events` and `photos`, whose
//! values are CBOR bytes: an entry of a later version survives here byte for byte.
//!
//! - [`Intent`]: what a person meant, stored beside the change so that it can be run again.
//! - [`Document`]: apply intents and accepted changes, read the [`Record`] out.
//! - [`admit`]: the judge's look into a foreign change, from its decoded operations, never from claims.

mod admit;
mod change;
mod cited;
mod codec;
mod content;
mod document;
mod intent;
mod save;

pub use admit::{Admitted, Effects, MAX_CHANGE_BYTES, MAX_DEPENDENCIES, NewEvent, Refusal, admit};
pub use change::{Actor, ChangeHash, ChangeHeader, LocalChange};
pub use cited::cited;
pub use codec::{decode, encode};
pub use content::{Kind, Record};
pub use document::{Document, DocumentError};
pub use intent::{Intent, IntentBody, MatterHeader};
