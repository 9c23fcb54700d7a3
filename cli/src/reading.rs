//! Reading what people type on the command line: places, days, words for who found a problem. What cannot
//! be read is a [`Misread`], which the usage error says in the person's language.

use crate::language::{Language, say};
use crate::words;
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use sanben_domain::case::{Handler, Source, Status};
use sanben_domain::id::{PersonId, PhotoHash, UnitId};
use sanben_domain::patrol::Round;
use sanben_domain::place::{Coordinate, Fix};
use sanben_domain::time::{Timestamp, Zone};
use sanben_server::report::DocumentNumber;
use std::fmt::Display;

/// Something that was typed and cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Misread {
    /// Not a place.
    #[error("not a place")]
    Place,
    /// Not a latitude or longitude.
    #[error("not degrees")]
    Degrees,
    /// Not a day.
    #[error("not a day")]
    Day,
    /// Not a month.
    #[error("not a month")]
    Month,
    /// Not a day with or without a time.
    #[error("not an instant")]
    Instant,
    /// None of the words that may stand here.
    #[error("not one of {0:?}")]
    Word(Vec<String>),
    /// Not a unit, or a unit and a person.
    #[error("not a unit")]
    Handler,
    /// Not the hash of a photo.
    #[error("not a hash")]
    Hash,
    /// Not a length of time.
    #[error("not a span")]
    Span,
    /// Not a number of bytes.
    #[error("not a size")]
    Size,
    /// Not the key of a server.
    #[error("not a key")]
    Key,
    /// Not what a paper is filed under.
    #[error("not a document number")]
    DocumentNumber,
}

impl Misread {
    /// What may be written instead.
    #[must_use]
    pub(crate) fn say(&self, language: Language) -> String {
        match self {
            Self::Place => say!(language, "misread-place"),
            Self::Degrees => say!(language, "misread-degrees"),
            Self::Day => say!(language, "misread-day"),
            Self::Month => say!(language, "misread-month"),
            Self::Instant => say!(language, "misread-instant"),
            Self::Word(words) => say!(language, "misread-word", words = words.join(", ")),
            Self::Handler => say!(language, "misread-handler"),
            Self::Hash => say!(language, "misread-hash"),
            Self::Span => say!(language, "misread-span"),
            Self::Size => say!(language, "misread-size"),
            Self::Key => say!(language, "misread-key"),
            Self::DocumentNumber => say!(language, "misread-document-number"),
        }
    }
}

const SOURCES: [Source; 5] =
    [Source::Own, Source::Subdistrict, Source::District, Source::City, Source::DigitalCity];

const STATUSES: [Status; 12] = [
    Status::Reported,
    Status::Confirmed,
    Status::Filed,
    Status::Dispatched,
    Status::Acknowledged,
    Status::Rectified,
    Status::Rework,
    Status::OnAccount,
    Status::Verified,
    Status::Closed,
    Status::Voided,
    Status::Merged,
];

/// What a paper is filed under, such as 公创〔2026〕3号.
pub(crate) fn document_number(text: &str) -> Result<DocumentNumber, Misread> {
    DocumentNumber::read(text).ok_or(Misread::DocumentNumber)
}

/// A source by its name in the data, or as people say it in either language.
pub(crate) fn source(text: &str) -> Result<Source, Misread> {
    word(text, &SOURCES, words::source)
}

/// A status, likewise.
pub(crate) fn status(text: &str) -> Result<Status, Misread> {
    word(text, &STATUSES, words::status)
}

/// A round, likewise.
pub(crate) fn round(text: &str) -> Result<Round, Misread> {
    word(text, &[Round::Morning, Round::LookBack], words::round)
}

fn word<T: Copy + serde::Serialize>(
    text: &str,
    all: &[T],
    said: fn(Language, T) -> String,
) -> Result<T, Misread> {
    let name = |value: &T| match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    };
    let is_meant = |value: &&T| {
        let names = [name(value), said(Language::Zh, **value), said(Language::En, **value)];
        names.iter().any(|name| name.eq_ignore_ascii_case(text.trim()))
    };
    all.iter().find(is_meant).copied().ok_or_else(|| Misread::Word(all.iter().map(name).collect()))
}

