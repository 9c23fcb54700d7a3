//! What changes whether, when and against whom a fact counts: deadlines, disputes, merges, clocks,
//! reassignments, pending work, overflow.

use super::*;
use crate::id::RuleId;

/// A street that counts deadlines, failed look-backs and repeated finds by rules of their own.
pub(super) fn strict() -> RuleSet {
    let rule = |id: &str, when, amount: &str, each_time| Rule {
        id: RuleId::from(id),
        clause: id.to_owned(),
        title: id.to_owned(),
        when,
        points: points(amount),
        halved_on_the_spot: matches!(
            when,
            When::FindingCity | When::FindingDistrict | When::FindingSubdistrict
        ),
        each_time,
        double_from: matches!(when, When::CleanPointCity).then_some(3),
        named: None,
        measured: None,
        factors: Vec::new(),
        cap: None,
        part: None,
    };
    RuleSet {
        id: "strict".into(),
        name: "千分制".to_owned(),
        holds_from: march_day(1),
        base: points("1000"),
        tiers: Vec::new(),
        rhythm: Rhythm::Monthly,
        parts: Vec::new(),
        year_end: None,
        rules: vec![
            rule("city", When::FindingCity, "-2", false),
            rule("district", When::FindingDistrict, "-1", false),
            rule("subdistrict", When::FindingSubdistrict, "-1", false),
            rule("digital", When::OverdueDigital, "-2", false),
            rule("same-day", When::OverdueSameDay, "-3", false),
            rule("overdue", When::Overdue, "-5", false),
            rule("again", When::FoundAgain, "-7", true),
            rule("look-back", When::LookBackFailed, "-11", true),
            rule("clean", When::CleanPointCity, "2", false),
        ],
    }
}

fn found() -> Thread {
    case(1, "willow-1", Source::Subdistrict, march(20, 7, 0))
}

fn told(threads: &[Thread]) -> ScoreSheet {
    march_sheet(&street(strict()), threads)
}

fn rules(sheet: &ScoreSheet) -> Vec<&str> {
    sheet.entries.iter().map(|entry| entry.rule.as_str()).collect()
}

fn suspended(sheet: &ScoreSheet) -> Vec<(&str, &Suspension)> {
    sheet.suspended.iter().map(|line| (line.entry.rule.as_str(), &line.why)).collect()
}

#[test]
fn what_is_not_put_right_the_same_day_costs_once_the_day_is_over() {
    let until = |as_of| {
        let question = Question { as_of, ..Question::default() };
        question.ask(&street(strict()), &[found()]).unwrap().total
    };
    assert_eq!(until(march(20, 6, 59)), points("1000"));
    assert_eq!(until(march(20, 18, 0)), points("999"));
    assert_eq!(until(march(20, 18, 1)), points("996"));
    assert_eq!(until(march(28, 12, 0)), points("996"), "decided once, not daily");
}

#[test]
fn an_exception_to_the_same_day_rule_moves_the_deadline_and_its_kind() {
    let except = CaseAct::Except { reason: "要配件".to_owned(), due: march(22, 12, 0) };
    let excepted = found().then(Stamp::exact(march(20, 10, 0)), except);
    let late = told(std::slice::from_ref(&excepted));
    assert_eq!(rules(&late), ["subdistrict", "overdue"]);
    assert_eq!(late.entries[1].at, Stamp::exact(march(22, 12, 0)));
    let in_time = told(&[excepted.rectified(march(22, 11, 0))]);
    assert_eq!(rules(&in_time), ["subdistrict"]);
}

#[test]
fn a_deadline_counts_in_the_period_in_which_it_passes() {
    let week = |day| Question { period: Period::week_of(march_day(day)), ..Question::default() };
    // Three days for a railing found on Friday the 20th end on Monday the 23rd.
    let thread = reported(1, "willow-1", "railing", Source::City, Stamp::exact(march(20, 7, 0)));
    let reference = street(strict());
    let first = week(20).ask(&reference, std::slice::from_ref(&thread)).unwrap();
    let second = week(23).ask(&reference, std::slice::from_ref(&thread)).unwrap();
    assert_eq!((rules(&first), rules(&second)), (vec!["city"], vec!["overdue"]));
}

