//! A JPEG at one eighth of its size, for the price of its DC coefficients.
//!
//! A JPEG stores each 8 × 8 block of a component as 64 frequencies, and the first of them, the DC
//! coefficient, is eight times the block's mean. A picture of the means is all that a thumbnail of a
//! large photo needs. So no block is ever transformed, a sequential scan's other frequencies are stepped
//! over bit by bit, and a progressive file's other scans are not even looked at. What has to be held is
//! two bytes a block: about 2 MB for 48 megapixels.
//!
//! Section and figure numbers are those of ITU-T T.81. Damage inside coded data is no error: a scan is
//! read as far as it makes sense, and what is missing stays grey.

use super::huffman::{Bits, Code};
use super::jpeg::{Coding, Component, Frame, Segment, Segments, marker};
use image::{Rgb, RgbImage};

/// The picture of block means; `None` if the photo is of a kind that cannot be read this way, or has no
/// readable scan for one of its components.
pub(super) fn eighth(bytes: &[u8]) -> Option<RgbImage> {
    let mut tables = Tables::default();
    let mut picture: Option<Picture> = None;
    for segment in Segments::new(bytes) {
        let Segment { marker: found, body, coded } = segment.ok()?;
        match found {
            marker::HUFFMAN_TABLES => tables.define_codes(body)?,
            marker::QUANTIZATION_TABLES => tables.define_steps(body)?,
            marker::RESTART_INTERVAL => {
                tables.restart_interval = u16::from_be_bytes(*body.first_chunk()?).into();
            }
            marker::APP14 => tables.adobe_transform = adobe_transform(body).or(tables.adobe_transform),
            marker::SCAN => picture.as_mut()?.scan(&tables, body, coded)?,
            _ if marker::is_frame(found) && picture.is_none() => {
                picture = Some(Picture::new(&Frame::parse(found, body)?)?);
            }
            _ => {}
        }
    }
    picture?.render(tables.adobe_transform)
}

/// What Adobe's marker says about colours: 0 for none (RGB), 1 for YCbCr.
fn adobe_transform(body: &[u8]) -> Option<u8> {
    body.starts_with(b"Adobe").then(|| body.get(11).copied())?
}

/// What the segments before a scan have defined for it.
#[derive(Default)]
struct Tables {
    /// Huffman codes for DC and for AC coefficients.
    codes: [[Option<Code>; 4]; 2],
    /// The step of the DC coefficient in each quantization table.
    steps: [Option<u16>; 4],
    /// Groups of blocks between restarts; 0 for none.
    restart_interval: u32,
    adobe_transform: Option<u8>,
}

impl Tables {
    /// A DHT segment (B.2.4.2).
    fn define_codes(&mut self, mut body: &[u8]) -> Option<()> {
        while let Some((destination, rest)) = body.split_first() {
            let (counts, rest) = rest.split_first_chunk::<16>()?;
            let total = counts.iter().map(|count| usize::from(*count)).sum();
            let (symbols, rest) = rest.split_at_checked(total)?;
            let class = self.codes.get_mut(usize::from(destination >> 4))?;
            *class.get_mut(usize::from(destination & 15))? = Some(Code::new(counts, symbols));
            body = rest;
        }
        Some(())
    }

    /// A DQT segment (B.2.4.1); the DC coefficient comes first.
    fn define_steps(&mut self, mut body: &[u8]) -> Option<()> {
        while let Some((destination, rest)) = body.split_first() {
            let wide = destination >> 4 != 0;
            let (table, rest) = rest.split_at_checked(if wide { 128 } else { 64 })?;
            let [high, low] = *table.first_chunk()?;
            let step = if wide { u16::from_be_bytes([high, low]) } else { high.into() };
            *self.steps.get_mut(usize::from(destination & 15))? = Some(step);
            body = rest;
        }
        Some(())
    }

    fn dc(&self, index: u8) -> Option<&Code> {
        let [dc, _] = &self.codes;
        dc.get(usize::from(index))?.as_ref()
    }

