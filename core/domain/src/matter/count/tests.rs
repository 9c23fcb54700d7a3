//! Rows 13, 18, 19 and 23 in many matters: what two tablets both wrote down counts once.

use super::*;
use crate::fixture::{CLERK, GRID, HEAD, SOUTH_GATE, VOLUNTEER, day, park, time};
use crate::matter::story::Tale;
use crate::matter::{Value, sum};
use proptest::prelude::*;

/// Another matter, not the same one twice.
fn apart(mut tale: Tale, number: u128) -> Tale {
    let shift = |id: u128| uuid::Uuid::from_u128(id + (number << 96));
    tale.record.id = DocumentId(shift(tale.record.id.0.as_u128()));
    let events = std::mem::take(&mut tale.record.events);
    tale.record.events = events
        .into_values()
        .map(|mut event| {
            event.id = EventId(shift(event.id.0.as_u128()));
            event.seen.iter_mut().for_each(|seen| seen.0 = shift(seen.0.as_u128()));
            (event.id, event)
        })
        .collect();
    tale
}

fn counted(tales: &[Tale]) -> Once {
    once(tales.iter().flat_map(|tale| counts(&tale.record, &park())))
}

fn total(once: &Once, figure: &str) -> Option<Amount> {
    let of = once.counted.iter().filter(|one| one.figure == figure);
    sum(of.map(|one| crate::matter::Figure { name: String::new(), label: String::new(), amount: one.amount }))
        .first()
        .map(|figure| figure.amount)
}

fn shift(stays: &[(&str, u32, u32)]) -> Tale {
    let at = |hour| Value::Time(time(hour, 0));
    let plan = Tale::of("shift").text("post", "明珠商贸城A座").value("from", at(6)).value("until", at(18));
    let mut shift = plan.opened_by(GRID);
    for (who, from, until) in stays {
        for (act, hour) in [("sign-in", *from), ("sign-out", *until)] {
            let fields = shift.with().person_in("who", who).value("time", at(hour));
            shift.tell(GRID, act, fields);
        }
    }
    shift
}

fn report(put_right: i64, left: i64) -> Tale {
    let report = Tale::of("daily-report").point(SOUTH_GATE).text("words", "清运垃圾");
    report.count("put-right", put_right).count("left", left).opened_by(HEAD)
}

fn tally(entries: &[(i64, &str, Option<u128>)]) -> Tale {
    let mut tally = Tale::of("tally").choice("counted", "vendors-moved").opened_by(CLERK);
    for (number, source, case) in entries {
        let fields = tally.with().count("number", *number).text("source", source).day_in("day", 20);
        let fields = case.map_or(fields.clone(), |case| fields.document("case", case));
        tally.tell(GRID, "add", fields);
    }
    tally
}

#[test]
fn six_to_eighteen_in_two_matters_are_twelve_hours_of_one_volunteer() {
    let (one, other) = (shift(&[(VOLUNTEER, 6, 13)]), apart(shift(&[(VOLUNTEER, 12, 18)]), 1));
    let both = counted(&[one, other]);
    assert_eq!(total(&both, "volunteers"), Some(Amount::Count(1)));
    assert_eq!(
        total(&both, "served"),
        Some(Amount::Minutes(12 * 60)),
        "the hour that both wrote down is one"
    );
    assert_eq!(both.repeated, 1);
    let two = counted(&[shift(&[(VOLUNTEER, 6, 12)]), apart(shift(&[("志愿者乙", 6, 12)]), 1)]);
    assert_eq!(total(&two, "served"), Some(Amount::Minutes(2 * 6 * 60)));
}

#[test]
fn two_reports_of_one_point_and_day_are_one_and_the_later_holds() {
    let mut later = apart(report(3, 0), 1);
    later.record.events.values_mut().for_each(|event| event.at.wall = event.at.wall.plus_ms(1));
    for order in [[report(2, 1), later.clone()], [later.clone(), report(2, 1)]] {
        let both = counted(&order);
        let of = |figure| total(&both, figure);
        assert_eq!(of("reports"), Some(Amount::Count(1)));
        assert_eq!((of("put-right-count"), of("left")), (Some(Amount::Count(3)), Some(Amount::Count(0))));
        assert_eq!(both.repeated, 1);
    }
    let mut next_day = later;
    next_day.record.day = day(3, 21);
    assert_eq!(total(&counted(&[report(2, 1), next_day]), "reports"), Some(Amount::Count(2)));
}

#[test]
fn over_200_vendors_in_two_tallies_count_each_source_once() {
    let one = tally(&[(120, "早市清单", None), (8, "督导记录", Some(5))]);
    let other = apart(tally(&[(120, "早市清单", None), (85, "夜市清单", None), (8, "口述", Some(5))]), 1);
    let both = counted(&[one.clone(), other.clone()]);
    assert_eq!(total(&both, "vendors-moved"), Some(Amount::Count(120 + 85 + 8)));
    assert_eq!(both.repeated, 2);
    let mut elsewhere = other;
    elsewhere.record.home = "park-01".into();
    let communities = counted(&[one, elsewhere]);
    assert_eq!(
        total(&communities, "vendors-moved"),
        Some(Amount::Count(120 + 120 + 85 + 8)),
        "another community's list is another list; the same record is the same"
    );
}

#[test]
fn an_activity_counts_when_it_was_held_and_a_withdrawn_one_never() {
    let plan = Tale::of("activity").choice("theme", "civil-travel").text("what", "文明出行").opened_by(CLERK);
    assert_eq!(counted(std::slice::from_ref(&plan)), Once::default());
    let mut held = plan;
    let hold = held.with().count("people", 30).text("words", "路口劝导");
    let event = held.tell(GRID, "hold", hold);
    held.record.events.get_mut(&event).unwrap().at.wall = crate::fixture::at(3, 28, 9, 0);
    let days: Vec<_> = counted(std::slice::from_ref(&held)).counted.iter().map(|one| one.day).collect();
    assert_eq!(days, [day(3, 28), day(3, 28)]);
    let mut gone = shift(&[(VOLUNTEER, 6, 18)]);
    let reason = gone.with().text("reason", "重复登记");
    gone.tell(GRID, "withdraw", reason);
    assert_eq!(counted(&[gone]), Once::default());
}

proptest! {
    #[test]
    fn writing_the_same_down_again_changes_no_figure(
        stays in prop::collection::vec((6u32..12, 1u32..6), 1..4),
        numbers in prop::collection::vec(1i64..50, 1..4),
    ) {
        let stays: Vec<_> = stays.iter().map(|(from, long)| (VOLUNTEER, *from, from + long)).collect();
        let sources: Vec<String> = (0..numbers.len()).map(|n| format!("第{n}页")).collect();
        let entries: Vec<_> =
            numbers.iter().zip(&sources).map(|(number, source)| (*number, source.as_str(), None)).collect();
        let once_each = [shift(&stays), tally(&entries), report(2, 1)];
        let twice: Vec<_> = once_each.iter().cloned().chain(once_each.iter().cloned().map(|one| apart(one, 1))).collect();
        prop_assert_eq!(counted(&once_each).counted, counted(&twice).counted);
    }
}