#[test]
fn a_rule_that_does_not_count_each_time_counts_once_a_case_even_across_periods() {
    let thread = found().rectified(march(21, 9, 0)).found_again(march(23, 7, 0)).rectified(march(24, 9, 0));
    assert_eq!(rules(&told(std::slice::from_ref(&thread))), ["subdistrict", "same-day", "again"]);
    let later = Question { period: Period::week_of(march_day(23)), ..Question::default() };
    assert_eq!(rules(&later.ask(&street(strict()), &[thread]).unwrap()), ["again"]);
}

#[test]
fn the_communitys_own_people_cost_it_nothing() {
    let own = case(1, "willow-1", Source::Own, march(20, 7, 0));
    let sheet = told(&[own.looked_back(march(20, 17, 0), Outcome::Failed)]);
    assert_eq!((sheet.total, sheet.suspended), (sheet.base, Vec::new()));
}

#[test]
fn a_voided_case_costs_nothing() {
    let sheet = told(&[found().then(Stamp::exact(march(22, 9, 0)), void())]);
    assert_eq!((sheet.total, sheet.suspended), (points("1000"), Vec::new()));
}

#[test]
fn each_failed_look_back_costs() {
    let thread = found()
        .rectified(march(20, 10, 0))
        .looked_back(march(20, 12, 0), Outcome::Failed)
        .rectified(march(20, 13, 0))
        .looked_back(march(20, 15, 0), Outcome::Failed)
        .rectified(march(20, 16, 0))
        .looked_back(march(20, 17, 0), Outcome::Passed);
    let sheet = told(&[thread]);
    assert_eq!(rules(&sheet), ["subdistrict", "look-back", "look-back"]);
    assert_eq!(sheet.entries[2].reason, Reason::LookBackFailed { times: 2 });
}

#[test]
fn a_failure_that_two_inspectors_saw_is_scored_once() {
    let failed = || look_back(Outcome::Failed);
    let thread = found()
        .rectified(march(20, 10, 0))
        .beside(march(20, 17, 0), [failed(), failed()])
        .rectified(march(20, 17, 30));
    let sheet = told(std::slice::from_ref(&thread));
    assert_eq!(rules(&sheet), ["subdistrict", "look-back"]);
    let counted = Suspension::CountedAlready { counted: thread.event(2) };
    assert_eq!(suspended(&sheet), [("look-back", &counted)]);
}

#[test]
fn a_look_back_at_what_was_put_on_account_blames_nobody() {
    let account = CaseAct::PutOnAccount { reason: "等拆迁".to_owned(), due: march(31, 12, 0) };
    let thread = found()
        .then(Stamp::exact(march(20, 9, 0)), account)
        .looked_back(march(20, 17, 0), Outcome::Failed)
        .rectified(march(30, 9, 0));
    assert_eq!(rules(&told(&[thread])), ["subdistrict"]);
}

#[test]
fn look_backs_that_disagree_cost_nothing_until_a_person_decides() {
    let disputed = found()
        .rectified(march(20, 10, 0))
        .beside(march(20, 17, 0), [look_back(Outcome::Passed), look_back(Outcome::Failed)]);
    let (passed, failed) = (disputed.event(2), disputed.event(3));
    let open = told(std::slice::from_ref(&disputed));
    assert_eq!(rules(&open), ["subdistrict"], "that it was found is not in dispute");
    let why = Suspension::Disputed { between: vec![passed, failed] };
    assert_eq!(suspended(&open), [("look-back", &why)]);
    assert_eq!(open.suspended[0].entry.points, points("-11"), "what it would cost is shown");

    let decide = |upholds, over| {
        let act = CaseAct::Decide { upholds, over: vec![over], reason: "看了照片".to_owned() };
        told(&[disputed.clone().then(Stamp::exact(march(21, 9, 0)), act)])
    };
    assert_eq!(rules(&decide(passed, failed)), ["subdistrict"]);
    assert_eq!(rules(&decide(failed, passed)), ["subdistrict", "look-back", "same-day"]);
}