    fn ac(&self, index: u8) -> Option<&Code> {
        let [_, ac] = &self.codes;
        ac.get(usize::from(index))?.as_ref()
    }
}

/// One component's DC coefficients.
struct Plane {
    id: u8,
    across: usize,
    down: usize,
    table: u8,
    /// Blocks that hold picture, across and down: what a scan of this component alone carries.
    size: (usize, usize),
    /// Blocks in a stored row: `size.0` rounded up to whole groups.
    stride: usize,
    /// Rows of blocks after one another, as coded (quantized).
    dc: Vec<i16>,
    /// The step that turns `dc` into eighths of a grey level, known once a scan has been read.
    step: Option<u16>,
}

struct Picture {
    progressive: bool,
    /// Blocks across and down at full resolution: the size of what is rendered.
    size: (usize, usize),
    /// Groups of blocks (MCUs) across and down in a scan of several components.
    groups: (usize, usize),
    planes: Vec<Plane>,
}

impl Picture {
    fn new(frame: &Frame) -> Option<Self> {
        if frame.coding == Coding::Rare || !matches!(frame.components.len(), 1 | 3) {
            return None;
        }
        let (width, height) = (usize::from(frame.width), usize::from(frame.height));
        let most = |factor: fn(&Component) -> u8| frame.components.iter().map(factor).max();
        let (across, down) = (usize::from(most(|c| c.across)?), usize::from(most(|c| c.down)?));
        let groups = (width.div_ceil(8 * across), height.div_ceil(8 * down));
        let planes = frame.components.iter().map(|component| {
            let (own_across, own_down) = (usize::from(component.across), usize::from(component.down));
            let stride = groups.0 * own_across;
            Plane {
                id: component.id,
                across: own_across,
                down: own_down,
                table: component.table,
                size: (
                    (width * own_across).div_ceil(across).div_ceil(8),
                    (height * own_down).div_ceil(down).div_ceil(8),
                ),
                stride,
                dc: vec![0; stride * groups.1 * own_down],
                step: None,
            }
        });
        Some(Self {
            progressive: frame.coding == Coding::Progressive,
            size: (width.div_ceil(8), height.div_ceil(8)),
            groups,
            planes: planes.collect(),
        })
    }

    /// Reads one scan (B.2.3). `None` if its header makes no sense.
    fn scan(&mut self, tables: &Tables, body: &[u8], coded: &[u8]) -> Option<()> {
        let (count, rest) = body.split_first()?;
        let (chosen, rest) = rest.split_at_checked(2 * usize::from(*count))?;
        let [first_frequency, _, approximation] = *rest.first_chunk()?;
        if first_frequency != 0 {
            return Some(()); // Only finer frequencies of a progressive picture.
        }
        let refines = self.progressive && approximation >> 4 != 0;
        let shift = if self.progressive { approximation & 15 } else { 0 };
        if shift > 13 {
            return None;
        }

        let mut members = Vec::with_capacity(4);
        for [id, codes] in chosen.as_chunks().0 {
            let plane = self.planes.iter().position(|plane| plane.id == *id)?;
            let ac = if self.progressive { None } else { Some(tables.ac(codes & 15)?) };
            let read = if refines { Read::Refine } else { Read::First { dc: tables.dc(codes >> 4)?, ac } };
            members.push(Member { plane, read, previous: 0 });
            let plane = self.planes.get_mut(plane)?;
            plane.step = plane.step.or(*tables.steps.get(usize::from(plane.table))?);
        }
        if members.is_empty() {
            return None;
        }
        // A component alone is stored without the blocks that only fill up a group (A.2.2).
        let alone = members.len() == 1;
        let (columns, rows) = match members.as_slice() {
            [member] => self.planes.get(member.plane)?.size,
            _ => self.groups,
        };

        let mut bits = Bits::new(coded);
        let mut until_restart = tables.restart_interval;
        for row in 0..rows {
            for column in 0..columns {
                if tables.restart_interval > 0 {
                    if until_restart == 0 {
                        until_restart = tables.restart_interval;
                        members.iter_mut().for_each(|member| member.previous = 0);
                        if bits.restart().is_none() {
                            return Some(());
                        }
                    }
                    until_restart -= 1;
                }
                for member in &mut members {
                    let Some(plane) = self.planes.get_mut(member.plane) else { return Some(()) };
                    let (across, down) = if alone { (1, 1) } else { (plane.across, plane.down) };
                    for y in row * down..(row + 1) * down {
                        for x in column * across..(column + 1) * across {
                            let value = plane.dc.get_mut(y * plane.stride + x);
                            if value.and_then(|value| member.block(&mut bits, value, shift)).is_none() {
                                return Some(());
                            }
                        }
                    }
                }
            }
        }
        Some(())
    }

