//! The frame around every body: one byte that says how it is packed, then CBOR, its ids written short
//! (`shorten`) and deflated with zstd where that is shorter. Reading is capped before anything is inflated.
//!
//! Ids, hashes and signatures do not deflate, and an answer to work names again what its question named: where the
//! question says that this is read, the answer is deflated with the question before it, as if it went on there.

use crate::shorten::{shorten, written_out};
use crate::wire::MAX_MESSAGE_BYTES;
use serde::{Serialize, de::DeserializeOwned};
use std::borrow::Cow;
use std::io::Read;

const PLAIN: u8 = 0;
const ZSTD: u8 = 1;
const AFTER: u8 = 2;
/// The same two with ids written short.
const SHORT: u8 = 3;
const SHORT_AFTER: u8 = 4;
/// Below this a zstd frame's own header eats the gain.
const WORTH_PACKING: usize = 120;
const LEVEL: i32 = 3;
/// Messages nest no deeper than this.
const MAX_NESTING: usize = 32;
/// No message has more parts (CBOR data items) than this. An empty string takes a byte on the line and thirty in memory.
const MAX_PARTS: usize = 1 << 19;

/// Why a body could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// Longer than allowed, packed or unpacked.
    #[error("message is larger than allowed")]
    TooLarge,
    /// Not a message of ours.
    #[error("message is damaged or of another program")]
    Damaged,
}

/// Packs a message.
#[must_use]
pub fn pack<T: Serialize>(message: &T) -> Vec<u8> {
    pack_at(message, LEVEL)
}

/// Packs a message at another level of zstd: higher for what is packed once and sent to many.
#[must_use]
pub fn pack_at<T: Serialize>(message: &T, level: i32) -> Vec<u8> {
    let plain = sanben_document::encode(message);
    if plain.len() >= WORTH_PACKING {
        let short = shorten(&plain);
        let (how, text) = if short.len() < plain.len() { (SHORT, &short) } else { (ZSTD, &plain) };
        if let Ok(packed) = zstd::bulk::compress(text, level)
            && packed.len() < plain.len()
        {
            return framed(how, &packed);
        }
    }
    framed(PLAIN, &plain)
}

/// Packs an answer to a question with this body, for whoever reads that ([`unpack_after`]).
#[must_use]
pub fn pack_after<T: Serialize>(message: &T, question: &[u8]) -> Vec<u8> {
    let plain = sanben_document::encode(message);
    let Ok(question) = opened(question, MAX_MESSAGE_BYTES) else { return pack(message) };
    let short = shorten(&plain);
    let after = |question: &[u8], text: &[u8]| {
        zstd::bulk::Compressor::with_dictionary(LEVEL, question).ok()?.compress(text).ok()
    };
    let (how, packed) = if short.len() < plain.len() {
        (SHORT_AFTER, after(&shorten(&question), &short))
    } else {
        (AFTER, after(&question, &plain))
    };
    match packed {
        Some(packed) if packed.len() < plain.len() => framed(how, &packed),
        _ => pack(message),
    }
}

fn framed(how: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(body.len() + 1);
    bytes.push(how);
    bytes.extend_from_slice(body);
    bytes
}

/// Unpacks a message of at most `limit` bytes, inflated.
///
/// # Errors
/// [`FrameError`]; nothing larger than `limit` is ever inflated.
pub fn unpack<T: DeserializeOwned>(bytes: &[u8], limit: usize) -> Result<T, FrameError> {
    unpack_of(bytes, limit, MAX_PARTS)
}

/// As [`unpack`], of a message that has at most so many parts: for who reads messages of many at once.
///
/// # Errors
/// As [`unpack`].
pub fn unpack_of<T: DeserializeOwned>(bytes: &[u8], limit: usize, parts: usize) -> Result<T, FrameError> {
    read(&opened(bytes, limit)?, parts)
}

/// Unpacks an answer to a question with this body, however it was packed.
///
/// # Errors
/// As [`unpack`].
pub fn unpack_after<T: DeserializeOwned>(
    bytes: &[u8],
    limit: usize,
    question: &[u8],
) -> Result<T, FrameError> {
    let Some((how @ (&AFTER | &SHORT_AFTER), body)) = bytes.split_first() else {
        return unpack(bytes, limit);
    };
    let mut question = opened(question, MAX_MESSAGE_BYTES)?;
    if *how == SHORT_AFTER {
        question = Cow::Owned(shorten(&question));
    }
    let decoder =
        zstd::stream::read::Decoder::with_dictionary(body, &question).map_err(|_| FrameError::Damaged)?;
    let text = inflate(decoder, limit)?;
    let plain = if *how == SHORT_AFTER { written_out(&text, limit)? } else { text };
    read(&plain, MAX_PARTS)
}

/// The CBOR in a frame.
fn opened(bytes: &[u8], limit: usize) -> Result<Cow<'_, [u8]>, FrameError> {
    let (how, body) = bytes.split_first().ok_or(FrameError::Damaged)?;
    match *how {
        PLAIN if body.len() > limit => Err(FrameError::TooLarge),
        PLAIN => Ok(Cow::Borrowed(body)),
        ZSTD | SHORT => {
            let decoder = zstd::stream::read::Decoder::new(body).map_err(|_| FrameError::Damaged)?;
            let text = inflate(decoder, limit)?;
            Ok(Cow::Owned(if *how == SHORT { written_out(&text, limit)? } else { text }))
        }
        _ => Err(FrameError::Damaged),
    }
}

fn inflate(decoder: impl Read, limit: usize) -> Result<Vec<u8>, FrameError> {
    let mut plain = Vec::new();
    let cap = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    decoder.take(cap).read_to_end(&mut plain).map_err(|_| FrameError::Damaged)?;
    if plain.len() > limit { Err(FrameError::TooLarge) } else { Ok(plain) }
}

/// Whether there are at most so many data items in some CBOR (RFC 8949, section 3). What is no CBOR is for the decoder
/// to refuse.
fn has_at_most(parts: usize, plain: &[u8]) -> bool {
    let mut rest = plain;
    for _ in 0..parts {
        let Some((head, behind)) = rest.split_first() else { return true };
        let (kind, short) = (head >> 5, head & 31);
        let (argument, behind) = match short {
            24..28 => {
                let Some((bytes, behind)) = behind.split_at_checked(1 << (short - 24)) else { return true };
                (bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)), behind)
            }
            _ => (u64::from(short), behind),
        };
        // Strings hold no items; one of no stated length is followed by its pieces, which are counted.
        let held = if matches!(kind, 2 | 3) && short != 31 { argument } else { 0 };
        let Some(behind) = usize::try_from(held).ok().and_then(|held| behind.get(held..)) else {
            return true;
        };
        rest = behind;
    }
    rest.is_empty()
}

fn read<T: DeserializeOwned>(plain: &[u8], parts: usize) -> Result<T, FrameError> {
    if !has_at_most(parts, plain) {
        return Err(FrameError::TooLarge);
    }
    let mut rest = plain;
    let message = ciborium::de::from_reader_with_recursion_limit(&mut rest, MAX_NESTING)
        .map_err(|_| FrameError::Damaged)?;
    if rest.is_empty() { Ok(message) } else { Err(FrameError::Damaged) }
}
