//! Sealed files: XChaCha20-Poly1305 in pieces (STREAM, Hoang, Reyhanitabar, Rogaway and Vizár 2015), so that any part
//! of a photo can be read in bounded memory, and a file that was cut, mixed up or changed is noticed.
//!
//! A file is [`MAGIC`], 19 bytes of nonce, then pieces of [`PIECE`] bytes, each followed by its tag; the last one is
//! marked as the last. Each file has a key of its own ([`crate::key::StoreKey`]), and the nonce follows from key and
//! content, so the same nonce is only ever used for the same content.

use chacha20poly1305::aead::generic_array::GenericArray;
use chacha20poly1305::aead::stream::{NewStream, StreamBE32, StreamPrimitive};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use sha2::{Digest, Sha256};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};

const MAGIC: &[u8; 16] = b"SANBEN SEALED 1\n";
const NONCE: usize = 19;
const HEAD: u64 = 16 + 19;
/// What is sealed at once, bytes.
pub(crate) const PIECE: usize = 64 * 1024;
const TAG: usize = 16;

/// The nonce for this content under this key.
fn nonce(key: &[u8; 32], content: &[u8]) -> [u8; NONCE] {
    let digest = Sha256::new().chain_update(b"sanben nonce 1").chain_update(key);
    let digest = digest.chain_update(Sha256::digest(content)).finalize();
    let mut nonce = [0; NONCE];
    nonce.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
    nonce
}

fn stream(key: &[u8; 32], nonce: &[u8; NONCE]) -> StreamBE32<XChaCha20Poly1305> {
    let cipher = XChaCha20Poly1305::new(GenericArray::from_slice(key));
    StreamBE32::from_aead(cipher, GenericArray::from_slice(nonce))
}

fn broken() -> io::Error {
    io::Error::new(ErrorKind::InvalidData, "a sealed file is damaged, or of another store")
}

/// Writes `content` sealed.
pub(crate) fn write(key: &[u8; 32], content: &[u8], out: &mut impl Write) -> io::Result<()> {
    let nonce = nonce(key, content);
    let stream = stream(key, &nonce);
    out.write_all(MAGIC)?;
    out.write_all(&nonce)?;
    let mut pieces = content.chunks(PIECE).peekable();
    let mut position = 0;
    loop {
        // Nothing is one empty piece.
        let piece = pieces.next().unwrap_or_default();
        let last = pieces.peek().is_none();
        out.write_all(&stream.encrypt(position, last, piece).map_err(|_| broken())?)?;
        if last {
            return Ok(());
        }
        position = position.checked_add(1).ok_or_else(broken)?;
    }
}

/// How long the content of a sealed file of this length is.
pub(crate) fn content_len(file: u64) -> Option<u64> {
    let (body, whole) = (file.checked_sub(HEAD)?, (PIECE + TAG) as u64);
    body.checked_sub(body.div_ceil(whole).checked_mul(TAG as u64)?)
}

/// Up to `len` bytes of the content from `offset`, fewer at its end.
pub(crate) fn read(
    key: &[u8; 32],
    file: &mut (impl Read + Seek),
    offset: u64,
    len: usize,
) -> io::Result<Vec<u8>> {
    let size = file.seek(SeekFrom::End(0))?;
    let content = content_len(size).ok_or_else(broken)?;
    file.rewind()?;
    let (mut magic, mut nonce) = ([0; 16], [0; NONCE]);
    file.read_exact(&mut magic)?;
    file.read_exact(&mut nonce)?;
    if &magic != MAGIC {
        return Err(broken());
    }
    let stream = stream(key, &nonce);
    let end = offset.saturating_add(len as u64).min(content);
    let mut out = Vec::new();
    let (piece, sealed) = (PIECE as u64, (PIECE + TAG) as u64);
    let last = content.saturating_sub(1) / piece;
    let mut position = offset / piece;
    // The last piece is opened even for nothing: that the file ends here is sealed, too.
    while position * piece < end || (content == 0 && position == 0) {
        file.seek(SeekFrom::Start(HEAD + position * sealed))?;
        let mut bytes = Vec::with_capacity(PIECE + TAG);
        file.take(sealed).read_to_end(&mut bytes)?;
        let number = u32::try_from(position).map_err(|_| broken())?;
        let opened = stream.decrypt(number, position == last, bytes.as_slice()).map_err(|_| broken())?;
        let begins = position * piece;
        let from = usize::try_from(offset.saturating_sub(begins)).unwrap_or(usize::MAX);
        let to = usize::try_from(end.saturating_sub(begins)).unwrap_or(usize::MAX).min(opened.len());
        out.extend_from_slice(opened.get(from..to).unwrap_or_default());
        position += 1;
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Cursor;

    fn sealed(key: &[u8; 32], content: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        write(key, content, &mut out).unwrap();
        out
    }

    fn content(len: usize) -> Vec<u8> {
        (0..len).map(|i| u8::try_from(i % 251).unwrap()).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn any_part_reads_as_it_was(
            len in prop_oneof![Just(0), Just(1), Just(PIECE - 1), Just(PIECE), Just(PIECE + 1), 0..4 * PIECE],
            from in 0..5 * PIECE,
            take in 0..3 * PIECE,
        ) {
            let plain = content(len);
            let file = sealed(&[3; 32], &plain);
            prop_assert_eq!(content_len(file.len() as u64), Some(len as u64));
            let read = read(&[3; 32], &mut Cursor::new(&file), from as u64, take).unwrap();
            let expected = plain.get(from..(from + take).min(len)).unwrap_or_default();
            prop_assert_eq!(read, expected);
        }

        #[test]
        fn what_was_changed_or_cut_is_not_read(
            len in 1..3 * PIECE,
            at in any::<prop::sample::Index>(),
            flip in 1u8..,
        ) {
            let plain = content(len);
            let file = sealed(&[3; 32], &plain);
            let mut changed = file.clone();
            changed[at.index(file.len())] ^= flip;
            prop_assert!(read(&[3; 32], &mut Cursor::new(&changed), 0, usize::MAX).is_err());
            let cut = &file[..at.index(file.len())];
            prop_assert!(read(&[3; 32], &mut Cursor::new(cut), 0, usize::MAX).is_err());
            prop_assert!(read(&[4; 32], &mut Cursor::new(&file), 0, usize::MAX).is_err());
        }
    }

    #[test]
    fn pieces_do_not_change_places() {
        let mut file = sealed(&[3; 32], &content(3 * PIECE));
        let (first, second) = (usize::try_from(HEAD).unwrap(), usize::try_from(HEAD).unwrap() + PIECE + TAG);
        for i in 0..PIECE + TAG {
            file.swap(first + i, second + i);
        }
        assert!(read(&[3; 32], &mut Cursor::new(&file), 0, 10).is_err());
    }
}
