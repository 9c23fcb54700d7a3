//! CBOR for entries and intents, with small limits: these bytes come from other people's devices.

use serde::{Serialize, de::DeserializeOwned};

/// Entries nest no deeper than this.
const MAX_NESTING: usize = 32;

/// The bytes of a value. Writing to memory cannot fail for our own types.
#[must_use]
#[expect(clippy::expect_used, reason = "a Vec never refuses bytes and our types hold no unserialisable maps")]
pub fn encode<T: Serialize>(value: &T) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(128);
    ciborium::into_writer(value, &mut bytes).expect("CBOR into memory");
    bytes
}

/// The value in the bytes; `None` when they are not exactly one such value.
#[must_use]
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    let mut rest = bytes;
    let value = ciborium::de::from_reader_with_recursion_limit(&mut rest, MAX_NESTING).ok()?;
    rest.is_empty().then_some(value)
}