/// A time of day as `06:00`.
pub(crate) fn time(text: &str) -> Option<NaiveTime> {
    NaiveTime::parse_from_str(&text.trim().replace('：', ":"), "%H:%M").ok()
}

/// A fix as `LAT,LON` or `LAT,LON,ACCURACY`, degrees and metres.
pub(crate) fn fix(text: &str) -> Result<Fix, Misread> {
    let parts: Vec<&str> = text.split([',', '，']).map(str::trim).collect();
    let (lat, lon, accuracy) = match parts.as_slice() {
        [lat, lon] => (lat, lon, None),
        [lat, lon, accuracy] => (lat, lon, Some(accuracy)),
        _ => return Err(Misread::Place),
    };
    let accuracy_m = accuracy.map(|metres| metres.parse()).transpose().map_err(|_| Misread::Place)?;
    Ok(Fix { coordinate: coordinate(lat, lon)?, accuracy_m })
}

/// A coordinate from two texts in degrees.
pub(crate) fn coordinate(lat: &str, lon: &str) -> Result<Coordinate, Misread> {
    let degrees = |text: &str| text.trim().parse::<f64>().map_err(|_| Misread::Place);
    Coordinate::from_degrees(degrees(lat)?, degrees(lon)?).ok_or(Misread::Place)
}

/// A local day, `2026-03-20`.
pub(crate) fn day(text: &str) -> Result<NaiveDate, Misread> {
    text.trim().parse().map_err(|_| Misread::Day)
}

/// The first day of a month, `2026-03`.
pub(crate) fn month(text: &str) -> Result<NaiveDate, Misread> {
    format!("{}-01", text.trim()).parse().map_err(|_| Misread::Month)
}

/// A local day with or without a time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LocalTime {
    /// The day.
    pub(crate) day: NaiveDate,
    /// The time, if one was said.
    pub(crate) time: Option<NaiveTime>,
}

impl LocalTime {
    /// The instant in a zone; a day alone means `otherwise` of that day.
    #[must_use]
    pub(crate) fn instant(self, zone: Zone, otherwise: NaiveTime) -> Timestamp {
        zone.at(self.day, self.time.unwrap_or(otherwise))
    }
}

/// `2026-03-20`, `2026-03-20T17:00` or `2026-03-20 17:00`, seconds if wanted.
pub(crate) fn local_time(text: &str) -> Result<LocalTime, Misread> {
    let text = text.trim().replace(' ', "T");
    if let Ok(day) = text.parse() {
        return Ok(LocalTime { day, time: None });
    }
    let forms = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"];
    let read = forms.iter().find_map(|form| NaiveDateTime::parse_from_str(&text, form).ok());
    let local = read.ok_or(Misread::Instant)?;
    Ok(LocalTime { day: local.date(), time: Some(local.time()) })
}

/// `UNIT` or `UNIT/PERSON`.
pub(crate) fn handler(text: &str) -> Result<Handler, Misread> {
    let (unit, person) = match text.trim().split_once('/') {
        Some((unit, person)) => (unit, Some(PersonId::from(person))),
        None => (text.trim(), None),
    };
    let empty = unit.is_empty() || person.as_ref().is_some_and(|person| person.as_str().is_empty());
    if empty { Err(Misread::Handler) } else { Ok(Handler { unit: UnitId::from(unit), person }) }
}

/// The hash of a photo.
pub(crate) fn photo(text: &str) -> Result<PhotoHash, Misread> {
    text.trim().parse().map_err(|_| Misread::Hash)
}

