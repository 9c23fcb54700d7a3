//! The key of an encrypted store, and what is derived of it: one key for the database, one for each file beside it,
//! one for their names.

use hkdf::Hkdf;
use sanben_domain::id::PhotoHash;
use sha2::Sha256;
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// 32 random bytes that open one store. They are wiped from memory when dropped, never printed and never written
/// down as they are.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct StoreKey([u8; 32]);

impl fmt::Debug for StoreKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StoreKey")
    }
}

impl StoreKey {
    /// From 32 bytes of the caller's randomness, or as unwrapped.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes, to be wrapped.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The database's own key as SQLCipher takes it: 64 hexadecimal digits that are the key, not a passphrase.
    #[cfg(feature = "encrypted")]
    pub(crate) fn literal(&self) -> Zeroizing<String> {
        use std::fmt::Write;
        let mut text = Zeroizing::new(String::with_capacity(80));
        text.push_str("x'");
        for byte in self.derive(&[b"database"]).iter() {
            // Writing into a string does not fail.
            let _ = write!(text, "{byte:02x}");
        }
        text.push('\'');
        text
    }

    /// The statement that opens it.
    #[cfg(feature = "encrypted")]
    pub(crate) fn pragma(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(96));
        text.push_str("PRAGMA key = \"");
        text.push_str(&self.literal());
        text.push('"');
        text
    }

    /// The key of one file of a photo.
    pub(crate) fn of_file(&self, what: &str, hash: PhotoHash) -> Zeroizing<[u8; 32]> {
        self.derive(&[b"file", what.as_bytes(), &hash.0])
    }

    /// The name of a photo's files: nobody can ask the folder whether it holds a picture that they have too.
    pub(crate) fn name_of(&self, hash: PhotoHash) -> PhotoHash {
        PhotoHash(*self.derive(&[b"name", &hash.0]))
    }

    fn derive(&self, info: &[&[u8]]) -> Zeroizing<[u8; 32]> {
        let mut out = Zeroizing::new([0; 32]);
        let parts: Vec<&[u8]> =
            [b"sanben store 1 ".as_slice()].into_iter().chain(info.iter().copied()).collect();
        // HKDF refuses only more than 8,160 bytes.
        let _ = Hkdf::<Sha256>::new(None, &self.0).expand_multi_info(&parts, out.as_mut_slice());
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_use_has_a_key_of_its_own_and_none_is_printed() {
        let (key, other) = (StoreKey::new([7; 32]), StoreKey::new([8; 32]));
        let (one, two) = (PhotoHash([1; 32]), PhotoHash([2; 32]));
        assert_ne!(key.of_file("a", one), key.of_file("a", two));
        assert_ne!(key.of_file("a", one), key.of_file("b", one));
        assert_ne!(key.of_file("a", one), other.of_file("a", one));
        assert_ne!(key.name_of(one), other.name_of(one));
        assert_ne!(key.name_of(one), one);
        assert_eq!(format!("{key:?}"), "StoreKey");
    }
}
