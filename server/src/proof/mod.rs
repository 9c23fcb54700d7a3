//! A log that leaves the house: one file with everything that was accepted, and a check of it by somebody who
//! has only that file and the server's public key.
//!
//! The file is a line of text and then records, each with its length in front: whose log it is, the devices
//! with their keys, scope by scope the entries with their links and the manifests that brought them, the
//! signed head of each scope, and an end that the server has signed over all bytes before it. [`check`] reads
//! them in this order, keeps nothing but hashes, and stops at the first thing that does not hold.

mod check;
mod export;

pub use check::{Mismatch, Proof, check};
pub use export::ExportError;

use sanben_domain::id::{DeviceId, Epoch, PersonId, TenantId};
use sanben_domain::rights::Scope;
use sanben_domain::time::Timestamp;
use sanben_sync::chain::{Link, SignedHead};
use sanben_sync::keys::{PublicKey, Purpose, SecretKey, Signature};
use sanben_sync::wire::Entry;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

/// What such a file begins with.
const FIRST_LINE: &[u8] = b"sanben log 1\n";
/// No record is longer, bytes: none was ever written.
const MAX_RECORD: usize = 16 * 1024 * 1024;

/// One record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Record {
    /// Whose log, once, first.
    Life { epoch: Epoch, server: PublicKey, tenant: Option<TenantId>, made: Timestamp },
    /// A device that was ever enrolled.
    Device { id: DeviceId, key: PublicKey, person: PersonId, enrolled: Timestamp, revoked: Option<Timestamp> },
    /// A row of the desk's trail, and the chain after it; all of them, before the first scope.
    Deed { seq: u64, link: Link, bytes: ByteBuf },
    /// A manifest as it was signed, before the first entry that it brought.
    Manifest { bytes: ByteBuf, signature: Signature },
    /// From here on entries are of this scope.
    Scope { scope: Scope },
    /// An entry, and the chain after it. A change that came before, in another scope, is an echo.
    Entry { entry: Entry, link: Link },
    /// The end of the scope.
    Head { head: SignedHead },
    /// The end of the file: the server's signature over everything before it.
    End { signature: Signature },
}

/// What the server signs at the end of a file. No head of a scope has this form.
fn seal(epoch: Epoch, digest: [u8; 32]) -> Vec<u8> {
    sanben_document::encode(&("sanben export 1", epoch, ByteBuf::from(digest)))
}

fn sign(key: &SecretKey, epoch: Epoch, digest: [u8; 32]) -> Signature {
    key.sign(Purpose::Head, &seal(epoch, digest))
}

fn sealed(key: &PublicKey, epoch: Epoch, digest: [u8; 32], signature: &Signature) -> bool {
    key.verify(Purpose::Head, &seal(epoch, digest), signature)
}
