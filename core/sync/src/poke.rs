//! Pokes: how a device learns that it is time to sync. A poke says "sync" and nothing else, so it needs neither
//! order nor memory: one that is lost costs a wait, one too many an empty round trip.
//!
//! `GET` below [`POKE_PATH`], with the digest of the cursors that the server handed out last, is held open until
//! something came into a scope that the device's person holds, at most [`HELD_MS`]; the signed answer is a
//! [`Poked`]. Whose cursors the server does not remember is told to sync at once.

use serde::{Deserialize, Serialize};
use std::fmt::Write;

/// Below it lies the digest of a device's cursors, 32 hexadecimal digits.
pub const POKE_PATH: &str = "/v1/poke/";
/// A question is held open about so long, ms: less than what lies between (mobile networks, proxies) bears
/// silence.
pub const HELD_MS: u64 = 50_000;

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Poked {
    /// There is something to sync.
    pub sync: bool,
}

/// The path for a digest ([`crate::device::Standing::digest`]).
#[must_use]
pub fn path(digest: &[u8]) -> String {
    digest.iter().fold(POKE_PATH.to_owned(), |mut path, byte| {
        // Writing into a string does not fail.
        let _ = write!(path, "{byte:02x}");
        path
    })
}
