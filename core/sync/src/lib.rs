//! Sync without I/O: what travels, who signed it, how a log is chained, and what each side does with it.
//!
//! One round trip carries everything: the device sends where it stands and its signed batches; the server
//! answers with a verdict per change, the entries after each cursor, and signed heads. Data, verdicts and
//! cursors are applied together, so that resuming and retrying need no protocol of their own: a request
//! sent twice has no second effect. Nothing in this crate opens a socket, reads a clock or a file.
//!
//! - [`wire`]: the messages, as CBOR in a small frame ([`frame`]).
//! - [`keys`], [`manifest`]: what the device signs; work is judged by its author, not by who delivers it.
//! - [`chain`]: how a scope's log is chained and signed, so that a rolled-back or edited log is seen.
//! - [`note`]: what the log says beside work: erased, taken back.
//! - [`device`]: the device's side: make a request, check an answer.
//! - [`judge`]: the server's side: may this change enter?
//! - [`enrol`]: a short code gives a device its key, its certificate and the server's name.
//! - [`bundle`]: beginning with a bundle instead of every entry.
//! - [`photo`]: how photos travel, apart from all that.
//! - [`mailbag`]: work carried by hand.
//! - [`handover`]: handing it to another device in the same network.
//! - [`poke`]: the word that it is time to sync.
//! - [`pace`]: how much to ask for and when to try again on a bad network.

pub mod bundle;
pub mod chain;
pub mod device;
pub mod enrol;
pub mod frame;
pub mod handover;
pub mod judge;
pub mod keys;
pub mod mailbag;
pub mod manifest;
pub mod note;
pub mod pace;
pub mod photo;
pub mod poke;
pub mod recovery;
mod shorten;
pub mod wire;
