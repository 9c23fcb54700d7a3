//! The scheme that a subdistrict published, sentence by sentence, in its own numbers (its base is 100).

use super::*;

/// The rules as published; the deadline rules of other streets are in `circumstances`.
pub(super) fn published() -> RuleSet {
    toml::from_str(
        r#"
        id = "published"
        name = "督查考评办法"
        holds_from = "2026-01-01"
        base = "100"
        tiers = [["willow", "north"], ["harbour", "south", "west"]]
        rule = [
          { id = "a1", clause = "加分一", title = "市级表扬", when = "praise-city", points = "5" },
          { id = "a2", clause = "加分二", title = "区级表扬", when = "praise-district", points = "3" },
          { id = "a3", clause = "加分二", title = "街道表扬", when = "praise-subdistrict", points = "3" },
          { id = "a4", clause = "加分三", title = "市检查无问题", when = "clean-point-city", points = "2", double_from = 3 },
          { id = "a5", clause = "加分三", title = "区检查无问题", when = "clean-point-district", points = "1", double_from = 3 },
          { id = "d1", clause = "扣分一", title = "市检查问题", when = "finding-city", points = "-2", halved_on_the_spot = true, each_time = true },
          { id = "d2", clause = "扣分二", title = "区检查问题", when = "finding-district", points = "-1", halved_on_the_spot = true, each_time = true },
          { id = "d3", clause = "扣分二", title = "街道检查问题", when = "finding-subdistrict", points = "-1", halved_on_the_spot = true, each_time = true },
          { id = "d4", clause = "扣分三", title = "数字城管超期", when = "overdue-digital", points = "-2" },
          { id = "d5", clause = "扣分四", title = "市级材料退回", when = "material-failed-city", points = "-2" },
          { id = "d6", clause = "扣分四", title = "区级材料退回", when = "material-failed-district", points = "-1" },
        ]
        "#,
    )
    .unwrap()
}

fn announced(facts: impl IntoIterator<Item = Announcement>) -> ScoreSheet {
    let mut reference = street(published());
    publish(&mut reference, facts.into_iter().map(ReferenceRow::Announcement));
    march_sheet(&reference, &[])
}

fn found(source: Source) -> Thread {
    case(1, "willow-1", source, march(20, 7, 0))
}

#[test]
fn praise_in_writing_or_by_a_city_leader_earns_5() {
    assert_eq!(announced([said(1, Fact::PraiseCity, None, None)]).total, points("105"));
}

#[test]
fn praise_by_the_district_or_the_subdistrict_earns_3() {
    assert_eq!(announced([said(1, Fact::PraiseDistrict, None, None)]).total, points("103"));
    assert_eq!(announced([said(1, Fact::PraiseSubdistrict, None, None)]).total, points("103"));
}

#[test]
fn a_point_without_a_finding_earns_2_in_a_city_check_and_1_in_a_district_check() {
    let clean = |fact| announced([said(1, fact, Some("willow-1"), Some("三月检查"))]).total;
    assert_eq!(clean(Fact::CleanPointCity), points("102"));
    assert_eq!(clean(Fact::CleanPointDistrict), points("101"));
}

#[test]
fn three_or_more_clean_points_on_the_same_check_double_that_bonus() {
    let clean = |points: &[(&'static str, &'static str)]| {
        let facts = points.iter().zip(1..);
        announced(facts.map(|((point, check), n)| said(n, Fact::CleanPointCity, Some(point), Some(check))))
    };
    let two = clean(&[("willow-1", "A"), ("willow-2", "A")]);
    assert_eq!(two.total, points("104"));
    let three = clean(&[("willow-1", "A"), ("willow-2", "A"), ("willow-3", "A")]);
    assert_eq!(three.total, points("112"));
    assert!(three.entries.iter().all(|entry| entry.doubled));
    let four = clean(&[("willow-1", "A"), ("willow-2", "A"), ("willow-3", "A"), ("willow-4", "A")]);
    assert_eq!(four.total, points("116"));
    let two_checks = clean(&[("willow-1", "A"), ("willow-2", "A"), ("willow-3", "B")]);
    assert_eq!(two_checks.total, points("106"), "another check does not help");
}

