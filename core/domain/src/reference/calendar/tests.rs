//! The calendar of 2026 as it was published, and what holds for any calendar.

use super::*;
use crate::fixture::{ZONE, at, calendar_2026, day, time};
use proptest::prelude::*;

fn calendar() -> WorkingCalendar {
    let hours = vec![(time(8, 30), time(12, 0)), (time(14, 0), time(17, 30))];
    let days = calendar_2026().into_iter().map(|row| (row.day, row)).collect();
    WorkingCalendar { zone: ZONE, hours, days }
}

#[test]
fn moved_holidays_of_2026() {
    let calendar = calendar();
    let worked = [(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10), (3, 20)];
    let free = [(1, 1), (2, 16), (2, 23), (4, 6), (5, 5), (6, 19), (9, 25), (10, 7), (3, 21)];
    assert!(worked.iter().all(|(month, of_month)| calendar.is_working_day(day(*month, *of_month))));
    assert!(!free.iter().any(|(month, of_month)| calendar.is_working_day(day(*month, *of_month))));
    let year = day(1, 1).iter_days().take(365);
    assert_eq!(year.filter(|day| calendar.is_working_day(*day)).count(), 248, "as the State Council counts");
}

#[test]
fn working_hours_skip_noon_night_and_holidays() {
    let calendar = calendar();
    assert_eq!(calendar.add_working_hours(at(3, 20, 7, 0), 4), at(3, 20, 14, 30));
    assert_eq!(calendar.add_working_hours(at(3, 20, 12, 30), 1), at(3, 20, 15, 0));
    assert_eq!(calendar.add_working_hours(at(3, 20, 14, 0), 0), at(3, 20, 14, 0));
    assert_eq!(calendar.add_working_hours(at(3, 20, 12, 30), 0), at(3, 20, 14, 0));
    // A whole day's work ends with the day, not at the next morning's bell.
    assert_eq!(calendar.add_working_hours(at(3, 20, 8, 30), 7), at(3, 20, 17, 30));
    assert_eq!(calendar.add_working_hours(at(9, 30, 17, 0), 1), at(10, 8, 9, 0));
}

#[test]
fn working_days_count_from_the_next() {
    let calendar = calendar();
    assert_eq!(calendar.end_of_working_days(at(3, 20, 9, 0), 1), at(3, 23, 17, 30));
    assert_eq!(calendar.end_of_working_days(at(3, 21, 9, 0), 1), at(3, 23, 17, 30));
    assert_eq!(calendar.end_of_working_days(at(3, 20, 9, 0), 0), at(3, 20, 17, 30));
    assert_eq!(calendar.end_of_working_days(at(3, 20, 18, 0), 0), at(3, 23, 17, 30));
}

#[test]
fn a_calendar_without_hours_works_around_the_clock() {
    let calendar = WorkingCalendar { hours: Vec::new(), ..calendar() };
    assert_eq!(calendar.add_working_hours(at(3, 20, 20, 0), 8), at(3, 23, 4, 0));
    let upside_down = WorkingCalendar { hours: vec![(time(17, 0), time(8, 0))], ..calendar };
    assert_eq!(upside_down.add_working_hours(at(3, 20, 20, 0), 8), at(3, 23, 4, 0));
}

#[test]
fn overlapping_hours_count_once() {
    let hours = vec![(time(9, 0), time(12, 0)), (time(8, 0), time(11, 0))];
    let calendar = WorkingCalendar { hours, ..calendar() };
    assert_eq!(calendar.add_working_hours(at(3, 20, 8, 0), 4), at(3, 20, 12, 0));
}

fn in_2026() -> impl Strategy<Value = Timestamp> {
    (at(1, 1, 0, 0).0..at(12, 20, 0, 0).0).prop_map(Timestamp)
}

proptest! {
    #[test]
    fn a_working_deadline_is_a_working_instant(from in in_2026(), hours in 0_u16..200, days in 0_u16..40) {
        let calendar = calendar();
        for due in [calendar.add_working_hours(from, hours), calendar.end_of_working_days(from, days)] {
            prop_assert!(due >= from);
            prop_assert!(calendar.is_working_time(due), "{}", ZONE.show(due));
        }
    }

    #[test]
    fn later_found_is_never_due_earlier(a in in_2026(), b in in_2026(), hours in 0_u16..200, days in 0_u16..40) {
        let calendar = calendar();
        let (a, b) = (a.min(b), a.max(b));
        prop_assert!(calendar.add_working_hours(a, hours) <= calendar.add_working_hours(b, hours));
        prop_assert!(calendar.end_of_working_days(a, days) <= calendar.end_of_working_days(b, days));
    }

    #[test]
    fn more_time_is_later(from in in_2026(), hours in 0_u16..200, more in 1_u16..20, days in 0_u16..40) {
        let calendar = calendar();
        prop_assert!(calendar.add_working_hours(from, hours) < calendar.add_working_hours(from, hours + more));
        prop_assert!(calendar.end_of_working_days(from, days) <= calendar.end_of_working_days(from, days + more));
    }

    /// Counting in two steps is counting in one.
    #[test]
    fn hours_add_up(from in in_2026(), first in 0_u16..60, second in 1_u16..60) {
        let calendar = calendar();
        let halfway = calendar.add_working_hours(from, first);
        let whole = calendar.add_working_hours(from, first + second);
        prop_assert_eq!(calendar.add_working_hours(halfway, second), whole);
    }

    #[test]
    fn any_instant_has_a_deadline(from in any::<i64>(), hours in any::<u16>(), days in any::<u16>()) {
        let calendar = calendar();
        let _ = calendar.add_working_hours(Timestamp(from), hours);
        let _ = calendar.end_of_working_days(Timestamp(from), days);
    }
}
