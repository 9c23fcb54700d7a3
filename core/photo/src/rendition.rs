//! The same picture without what the camera wrote beside it: where it stood, when, which one it was, and the
//! small preview that shows more than a later cut. No pixel is decoded, so nothing of the picture is lost.
//!
//! What stays is listed, what goes is everything else, because new places to hide in are invented every year:
//! the picture itself, what a decoder needs for its colours (an ICC profile, Adobe's transform, gamma), and
//! which way is up, as the only entry of a new EXIF block. A JPEG ends with its first end of image: behind it
//! phones append films and second pictures that have EXIF of their own.
//!
//! It streams: besides the caller's buffers it never holds more than one segment, 64 KB.

use crate::jpeg::marker;
use crate::{PhotoError, exif, jpeg, png};
use std::io::{self, BufRead, ErrorKind, Read, Write};

/// Why there is no rendition.
#[derive(Debug, thiserror::Error)]
pub enum RenditionError {
    /// The bytes are no photo, or not a whole one.
    #[error(transparent)]
    Photo(#[from] PhotoError),
    /// They cannot be read, or the rendition cannot be written.
    #[error("cannot read or write the photo: {0}")]
    Io(io::Error),
}

impl From<io::Error> for RenditionError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            ErrorKind::UnexpectedEof => Self::Photo(PhotoError::Truncated),
            _ => Self::Io(error),
        }
    }
}

/// Writes a photo without its metadata.
///
/// # Errors
/// [`RenditionError`]; what was written until then is no rendition.
pub fn rendition(mut from: impl BufRead, mut to: impl Write) -> Result<(), RenditionError> {
    let mut start = [0; 2];
    from.read_exact(&mut start).map_err(|_| PhotoError::NotAPhoto)?;
    if jpeg::SIGNATURE.starts_with(&start) {
        to.write_all(&start)?;
        Jpeg { from, to }.copy()
    } else if png::SIGNATURE.starts_with(&start) {
        let mut rest = [0; 6];
        from.read_exact(&mut rest).map_err(|_| PhotoError::NotAPhoto)?;
        if !png::SIGNATURE.ends_with(&rest) {
            return Err(PhotoError::NotAPhoto.into());
        }
        to.write_all(png::SIGNATURE)?;
        copy_png(from, to)
    } else {
        Err(PhotoError::NotAPhoto.into())
    }
}

struct Jpeg<R, W> {
    from: R,
    to: W,
}

impl<R: BufRead, W: Write> Jpeg<R, W> {
    fn copy(&mut self) -> Result<(), RenditionError> {
        let (mut framed, mut scanned, mut turned) = (false, false, false);
        let mut after_scan = None;
        loop {
            let found = match after_scan.take() {
                Some(found) => found,
                None => self.marker()?,
            };
            if found == marker::END {
                if !(framed && scanned) {
                    return Err(PhotoError::Damaged.into());
                }
                self.to.write_all(&[0xff, found])?;
                return Ok(self.to.flush()?);
            }
            // Stuffing, TEM, restarts and a repeated start stand alone and carry nothing.
            if matches!(found, 0x00 | 0x01 | 0xd0..=0xd8) {
                continue;
            }
            let body = self.body()?;
            if marker::is_frame(found) {
                framed = true;
            }
            if found == marker::APP1 && !turned {
                turned = self.turn(&body)?;
            } else if let Some(kept) = kept(found, &body) {
                self.segment(found, &kept)?;
            }
            if found == marker::SCAN {
                scanned = true;
                after_scan = Some(self.coded()?);
            }
        }
    }

    fn byte(&mut self) -> io::Result<u8> {
        let mut byte = [0];
        self.from.read_exact(&mut byte)?;
        let [byte] = byte;
        Ok(byte)
    }

    /// The next marker. Bytes that are none are passed over, as every decoder does, and left out.
    fn marker(&mut self) -> io::Result<u8> {
        while self.byte()? != 0xff {}
        loop {
            match self.byte()? {
                0xff => {}
                found => return Ok(found),
            }
        }
    }

    fn body(&mut self) -> Result<Vec<u8>, RenditionError> {
        let mut length = [0; 2];
        self.from.read_exact(&mut length)?;
        let length = usize::from(u16::from_be_bytes(length)).checked_sub(2).ok_or(PhotoError::Damaged)?;
        let mut body = vec![0; length];
        self.from.read_exact(&mut body)?;
        Ok(body)
    }

    fn segment(&mut self, marker: u8, body: &[u8]) -> io::Result<()> {
        let length = u16::try_from(body.len() + 2).map_err(|_| ErrorKind::InvalidData)?;
        self.to.write_all(&[0xff, marker])?;
        self.to.write_all(&length.to_be_bytes())?;
        self.to.write_all(body)
    }

    /// Puts which way is up in the place of an EXIF block; says whether it was one.
    fn turn(&mut self, body: &[u8]) -> io::Result<bool> {
        let Some(block) = body.strip_prefix(b"Exif\0").and_then(|rest| rest.get(1..)) else {
            return Ok(false);
        };
        if let Some(block) = upright(block) {
            self.segment(marker::APP1, &[b"Exif\0\0", block.as_slice()].concat())?;
        }
        Ok(true)
    }

