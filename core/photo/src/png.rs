//! A PNG: its structure, and its picture summed into cells row by row, so that no more than two rows and the
//! cells are held, interlaced or not.

use super::{Format, PhotoError, Survey, THUMBNAIL_SIDE};
use ::png::{ColorType, Decoder, Limits, Transformations};
use image::{Rgb, RgbImage};
use std::io::Cursor;

/// How every PNG begins.
pub(super) const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// EXIF in a JPEG cannot be longer; nothing in a PNG needs to be.
pub(super) const MAX_EXIF: usize = 1 << 16;

/// The longest row that is decoded, in pixels: 256 KB at four channels of 16 bits.
const MAX_WIDTH: u32 = 1 << 15;

/// Walks the chunks.
pub(super) fn survey(bytes: &[u8]) -> Result<Survey<'_>, PhotoError> {
    let mut rest = bytes.get(SIGNATURE.len()..).unwrap_or_default();
    let (mut size, mut exif, mut drawn) = (None, None, false);
    loop {
        let (length, after) = rest.split_first_chunk().ok_or(PhotoError::Truncated)?;
        let (kind, after) = after.split_first_chunk::<4>().ok_or(PhotoError::Truncated)?;
        let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| PhotoError::Damaged)?;
        let (body, after) = after.split_at_checked(length).ok_or(PhotoError::Truncated)?;
        let (_checksum, after) = after.split_first_chunk::<4>().ok_or(PhotoError::Truncated)?;
        match kind {
            b"IHDR" => size = header_size(body),
            b"eXIf" if length <= MAX_EXIF => exif = exif.or(Some(body)),
            b"IDAT" => drawn = true,
            b"IEND" => break,
            _ if size.is_none() => return Err(PhotoError::Damaged),
            _ => {}
        }
        rest = after;
    }
    let (width, height) = size.filter(|_| drawn).ok_or(PhotoError::Damaged)?;
    Ok(Survey { width, height, exif, picture: bytes, format: Format::Png })
}

fn header_size(body: &[u8]) -> Option<(u32, u32)> {
    let (width, rest) = body.split_first_chunk()?;
    let (width, height) = (u32::from_be_bytes(*width), u32::from_be_bytes(*rest.first_chunk()?));
    (width > 0 && height > 0).then_some((width, height))
}

/// The passes of an interlaced picture, as first column, first row, and steps between columns and rows.
const INTERLACED: [[u32; 4]; 7] =
    [[0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4], [1, 0, 2, 2], [0, 1, 1, 2]];

/// The picture, shrunk by a whole factor to a longer side of less than twice a thumbnail's (a smaller
/// one stays as it is). Transparency is laid over white. `None` if it cannot be decoded within bounds.
pub(super) fn shrunk(bytes: &[u8]) -> Option<RgbImage> {
    let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), Limits { bytes: 4 << 20 });
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    decoder.set_transformations(Transformations::normalize_to_color8());
    let (width, height) = decoder.read_header_info().ok()?.size();
    if width > MAX_WIDTH {
        return None;
    }
    let mut reader = decoder.read_info().ok()?;
    let colour = reader.output_color_type().0;
    let passes: &[[u32; 4]] = if reader.info().interlaced { &INTERLACED } else { &[[0, 0, 1, 1]] };

    let mut cells = Cells::new(width, height)?;
    for [left, top, across, down] in passes.iter().copied() {
        if left >= width {
            continue; // A pass without columns has no rows either.
        }
        let (across, down) = (usize::try_from(across).ok()?, usize::try_from(down).ok()?);
        for y in (top..height).step_by(down) {
            let row = reader.next_row().ok()??;
            let columns = (left..width).step_by(across);
            match colour {
                ColorType::Grayscale => cells.add(y, columns, row.data(), |[v]| [v, v, v, 255]),
                ColorType::GrayscaleAlpha => cells.add(y, columns, row.data(), |[v, a]| [v, v, v, a]),
                ColorType::Rgb => cells.add(y, columns, row.data(), |[r, g, b]| [r, g, b, 255]),
                ColorType::Rgba => cells.add(y, columns, row.data(), |pixel: [u8; 4]| pixel),
                ColorType::Indexed => return None, // The transformation has removed it.
            }
        }
    }
    cells.means()
}

/// Sums of square cells of pixels: red, green, blue and how many. Sums do not mind the order of pixels.
struct Cells {
    side: u32,
    width: u32,
    height: u32,
    sums: Vec<[u32; 4]>,
}

impl Cells {
    fn new(width: u32, height: u32) -> Option<Self> {
        let side = (width.max(height) / THUMBNAIL_SIDE).max(1);
        let (width, height) = (width.div_ceil(side), height.div_ceil(side));
        let sums = vec![[0; 4]; usize::try_from(width.checked_mul(height)?).ok()?];
        Some(Self { side, width, height, sums })
    }

    fn add<const N: usize>(
        &mut self,
        y: u32,
        columns: impl Iterator<Item = u32>,
        row: &[u8],
        to_rgba: impl Fn([u8; N]) -> [u8; 4],
    ) {
        let start = (y / self.side * self.width) as usize;
        let Some(sums) = self.sums.get_mut(start..start + self.width as usize) else { return };
        for (x, pixel) in columns.zip(row.as_chunks::<N>().0) {
            let Some(sum) = sums.get_mut((x / self.side) as usize) else { return };
            let [r, g, b, alpha] = to_rgba(*pixel).map(u32::from);
            let over_white = |value: u32| (value * alpha + 255 * (255 - alpha) + 127) / 255;
            for (sum, value) in sum.iter_mut().zip([over_white(r), over_white(g), over_white(b), 1]) {
                *sum += value;
            }
        }
    }

    fn means(&self) -> Option<RgbImage> {
        let mean = |sum: u32, count: u32| u8::try_from((sum + count / 2) / count.max(1)).unwrap_or(255);
        let mut image = RgbImage::new(self.width, self.height);
        for (pixel, [r, g, b, count]) in image.pixels_mut().zip(&self.sums) {
            *pixel = Rgb([*r, *g, *b].map(|sum| mean(sum, *count)));
        }
        Some(image)
    }
}