#[test]
fn clean_points_of_a_city_check_do_not_double_those_of_a_district_check() {
    let facts = [(Fact::CleanPointCity, "1"), (Fact::CleanPointCity, "2"), (Fact::CleanPointDistrict, "3")];
    let facts = facts.into_iter().zip(1..);
    let sheet = announced(
        facts.map(|((fact, n), id)| said(id, fact, Some(&format!("willow-{n}")), Some("同名检查"))),
    );
    assert_eq!(sheet.total, points("105"));
}

#[test]
fn a_finding_costs_2_in_a_city_check_and_1_in_a_district_or_subdistrict_check() {
    let total = |source| march_sheet(&street(published()), &[found(source)]).total;
    assert_eq!(total(Source::City), points("98"));
    assert_eq!(total(Source::District), points("99"));
    assert_eq!(total(Source::Subdistrict), points("99"));
}

#[test]
fn fixed_on_the_spot_halves_the_deduction() {
    let sheet =
        |source| march_sheet(&street(published()), &[found(source).fixed_on_the_spot(march(20, 7, 10))]);
    assert_eq!(sheet(Source::City).total, points("99"));
    let district = sheet(Source::District);
    assert_eq!(district.total, points("199/2"), "half a point stays half a point");
    assert!(district.entries[0].halved);
}

#[test]
fn fixed_later_the_same_day_halves_nothing() {
    let sheet = march_sheet(&street(published()), &[found(Source::City).rectified(march(20, 9, 0))]);
    assert_eq!(sheet.total, points("98"));
}

#[test]
fn a_digital_case_past_its_deadline_costs_2_each() {
    let late = |number| case(number, "willow-1", Source::DigitalCity, march(20, 7, 0));
    let in_time = late(3).rectified(march(20, 17, 59));
    let sheet = march_sheet(&street(published()), &[late(1), late(2).rectified(march(20, 18, 1)), in_time]);
    assert_eq!(sheet.total, points("96"));
    let rectified = |entry: &ScoreEntry| match entry.reason {
        Reason::Overdue { deadline: Deadline::DigitalCity, due, rectified } if due == march(20, 18, 0) => {
            rectified.map(Stamp::at)
        }
        ref other => panic!("{other:?}"),
    };
    assert_eq!(sheet.entries.iter().map(rectified).collect::<Vec<_>>(), [None, Some(march(20, 18, 1))]);
}

#[test]
fn material_failed_by_the_city_costs_2_and_by_the_district_1() {
    assert_eq!(announced([said(1, Fact::MaterialFailedCity, None, None)]).total, points("98"));
    assert_eq!(announced([said(1, Fact::MaterialFailedDistrict, None, None)]).total, points("99"));
}

#[test]
fn the_same_problem_found_again_is_deducted_every_time_it_is_found() {
    let twice_more = found(Source::City)
        .rectified(march(20, 9, 0))
        .found_again(march(23, 7, 0))
        .fixed_on_the_spot(march(23, 7, 5))
        .found_again(march(25, 7, 0))
        .rectified(march(25, 8, 0));
    let sheet = march_sheet(&street(published()), &[twice_more]);
    let costs: Vec<_> = sheet.entries.iter().map(|entry| entry.points.to_string()).collect();
    assert_eq!(costs, ["-2", "-1", "-2"], "the second time it was put right on the spot");
    assert_eq!(sheet.entries[2].reason, Reason::FoundAgain { source: Source::City, times: 3 });
}

#[test]
fn communities_are_ranked_in_two_tiers() {
    let base = march_sheet(&street(published()), &[]);
    let of = |community: &str, total: &str| ScoreSheet {
        community: UnitId::from(community),
        total: points(total),
        ..base.clone()
    };
    let sheets = [
        of("west", "97"),
        of("willow", "98"),
        of("harbour", "199/2"),
        of("north", "98"),
        of("south", "97"),
        of("east", "96"),
    ];
    let ranks = ranking(&sheets, &published().tiers);
    let ranks: Vec<_> = ranks.iter().map(|r| (r.tier, r.place, r.community.as_str())).collect();
    let first = [(1, 1, "north"), (1, 1, "willow")];
    let second = [(2, 1, "harbour"), (2, 2, "south"), (2, 2, "west")];
    assert_eq!(ranks, [&first[..], &second[..], &[(3, 1, "east")]].concat(), "nobody is left out");
    let followed = ranking(&[of("west", "97"), of("south", "97"), of("harbour", "1")], &published().tiers);
    assert_eq!(followed.iter().map(|r| r.place).collect::<Vec<_>>(), [1, 1, 3], "ties share a place");
}