#[test]
fn a_case_that_somebody_wants_void_while_another_works_on_it_is_suspended_whole() {
    let thread = found().beside(march(20, 19, 0), [void(), rectify(false)]);
    let sheet = told(std::slice::from_ref(&thread));
    assert_eq!(sheet.total, points("1000"));
    let why = Suspension::Disputed { between: vec![thread.event(1), thread.event(2)] };
    assert_eq!(suspended(&sheet), [("subdistrict", &why), ("same-day", &why)]);
}

#[test]
fn a_clock_that_cannot_be_trusted_makes_nobody_late() {
    let two_days_fast = Stamp { wall: march(22, 9, 0), offset_ms: None, jumped: false };
    let sheet = told(&[found().then(two_days_fast, rectify(false))]);
    assert_eq!(rules(&sheet), ["subdistrict"]);
    assert_eq!(suspended(&sheet), [("same-day", &Suspension::DoubtfulClock)]);
    assert_eq!(sheet.total, points("999"));
}

#[test]
fn a_problem_reported_twice_is_scored_once() {
    let kept = found();
    let merge = |kept| CaseAct::MergeInto { kept };
    let duplicate = case(2, "willow-1", Source::Subdistrict, march(20, 7, 4))
        .then(Stamp::exact(march(20, 8, 0)), merge(kept.record.id));
    let both = [kept.rectified(march(20, 9, 0)), duplicate];
    let sheet = told(&both);
    assert_eq!(sheet.entries.iter().map(|e| e.case).collect::<Vec<_>>(), [Some(case_id(1))]);

    // Merged in both directions by people who did not know of each other: still once.
    let [kept, duplicate] = both;
    let crossed = kept.then(Stamp::exact(march(20, 10, 0)), merge(duplicate.record.id));
    let sheet = told(&[duplicate.clone(), crossed]);
    assert_eq!(sheet.entries.iter().map(|e| e.case).collect::<Vec<_>>(), [Some(case_id(1))]);

    let mistake = CaseAct::Unmerge { merge: duplicate.event(1), reason: "两处".to_owned() };
    let apart = duplicate.then(Stamp::exact(march(20, 11, 0)), mistake).rectified(march(20, 12, 0));
    assert_eq!(told(&[apart, found().rectified(march(20, 9, 0))]).total, points("998"));
}

#[test]
fn a_score_belongs_to_who_answered_at_the_time() {
    let mut reference = street(strict());
    let (point, first, second) = (PointId::from("willow-1"), "head-willow-1", "new-head");
    if let Some(old) = reference.assignments.get_mut(&point).and_then(|all| all.first_mut()) {
        old.until = Some(march(22, 0, 0));
    }
    publish(&mut reference, [head("willow-1", second, march(22, 0, 0), None)]);
    let thread = found()
        .rectified(march(21, 9, 0))
        .looked_back(march(22, 9, 0), Outcome::Failed)
        .rectified(march(22, 10, 0))
        .found_again(march(23, 7, 0))
        .rectified(march(23, 8, 0))
        .looked_back(march(23, 17, 0), Outcome::Failed)
        .rectified(march(23, 17, 30));
    let sheet = march_sheet(&reference, &[thread]);
    let blamed: Vec<_> =
        sheet.entries.iter().map(|e| (e.rule.as_str(), e.person.as_ref().unwrap().as_str())).collect();
    assert_eq!(
        blamed,
        [
            ("subdistrict", first),
            ("same-day", first),
            ("look-back", first),
            ("again", second),
            ("look-back", second)
        ]
    );
}

#[test]
fn a_point_announced_clean_twice_in_one_check_counts_once() {
    let mut reference = street(strict());
    let clean = |n, point| ReferenceRow::Announcement(said(n, Fact::CleanPointCity, Some(point), Some("A")));
    publish(&mut reference, [clean(1, "willow-1"), clean(2, "willow-1"), clean(3, "willow-2")]);
    let sheet = march_sheet(&reference, &[]);
    assert_eq!(sheet.total, points("1004"), "two points, so nothing doubles");
    let counted = Suspension::CountedAlready { counted: EventId(Uuid::from_u128(1)) };
    assert_eq!(suspended(&sheet), [("clean", &counted)]);
}

