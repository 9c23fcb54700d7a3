//! Published sheets stand: what came later, and what appeals changed, is a line of the open period.

use super::*;
use proptest::prelude::*;

fn april(day: u32, hour: u32) -> Timestamp {
    ZONE.at(april_day(day), NaiveTime::from_hms_opt(hour, 0, 0).unwrap())
}

fn april_day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 4, day).unwrap()
}

fn ask(month: u32, as_of: Timestamp) -> Question {
    let day = NaiveDate::from_ymd_opt(2026, month, 1).unwrap();
    Question { period: Period::month_of(day), as_of, ..Question::default() }
}

/// Publishes the sheet of a month as it is known at an instant.
fn publish_month(reference: &mut Reference, threads: &[Thread], month: u32, as_of: Timestamp) -> ScoreSheet {
    let sheet = ask(month, as_of).ask(reference, threads).unwrap();
    let row = ReferenceRow::Publication(Publication::of(&sheet).unwrap());
    *reference = with(reference, [row]);
    sheet
}

fn with(reference: &Reference, rows: impl IntoIterator<Item = ReferenceRow>) -> Reference {
    let mut reference = reference.clone();
    for row in rows {
        match row {
            ReferenceRow::Publication(row) => {
                reference.publications.entry(row.community.clone()).or_default().insert(row.period, row);
            }
            ReferenceRow::Ruling(row) => drop(reference.rulings.insert(row.id, row)),
            row => publish(&mut reference, [row]),
        }
    }
    reference
}

fn found(number: u32, day: u32) -> Thread {
    case(number, "willow-1", Source::City, march(day, 7, 0)).rectified(march(day, 9, 0))
}

fn ruling(number: u32, of: EventId, is: &str, at: Timestamp) -> Ruling {
    Ruling {
        id: EventId(Uuid::from_u128(u128::from(number))),
        community: UnitId::from(WILLOW),
        of,
        rule: "d1".into(),
        points: points(is),
        at,
        appellant: Some(PersonId::from("head-willow-1")),
        by: Some(PersonId::from("钱洪波")),
        words: "不属本社区".to_owned(),
    }
}

#[test]
fn an_appeal_corrects_and_erases_nothing() {
    let threads = [found(1, 20)];
    let reference = street(super::scheme::published());
    let row = ReferenceRow::Ruling(ruling(901, threads[0].event(0), "0", april(2, 9)));
    let before = ask(3, april(2, 8)).ask(&with(&reference, [row.clone()]), &threads).unwrap();
    assert_eq!(before.total, points("98"), "not decided yet");
    let sheet = ask(3, april(2, 9)).ask(&with(&reference, [row]), &threads).unwrap();
    let [found, ruled] = &sheet.entries[..] else { panic!("two lines, not {:?}", sheet.entries) };
    assert_eq!((found.points, ruled.points, sheet.total), (points("-2"), points("2"), points("100")));
    assert_eq!((found.event, &found.rule), (threads[0].event(0), &ruled.rule));
    assert_eq!((&ruled.person, ruled.case), (&found.person, found.case));
    let Reason::Ruling { of, was, is, words } = &ruled.reason else { panic!("{ruled:?}") };
    assert_eq!((*of, *was, *is, words.as_str()), (found.event, points("-2"), points("0"), "不属本社区"));
}

#[test]
fn a_second_decision_starts_from_the_first() {
    let threads = [found(1, 20)];
    let of = threads[0].event(0);
    let rows = [ruling(901, of, "0", april(2, 9)), ruling(902, of, "-1", april(3, 9))];
    let reference = with(&street(super::scheme::published()), rows.map(ReferenceRow::Ruling));
    let sheet = ask(3, april(4, 9)).ask(&reference, &threads).unwrap();
    let moved: Vec<_> = sheet.entries.iter().map(|entry| entry.points.to_string()).collect();
    assert_eq!(moved, ["-2", "2", "-1"]);
    assert_eq!(sheet.total, points("99"));
}