#[test]
fn a_month_takes_what_happened_in_it_by_the_local_calendar() {
    let april = ZONE.midnight(NaiveDate::from_ymd_opt(2026, 4, 1).unwrap());
    let last_of_march = case(1, "willow-1", Source::City, april.plus_ms(-1));
    let first_of_april = case(2, "willow-1", Source::District, april);
    let threads = [last_of_march, first_of_april];
    let month =
        |day| Question { period: Period::month_of(day), as_of: april.plus_hours(1), ..Question::default() };
    let reference = street(published());
    assert_eq!(month(march_day(31)).ask(&reference, &threads).unwrap().total, points("98"));
    let day = NaiveDate::from_ymd_opt(2026, 4, 30).unwrap();
    assert_eq!(month(day).ask(&reference, &threads).unwrap().total, points("99"));
}

#[test]
fn a_week_runs_from_monday_to_sunday() {
    let week = Period::week_of(march_day(20));
    assert_eq!((week.from, week.until), (march_day(16), march_day(23)));
    assert_eq!(Period::week_of(march_day(16)), week);
    assert_eq!(Period::week_of(march_day(22)), week);
    let december = Period::month_of(NaiveDate::from_ymd_opt(2026, 12, 31).unwrap());
    assert_eq!(december.until, NaiveDate::from_ymd_opt(2027, 1, 1).unwrap());
}

#[test]
fn every_entry_can_be_traced_to_rule_clause_case_photo_person_and_time() {
    let thread = found(Source::City);
    let sheet = march_sheet(&street(published()), std::slice::from_ref(&thread));
    let [entry] = &sheet.entries[..] else { panic!("one entry, not {:?}", sheet.entries) };
    assert_eq!((entry.rule_set.as_str(), entry.rule.as_str()), ("published", "d1"));
    assert_eq!((entry.clause.as_str(), entry.title.as_str()), ("扣分一", "市检查问题"));
    assert_eq!((entry.case, entry.event), (Some(thread.record.id), thread.event(0)));
    assert_eq!(entry.point, Some(PointId::from("willow-1")));
    assert_eq!(entry.person, Some(PersonId::from("head-willow-1")));
    assert_eq!(entry.photos, thread.record.photos.keys().copied().collect::<Vec<_>>());
    assert_eq!(entry.at, Stamp::exact(march(20, 7, 0)));
}

#[test]
fn point_values_change_within_the_year_and_each_day_meets_its_own() {
    let mut reference = street(published());
    let mut stricter = published();
    stricter.id = "stricter".into();
    stricter.holds_from = march_day(16);
    stricter.base = points("1000");
    stricter.rules.iter_mut().for_each(|rule| rule.points = points("-7/3"));
    publish(&mut reference, [ReferenceRow::RuleSet(stricter.clone())]);
    let threads = [
        case(1, "willow-1", Source::City, march(15, 23, 59)).rectified(march(16, 8, 0)),
        case(2, "willow-1", Source::City, march(16, 0, 0)).rectified(march(16, 8, 0)),
    ];
    let sheet = march_sheet(&reference, &threads);
    assert_eq!(sheet.base, points("100"), "a period starts with the base of its first day");
    assert_eq!(sheet.total, points("287/3"));
    let named: Vec<_> = sheet.entries.iter().map(|entry| entry.rule_set.as_str()).collect();
    assert_eq!(named, ["published", "stricter"]);
    let used: Vec<_> = sheet.rule_sets.iter().map(|set| (set.id.as_str(), set.hash)).collect();
    let hash = |set: RuleSet| set.hash().unwrap();
    assert_eq!(used, [("published", hash(published())), ("stricter", hash(stricter))]);
    assert_ne!(used[0].1, used[1].1);
}
