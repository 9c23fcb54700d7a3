//! What the log says beside work and reference data: that a document was erased, that it was taken back out of a scope.
//!
//! On the wire a note is a number for its kind and bytes, and the chain covers exactly these. So a device of an earlier
//! version follows the chain over kinds that it does not know, and keeps their bytes until it is updated.

use crate::keys::{PublicKey, Purpose, SecretKey, Signature};
use sanben_document::{decode, encode};
use sanben_domain::id::DocumentId;
use sanben_domain::rights::Scope;
use sanben_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

/// The smallest number of a kind of note: those below are changes and reference data.
pub const FIRST_NOTE: u8 = 3;
const ERASE: u8 = 3;
const DOC_OUT: u8 = 4;

/// What a note says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// A document was erased: its bytes are gone from the log, and go wherever this is read.
    Erase(Erasure),
    /// A document was taken back out of the scope in whose log this stands.
    DocOut {
        /// The document.
        document: DocumentId,
    },
    /// A note of a later version.
    Later {
        /// Its kind.
        kind: u8,
        /// Its bytes.
        body: Vec<u8>,
    },
}

/// A note where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted {
    /// The scope.
    pub scope: Scope,
    /// Its number there.
    pub seq: u64,
    /// When the server made it durable.
    pub received: Timestamp,
    /// What it says.
    pub note: Note,
}

/// How many of these say that something was erased.
#[must_use]
pub fn erasures(notes: &[Noted]) -> u64 {
    notes.iter().filter(|noted| matches!(noted.note, Note::Erase(_))).count() as u64
}

/// The server's word that a document was erased. Whoever has it can prove it to that server, should its log ever be put
/// back to a state from before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erasure {
    /// The document.
    pub document: DocumentId,
    /// When it was erased.
    pub at: Timestamp,
    /// The server's signature over both.
    pub signature: Signature,
}

impl Erasure {
    /// The word of the server that has this key.
    #[must_use]
    pub fn sign(document: DocumentId, at: Timestamp, key: &SecretKey) -> Self {
        Self { document, at, signature: key.sign(Purpose::Erasure, &encode(&(document, at))) }
    }

    /// Whether the server gave this word.
    #[must_use]
    pub fn verify(&self, key: &PublicKey) -> bool {
        key.verify(Purpose::Erasure, &encode(&(self.document, self.at)), &self.signature)
    }
}

#[derive(Serialize, Deserialize)]
struct Out {
    document: DocumentId,
}

impl Note {
    /// Kind and bytes, as they travel and as the chain covers them.
    #[must_use]
    pub fn written(&self) -> (u8, Vec<u8>) {
        match self {
            Self::Erase(erasure) => (ERASE, encode(erasure)),
            Self::DocOut { document } => (DOC_OUT, encode(&Out { document: *document })),
            Self::Later { kind, body } => (*kind, body.clone()),
        }
    }

    /// Reads a note; `None` when it is no note, or is said to be of a known kind and cannot be read as one.
    #[must_use]
    pub fn read(kind: u8, body: &[u8]) -> Option<Self> {
        match kind {
            ..FIRST_NOTE => None,
            ERASE => decode(body).map(Self::Erase),
            DOC_OUT => decode(body).map(|Out { document }| Self::DocOut { document }),
            _ => Some(Self::Later { kind, body: body.to_vec() }),
        }
    }

    /// Reads a note that came from outside.
    ///
    /// # Errors
    /// What is forged: no note can be read there, or it speaks of an erasure without the word of the server that has
    /// this key.
    pub fn told(kind: u8, body: &[u8], key: &PublicKey) -> Result<Self, &'static str> {
        match Self::read(kind, body).ok_or("an unreadable note")? {
            Self::Erase(erasure) if !erasure.verify(key) => Err("an erasure's signature"),
            note => Ok(note),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_read_as_they_were_written_and_later_ones_byte_for_byte() {
        let key = SecretKey::from_seed([1; 32]);
        let document = DocumentId::from_random([7; 16]);
        let erasure = Erasure::sign(document, Timestamp(5), &key);
        assert!(erasure.verify(&key.public()));
        assert!(!Erasure { at: Timestamp(6), ..erasure.clone() }.verify(&key.public()));
        assert!(!erasure.verify(&SecretKey::from_seed([2; 32]).public()));
        let later = Note::Later { kind: 200, body: vec![0xff, 0, 1] };
        for note in [Note::Erase(erasure), Note::DocOut { document }, later] {
            let (kind, body) = note.written();
            assert_eq!(Note::read(kind, &body), Some(note));
        }
        for kind in 0..FIRST_NOTE {
            assert_eq!(Note::read(kind, &[]), None, "those are no notes");
        }
        assert_eq!(Note::read(ERASE, b"?"), None);
    }

    #[test]
    fn only_the_servers_own_word_erases() {
        let key = SecretKey::from_seed([1; 32]);
        let document = DocumentId::from_random([7; 16]);
        let told = |key: &SecretKey, by: &SecretKey| {
            let (kind, body) = Note::Erase(Erasure::sign(document, Timestamp(5), by)).written();
            Note::told(kind, &body, &key.public()).is_ok()
        };
        assert!(told(&key, &key));
        assert!(!told(&key, &SecretKey::from_seed([2; 32])));
        let (kind, body) = Note::DocOut { document }.written();
        assert_eq!(Note::told(kind, &body, &key.public()), Ok(Note::DocOut { document }));
    }
}
