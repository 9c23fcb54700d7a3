//! Ids written as text, as the bytes that they stand for: what is packed names every event, photo and document by its
//! id as text, and again by its bytes. Written short, the text takes half of its room, and zstd sees that both are the
//! same. It goes both ways for any bytes at all.
//!
//! | written | stands for |
//! |---|---|
//! | `c1 00` | the byte `c1` |
//! | `c1 01`, 16 bytes | a UUID as lower-case text with hyphens (RFC 9562), 36 letters |
//! | `c1 02`, 32 bytes | 64 lower-case hexadecimal digits |

use crate::frame::FrameError;
use uuid::Uuid;

/// Stands in no text in UTF-8, and nowhere often.
const ESCAPE: u8 = 0xc1;
const ITSELF: u8 = 0;
const UUID: u8 = 1;
const HASH: u8 = 2;

const UUID_TEXT: usize = uuid::fmt::Hyphenated::LENGTH;
const HASH_TEXT: usize = 64;

/// Writes ids short.
pub(crate) fn shorten(plain: &[u8]) -> Vec<u8> {
    let mut short = Vec::with_capacity(plain.len());
    let mut rest = plain;
    while let [first, behind @ ..] = rest {
        if let Some((id, behind)) = uuid(rest) {
            short.extend_from_slice(&[ESCAPE, UUID]);
            short.extend_from_slice(id.as_bytes());
            rest = behind;
        } else if let Some((hash, behind)) = hash(rest) {
            short.extend_from_slice(&[ESCAPE, HASH]);
            short.extend_from_slice(&hash);
            rest = behind;
        } else {
            short.push(*first);
            if *first == ESCAPE {
                short.push(ITSELF);
            }
            rest = behind;
        }
    }
    short
}

/// Writes them out again, into at most `limit` bytes.
///
/// # Errors
/// [`FrameError::TooLarge`]; [`FrameError::Damaged`] for what [`shorten`] never writes.
pub(crate) fn written_out(short: &[u8], limit: usize) -> Result<Vec<u8>, FrameError> {
    let mut plain = Vec::with_capacity(short.len().min(limit));
    let mut rest = short;
    loop {
        let until = rest.iter().position(|byte| *byte == ESCAPE).unwrap_or(rest.len());
        let (literal, behind) = rest.split_at_checked(until).ok_or(FrameError::Damaged)?;
        plain.extend_from_slice(literal);
        rest = match behind {
            [] => &[],
            [_, ITSELF, behind @ ..] => {
                plain.push(ESCAPE);
                behind
            }
            [_, UUID, behind @ ..] => {
                let (id, behind) = behind.split_first_chunk::<16>().ok_or(FrameError::Damaged)?;
                let mut text = [0; UUID_TEXT];
                plain
                    .extend_from_slice(Uuid::from_bytes(*id).hyphenated().encode_lower(&mut text).as_bytes());
                behind
            }
            [_, HASH, behind @ ..] => {
                let (hash, behind) = behind.split_first_chunk::<32>().ok_or(FrameError::Damaged)?;
                plain.extend(hash.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]));
                behind
            }
            _ => return Err(FrameError::Damaged),
        };
        if plain.len() > limit {
            return Err(FrameError::TooLarge);
        }
        if rest.is_empty() {
            return Ok(plain);
        }
    }
}

/// The UUID that stands at the beginning, and what is behind it.
fn uuid(bytes: &[u8]) -> Option<(Uuid, &[u8])> {
    let (text, behind) = bytes.split_first_chunk::<UUID_TEXT>()?;
    // Looked at first: most bytes begin nothing.
    if text.get(8) != Some(&b'-') || text.get(23) != Some(&b'-') {
        return None;
    }
    let id = Uuid::try_parse_ascii(text).ok()?;
    // In capitals it is another text.
    (id.hyphenated().encode_lower(&mut [0; UUID_TEXT]).as_bytes() == text).then_some((id, behind))
}

/// The hash that stands at the beginning, and what is behind it.
fn hash(bytes: &[u8]) -> Option<([u8; 32], &[u8])> {
    let (text, behind) = bytes.split_first_chunk::<HASH_TEXT>()?;
    let mut hash = [0; 32];
    let (pairs, _) = text.as_chunks::<2>();
    for (byte, [high, low]) in hash.iter_mut().zip(pairs) {
        *byte = value(*high)? << 4 | value(*low)?;
    }
    Some((hash, behind))
}

fn value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

fn digit(value: u8) -> u8 {
    if value < 10 { b'0' + value } else { b'a' + value - 10 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Whatever stands in a message: ids as text and as bytes, parts of them, the escape, anything.
    fn piece() -> impl Strategy<Value = Vec<u8>> {
        let uuid = any::<[u8; 16]>().prop_map(|bytes| Uuid::from_bytes(bytes).to_string().into_bytes());
        let hash = "[0-9a-f]{60,70}".prop_map(String::into_bytes);
        let parts = prop_oneof![
            uuid.clone(),
            uuid.clone().prop_map(|text| text.to_ascii_uppercase()),
            (uuid, 0..36_usize).prop_map(|(text, at)| text[at..].to_vec()),
            hash,
            Just(vec![ESCAPE]),
            Just(vec![ESCAPE, UUID]),
        ];
        prop_oneof![3 => parts, 1 => prop::collection::vec(any::<u8>(), 0..40)]
    }

    proptest! {
        #[test]
        fn what_was_written_short_is_written_out_as_it_was(pieces in prop::collection::vec(piece(), 0..20)) {
            let plain = pieces.concat();
            let short = shorten(&plain);
            prop_assert_eq!(written_out(&short, plain.len()), Ok(plain.clone()));
            if let Some(less) = plain.len().checked_sub(1) {
                prop_assert_eq!(written_out(&short, less), Err(FrameError::TooLarge));
            }
        }

        #[test]
        fn any_bytes_are_written_out_or_refused(short in prop::collection::vec(any::<u8>(), 0..200), limit in 0..400_usize) {
            if let Ok(plain) = written_out(&short, limit) {
                prop_assert!(plain.len() <= limit);
            }
        }
    }

    #[test]
    fn ids_take_as_many_bytes_as_they_have() {
        let (uuid, hash) = (Uuid::from_u128(7).to_string(), "0f".repeat(32));
        assert_eq!(shorten(uuid.as_bytes()).len(), 18);
        assert_eq!(shorten(hash.as_bytes()).len(), 34);
    }
}
