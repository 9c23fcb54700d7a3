//! How photos travel: by their hash, after the metadata, each on its own.
//!
//! Below [`PHOTO_PATH`] lies a photo by its hash, as one of three [`Picture`]s:
//!
//! - The original is what the hash covers. Who cites it delivers it: `POST` asks where to go on and `PUT` with
//!   the header [`crate::wire::OFFSET_HEADER`] appends a piece; both answer with a [`PhotoStanding`]. An empty
//!   piece at its end says that this is all, where the document does not say how large the photo is. When the
//!   server has the bytes from somebody else, the standing holds a [`Challenge`] instead, and `POST` with the
//!   [`Proof`] takes the place of sending them.
//! - The rendition is made by the server and says nothing of place, time and camera.
//! - The thumbnail comes ahead of the original, in one `PUT`, for one document, from whoever cited the photo
//!   there, who vouches for it as for the words beside it. Once the original is there, the server's own takes
//!   its place.
//!
//! `GET` gives a piece of a picture from an offset on; a piece shorter than [`MAX_PIECE_BYTES`] is the last.
//! `POST` to [`PHOTO_PATH`] itself, with up to [`MAX_ASKED`] hashes, asks which photos have arrived
//! ([`Arrival`]).
//!
//! A hash is no permission. It opens a photo only through a document that the reader may see, and only once
//! whoever cited it there has shown that they have the bytes: otherwise citing a hash seen somewhere would be
//! enough to get the photo.

use crate::wire::PHOTO_PATH;
use sanben_domain::id::{DeviceId, DocumentId, PhotoHash};
use sanben_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;

/// No photo is larger, bytes.
pub const MAX_PHOTO_BYTES: u64 = 40 * 1024 * 1024;
/// No piece of a photo is larger, bytes.
pub const MAX_PIECE_BYTES: usize = 1024 * 1024;
/// No thumbnail is larger, bytes.
pub const MAX_THUMBNAIL_BYTES: usize = 64 * 1024;
/// A server's reason for refusing a photo: no accepted work of the caller's cites it.
pub const NOT_CITED: &str = "not-cited";
/// No more photos are asked for at once.
pub const MAX_ASKED: usize = 24;

const RENDITION: &str = "rendition";
const THUMBNAIL: &str = "thumbnail";

/// One of the pictures of a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Picture {
    /// The bytes that the hash covers.
    Original,
    /// The same picture without what the camera wrote beside it.
    Rendition,
    /// A small one, as one document shows it.
    Thumbnail(ShownIn),
}

/// A document as the path of a thumbnail names it: paths end up in the logs of clients and proxies, where no
/// document belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShownIn([u8; 16]);

impl ShownIn {
    /// The name of a document beside a photo: the first 16 bytes of SHA-256 over both.
    #[must_use]
    pub fn of(document: DocumentId, photo: PhotoHash) -> Self {
        let name = Sha256::new()
            .chain_update(b"sanben thumbnail 1\0")
            .chain_update(photo.0)
            .chain_update(document.0.as_bytes())
            .finalize();
        Self(name.first_chunk().copied().unwrap_or_default())
    }

    fn parse(text: &str) -> Option<Self> {
        u128::from_str_radix(text, 16).ok().map(|name| Self(name.to_be_bytes()))
    }
}

impl fmt::Display for ShownIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

impl Picture {
    /// Where it lies.
    #[must_use]
    pub fn path(self, photo: PhotoHash) -> String {
        match self {
            Self::Original => format!("{PHOTO_PATH}{photo}"),
            Self::Rendition => format!("{PHOTO_PATH}{photo}/{RENDITION}"),
            Self::Thumbnail(shown_in) => format!("{PHOTO_PATH}{photo}/{THUMBNAIL}/{shown_in}"),
        }
    }

    /// Which one lies at a path; `None` when there is none. Only the one spelling that we write is read.
    #[must_use]
    pub fn at(path: &str) -> Option<(PhotoHash, Self)> {
        let mut parts = path.strip_prefix(PHOTO_PATH)?.split('/');
        let photo: PhotoHash = parts.next()?.parse().ok()?;
        let picture = match (parts.next(), parts.next()) {
            (None, None) => Self::Original,
            (Some(RENDITION), None) => Self::Rendition,
            (Some(THUMBNAIL), Some(name)) => Self::Thumbnail(ShownIn::parse(name)?),
            _ => return None,
        };
        (picture.path(photo) == path).then_some((photo, picture))
    }
}

/// How much of a photo the server holds from this person: the answer to `POST` and `PUT` of an original. Signed
/// like every answer, a complete one is the receipt for this very hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhotoStanding {
    /// The photo.
    pub hash: PhotoHash,
    /// The next byte to send.
    pub offset: u64,
    /// It arrived whole and its hash fits.
    pub complete: bool,
    /// When it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received: Option<Timestamp>,
    /// The bytes are there from somebody else: send the [`Proof`] that they are here too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub challenge: Option<Challenge>,
}

/// What a proof of possession is made over, so that it cannot be taken from elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Challenge(#[serde(with = "serde_bytes")] pub [u8; 32]);

impl Challenge {
    /// The challenge to a device about a photo, out of a secret that only the server has. It needs no memory:
    /// a proof helps nobody but this device, which could not have made it without the bytes.
    #[must_use]
    pub fn to(device: DeviceId, photo: PhotoHash, secret: &[u8; 32]) -> Self {
        let key = Sha256::new().chain_update(b"sanben photo challenge 1\0").chain_update(secret).finalize();
        let over = Sha256::new().chain_update(key).chain_update(device.0.as_bytes()).chain_update(photo.0);
        Self(Sha256::new().chain_update(key).chain_update(over.finalize()).finalize().into())
    }
}

/// SHA-256 over a challenge and the bytes of a photo: who has only the photo's hash cannot make it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Proof(#[serde(with = "serde_bytes")] pub [u8; 32]);

/// Makes a [`Proof`], piece by piece.
#[derive(Clone)]
pub struct Prover(Sha256);

impl std::fmt::Debug for Prover {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Prover")
    }
}

impl Prover {
    /// Begins.
    #[must_use]
    pub fn new(challenge: &Challenge) -> Self {
        Self(Sha256::new().chain_update(b"sanben photo proof 1\0").chain_update(challenge.0))
    }

    /// Goes on with the next bytes of the photo.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The proof over everything so far.
    #[must_use]
    pub fn finish(self) -> Proof {
        Proof(self.0.finalize().into())
    }
}

/// What has arrived of a photo that the reader may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrival {
    /// The photo.
    pub hash: PhotoHash,
    /// When it was whole; `None` while it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received: Option<Timestamp>,
}
