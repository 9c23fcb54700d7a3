//! The structure of a JPEG file: its segments, the frame header, the EXIF block, and where the picture ends.

use super::{Format, PhotoError, Survey};

/// How every JPEG begins: start of image, then a further marker.
pub(super) const SIGNATURE: &[u8] = &[0xff, 0xd8, 0xff];

/// The markers that matter here (ITU-T T.81, table B.1).
pub(super) mod marker {
    pub(in super::super) const HUFFMAN_TABLES: u8 = 0xc4;
    pub(in super::super) const END: u8 = 0xd9;
    pub(in super::super) const SCAN: u8 = 0xda;
    pub(in super::super) const QUANTIZATION_TABLES: u8 = 0xdb;
    pub(in super::super) const RESTART_INTERVAL: u8 = 0xdd;
    pub(in super::super) const APP1: u8 = 0xe1;
    pub(in super::super) const APP14: u8 = 0xee;

    /// Start of frame, of whatever coding process.
    pub(in super::super) fn is_frame(marker: u8) -> bool {
        matches!(marker, 0xc0..=0xcf) && !matches!(marker, HUFFMAN_TABLES | 0xc8 | 0xcc)
    }

    /// Those that stand alone inside coded data.
    pub(in super::super) fn is_restart(marker: u8) -> bool {
        matches!(marker, 0xd0..=0xd7)
    }
}

/// One marker with what belongs to it.
pub(super) struct Segment<'a> {
    pub(super) marker: u8,
    /// The parameters, without their length.
    pub(super) body: &'a [u8],
    /// For a scan: the coded data up to the next marker, restarts included.
    pub(super) coded: &'a [u8],
}

/// The segments of a file in order, up to and including the end of the image; what a camera appends after
/// it (a video, a second picture) is not looked at.
pub(super) struct Segments<'a> {
    bytes: &'a [u8],
    at: usize,
    ended: bool,
}

impl<'a> Segments<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 2, ended: false }
    }

    /// Moves behind the next marker. Bytes that are none are passed over, as every decoder does.
    fn marker(&mut self) -> Option<u8> {
        loop {
            let rest = self.bytes.get(self.at..)?;
            self.at += rest.iter().position(|byte| *byte == 0xff)?;
            let rest = self.bytes.get(self.at..)?;
            self.at += rest.iter().position(|byte| *byte != 0xff)?;
            let found = *self.bytes.get(self.at)?;
            self.at += 1;
            // Stuffing, TEM, restarts and a repeated start carry nothing.
            if !matches!(found, 0x00 | 0x01 | 0xd0..=0xd8) {
                return Some(found);
            }
        }
    }

    fn segment(&mut self) -> Result<Segment<'a>, PhotoError> {
        let found = self.marker().ok_or(PhotoError::Truncated)?;
        if found == marker::END {
            return Ok(Segment { marker: found, body: &[], coded: &[] });
        }
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let length = usize::from(u16::from_be_bytes(*rest.first_chunk().ok_or(PhotoError::Truncated)?));
        if length < 2 {
            return Err(PhotoError::Damaged);
        }
        let body = rest.get(2..length).ok_or(PhotoError::Truncated)?;
        self.at += length;
        let coded = if found == marker::SCAN { self.coded() } else { &[] };
        Ok(Segment { marker: found, body, coded })
    }

    /// Moves to the end of a scan's data.
    fn coded(&mut self) -> &'a [u8] {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let mut length = 0;
        let length = loop {
            let tail = rest.get(length..).unwrap_or_default();
            let Some(step) = tail.iter().position(|byte| *byte == 0xff) else { break rest.len() };
            length += step;
            match rest.get(length + 1) {
                Some(0x00) => length += 2,
                Some(next) if marker::is_restart(*next) => length += 2,
                Some(0xff) => length += 1,
                _ => break length,
            }
        };
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }
}

impl<'a> Iterator for Segments<'a> {
    type Item = Result<Segment<'a>, PhotoError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let segment = self.segment();
        self.ended = segment.as_ref().map_or(true, |segment| segment.marker == marker::END);
        Some(segment)
    }
}

/// A frame header: what a decoder has to know before the first scan.
pub(super) struct Frame {
    pub(super) coding: Coding,
    pub(super) width: u16,
    pub(super) height: u16,
    pub(super) components: Vec<Component>,
}

/// The coding processes, as far as they differ here.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    /// Huffman-coded, each block whole (baseline and extended sequential).
    Sequential,
    /// Huffman-coded, each block over several scans.
    Progressive,
    /// Arithmetic-coded, lossless, hierarchical, or not of 8 bits: no phone writes these.
    Rare,
}

/// One colour component.
pub(super) struct Component {
    pub(super) id: u8,
    /// Blocks across in each group of blocks, 1 to 4.
    pub(super) across: u8,
    /// Blocks down in each group of blocks, 1 to 4.
    pub(super) down: u8,
    /// Which quantization table applies.
    pub(super) table: u8,
}

impl Frame {
    /// From a start-of-frame segment; `None` if it makes no sense.
    pub(super) fn parse(marker: u8, body: &[u8]) -> Option<Self> {
        let ([precision, h1, h0, w1, w0, count], components) = body.split_first_chunk()?;
        let coding = match (marker, precision) {
            (0xc0 | 0xc1, 8) => Coding::Sequential,
            (0xc2, 8) => Coding::Progressive,
            _ => Coding::Rare,
        };
        let (components, _) = components.get(..3 * usize::from(*count))?.as_chunks();
        let components: Vec<_> = components
            .iter()
            .map(|[id, factors, table]| Component {
                id: *id,
                across: factors >> 4,
                down: factors & 15,
                table: *table,
            })
            .collect();
        let frame = Self {
            coding,
            width: u16::from_be_bytes([*w1, *w0]),
            height: u16::from_be_bytes([*h1, *h0]),
            components,
        };
        let possible = (1..=4).contains(&frame.components.len())
            && frame.components.iter().all(|c| (1..=4).contains(&c.across) && (1..=4).contains(&c.down))
            && frame.width > 0
            && frame.height > 0;
        possible.then_some(frame)
    }
}

/// Walks the whole file.
pub(super) fn survey(bytes: &[u8]) -> Result<Survey<'_>, PhotoError> {
    let (mut frame, mut exif, mut scanned) = (None, None, false);
    let mut segments = Segments::new(bytes);
    for segment in &mut segments {
        let Segment { marker: found, body, .. } = segment?;
        if marker::is_frame(found) && frame.is_none() {
            frame = Some(Frame::parse(found, body).ok_or(PhotoError::Damaged)?);
        } else if found == marker::APP1 && exif.is_none() {
            exif = body.strip_prefix(b"Exif\0").and_then(|rest| rest.get(1..));
        } else if found == marker::SCAN {
            scanned = true;
        }
    }
    let frame = frame.filter(|_| scanned).ok_or(PhotoError::Damaged)?;
    Ok(Survey {
        width: frame.width.into(),
        height: frame.height.into(),
        exif,
        picture: bytes.get(..segments.at).unwrap_or(bytes),
        format: Format::Jpeg(frame),
    })
}