#[test]
fn announcements_count_for_their_community_and_from_their_instant_on() {
    let mut reference = street(strict());
    let row = said(1, Fact::CleanPointCity, Some("willow-1"), None);
    publish(&mut reference, [ReferenceRow::Announcement(row.clone())]);
    let ask = |community, as_of| {
        Question { community, as_of, ..Question::default() }.ask(&reference, &[]).unwrap().total
    };
    assert_eq!(ask(WILLOW, row.at), points("1002"));
    assert_eq!(ask(WILLOW, row.at.plus_ms(-1)), points("1000"));
    assert_eq!(ask(HARBOUR, row.at), points("1000"));
}

#[test]
fn what_the_server_has_not_accepted_counts_and_is_marked() {
    let other = case(2, "willow-2", Source::City, march(20, 8, 0)).rectified(march(20, 9, 0));
    let threads = [found().rectified(march(20, 9, 0)), other];
    // A word that waits on the second case says nothing about its finding, which was delivered long ago.
    let event = |thread: &Thread, report: bool| {
        let mut events = thread.record.events.values();
        events.find(|event| matches!(event.act, CaseAct::Report { .. }) == report).unwrap().id
    };
    let pending = BTreeSet::from([event(&threads[0], true), event(&threads[1], false)]);
    let question = Question { pending, ..Question::default() };
    let sheet = question.ask(&street(strict()), &threads).unwrap();
    assert_eq!(sheet.entries.iter().map(|e| e.pending).collect::<Vec<_>>(), [true, false]);
    assert_eq!(sheet.total, points("997"));
}

#[test]
fn without_tenant_or_rules_there_is_no_sheet() {
    let mut early = strict();
    early.holds_from = NaiveDate::from_ymd_opt(2026, 4, 1).unwrap();
    let none = Question::default().ask(&street(early), &[]);
    assert_eq!(none, Err(ScoreError::NoRuleSet(march_day(1))));
    assert_eq!(Question::default().ask(&Reference::default(), &[]), Err(ScoreError::NoTenant));
    let mut midway = strict();
    midway.holds_from = march_day(10);
    let before = case(1, "willow-1", Source::City, march(9, 7, 0)).rectified(march(9, 9, 0));
    let sheet = march_sheet(&street(midway), &[before]);
    assert_eq!(sheet.total, points("1000"), "what happened before any rule held costs nothing");
}

#[test]
fn a_sum_too_large_to_be_exact_is_an_error_and_no_panic() {
    let huge = |amount: i64| {
        let mut rules = strict();
        rules.rules.iter_mut().for_each(|rule| rule.points = ScorePoints(amount.into()));
        Question::default().ask(&street(rules), &[found()])
    };
    assert_eq!(huge(i64::MIN), Err(ScoreError::Overflow("strict".into())));
    assert!(huge(-1_000_000).is_ok());
    let mut doubled = strict();
    doubled.rules.iter_mut().for_each(|rule| rule.points = ScorePoints(i64::MAX.into()));
    let mut reference = street(doubled);
    let clean = |n: u32| said(n, Fact::CleanPointCity, Some(&format!("willow-{n}")), Some("A"));
    publish(&mut reference, (1..=3).map(clean).map(ReferenceRow::Announcement));
    assert_eq!(Question::default().ask(&reference, &[]), Err(ScoreError::Overflow("strict".into())));
}

#[test]
fn a_sheet_reads_back_from_its_bytes() {
    let disputed = found().beside(march(20, 19, 0), [void(), rectify(false)]);
    let sheet = told(&[disputed, case(2, "willow-2", Source::City, march(3, 7, 0))]);
    let bytes = sheet.to_bytes().unwrap();
    let back: ScoreSheet = ciborium::from_reader(&bytes[..]).unwrap();
    assert_eq!(back, sheet);
    assert_eq!(back.to_bytes().unwrap(), bytes);
}
