//! What the language of rules can say beyond the published scheme: parts of the base, caps, multipliers,
//! the office's own facts, rhythms, previews, the year's mark; and the two presets.

use super::*;
use proptest::prelude::*;

fn preset(name: &str) -> RuleSet {
    let path = format!("{}/../../data/rules/{name}.toml", env!("CARGO_MANIFEST_DIR"));
    toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// A rule of its own beside a base of 100.
fn only(rule: &str) -> RuleSet {
    toml::from_str(&format!(
        "id = 'one'\nname = '一条'\nholds_from = '2026-01-01'\nbase = '100'\n[[rule]]\nid = 'r'\nclause = '一'\ntitle = '一'\n{rule}"
    ))
    .unwrap()
}

fn found(number: u32, source: Source, day: u32) -> Thread {
    case(number, "willow-1", source, march(day, 7, 0)).rectified(march(day, 9, 0))
}

fn late(number: u32) -> Announcement {
    let named = Some("周汇总迟报".to_owned());
    Announcement { named, at: march(18, 9, 0), ..said(number, Fact::Other, None, None) }
}

fn costs(sheet: &ScoreSheet) -> Vec<String> {
    sheet.entries.iter().map(|entry| entry.points.to_string()).collect()
}

fn third_week() -> Question {
    Question { period: Period::week_of(march_day(18)), ..Question::default() }
}

#[test]
fn the_published_preset_counts_the_published_numbers_from_1000() {
    let mut preset = preset("published-1000");
    let by_when = |set: &RuleSet| {
        let rules = set.rules.iter();
        rules.map(|r| (r.when, (r.points, r.halved_on_the_spot, r.double_from))).collect::<BTreeMap<_, _>>()
    };
    assert_eq!(by_when(&preset), by_when(&super::scheme::published()), "the same scheme in the same numbers");
    assert_eq!((preset.base, preset.rhythm), (points("1000"), Rhythm::Monthly));
    preset.tiers = super::scheme::published().tiers;
    let sheet = march_sheet(&street(preset), &[found(1, Source::City, 20)]);
    assert_eq!(sheet.total, points("998"));
}

#[test]
fn thirty_for_work_and_seventy_for_the_field_a_week() {
    let set = preset("work-30-field-70");
    assert_eq!(set.rhythm, Rhythm::Weekly);
    let mut reference = street(set);
    publish(&mut reference, [ReferenceRow::Announcement(late(900))]);
    let cases = [found(1, Source::Subdistrict, 17), found(2, Source::District, 18)];
    let sheet = third_week().ask(&reference, &cases).unwrap();
    let parts: Vec<_> = sheet.parts.iter().map(|p| (p.id.as_str(), p.total)).collect();
    assert_eq!(parts, [("work", points("28")), ("field", points("67"))]);
    assert_eq!((sheet.base, sheet.total), (points("100"), points("95")));
}

#[test]
fn what_is_lost_in_the_field_stops_at_nothing_and_leaves_the_work_alone() {
    let reference = street(preset("work-30-field-70"));
    let cases: Vec<_> = (1..=40).map(|number| found(number, Source::District, 17)).collect();
    let sheet = third_week().ask(&reference, &cases).unwrap();
    assert_eq!(sheet.entries.len(), 40, "every line is shown");
    assert_eq!(sheet.parts[1].total, points("0"));
    assert_eq!(sheet.total, points("30"));
}

#[test]
fn a_cap_holds_for_the_lines_of_one_rule_in_one_period() {
    let mut reference = street(preset("work-30-field-70"));
    publish(&mut reference, (900..903).map(|n| ReferenceRow::Announcement(late(n))));
    let sheet = third_week().ask(&reference, &[]).unwrap();
    assert_eq!(costs(&sheet), ["-2", "-2", "0"], "three late summaries cost 4 at most");
    assert_eq!(sheet.entries.iter().map(|e| e.capped).collect::<Vec<_>>(), [false, false, true]);
    assert_eq!(sheet.total, points("96"));
}

#[test]
fn a_cap_cuts_the_line_that_reaches_it() {
    let set = only("when = 'finding-city'\npoints = '-2'\ncap = '3'");
    let sheet = march_sheet(&street(set), &[found(1, Source::City, 3), found(2, Source::City, 4)]);
    assert_eq!(costs(&sheet), ["-2", "-1"]);
}

#[test]
fn factors_multiply_each_other_and_are_named() {
    let set = preset("work-30-field-70");
    let again = case(1, "willow-1", Source::Subdistrict, march(17, 7, 0))
        .fixed_on_the_spot(march(17, 7, 5))
        .found_again(march(18, 7, 0))
        .fixed_on_the_spot(march(18, 7, 5))
        .found_again(march(19, 7, 0))
        .rectified(march(19, 8, 0));
    let sheet = third_week().ask(&street(set), &[again]).unwrap();
    assert_eq!(costs(&sheet), ["-1/2", "-1", "-2"], "half; half of twice; twice");
    let applied: Vec<_> = sheet.entries.iter().map(|entry| entry.factors.len()).collect();
    assert_eq!(applied, [1, 2, 1]);
}

#[test]
fn the_fourth_of_a_week_counts_double() {
    let left = |n| case(n, "willow-1", Source::Subdistrict, march(17, 7, n)).rectified(march(18, 9, 0));
    let sheet =
        third_week().ask(&street(preset("work-30-field-70")), &[left(1), left(2), left(3), left(4), left(5)]);
    let overdue = sheet.unwrap().entries.into_iter().filter(|entry| entry.rule.as_str() == "F3");
    let costs: Vec<_> = overdue.map(|entry| entry.points.to_string()).collect();
    assert_eq!(costs, ["-1", "-1", "-1", "-2", "-2"]);
}

#[test]
fn a_kind_of_point_can_weigh_more() {
    let set = only(
        "when = 'finding-city'\npoints = '-2'\nfactors = [{ times = '3/2', if = { point-kind = ['农贸市场'] } }]",
    );
    let mut reference = street(set);
    let total = |reference: &Reference| march_sheet(reference, &[found(1, Source::City, 3)]).total;
    assert_eq!(total(&reference), points("98"));
    reference.points.get_mut(&PointId::from("willow-1")).unwrap().kind = "农贸市场".to_owned();
    assert_eq!(total(&reference), points("97"));
}

#[test]
fn clean_points_can_be_a_factor_too() {
    let set = only(
        "when = 'clean-point-city'\npoints = '2'\nfactors = [{ times = '2', if = { clean-points = 3 } }]",
    );
    let mut reference = street(set);
    let clean = |n: u32| said(n, Fact::CleanPointCity, Some(&format!("willow-{n}")), Some("三月检查"));
    publish(&mut reference, (1..=2).map(|n| ReferenceRow::Announcement(clean(n))));
    assert_eq!(march_sheet(&reference, &[]).total, points("104"));
    publish(&mut reference, [ReferenceRow::Announcement(clean(3))]);
    assert_eq!(march_sheet(&reference, &[]).total, points("112"));
}

#[test]
fn the_office_names_facts_of_its_own() {
    let mut reference = street(only("when = 'announced'\nnamed = '周汇总迟报'\npoints = '-2'"));
    let other = Announcement { named: Some("别的".to_owned()), ..late(2) };
    publish(&mut reference, [late(1), other].map(ReferenceRow::Announcement));
    assert_eq!(costs(&march_sheet(&reference, &[])), ["-2"]);
}

#[test]
fn a_preview_says_what_last_month_would_have_been() {
    let reference = street(super::scheme::published());
    let threads = [found(1, Source::City, 3)];
    let would = reference.under(preset("published-1000"));
    assert_eq!(march_sheet(&reference, &threads).total, points("98"));
    assert_eq!(march_sheet(&would, &threads).total, points("998"));
    let later =
        RuleSet { holds_from: NaiveDate::from_ymd_opt(2027, 1, 1).unwrap(), ..preset("published-1000") };
    assert_eq!(
        march_sheet(&reference.under(later), &threads).total,
        points("998"),
        "from whenever it is meant to hold"
    );
}

#[test]
fn rhythms_divide_a_year() {
    let year = Period::year_of(march_day(20));
    let months: Vec<_> = year.each(Rhythm::Monthly).collect();
    assert_eq!(months.len(), 12);
    assert_eq!(months[2], Period::month_of(march_day(1)));
    assert_eq!(year.each(Rhythm::Weekly).count(), 52, "the Mondays of 2026");
    for rhythm in [Rhythm::Weekly, Rhythm::Monthly, Rhythm::Yearly] {
        let period = Period::of(rhythm, march_day(20));
        assert_eq!(period.rhythm(), Some(rhythm));
        assert_eq!(period.before().until, period.from);
        assert_eq!(period.before().rhythm(), Some(rhythm));
    }
    assert_eq!(Period { from: march_day(2), until: march_day(5) }.rhythm(), None);
}

/// A year's sheet with this total for each month.
fn year_of(totals: &[(u32, &str)]) -> Vec<ScoreSheet> {
    let base = march_sheet(&street(preset("published-1000")), &[]);
    let month = |month| Period::month_of(NaiveDate::from_ymd_opt(2026, month, 1).unwrap());
    let of =
        |(n, total): &(u32, &str)| ScoreSheet { period: month(*n), total: points(total), ..base.clone() };
    totals.iter().map(of).collect()
}

#[test]
fn the_year_weighs_its_sheets_and_the_marks_of_others() {
    let rules = preset("published-1000").year_end.unwrap();
    let sheets = year_of(&[(1, "1000"), (2, "990"), (3, "1961/2")]);
    let mark = |day, mark: &str| Announcement {
        named: Some("市级年终测评".to_owned()),
        mark: Some(points(mark)),
        at: march(day, 9, 0),
        ..said(day, Fact::Other, None, None)
    };
    let year = Period::year_of(march_day(1));
    let marks = [mark(2, "80"), mark(3, "85")];
    let done = year_end(&rules, &UnitId::from(WILLOW), year, &sheets, &marks, ZONE).unwrap();
    // 60 × (1000 + 990 + 980.5) ÷ 3000 = 59.41, and 40 × 85 ÷ 100 = 34: the later mark holds.
    assert_eq!(done.lines[0].points, points("5941/100"));
    assert_eq!(done.lines[1].points, points("34"));
    assert_eq!((done.total, done.complete), (points("9341/100"), true));
    let early = year_end(&rules, &UnitId::from(WILLOW), year, &sheets, [], ZONE).unwrap();
    assert_eq!((early.lines[1].share, early.complete), (None, false), "not zero: not known yet");
}

#[test]
fn quarters_can_weigh_differently() {
    let rules: YearEnd = toml::from_str(
        "rhythm = 'monthly'\n\
         part = [{ title = '一季度', weight = '20', from = { quarter = 1 } }, { title = '二季度', weight = '80', from = { quarter = 2 } }]",
    )
    .unwrap();
    let sheets = year_of(&[(2, "1000"), (3, "900"), (4, "500")]);
    let year = Period::year_of(march_day(1));
    let mark = year_end(&rules, &UnitId::from(WILLOW), year, &sheets, [], ZONE).unwrap();
    // 20 × 0.95 + 80 × 0.5.
    assert_eq!(mark.total, points("59"));
}

#[test]
fn a_preset_written_out_and_read_again_is_the_same() {
    for name in ["published-1000", "work-30-field-70"] {
        let set = preset(name);
        assert_eq!(toml::from_str::<RuleSet>(&toml::to_string(&set).unwrap()).unwrap(), set);
        let mut bytes = Vec::new();
        ciborium::into_writer(&set, &mut bytes).unwrap();
        assert_eq!(ciborium::from_reader::<RuleSet, _>(bytes.as_slice()).unwrap(), set);
    }
}

/// What a case does on one day, by the hour.
fn told_in(order: &[(u32, u8)]) -> Vec<Thread> {
    let mut threads: BTreeMap<u32, Thread> = BTreeMap::new();
    for ((number, act), hour) in order.iter().zip(0u32..) {
        let at = march(1 + hour / 24, hour % 24, 0);
        match threads.remove(number) {
            None => {
                let source = [Source::City, Source::District, Source::DigitalCity][*number as usize % 3];
                threads.insert(*number, case(*number + 1, "willow-1", source, at));
            }
            Some(thread) => {
                let next = match act % 4 {
                    0 => thread.rectified(at),
                    1 => thread.found_again(at),
                    2 => thread.looked_back(at, Outcome::Failed),
                    _ => thread.looked_back(at, Outcome::Passed),
                };
                threads.insert(*number, next);
            }
        }
    }
    threads.into_values().collect()
}

proptest! {
    #[test]
    fn a_book_that_is_told_event_by_event_says_what_a_fresh_one_says(
        order in prop::collection::vec((0u32..4, any::<u8>()), 1..40),
    ) {
        let reference = street(preset("published-1000"));
        let community = UnitId::from(WILLOW);
        let mut book = Book::new(community.clone());
        for known in 1..=order.len() {
            let as_of = march(1, 0, 30).plus_hours(known as i64 - 1);
            let threads = told_in(&order[..known]);
            let states: Vec<_> = threads.iter().map(|t| (&t.record, fold(&t.record, &reference, Some(as_of)).unwrap())).collect();
            let changed = order[known - 1].0 + 1;
            let due: BTreeSet<CaseId> = book.due_by(as_of).collect();
            for (record, state) in &states {
                if record.id == case_id(changed) || due.contains(&record.id) {
                    book.tell(ScoredCase { record, state }, &reference, as_of).unwrap();
                }
            }
            let (pending, period) = (BTreeSet::new(), Period::month_of(march_day(1)));
            let asked = Asked { period, as_of, cut: BTreeMap::new(), reference: &reference, pending: &pending };
            let fresh = sheet(&SheetInput {
                community: &community,
                period,
                as_of,
                cut: BTreeMap::new(),
                reference: &reference,
                cases: states.iter().map(|(record, state)| ScoredCase { record, state }).collect(),
                sheets: Vec::new(),
                pending: BTreeSet::new(),
            }).unwrap();
            prop_assert_eq!(book.sheet(&asked).unwrap().to_bytes().unwrap(), fresh.to_bytes().unwrap());
        }
    }
}
