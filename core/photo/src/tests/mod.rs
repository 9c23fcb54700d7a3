//! Whole photos through [`intake`]: pictures written by other programs, made-up EXIF, and damage.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at what it did not expect")]

mod damage;
mod facts;
mod pictures;
mod renditions;

use super::*;
use image::{DynamicImage, ExtendedColorType, ImageEncoder, Rgb, RgbImage, codecs};

/// A photo that another program wrote, by its name in `fixtures/`.
macro_rules! fixture {
    ($name:literal) => {
        include_bytes!(concat!("../fixtures/", $name)).as_slice()
    };
}
use fixture;

/// The same street scene in every kind of file that phones, chat programs and desk programs write.
const FIXTURES: &[(&str, &[u8])] = &[
    ("baseline-420-restarts.jpg", fixture!("baseline-420-restarts.jpg")),
    ("baseline-422.jpg", fixture!("baseline-422.jpg")),
    ("progressive-420.jpg", fixture!("progressive-420.jpg")),
    ("progressive-444.jpg", fixture!("progressive-444.jpg")),
    ("rgb.jpg", fixture!("rgb.jpg")),
    ("grey.jpg", fixture!("grey.jpg")),
    ("grey-progressive.jpg", fixture!("grey-progressive.jpg")),
    ("cmyk.jpg", fixture!("cmyk.jpg")),
    ("exif.jpg", fixture!("exif.jpg")),
    ("interlaced.png", fixture!("interlaced.png")),
    ("palette.png", fixture!("palette.png")),
    ("exif.png", fixture!("exif.png")),
];

fn decode(bytes: &[u8]) -> RgbImage {
    image::load_from_memory(bytes).unwrap().into_rgb8()
}

fn jpeg(picture: &RgbImage, quality: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, quality)
        .encode_image(&DynamicImage::from(picture.clone()))
        .unwrap();
    bytes
}

fn png(pixels: &[u8], width: u32, height: u32, colour: ExtendedColorType) -> Vec<u8> {
    let mut bytes = Vec::new();
    codecs::png::PngEncoder::new(&mut bytes).write_image(pixels, width, height, colour).unwrap();
    bytes
}

/// A JPEG with an EXIF block put in behind its start.
fn with_exif(jpeg: &[u8], block: &[u8]) -> Vec<u8> {
    let length = u16::try_from(block.len() + 8).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xff, 0xe1], &length, b"Exif\0\0", block, &jpeg[2..]].concat()
}

/// A value of an EXIF entry.
#[derive(Debug, Clone)]
enum Value {
    Text(&'static str),
    Short(u16),
    Long(u32),
    Ratios(Vec<(u32, u32)>),
}

/// Builds an EXIF block from the entries of its root, its EXIF and its GPS directory, in either byte order.
fn exif_block(
    big_endian: bool,
    root: &[(u16, Value)],
    exif: &[(u16, Value)],
    gps: &[(u16, Value)],
) -> Vec<u8> {
    let short = |value: u16| if big_endian { value.to_be_bytes() } else { value.to_le_bytes() };
    let long = |value: u32| if big_endian { value.to_be_bytes() } else { value.to_le_bytes() };
    let size = |entries: usize| u32::try_from(2 + 12 * entries + 4).unwrap();
    let mut root = root.to_vec();
    let exif_at = 8 + size(root.len() + 2);
    let gps_at = exif_at + size(exif.len());
    root.extend([(0x8769, Value::Long(exif_at)), (0x8825, Value::Long(gps_at))]);

    let mut block = [if big_endian { b"MM" } else { b"II" }.as_slice(), &short(42), &long(8)].concat();
    let (data_at, mut data) = (gps_at + size(gps.len()), Vec::new());
    for directory in [root.as_slice(), exif, gps] {
        block.extend(short(u16::try_from(directory.len()).unwrap()));
        for (tag, value) in directory {
            let (kind, count, mut bytes) = match value {
                Value::Text(text) => (2, text.len() + 1, [text.as_bytes(), &[0]].concat()),
                Value::Short(value) => (3, 1, short(*value).to_vec()),
                Value::Long(value) => (4, 1, long(*value).to_vec()),
                Value::Ratios(ratios) => (
                    5,
                    ratios.len(),
                    ratios.iter().flat_map(|(n, d)| [long(*n), long(*d)].concat()).collect(),
                ),
            };
            if bytes.len() > 4 {
                let at = data_at + u32::try_from(data.len()).unwrap();
                data.append(&mut bytes);
                bytes = long(at).to_vec();
            }
            bytes.resize(4, 0);
            block.extend(
                [&short(*tag)[..], &short(kind), &long(u32::try_from(count).unwrap()), &bytes].concat(),
            );
        }
        block.extend(long(0));
    }
    [block, data].concat()
}
