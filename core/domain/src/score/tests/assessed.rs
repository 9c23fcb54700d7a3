//! Row 20 and the mock assessment: 1,166 observations, of which 817 are met, are 70.1 % and move the sheet by rules that are
//! data.

use super::*;
use crate::fixture::{COLLEAGUE, INSPECTOR, NORTH, SOUTH_GATE, park};
use crate::matter::story::Tale;

/// The preset of 30 and 70 points.
fn preset() -> RuleSet {
    let path = format!("{}/../../data/rules/work-30-field-70.toml", env!("CARGO_MANIFEST_DIR"));
    toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn only(rule: &str) -> RuleSet {
    let rule = format!("[[rule]]\nid = 'r'\nclause = '一'\ntitle = '一'\nwhen = 'assessed'\n{rule}");
    toml::from_str(&format!("id = 'one'\nname = '一条'\nholds_from = '2026-01-01'\nbase = '100'\n{rule}"))
        .unwrap()
}

/// A finished sheet of assessment 7 at a point of park-02 with so many met of so many.
fn observed(number: u128, point: &str, met: usize, of: usize) -> Tale {
    let mut sheet = Tale::of("observation-sheet").point(point).about_number(7);
    sheet.record.id.0 = Uuid::from_u128(number);
    let mut sheet = sheet.opened_by(INSPECTOR);
    for standard in 0..of {
        let result = if standard < met { "met" } else { "not-met" };
        let said = sheet.with().standard("standard", &format!("S{standard:03}")).choice("result", result);
        sheet.tell(INSPECTOR, "observe", said);
    }
    sheet
}

/// The same, with ids of its own.
fn apart(tale: Tale, number: u128) -> MatterRecord {
    let mut record = tale.record;
    let own = |id: EventId| EventId(Uuid::from_u128(id.0.as_u128() + (number << 96)));
    let events = std::mem::take(&mut record.events).into_values();
    record.events = events
        .map(|mut event| {
            event.id = own(event.id);
            event.seen = event.seen.into_iter().map(own).collect();
            (event.id, event)
        })
        .collect();
    record
}

fn finished(number: u128, point: &str, met: usize, of: usize) -> MatterRecord {
    let mut sheet = observed(number, point, met, of);
    sheet.act(INSPECTOR, "finish", &[]);
    apart(sheet, number)
}

fn march_of(rules: RuleSet, sheets: &[MatterRecord]) -> ScoreSheet {
    let reference = park().under(rules);
    let input = SheetInput {
        community: &"park-02".into(),
        period: Period::month_of(march_day(1)),
        as_of: march(31, 12, 0),
        cut: BTreeMap::new(),
        reference: &reference,
        cases: Vec::new(),
        sheets: sheets.to_vec(),
        pending: BTreeSet::new(),
    };
    sheet(&input).unwrap()
}

fn total(rules: &str, sheets: &[MatterRecord]) -> String {
    march_of(only(rules), sheets).total.to_string()
}

#[test]
fn of_1166_observations_817_met_cost_their_exact_share() {
    // 78 points; 15 observations at most of them, less at the last.
    let mut left = 817;
    let each = (0..78u8).map(|number| {
        let of = 15 - usize::from(number >= 74);
        let met = of.min(left);
        left -= met;
        finished(1 + u128::from(number), SOUTH_GATE, met, of)
    });
    let sheets: Vec<_> = each.collect();
    let share = march_of(only("points = '-20'\nmeasured = 'not-met-share'"), &sheets);
    let line = &share.entries[0];
    assert_eq!(line.reason, Reason::Assessed { assessment: line_assessment(), met: 817, observed: 1_166 });
    assert_eq!(line.points, points("-3490/583"), "20 times 349 of 1166");
    assert_eq!(share.entries.len(), 1, "one line, however many sheets");
    assert_eq!(total("points = '1/100'\nmeasured = 'met'", &sheets), points("10817/100").to_string());
    assert_eq!(total("points = '-1/10'\nmeasured = 'not-met'", &sheets), points("651/10").to_string());
    assert_eq!(total("points = '-5'", &sheets), "95");
}

fn line_assessment() -> crate::id::MatterId {
    crate::id::DocumentId(Uuid::from_u128(7))
}

#[test]
fn a_threshold_is_part_of_the_rule() {
    let rule = "points = '-5'\nfactors = [{ times = '0', if = { met-from = '4/5' } }]";
    assert_eq!(total(rule, &[finished(1, SOUTH_GATE, 8, 10)]), "100", "80 % are enough");
    assert_eq!(total(rule, &[finished(1, SOUTH_GATE, 79, 100)]), "95");
}

#[test]
fn the_preset_counts_it_in_the_field_and_spares_nine_in_ten() {
    let field = |sheets: &[MatterRecord]| {
        let sheet = march_of(preset(), sheets);
        sheet.parts.iter().find(|part| part.id == "field").unwrap().total
    };
    assert_eq!(field(&[finished(1, SOUTH_GATE, 3, 4)]), points("65"), "a quarter of 20");
    assert_eq!(field(&[finished(1, SOUTH_GATE, 9, 10)]), points("70"));
}

#[test]
fn only_finished_sheets_of_the_community_count_and_what_does_not_apply_is_not_among_them() {
    let rule = "points = '-10'\nmeasured = 'not-met-share'";
    let open = apart(observed(1, SOUTH_GATE, 0, 10), 1);
    assert_eq!(total(rule, std::slice::from_ref(&open)), "100");
    assert_eq!(total(rule, &[open, finished(2, NORTH, 0, 10)]), "100", "a point of another community");
    let mut of_a_stranger = finished(4, SOUTH_GATE, 0, 10);
    of_a_stranger.home = "park".into();
    assert_eq!(total(rule, &[of_a_stranger]), "90", "whoever may not write there writes with the tenant");
    let mut sheet = observed(3, SOUTH_GATE, 1, 2);
    let none = sheet.with().standard("standard", "S001").choice("result", "not-applicable");
    sheet.tell(COLLEAGUE, "observe", none);
    sheet.act(INSPECTOR, "finish", &[]);
    assert_eq!(total(rule, &[apart(sheet, 3)]), "100", "one of one is met");
}

#[test]
fn a_contested_observation_suspends_the_line() {
    let mut contested = observed(1, SOUTH_GATE, 1, 2);
    let said = |result: &str| contested.with().standard("standard", "S009").choice("result", result);
    let (met, not) = (said("met"), said("not-met"));
    contested.apart((INSPECTOR, "observe", met), (COLLEAGUE, "observe", not));
    contested.act(INSPECTOR, "finish", &[]);
    let march = march_of(only("points = '-10'\nmeasured = 'not-met-share'"), &[apart(contested, 1)]);
    assert_eq!((march.entries.len(), march.total.to_string().as_str()), (0, "100"));
    assert!(matches!(march.suspended[0].why, Suspension::Disputed { .. }));
}

#[test]
fn what_is_finished_after_the_instant_is_not_known_then() {
    let late = finished(1, SOUTH_GATE, 0, 1);
    let reference = park().under(only("points = '-5'"));
    let mut book = Book::new("park-02".into());
    let at = |when| {
        book.assess(std::slice::from_ref(&late), &reference, when).unwrap();
        let (period, pending) = (Period::month_of(march_day(1)), BTreeSet::new());
        let asked =
            Asked { period, as_of: when, cut: BTreeMap::new(), reference: &reference, pending: &pending };
        book.sheet(&asked).unwrap().entries.len()
    };
    let mut at = at;
    assert_eq!((at(march(20, 8, 1)), at(march(20, 9, 0))), (0, 1));
}
