//! Row 2: what is to be done at a point, by when; and a phone that keeps quiet at night.

use super::*;
use crate::fixture::{ZONE, at, time};
use proptest::prelude::*;
use uuid::Uuid;

fn due(month_day: u32, hour: u32, minute: u32) -> Due {
    Due {
        at: at(3, month_day, hour, minute),
        document: DocumentId(Uuid::from_u128(1)),
        title: "补齐桶盖".to_owned(),
    }
}

fn instants(plan: &Plan, due: Due, after: Timestamp) -> Vec<Timestamp> {
    plan.reminders([due], ZONE, after).into_iter().map(|reminder| reminder.at).collect()
}

#[test]
fn a_task_due_at_18_is_reminded_of_the_day_before_and_two_hours_before() {
    let plan = Plan::default();
    assert_eq!(instants(&plan, due(20, 18, 0), at(3, 18, 8, 0)), [at(3, 19, 18, 0), at(3, 20, 16, 0)]);
    assert_eq!(
        instants(&plan, due(20, 18, 0), at(3, 19, 18, 0)),
        [at(3, 20, 16, 0)],
        "what was told is told"
    );
    assert_eq!(instants(&plan, due(20, 18, 0), at(3, 20, 17, 0)), [], "nothing comes after the fact");
}

#[test]
fn what_would_come_at_night_comes_in_the_morning_or_before_the_night() {
    let plan = Plan { before: vec![120], ..Plan::default() };
    // Two hours before eight are six: the morning's round begins at seven, and that is early enough.
    assert_eq!(instants(&plan, due(20, 8, 0), at(3, 19, 8, 0)), [at(3, 20, 7, 0)]);
    // Due at seven itself: the evening before, while somebody still looks.
    assert_eq!(instants(&plan, due(20, 7, 0), at(3, 19, 8, 0)), [at(3, 19, 20, 59)]);
    // Two hours before one at night are eleven in the evening.
    assert_eq!(instants(&plan, due(21, 1, 0), at(3, 19, 8, 0)), [at(3, 20, 20, 59)]);
}

#[test]
fn no_quiet_hours_and_quiet_hours_at_noon() {
    let none = Plan { before: vec![120], quiet_from: time(0, 0), quiet_until: time(0, 0) };
    assert_eq!(instants(&none, due(20, 4, 0), at(3, 19, 8, 0)), [at(3, 20, 2, 0)]);
    let noon = Plan { before: vec![120], quiet_from: time(12, 0), quiet_until: time(14, 0) };
    assert_eq!(instants(&noon, due(20, 15, 0), at(3, 19, 8, 0)), [at(3, 20, 14, 0)]);
    assert_eq!(instants(&noon, due(20, 14, 0), at(3, 19, 8, 0)), [at(3, 20, 11, 59)]);
}

fn quarter(of_day: u32) -> NaiveTime {
    time(of_day / 4, of_day % 4 * 15)
}

proptest! {
    #[test]
    fn nothing_is_heard_in_quiet_hours_after_the_fact_or_twice(
        before in prop::collection::vec(1u32..3_000, 0..5),
        (from, until) in (0u32..96, 0u32..96),
        dues in prop::collection::vec((1u32..28, 0u32..24, 0u32..60), 0..6),
        after in (1u32..28, 0u32..24),
    ) {
        let plan = Plan { before, quiet_from: quarter(from), quiet_until: quarter(until) };
        let after = at(3, after.0, after.1, 0);
        let dues: Vec<_> = dues.into_iter().map(|(day, hour, minute)| due(day, hour, minute)).collect();
        let told = plan.reminders(dues.clone(), ZONE, after);
        prop_assert!(told.windows(2).all(|pair| pair[0] < pair[1]));
        for reminder in &told {
            prop_assert!(!plan.is_quiet(ZONE.local(reminder.at).time()), "{reminder:?}");
            prop_assert!(reminder.at > after && reminder.at < reminder.due.at);
        }
        // Asked again in between, the same ones are left.
        if let Some(first) = told.first() {
            let rest: Vec<_> = told.iter().filter(|one| one.at > first.at).cloned().collect();
            prop_assert_eq!(plan.reminders(dues, ZONE, first.at), rest);
        }
    }
}
