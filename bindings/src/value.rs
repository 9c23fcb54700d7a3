//! Small values as each language has its own: UUIDs, instants, days. And the few that travel as text.

use crate::failure::{FieldFailure, InvalidInput};
use chrono::NaiveDate;
pub use sanben_domain::id::PhotoHash;
use sanben_domain::time::Timestamp;
pub use sanben_field::PageToken;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
pub use uuid::Uuid;

/// A local day in the tenant's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub NaiveDate);

uniffi::custom_type!(Uuid, String, {
    remote,
    try_lift: |text| text.parse().map_err(|_| FieldFailure::invalid(InvalidInput::NotAUuid).into()),
    lower: |id| id.to_string(),
});

// A hash of 64 hexadecimal digits.
uniffi::custom_type!(PhotoHash, String, {
    remote,
    try_lift: |text| {
        text.parse().map_err(|_| FieldFailure::invalid(InvalidInput::NotAHash).into())
    },
    lower: |hash| hash.to_string(),
});

// `2026-03-20`.
uniffi::custom_type!(Day, String, {
    try_lift: |text| text.parse().map(Day).map_err(|_| FieldFailure::invalid(InvalidInput::NotADay).into()),
    lower: |day| day.0.to_string(),
});

// Opaque, but text, so that a list can go on where it was after its process was put away.
uniffi::custom_type!(PageToken, String, {
    remote,
    try_lift: |text| {
        serde_json::from_str(&text).map_err(|_| FieldFailure::invalid(InvalidInput::NotAPageToken).into())
    },
    // Two integers always have a form; an empty token would be refused when it comes back.
    lower: |token| serde_json::to_string(&token).unwrap_or_default(),
});

/// 0001-01-01T00:00:00Z and the last millisecond of the year 9999, milliseconds since 1970.
const YEARS: std::ops::RangeInclusive<i64> = -62_135_596_800_000..=253_402_300_799_999;

/// An instant as the languages have it. A clock can be set to anything, and a record with such a time has to
/// be readable everywhere: what lies outside the years 1 to 9999, which is all that Python can hold, becomes
/// the nearest instant inside.
pub(crate) fn instant(at: Timestamp) -> SystemTime {
    let ms = at.0.clamp(*YEARS.start(), *YEARS.end());
    let distance = Duration::from_millis(ms.unsigned_abs());
    let moved = if ms < 0 { UNIX_EPOCH.checked_sub(distance) } else { UNIX_EPOCH.checked_add(distance) };
    moved.unwrap_or(UNIX_EPOCH)
}

/// An instant as the core has it: the millisecond it lies in.
pub(crate) fn timestamp(at: SystemTime) -> Timestamp {
    let ms = |span: Duration| i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
    Timestamp(match at.duration_since(UNIX_EPOCH) {
        Ok(after) => ms(after),
        Err(before) => {
            let before = before.duration();
            let into_the_millisecond = i64::from(before.subsec_nanos() % 1_000_000 != 0);
            -(ms(before).saturating_add(into_the_millisecond))
        }
    })
}

/// A count as a signed number.
pub(crate) fn count<N>(n: N) -> i64
where
    i64: TryFrom<N>,
{
    i64::try_from(n).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_survive_the_way_there_and_back() {
        for ms in [0, 1, -1, 999, -999, -1_000, -1_001, 1_774_000_000_123, *YEARS.start(), *YEARS.end()] {
            assert_eq!(timestamp(instant(Timestamp(ms))), Timestamp(ms));
        }
    }

    #[test]
    fn a_nonsensical_clock_becomes_the_nearest_time_that_every_language_can_hold() {
        assert_eq!(timestamp(instant(Timestamp(i64::MAX))).0, *YEARS.end());
        assert_eq!(timestamp(instant(Timestamp(i64::MIN))).0, *YEARS.start());
        let zone = sanben_domain::time::Zone { offset_minutes: 0 };
        assert_eq!(zone.show(Timestamp(*YEARS.start())), "0001-01-01 00:00");
        assert_eq!(zone.show(Timestamp(*YEARS.end())), "9999-12-31 23:59");
    }

    #[test]
    fn an_instant_inside_a_millisecond_is_that_millisecond_on_both_sides_of_1970() {
        let (half, one) = (Duration::from_micros(500), Duration::from_millis(1));
        assert_eq!(timestamp(UNIX_EPOCH + half), Timestamp(0));
        assert_eq!(timestamp(UNIX_EPOCH + one + half), Timestamp(1));
        assert_eq!(timestamp(UNIX_EPOCH - half), Timestamp(-1));
        assert_eq!(timestamp(UNIX_EPOCH - one), Timestamp(-1));
        assert_eq!(timestamp(UNIX_EPOCH - one - half), Timestamp(-2));
    }

    #[test]
    fn counts_do_not_turn_negative() {
        assert_eq!(count(u64::MAX), i64::MAX);
        assert_eq!(count(7usize), 7);
    }

    #[test]
    fn a_place_in_a_list_travels_as_text_and_nonsense_is_refused() {
        use uniffi::{Lift, Lower};
        let lift = |text: &str| {
            let lowered = <String as Lower<crate::UniFfiTag>>::lower(text.to_owned());
            <PageToken as Lift<crate::UniFfiTag>>::try_lift(lowered)
        };
        let token = lift(r#"{"due":9223372036854775807,"n":41}"#).unwrap();
        let lowered = <PageToken as Lower<crate::UniFfiTag>>::lower(token);
        let text = <String as Lift<crate::UniFfiTag>>::try_lift(lowered).unwrap();
        assert_eq!(lift(&text).unwrap(), token);
        let refused = lift("here").unwrap_err().downcast::<FieldFailure>();
        assert!(matches!(refused, Ok(FieldFailure::Invalid { .. })));
    }
}
