//! The few EXIF facts a photo brings along: which way is up, when it was taken, and where.
//!
//! A reader of its own, because it has to be bounded: EXIF is a graph of offsets, and a parser that first
//! lists all entries can be made to list 64 KB as millions of them. Here nothing is listed or allocated;
//! each fact is looked up on its own, and one that cannot be believed is left out alone.

use sanben_domain::place::{Coordinate, Fix};

/// The camera's own reading of date and time; a hint, since cameras keep wrong clocks too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenAt {
    /// The local date and time as `2026-03-20T07:04:11`.
    pub local: String,
    /// Minutes east of Greenwich, if the camera knew its zone.
    pub offset_minutes: Option<i16>,
}

/// What [`read`] found.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Said {
    /// 1 to 8; 1 if the file does not say.
    pub(super) orientation: u8,
    pub(super) taken_at: Option<TakenAt>,
    pub(super) place: Option<Fix>,
}

impl Default for Said {
    fn default() -> Self {
        Self { orientation: 1, taken_at: None, place: None }
    }
}

// Tags as EXIF 2.32 numbers them.
const ORIENTATION: u16 = 0x0112;
const EXIF_DIRECTORY: u16 = 0x8769;
const GPS_DIRECTORY: u16 = 0x8825;
const TAKEN_AT: u16 = 0x9003;
const TAKEN_AT_OFFSET: u16 = 0x9011;
const LATITUDE_REF: u16 = 0x0001;
const LATITUDE: u16 = 0x0002;
const LONGITUDE_REF: u16 = 0x0003;
const LONGITUDE: u16 = 0x0004;
const MAP_DATUM: u16 = 0x0012;
const HORIZONTAL_ERROR: u16 = 0x001f;

/// Reads an EXIF block from its TIFF header on.
pub(super) fn read(block: &[u8]) -> Said {
    let mut said = Said::default();
    let Some(tiff) = Tiff::new(block) else { return said };
    let Some(root) = tiff.u32(4) else { return said };

    said.orientation = tiff
        .short(root, ORIENTATION)
        .and_then(|value| u8::try_from(value).ok())
        .filter(|value| (1..=8).contains(value))
        .unwrap_or(1);
    said.taken_at = tiff.long(root, EXIF_DIRECTORY).and_then(|directory| taken_at(&tiff, directory));
    said.place = tiff.long(root, GPS_DIRECTORY).and_then(|directory| place(&tiff, directory));
    said
}

fn taken_at(tiff: &Tiff<'_>, directory: u32) -> Option<TakenAt> {
    let local = date_time(tiff.ascii(directory, TAKEN_AT)?)?;
    let offset_minutes = tiff.ascii(directory, TAKEN_AT_OFFSET).and_then(utc_offset);
    Some(TakenAt { local, offset_minutes })
}

/// `2026:03:20 07:04:11` → `2026-03-20T07:04:11`, if there was such a moment. Cameras whose clock was
/// never set write zeros or blanks.
fn date_time(text: &[u8]) -> Option<String> {
    let number = |from: usize, to: usize| digits(text.get(from..to)?);
    let [year, month, day] = [number(0, 4)?, number(5, 7)?, number(8, 10)?];
    let [hour, minute, second] = [number(11, 13)?, number(14, 16)?, number(17, 19)?];
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return None,
    };
    let real = year > 0 && (1..=days).contains(&day) && hour < 24 && minute < 60 && second < 60;
    real.then(|| format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"))
}

/// `+08:00` → 480.
fn utc_offset(text: &[u8]) -> Option<i16> {
    let sign = match text.first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hours, minutes) = (digits(text.get(1..3)?)?, digits(text.get(4..6)?)?);
    let east = i16::try_from(hours * 60 + minutes).ok()?;
    (hours <= 14 && minutes < 60).then_some(sign * east)
}

fn digits(text: &[u8]) -> Option<u32> {
    text.iter().try_fold(0u32, |sum, byte| {
        byte.is_ascii_digit().then(|| sum.wrapping_mul(10).wrapping_add(u32::from(byte - b'0')))
    })
}