#[test]
fn an_appeal_that_changes_nothing_is_seen_all_the_same() {
    let threads = [found(1, 20)];
    let row = ReferenceRow::Ruling(ruling(901, threads[0].event(0), "-2", april(2, 9)));
    let sheet = ask(3, april(2, 9)).ask(&with(&street(super::scheme::published()), [row]), &threads).unwrap();
    assert_eq!((sheet.entries.len(), sheet.total), (2, points("98")));
}

#[test]
fn a_published_sheet_stands_and_late_facts_go_into_the_open_period() {
    let mut reference = street(super::scheme::published());
    let mut threads = vec![found(1, 20)];
    let paper = publish_month(&mut reference, &threads, 3, april(1, 0));
    // A finding of March arrives on 3 April: its author had no network.
    threads.push(found(2, 30));
    let march = ask(3, april(3, 9)).ask(&reference, &threads).unwrap();
    assert_eq!((march.total, march.as_of, &march.cut), (paper.total, paper.as_of, &paper.cut));
    assert_eq!(march.entries, paper.entries);
    assert_eq!(march.published, Some(paper.as_of));
    let open = ask(4, april(3, 9)).ask(&reference, &threads).unwrap();
    let [late] = &open.entries[..] else { panic!("one correction, not {:?}", open.entries) };
    assert_eq!((late.points, open.total), (points("-2"), points("98")));
    let corrects = Corrects { period: Period::month_of(march_day(1)), counted: points("0") };
    assert_eq!(late.corrects, Some(corrects));
    assert_eq!((late.case, late.event), (Some(case_id(2)), threads[1].event(0)));
    assert_eq!(late.person, Some(PersonId::from("head-willow-1")));
}

#[test]
fn nothing_is_corrected_twice() {
    let mut reference = street(super::scheme::published());
    let mut threads = vec![found(1, 20)];
    publish_month(&mut reference, &threads, 3, april(1, 0));
    threads.push(found(2, 30));
    let may = ZONE.midnight(NaiveDate::from_ymd_opt(2026, 5, 1).unwrap());
    let paper = publish_month(&mut reference, &threads, 4, may);
    assert_eq!(paper.total, points("98"));
    let next = ask(5, may.plus_hours(9)).ask(&reference, &threads).unwrap();
    assert_eq!((next.entries.len(), next.total), (0, points("100")));
    let stands = ask(4, may.plus_hours(9)).ask(&reference, &threads).unwrap();
    assert_eq!(stands.entries, paper.entries, "with what it corrected");
}

#[test]
fn what_no_longer_stands_is_given_back_by_name() {
    let mut reference = street(super::scheme::published());
    let mut threads = vec![found(1, 20)];
    publish_month(&mut reference, &threads, 3, april(1, 0));
    threads[0] = threads[0].clone().then(Stamp::exact(april(2, 9)), void());
    let open = ask(4, april(3, 9)).ask(&reference, &threads).unwrap();
    let [given] = &open.entries[..] else { panic!("one line, not {:?}", open.entries) };
    assert_eq!((given.points, &given.reason), (points("2"), &Reason::Withdrawn));
    assert_eq!((given.rule.as_str(), given.clause.as_str()), ("d1", "扣分一"));
    assert_eq!((given.case, given.event), (Some(case_id(1)), threads[0].event(0)));
    let stands = ask(3, april(3, 9)).ask(&reference, &threads).unwrap();
    assert_eq!(stands.total, points("98"), "the paper stays as it was printed");
    assert_eq!(stands.entries[0].points, points("-2"));
}

#[test]
fn an_appeal_against_a_published_line_is_a_line_of_the_open_period() {
    let mut reference = street(super::scheme::published());
    let threads = [found(1, 20)];
    publish_month(&mut reference, &threads, 3, april(1, 0));
    let row = ReferenceRow::Ruling(ruling(901, threads[0].event(0), "-1", april(5, 9)));
    let reference = with(&reference, [row]);
    let [march, open] = [3, 4].map(|month| ask(month, april(6, 9)).ask(&reference, &threads).unwrap());
    assert_eq!((march.total, open.total), (points("98"), points("101")));
    assert!(matches!(open.entries[0].reason, Reason::Ruling { .. }));
}

