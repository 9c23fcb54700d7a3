//! A small upright JPEG of a photo, within a budget of memory.

use super::jpeg::{Coding, Frame};
use super::{Format, Survey, THUMBNAIL_SIDE, block_means, png};
use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::metadata::Orientation;
use image::{DynamicImage, RgbImage, imageops};
use std::io::Cursor;

/// Enough for recognizing a place in a list, at about 15 KB.
const QUALITY: u8 = 70;

/// What decoding a JPEG in full may take, in bytes.
const BUDGET: u64 = 24_000_000;

/// The thumbnail of a photo whose structure has been found sound; `None` if its pixels cannot be decoded.
pub(super) fn make(survey: &Survey<'_>, orientation: u8) -> Option<Vec<u8>> {
    // The decoders are other people's work and read hostile bytes. Should one panic, the photo has to be
    // recorded all the same, so the panic ends here. They share nothing that could be left half-changed.
    let picture = std::panic::catch_unwind(|| picture(survey)).ok()??;
    encode(shrink(picture), orientation)
}

/// The picture at whatever size is cheapest, but not below a thumbnail's unless memory demands it.
pub(super) fn picture(survey: &Survey<'_>) -> Option<RgbImage> {
    match &survey.format {
        Format::Png => png::shrunk(survey.picture),
        Format::Jpeg(frame) => {
            let affordable = cost(survey, frame) <= BUDGET;
            let large = survey.width.max(survey.height) >= 8 * THUMBNAIL_SIDE;
            if (large || !affordable)
                && let Some(means) = block_means::eighth(survey.picture)
            {
                return Some(means);
            }
            affordable.then(|| in_full(survey.picture))?
        }
    }
}

/// What decoding in full takes: the file and a copy of it, the pixels (grey ones twice), and for a progressive
/// picture all of its coefficients.
fn cost(survey: &Survey<'_>, frame: &Frame) -> u64 {
    let coefficients = match frame.coding {
        Coding::Progressive => 2 * frame.components.len() as u64,
        Coding::Sequential | Coding::Rare => 0,
    };
    let pixels = u64::from(survey.width) * u64::from(survey.height);
    2 * survey.picture.len() as u64 + pixels * (4 + coefficients)
}

fn in_full(picture: &[u8]) -> Option<RgbImage> {
    let decoder = JpegDecoder::new(Cursor::new(picture)).ok()?;
    Some(DynamicImage::from_decoder(decoder).ok()?.into_rgb8())
}

fn shrink(picture: RgbImage) -> RgbImage {
    let (width, height) = picture.dimensions();
    let longer = width.max(height);
    if longer <= THUMBNAIL_SIDE {
        return picture;
    }
    let scaled = |side: u32| (side * THUMBNAIL_SIDE / longer).max(1);
    imageops::thumbnail(&picture, scaled(width), scaled(height))
}

fn encode(picture: RgbImage, orientation: u8) -> Option<Vec<u8>> {
    let mut picture = DynamicImage::from(picture);
    picture.apply_orientation(Orientation::from_exif(orientation)?);
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY).encode_image(&picture).ok()?;
    Some(jpeg)
}