fn place(tiff: &Tiff<'_>, directory: u32) -> Option<Fix> {
    // A shifted datum (GCJ-02, Tokyo) would be hundreds of metres off. No name means WGS-84, as EXIF says.
    let datum = tiff.ascii(directory, MAP_DATUM).unwrap_or_default();
    if !datum.is_empty() && !datum.to_ascii_uppercase().starts_with(b"WGS") {
        return None;
    }
    let south = hemisphere(tiff.ascii(directory, LATITUDE_REF)?, b"NS")?;
    let west = hemisphere(tiff.ascii(directory, LONGITUDE_REF)?, b"EW")?;
    let lat = south * degrees(tiff, directory, LATITUDE)?;
    let lon = west * degrees(tiff, directory, LONGITUDE)?;
    // Exactly 0° 0° is what cameras write that have no fix; it lies in the Atlantic.
    if lat == 0.0 && lon == 0.0 {
        return None;
    }
    let metres = tiff.ratio(directory, HORIZONTAL_ERROR, 0).filter(|metres| *metres <= f64::from(u32::MAX));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "0 to u32::MAX, just checked"
    )]
    let accuracy_m = metres.map(|metres| metres.ceil() as u32);
    Some(Fix { coordinate: Coordinate::from_degrees(lat, lon)?, accuracy_m })
}

/// 1 or −1 for the first or the second letter of `signs`.
fn hemisphere(text: &[u8], signs: &[u8; 2]) -> Option<f64> {
    let letter = text.first()?;
    let [positive, negative] = signs;
    if letter == positive {
        Some(1.0)
    } else if letter == negative {
        Some(-1.0)
    } else {
        None
    }
}

/// Degrees, minutes and seconds as one number.
fn degrees(tiff: &Tiff<'_>, directory: u32, tag: u16) -> Option<f64> {
    let part = |index| tiff.ratio(directory, tag, index);
    let (degrees, minutes, seconds) = (part(0)?, part(1)?, part(2)?);
    // 60 itself occurs, by rounding up.
    (minutes <= 60.0 && seconds <= 60.0).then_some(degrees + minutes / 60.0 + seconds / 3600.0)
}

/// A TIFF structure: directories of tagged values at offsets from its start.
struct Tiff<'a> {
    bytes: &'a [u8],
    big_endian: bool,
}

// Types of values.
const ASCII: u16 = 2;
const SHORT: u16 = 3;
const LONG: u16 = 4;
const RATIONAL: u16 = 5;

impl<'a> Tiff<'a> {
    fn new(bytes: &'a [u8]) -> Option<Self> {
        let big_endian = match bytes.get(..2)? {
            b"MM" => true,
            b"II" => false,
            _ => return None,
        };
        let tiff = Self { bytes, big_endian };
        (tiff.u16(2)? == 42).then_some(tiff)
    }

    fn u16(&self, at: usize) -> Option<u16> {
        let bytes = self.bytes.get(at..)?.first_chunk().copied()?;
        Some(if self.big_endian { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    }

    fn u32(&self, at: usize) -> Option<u32> {
        let bytes = self.bytes.get(at..)?.first_chunk().copied()?;
        Some(if self.big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    }

    /// Where the first value of a tag lies, and how many there are, if they are of this type and inside.
    fn values(&self, directory: u32, tag: u16, kind: u16, size: usize) -> Option<(usize, usize)> {
        let directory = usize::try_from(directory).ok()?;
        let entries = usize::from(self.u16(directory)?);
        let entry = (0..entries)
            .map_while(|index| {
                let entry = directory.checked_add(2 + 12 * index)?;
                Some((entry, self.u16(entry)?))
            })
            .find_map(|(entry, found)| (found == tag).then_some(entry))?;
        if self.u16(entry + 2)? != kind {
            return None;
        }
        let count = usize::try_from(self.u32(entry + 4)?).ok()?;
        let length = count.checked_mul(size)?;
        let start = if length <= 4 { entry + 8 } else { usize::try_from(self.u32(entry + 8)?).ok()? };
        (start.checked_add(length)? <= self.bytes.len()).then_some((start, count))
    }

    fn short(&self, directory: u32, tag: u16) -> Option<u16> {
        let (at, count) = self.values(directory, tag, SHORT, 2)?;
        (count == 1).then(|| self.u16(at))?
    }

    fn long(&self, directory: u32, tag: u16) -> Option<u32> {
        let (at, count) = self.values(directory, tag, LONG, 4)?;
        (count == 1).then(|| self.u32(at))?
    }

    /// Text up to its first NUL.
    fn ascii(&self, directory: u32, tag: u16) -> Option<&'a [u8]> {
        let (at, count) = self.values(directory, tag, ASCII, 1)?;
        self.bytes.get(at..at + count)?.split(|byte| *byte == 0).next()
    }

    /// One of several fractions; `None` with a denominator of zero.
    fn ratio(&self, directory: u32, tag: u16, index: usize) -> Option<f64> {
        let (at, count) = self.values(directory, tag, RATIONAL, 8)?;
        let at = (index < count).then_some(at + 8 * index)?;
        let (numerator, denominator) = (self.u32(at)?, self.u32(at + 4)?);
        (denominator != 0).then(|| f64::from(numerator) / f64::from(denominator))
    }
}