    /// Turns means into colours. Components of lower resolution are repeated.
    fn render(&self, adobe_transform: Option<u8>) -> Option<RgbImage> {
        let is_rgb = adobe_transform == Some(0) || self.planes.iter().map(|plane| plane.id).eq(*b"RGB");
        let (width, height) = (u32::try_from(self.size.0).ok()?, u32::try_from(self.size.1).ok()?);
        let most = |factor: fn(&Plane) -> usize| self.planes.iter().map(factor).max();
        let (across, down) = (most(|plane| plane.across)?, most(|plane| plane.down)?);
        let steps: Vec<i32> =
            self.planes.iter().map(|plane| plane.step.map(i32::from)).collect::<Option<_>>()?;
        let mut image = RgbImage::new(width, height);
        for (y, row) in image.rows_mut().enumerate() {
            for (x, pixel) in row.enumerate() {
                let mut levels = self.planes.iter().zip(&steps).map(|(plane, step)| {
                    let at = y * plane.down / down * plane.stride + x * plane.across / across;
                    // Eight times the mean, centred on grey; rounded.
                    (i32::from(plane.dc.get(at).copied().unwrap_or(0)) * step + 4).div_euclid(8) + 128
                });
                let first = levels.next()?;
                *pixel = match (levels.next(), levels.next()) {
                    (Some(second), Some(third)) if is_rgb => Rgb([first, second, third].map(level)),
                    (Some(blue), Some(red)) => colour(first, blue, red),
                    _ => Rgb([level(first); 3]),
                };
            }
        }
        Some(image)
    }
}

#[expect(clippy::cast_sign_loss, reason = "clamped to 0..=255")]
fn level(value: i32) -> u8 {
    value.clamp(0, 255) as u8
}

/// YCbCr → RGB as JFIF defines it, in 16-bit fixed point.
fn colour(luma: i32, blue: i32, red: i32) -> Rgb<u8> {
    // A hostile file can code levels far outside 0..=255.
    let [luma, blue, red] = [luma, blue, red].map(|value| value.clamp(-1024, 1024));
    let (blue, red) = (blue - 128, red - 128);
    let rounded = |value: i32| (value + (1 << 15)) >> 16;
    Rgb([
        level(luma + rounded(91_881 * red)),
        level(luma - rounded(22_554 * blue + 46_802 * red)),
        level(luma + rounded(116_130 * blue)),
    ])
}

/// One component in one scan.
struct Member<'a> {
    /// Which plane.
    plane: usize,
    read: Read<'a>,
    /// The DC coefficient of the block before, from which the next one is a difference.
    previous: i16,
}

enum Read<'a> {
    /// Differences, and in a sequential picture the other frequencies to be stepped over.
    First { dc: &'a Code, ac: Option<&'a Code> },
    /// One further bit of precision each.
    Refine,
}

impl Member<'_> {
    /// Reads one block's DC coefficient; `None` if the data end or make no sense.
    fn block(&mut self, bits: &mut Bits<'_>, value: &mut i16, shift: u8) -> Option<()> {
        match self.read {
            Read::Refine => *value |= i16::from(bits.take(1)? == 1) << shift,
            Read::First { dc, ac } => {
                let size = bits.symbol(dc)?;
                self.previous = self.previous.wrapping_add(bits.difference(size)?);
                *value = self.previous << shift;
                if let Some(ac) = ac {
                    bits.pass_over_frequencies(ac)?;
                }
            }
        }
        Some(())
    }
}
