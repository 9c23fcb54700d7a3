//! What a photo says about itself: its hash, its size as displayed, when and where it was taken, a thumbnail,
//! and a rendition that says none of it. Bytes in, values out; the store and the server keep the files.
//!
//! A photo is evidence, so its bytes are kept exactly as they came and are known by their SHA-256. What is
//! derived here only helps people to find and see it, and never stands in the way of recording: a photo
//! whose pixels cannot be decoded, or not within the memory of a cheap phone, is taken in without a
//! thumbnail ([`Intake::thumbnail`] is `None`). Refused is only what is certainly no use as evidence.
//!
//! Memory is bounded by design, not by hope, to about 25 MB whatever the bytes say, plus the file itself
//! where that is large:
//!
//! - A large JPEG is never decoded in full. Its thumbnail needs no more than the mean of each 8 × 8 block,
//!   which is the block's DC coefficient (`block_means`). With 48 megapixels this takes 5 to 7 MB beside the
//!   file (measured as the process's peak), baseline or progressive.
//! - A small JPEG is decoded by the `image` crate if that stays within the budget; otherwise its thumbnail
//!   is made of block means too, and so may be smaller than [`THUMBNAIL_SIDE`].
//! - A PNG is decoded row by row and summed into cells at once: 2 MB beside the file for 48 megapixels.
//!
//! Why no crate does this: `zune-jpeg`, behind `image`, cannot scale while decoding; `jpeg-decoder` can, but
//! calls itself in maintenance mode, and keeps every coefficient of a progressive photo, which is 144 MB for
//! 48 megapixels with shared chroma.

mod block_means;
mod exif;
mod huffman;
mod jpeg;
mod png;
mod rendition;
mod thumbnail;

#[cfg(test)]
mod tests;

use sanben_domain::place::Fix;
use sha2::{Digest, Sha256};

pub use exif::TakenAt;
pub use rendition::{RenditionError, rendition};

/// The largest photo taken in, in bytes.
pub const MAX_BYTES: usize = 40 << 20;

/// The largest picture taken in, in pixels: 64 megapixels as camera makers count them, up to 64 × 2²⁰.
pub const MAX_PIXELS: u64 = 64 << 20;

/// The longer side of a thumbnail is at most this many pixels.
pub const THUMBNAIL_SIDE: u32 = 320;

/// What is kept of a photo beside its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intake {
    /// SHA-256 of the bytes exactly as given: the photo's address.
    pub hash: [u8; 32],
    /// The file format.
    pub mime: Mime,
    /// Width in pixels as displayed, that is after `orientation`.
    pub width: u32,
    /// Height in pixels as displayed, that is after `orientation`.
    pub height: u32,
    /// How the stored picture is turned for display, as EXIF numbers it: 1 (upright) to 8.
    pub orientation: u8,
    /// When the camera says the picture was taken.
    pub taken_at: Option<TakenAt>,
    /// Where the camera says it stood (WGS-84).
    pub place: Option<Fix>,
    /// A JPEG of at most [`THUMBNAIL_SIDE`] pixels a side, upright and without EXIF; `None` if none could
    /// be made.
    pub thumbnail: Option<Vec<u8>>,
}

/// The formats a photo may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mime {
    /// `image/jpeg`
    Jpeg,
    /// `image/png`
    Png,
}

impl Mime {
    /// The media type, such as `image/jpeg`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }
}

/// Why a file cannot be taken in as a photo, and what to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PhotoError {
    /// Neither a JPEG nor a PNG by its first bytes.
    #[error(
        "the file is neither a JPEG nor a PNG photo: choose a photo (one in HEIC has to be converted first)"
    )]
    NotAPhoto,
    /// The file stops before its picture does.
    #[error("the photo is cut short: copy it again from where it came, or take it again")]
    Truncated,
    /// The part that says how the picture is stored makes no sense.
    #[error(
        "the photo is damaged and no program can show it: copy it again from where it came, or take it again"
    )]
    Damaged,
    /// More than [`MAX_BYTES`].
    #[error(
        "the photo has {bytes} bytes, more than the {MAX_BYTES} allowed: take it with a lower resolution"
    )]
    TooManyBytes {
        /// The size of the file.
        bytes: usize,
    },
    /// More than [`MAX_PIXELS`].
    #[error(
        "the photo has {pixels} pixels, more than the {MAX_PIXELS} allowed: take it with a lower resolution"
    )]
    TooManyPixels {
        /// Width times height.
        pixels: u64,
    },
}

/// What a file's structure says about its picture, before any pixel is decoded.
struct Survey<'a> {
    /// Stored width, before orientation.
    width: u32,
    /// Stored height, before orientation.
    height: u32,
    /// The EXIF block, from its TIFF header on.
    exif: Option<&'a [u8]>,
    /// The file without what a camera may have appended to it.
    picture: &'a [u8],
    format: Format,
}

/// What the format adds to that.
enum Format {
    Jpeg(jpeg::Frame),
    Png,
}

impl<'a> Survey<'a> {
    /// By the first bytes of the file; its name would say nothing.
    fn of(bytes: &'a [u8]) -> Result<Self, PhotoError> {
        if bytes.len() > MAX_BYTES {
            return Err(PhotoError::TooManyBytes { bytes: bytes.len() });
        }
        let survey = if bytes.starts_with(jpeg::SIGNATURE) {
            jpeg::survey(bytes)?
        } else if bytes.starts_with(png::SIGNATURE) {
            png::survey(bytes)?
        } else {
            return Err(PhotoError::NotAPhoto);
        };
        let pixels = u64::from(survey.width) * u64::from(survey.height);
        if pixels > MAX_PIXELS {
            return Err(PhotoError::TooManyPixels { pixels });
        }
        Ok(survey)
    }
}

/// Reads a photo.
///
/// # Errors
/// [`PhotoError`] if the bytes are no photo, not a whole one, or too large. Odd or nonsensical EXIF is no
/// error: what cannot be believed is left out.
pub fn intake(bytes: &[u8]) -> Result<Intake, PhotoError> {
    let survey = Survey::of(bytes)?;
    let said = survey.exif.map(exif::read).unwrap_or_default();
    let sideways = said.orientation >= 5;
    let (width, height) =
        if sideways { (survey.height, survey.width) } else { (survey.width, survey.height) };
    Ok(Intake {
        hash: Sha256::digest(bytes).into(),
        mime: match survey.format {
            Format::Jpeg(_) => Mime::Jpeg,
            Format::Png => Mime::Png,
        },
        width,
        height,
        orientation: said.orientation,
        thumbnail: thumbnail::make(&survey, said.orientation),
        taken_at: said.taken_at,
        place: said.place,
    })
}