    /// Copies the coded data of a scan; gives the marker that ends it.
    fn coded(&mut self) -> io::Result<u8> {
        loop {
            let buffer = self.from.fill_buf()?;
            if buffer.is_empty() {
                return Err(ErrorKind::UnexpectedEof.into());
            }
            let plain = buffer.iter().position(|byte| *byte == 0xff);
            let length = plain.unwrap_or(buffer.len());
            self.to.write_all(buffer.get(..length).unwrap_or_default())?;
            self.from.consume(length);
            if plain.is_none() {
                continue;
            }
            match self.marker()? {
                next if next == 0x00 || marker::is_restart(next) => self.to.write_all(&[0xff, next])?,
                next => return Ok(next),
            }
        }
    }
}

/// What stays of a segment, if anything does.
fn kept(found: u8, body: &[u8]) -> Option<Vec<u8>> {
    const ARITHMETIC_CONDITIONING: u8 = 0xcc;
    const NUMBER_OF_LINES: u8 = 0xdc;
    const APP0: u8 = 0xe0;
    const APP2: u8 = 0xe2;
    match found {
        marker::HUFFMAN_TABLES
        | marker::QUANTIZATION_TABLES
        | marker::RESTART_INTERVAL
        | marker::SCAN
        | ARITHMETIC_CONDITIONING
        | NUMBER_OF_LINES => Some(body.to_vec()),
        _ if marker::is_frame(found) => Some(body.to_vec()),
        // JFIF's density, with its preview (the last two bytes are its size) left out.
        APP0 if body.starts_with(b"JFIF\0") => Some([body.get(..12)?, &[0, 0]].concat()),
        APP2 if body.starts_with(b"ICC_PROFILE\0") => Some(body.to_vec()),
        marker::APP14 if body.starts_with(b"Adobe") => Some(body.get(..12)?.to_vec()),
        _ => None,
    }
}

/// A new EXIF block that says which way is up, if the given one says that the picture is turned.
fn upright(block: &[u8]) -> Option<Vec<u8>> {
    let orientation = exif::read(block).orientation;
    // A header, a directory of one entry (tag 0x0112, a short, once), and no further directory.
    let block =
        [b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".as_slice(), &[orientation], b"\0\0\0\0\0\0"];
    (orientation > 1).then(|| block.concat())
}

/// The chunks of a PNG that its picture needs.
const CHUNKS: [&[u8; 4]; 12] = [
    b"IHDR", b"PLTE", b"IDAT", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"sBIT", b"bKGD",
    b"pHYs",
];

fn copy_png(mut from: impl BufRead, mut to: impl Write) -> Result<(), RenditionError> {
    let (mut headed, mut drawn) = (false, false);
    loop {
        let (mut length, mut kind) = ([0; 4], [0; 4]);
        from.read_exact(&mut length)?;
        from.read_exact(&mut kind)?;
        let body = u64::from(u32::from_be_bytes(length));
        headed |= &kind == b"IHDR";
        drawn |= &kind == b"IDAT";
        match &kind {
            _ if !headed => return Err(PhotoError::Damaged.into()),
            b"IEND" => {
                if !drawn {
                    return Err(PhotoError::Damaged.into());
                }
                chunk(&mut to, b"IEND", &[])?;
                return Ok(to.flush()?);
            }
            b"eXIf" if body <= png::MAX_EXIF as u64 => {
                let mut block = Vec::new();
                (&mut from).take(body).read_to_end(&mut block)?;
                if let Some(block) = upright(&block) {
                    chunk(&mut to, &kind, &block)?;
                }
                pass(&mut from, &mut io::sink(), 4)?;
            }
            kind if CHUNKS.contains(&kind) => {
                to.write_all(&length)?;
                to.write_all(kind)?;
                pass(&mut from, &mut to, body + 4)?;
            }
            _ => pass(&mut from, &mut io::sink(), body + 4)?,
        }
    }
}

/// Moves exactly so many bytes on.
fn pass(from: &mut impl BufRead, to: &mut impl Write, length: u64) -> io::Result<()> {
    let passed = io::copy(&mut from.take(length), to)?;
    if passed == length { Ok(()) } else { Err(ErrorKind::UnexpectedEof.into()) }
}

fn chunk(to: &mut impl Write, kind: &[u8; 4], body: &[u8]) -> io::Result<()> {
    let length = u32::try_from(body.len()).map_err(|_| ErrorKind::InvalidData)?;
    to.write_all(&length.to_be_bytes())?;
    to.write_all(kind)?;
    to.write_all(body)?;
    to.write_all(&checksum(&[kind, body]).to_be_bytes())
}

/// CRC-32 as PNG has it (ISO 3309).
fn checksum(parts: &[&[u8]]) -> u32 {
    let bytes = parts.iter().flat_map(|part| part.iter());
    !bytes.fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg()))
    })
}