#[test]
fn only_the_first_period_after_the_last_published_one_is_open() {
    let mut reference = street(super::scheme::published());
    let mut threads = vec![found(1, 20)];
    publish_month(&mut reference, &threads, 3, april(1, 0));
    threads.push(found(2, 30));
    let total = |month, hours| {
        let as_of = april(1, 0).plus_hours(hours);
        ask(month, as_of).ask(&reference, &threads).unwrap().total
    };
    assert_eq!(total(4, 24 * 40), points("98"));
    assert_eq!(total(5, 24 * 40), points("100"), "the same correction is in one sheet");
    assert_eq!(total(2, 24 * 40), points("100"));
}

#[test]
fn weeks_that_were_published_settle_no_month() {
    let mut reference = street(super::scheme::published());
    let mut threads = vec![found(1, 18)];
    let week =
        Question { period: Period::week_of(march_day(18)), as_of: march(23, 0, 0), ..Question::default() };
    let sheet = week.ask(&reference, &threads).unwrap();
    reference = with(&reference, [ReferenceRow::Publication(Publication::of(&sheet).unwrap())]);
    threads.push(found(2, 19));
    let month = ask(3, april(1, 0)).ask(&reference, &threads).unwrap();
    assert_eq!((month.total, month.entries.len()), (points("96"), 2));
    assert_eq!(month.published, None);
    let next = Question { period: Period::week_of(march_day(25)), ..Question::default() };
    assert_eq!(next.ask(&reference, &threads).unwrap().total, points("98"));
}

#[test]
fn a_sheet_is_published_once_and_only_of_what_the_server_has() {
    let mut reference = street(super::scheme::published());
    let threads = [found(1, 20)];
    let mut question = ask(3, april(1, 0));
    question.pending.insert(threads[0].event(0));
    let pending = question.ask(&reference, &threads).unwrap();
    assert_eq!(Publication::of(&pending), Err(ScoreError::Pending));
    publish_month(&mut reference, &threads, 3, april(1, 0));
    let stands = ask(3, april(2, 0)).ask(&reference, &threads).unwrap();
    assert_eq!(Publication::of(&stands), Err(ScoreError::Published(march_day(1))));
}

#[test]
fn the_paper_can_be_checked_against_what_was_published() {
    let mut reference = street(super::scheme::published());
    let paper = publish_month(&mut reference, &[found(1, 20)], 3, april(1, 0));
    let published = &reference.publications[&UnitId::from(WILLOW)][&paper.period];
    assert_eq!(published.sheet, paper.hash().unwrap());
    let forged = ScoreSheet { total: points("100"), ..paper };
    assert_ne!(published.sheet, forged.hash().unwrap());
}

proptest! {
    /// However facts trickle in, and whenever sheets are published, the published totals and the open one
    /// together come to what a single count of everything comes to.
    #[test]
    fn every_point_is_counted_once(
        arrivals in prop::collection::vec((1u32..=31, 0usize..4, any::<bool>()), 1..20),
    ) {
        let mut reference = street(super::scheme::published());
        let months = [3, 4, 5];
        let first = |month| ZONE.midnight(NaiveDate::from_ymd_opt(2026, month, 1).unwrap());
        let mut moved = num_rational::Ratio::from_integer(0);
        for (step, month) in months.into_iter().enumerate() {
            let known: Vec<Thread> = arrivals
                .iter()
                .zip(1u32..)
                .filter(|((_, arrives, _), _)| *arrives <= step)
                .map(|((day, _, halved), number)| {
                    let thread = case(number, "willow-1", Source::City, march(*day, 7, 0));
                    if *halved { thread.fixed_on_the_spot(march(*day, 7, 5)) } else { thread.rectified(march(*day, 9, 0)) }
                })
                .collect();
            let sheet = publish_month(&mut reference, &known, month, first(month + 1));
            moved += super::moved(&sheet).0;
            let once = ask(3, first(month + 1)).ask(&street(super::scheme::published()), &known).unwrap();
            prop_assert_eq!(moved, super::moved(&once).0);
        }
    }
}
