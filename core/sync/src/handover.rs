//! Handing a mailbag to a device that takes it along, over a local network without internet.
//!
//! The carrier shows an address that ends in a code of eight letters and digits, to be typed or scanned. Whoever
//! brings a mailbag shows with a `Proof` that they know the code and the key of the server that both are enrolled
//! with, and the carrier's answer shows the same: neither goes over the network. The mailbag itself is sealed to
//! the server ([`crate::mailbag`]), so that nobody in between reads it.

use crate::enrol::{ALPHABET, plain};
use crate::keys::PublicKey;
use sanben_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;
use std::str::FromStr;

/// Mailbags are handed over by `POST` at this path; the answer is [`Taken`].
pub const HANDOVER_PATH: &str = "/v1/carry";
/// Header with the fingerprint of the server's key that a mailbag is for, in hexadecimal.
pub const FOR_HEADER: &str = "sanben-for";
/// Header with the `Proof`, in hexadecimal.
pub const PROOF_HEADER: &str = "sanben-proof";
/// A mailbag that is handed over is never larger, bytes.
pub const MAX_HANDED_BYTES: usize = 1024 * 1024;

const LETTERS: usize = 8;

/// What the carrier shows beside its address: 40 random bits, for as long as it collects.
#[derive(Clone, PartialEq, Eq)]
pub struct HandoverCode(String);

impl HandoverCode {
    /// A code from the caller's randomness.
    #[must_use]
    pub fn new(random: [u8; LETTERS]) -> Self {
        Self(crate::enrol::letters(&random))
    }
}

impl fmt::Display for HandoverCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, second) = self.0.split_at(LETTERS / 2);
        write!(f, "{first}-{second}")
    }
}

impl fmt::Debug for HandoverCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HandoverCode")
    }
}

/// The text is no address of a carrier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an address of a carrier: it looks like http://192.168.1.20:7302/#ABCD-EFGH")]
pub struct BadAddress;

/// Where a carrier collects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// `http://192.168.1.20:7302`.
    pub base: String,
    /// The code.
    pub code: HandoverCode,
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/#{}", self.base, self.code)
    }
}

impl FromStr for Address {
    type Err = BadAddress;

    fn from_str(text: &str) -> Result<Self, BadAddress> {
        let (base, code) = text.trim().split_once('#').ok_or(BadAddress)?;
        let base = base.trim_end_matches('/');
        let host = base.strip_prefix("http://").ok_or(BadAddress)?;
        let code = plain(code);
        let valid = !host.is_empty()
            && !host.contains('/')
            && code.len() == LETTERS
            && code.bytes().all(|byte| ALPHABET.contains(&byte));
        if valid { Ok(Self { base: base.to_owned(), code: HandoverCode(code) }) } else { Err(BadAddress) }
    }
}

/// Which way a proof goes: one is never good for the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// The mailbag.
    There,
    /// The carrier's answer.
    Back,
}

/// That somebody knows the code and the server's key, for these very bytes.
#[must_use]
pub fn proof(code: &HandoverCode, server: &PublicKey, way: Way, body: &[u8]) -> [u8; 32] {
    let way: &[u8] = match way {
        Way::There => b"there",
        Way::Back => b"back",
    };
    // Of fixed lengths all through: nothing can be appended.
    let key = Sha256::new()
        .chain_update(b"sanben handover 1\n")
        // The key itself, and not its fingerprint, which everybody in the network may read.
        .chain_update(&server.0)
        .chain_update(code.0.as_bytes())
        .finalize();
    Sha256::new()
        .chain_update(key)
        .chain_update(Sha256::digest(way))
        .chain_update(Sha256::digest(body))
        .finalize()
        .into()
}

/// Whether two proofs are the same, in a time that does not say how far.
#[must_use]
pub fn same(one: &[u8; 32], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

/// The receipt: the carrier has the mailbag. It says nothing of the work in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// SHA-256 of the mailbag.
    #[serde(with = "serde_bytes")]
    pub hash: [u8; 32],
    /// It was not there before.
    pub new: bool,
    /// When, by the carrier's clock.
    pub at: Timestamp,
}

/// Why a carrier does not take a mailbag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum NotTaken {
    /// The code is another one, or was of an earlier day.
    #[error("the carrier has another code: type or scan the address as it is shown now")]
    WrongCode,
    /// The carrier is enrolled with another server.
    #[error("the carrier belongs to another server: find one of your own tenant")]
    AnotherServer,
    /// It has taken as many or as much as it can.
    #[error("the carrier is full until it has delivered: find another one, or wait")]
    Full,
    /// Too often in a short time.
    #[error("the carrier is asked too often: try again in a minute")]
    TooOften,
    /// The mailbag is too large.
    #[error("the mailbag is too large for a carrier: export it to a file")]
    TooLarge,
    /// What came is no mailbag.
    #[error("the carrier did not understand: update both programs")]
    Malformed,
}

impl NotTaken {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::WrongCode, Self::AnotherServer, Self::Full, Self::TooOften, Self::TooLarge, Self::Malformed];

    /// Its name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::WrongCode => "wrong-code",
            Self::AnotherServer => "another-server",
            Self::Full => "full",
            Self::TooOften => "too-often",
            Self::TooLarge => "too-large",
            Self::Malformed => "malformed",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::SecretKey;

    #[test]
    fn an_address_survives_being_read_aloud() {
        let address =
            Address { base: "http://192.168.1.20:7302".to_owned(), code: HandoverCode::new([7; 8]) };
        assert_eq!(address.to_string().parse(), Ok(address.clone()));
        let spoken = "http://192.168.1.20:7302#7777 7777";
        assert_eq!(spoken.parse(), Ok(address));
        for text in [
            "",
            "http://10.0.0.1:1",
            "https://10.0.0.1:1/#7777-7777",
            "http://a/b/#7777-7777",
            "http:///#77777777",
        ] {
            assert_eq!(text.parse::<Address>(), Err(BadAddress), "{text}");
        }
    }

    #[test]
    fn a_proof_is_for_one_code_one_server_one_way_and_these_bytes() {
        let (code, other) = (HandoverCode::new([1; 8]), HandoverCode::new([2; 8]));
        let [server, another] = [[1; 32], [2; 32]].map(|seed| SecretKey::from_seed(seed).public());
        let held = proof(&code, &server, Way::There, b"bag");
        assert!(same(&held, &proof(&code, &server, Way::There, b"bag")));
        for wrong in [
            proof(&other, &server, Way::There, b"bag"),
            proof(&code, &another, Way::There, b"bag"),
            proof(&code, &server, Way::Back, b"bag"),
            proof(&code, &server, Way::There, b"bags"),
        ] {
            assert!(!same(&held, &wrong));
        }
        assert!(!same(&held, b"short"));
    }
}