/// A length of time such as `500ms`, `20s` or `2m`, in milliseconds.
pub(crate) fn span(text: &str) -> Result<u64, Misread> {
    measured(text, &[("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000)]).ok_or(Misread::Span)
}

/// A number of bytes such as `800`, `64KiB` or `2MB`.
pub(crate) fn size(text: &str) -> Result<u64, Misread> {
    let units = [("", 1), ("b", 1), ("kb", 1_000), ("kib", 1 << 10), ("mb", 1_000_000), ("mib", 1 << 20)];
    measured(text, &units).ok_or(Misread::Size)
}

/// A whole number and its unit.
fn measured(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let text = text.trim().to_ascii_lowercase();
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let (_, each) = units.iter().find(|(name, _)| *name == unit.trim())?;
    number.parse::<u64>().ok()?.checked_mul(*each)
}

/// At least this many characters of an id name a case.
pub(crate) const SHORTEST_PREFIX: usize = 6;

/// The beginning of an id, as hexadecimal digits without hyphens; `None` when it cannot be one.
pub(crate) fn id_prefix(text: &str) -> Option<String> {
    let digits: String = text.trim().chars().filter(|c| *c != '-').map(|c| c.to_ascii_lowercase()).collect();
    let fits = (SHORTEST_PREFIX..=32).contains(&digits.len());
    (fits && digits.chars().all(|c| c.is_ascii_hexdigit())).then_some(digits)
}

/// Whether an id begins with these hexadecimal digits.
pub(crate) fn begins_with(id: impl Display, prefix: &str) -> bool {
    id.to_string().replace('-', "").starts_with(prefix)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sanben_domain::time::Zone;

    #[test]
    fn words_are_read_as_data_says_them_and_as_people_do() {
        for text in ["rectified", "Rectified", "已处置"] {
            assert_eq!(status(text), Ok(Status::Rectified), "{text}");
        }
        assert_eq!(source("市检查"), Ok(Source::City));
        assert_eq!(round("look-back"), Ok(Round::LookBack));
        assert!(
            matches!(source("nobody"), Err(Misread::Word(words)) if words.contains(&"digital-city".into()))
        );
    }

    #[test]
    fn no_two_words_of_a_kind_are_the_same() {
        for language in [Language::Zh, Language::En] {
            let said: std::collections::BTreeSet<_> = STATUSES.map(|s| words::status(language, s)).into();
            assert_eq!(said.len(), STATUSES.len());
        }
    }

    #[test]
    fn places() {
        let fix = fix("38.308162, 116.839776,8").unwrap();
        assert_eq!((fix.coordinate.lat_e7, fix.coordinate.lon_e7), (383_081_620, 1_168_397_760));
        assert_eq!(fix.accuracy_m, Some(8));
        for text in ["", "38.3", "91,0", "0,181", "NaN,0", "38,116,eight", "1,2,3,4"] {
            assert_eq!(super::fix(text), Err(Misread::Place), "{text}");
        }
    }

    #[test]
    fn days_and_times() {
        let noon = NaiveTime::from_hms_opt(12, 0, 0).unwrap();
        let at = |text| local_time(text).map(|local| Zone::CHINA.show(local.instant(Zone::CHINA, noon)));
        assert_eq!(at("2026-03-20").unwrap(), "2026-03-20 12:00");
        assert_eq!(at("2026-03-20 17:05").unwrap(), "2026-03-20 17:05");
        assert_eq!(at("2026-03-20T17:05:30").unwrap(), "2026-03-20 17:05");
        assert_eq!(at("2026-02-30"), Err(Misread::Instant));
        assert_eq!(month("2026-03"), Ok(NaiveDate::from_ymd_opt(2026, 3, 1).unwrap()));
        assert_eq!(month("2026-13"), Err(Misread::Month));
    }

    #[test]
    fn amounts_have_units() {
        assert_eq!((span("20s"), span("2 m"), span("500ms")), (Ok(20_000), Ok(120_000), Ok(500)));
        assert_eq!((size("2MB"), size("64KiB"), size("800")), (Ok(2_000_000), Ok(65_536), Ok(800)));
        for text in ["", "s", "-1s", "20", "1.5s", "99999999999999999999s", "9223372036854775807h"] {
            assert_eq!(span(text), Err(Misread::Span), "{text}");
        }
        assert_eq!(size("2 giga"), Err(Misread::Size));
    }

    #[test]
    fn ids_are_named_by_six_characters_or_more() {
        assert_eq!(id_prefix("3F2A-91c4").as_deref(), Some("3f2a91c4"));
        assert_eq!(id_prefix("3f2a9"), None);
        assert_eq!(id_prefix("not-hex"), None);
        assert!(begins_with("3f2a91c4-0000-4000-8000-000000000000", "3f2a91c400"));
    }
}
