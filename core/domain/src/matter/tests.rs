use super::names::{act_keys, catalogue, choice_keys, field_keys, step_keys};
use super::story::Tale;
use super::*;
use crate::fixture::{CLERK, COMMAND, GRID, HEAD, VOLUNTEER, day, march20, park};
use crate::reference::Role;
use crate::rights::Denied;
use proptest::prelude::*;
use std::collections::BTreeSet;

/// Every figure, step and remark that some feature can come to is in its source; forms say the rest.
const FIGURES: &[&str] = &[
    "accepted",
    "activities",
    "answered",
    "assigned",
    "cadres",
    "checked",
    "clean",
    "completed",
    "counted",
    "days",
    "departments",
    "evidence",
    "extra-days",
    "fixed",
    "found",
    "grid-members",
    "guided",
    "handed-on",
    "in-stock",
    "joined",
    "left",
    "lent",
    "meetings",
    "met",
    "not-applicable",
    "observations",
    "on-the-spot",
    "out",
    "owned",
    "participants",
    "points",
    "posters-renewed",
    "problems",
    "put-right",
    "put-right-count",
    "replied",
    "reported",
    "reports",
    "roles",
    "satisfied",
    "served",
    "sources",
    "spaces-marked",
    "stair-heads",
    "suggestions",
    "tasks-confirmed",
    "tasks-done",
    "there",
    "turned-out",
    "vendors-moved",
    "visited",
    "volunteers",
    "works",
];
const REMARKS: &[&str] = &[
    "corrected",
    "no-before-photo",
    "no-photo",
    "not-accessible",
    "not-drawn",
    "not-put-right",
    "not-signed-out",
    "repeated",
    "returned",
    "short",
    "too-few",
    "too-many-back",
    "waiting",
];
const STEPS: &[(&str, &[&str])] = &[
    ("task", &["open", "accepted", "done", "confirmed"]),
    ("leader-visit", &["open", "finished"]),
    ("look-back-round", &["under-way", "walked", "finished"]),
    ("assessment", &["under-way", "finished"]),
    ("observation-sheet", &["under-way", "finished"]),
    ("work-brief", &["empty", "drafted", "issued", "answered"]),
    ("spot-check", &["under-way", "checked", "finished"]),
    ("notice", &["named", "answered", "appealed", "upheld", "dropped", "published"]),
    ("interview", &["set", "held", "signed", "objected"]),
    ("daily-report", &["reported", "noted"]),
    ("weekly-summary", &["handed-in", "returned", "taken"]),
    ("shift", &["open", "manned", "left", "finished"]),
    ("roster", &["open", "finished"]),
    ("activity", &["planned", "held"]),
    ("tally", &["open", "finished"]),
    ("special-action", &["under-way", "finished"]),
    ("required-action", &["open", "complete"]),
    ("programme", &["under-way", "finished"]),
    ("meeting", &["collecting", "meeting", "finished"]),
    ("suggestion", &["raised", "handed-on", "answered", "rated"]),
    ("kiosk", &["open", "finished"]),
    ("loan", &["lent", "returned", "lost"]),
    ("small-work", &["planned", "done"]),
];

fn acts(feature: &'static Feature) -> impl Iterator<Item = &'static ActForm> {
    std::iter::once(&feature.open).chain(feature.acts).chain(Always::ACTS)
}

/// Every name that a person may have to read, as the keys it is looked up by.
fn asked() -> Vec<Vec<String>> {
    let mut asked: Vec<Vec<String>> = FIGURES.iter().map(|figure| vec![format!("%{figure}")]).collect();
    // What a full matter is refused with.
    asked.push(vec![".entries".to_owned()]);
    asked.push(vec![format!(".{OPENED}")]);
    asked.extend(REMARKS.iter().map(|remark| vec![format!("!{remark}")]));
    for feature in feature::ALL {
        asked.push(vec![feature.name.to_owned()]);
        let steps = STEPS.iter().find(|(name, _)| *name == feature.name).unwrap().1;
        asked.extend(steps.iter().chain([&Always::WITHDRAWN]).map(|step| step_keys(feature, step).to_vec()));
        for part in ["point", "person", "about"] {
            asked.push(field_keys(feature, OPEN, part).to_vec());
        }
        for act in acts(feature) {
            asked.push(act_keys(feature, act.name).to_vec());
            for field in act.fields {
                asked.push(field_keys(feature, act.name, field.name).to_vec());
                if let Shape::Choice(choices) = field.shape {
                    asked.extend(choices.iter().map(|choice| choice_keys(feature, choice).to_vec()));
                }
            }
        }
    }
    asked
}

#[test]
fn everything_has_a_name_in_both_languages_and_no_name_is_idle() {
    let asked = asked();
    for tongue in [Tongue::Chinese, Tongue::English] {
        let held = catalogue(tongue);
        let missing: BTreeSet<_> = asked
            .iter()
            .filter(|keys| !keys.iter().any(|key| held.contains_key(key.as_str())))
            .map(|keys| keys.last().unwrap())
            .collect();
        assert!(missing.is_empty(), "{tongue:?}: without a name: {missing:#?}");
        let used: BTreeSet<_> = asked
            .iter()
            .filter_map(|keys| keys.iter().find(|key| held.contains_key(key.as_str())))
            .map(String::as_str)
            .collect();
        let idle: Vec<_> = held.keys().filter(|key| !used.contains(*key)).collect();
        assert!(idle.is_empty(), "{tongue:?}: names that nobody asks for: {idle:#?}");
        let nameless: Vec<_> = held.iter().filter(|(_, text)| text.is_empty()).collect();
        assert!(nameless.is_empty(), "{tongue:?}: {nameless:?}");
    }
    let chinese = catalogue(Tongue::Chinese);
    assert_eq!(chinese.keys().collect::<Vec<_>>(), catalogue(Tongue::English).keys().collect::<Vec<_>>());
    let latin: Vec<_> = chinese.iter().filter(|(_, text)| text.is_ascii()).collect();
    assert!(latin.is_empty(), "not in Chinese: {latin:?}");
}

/// A name may not be given twice: the parser would take the later line without a word.
#[test]
fn no_name_is_given_twice() {
    for text in [include_str!("names/zh-CN.txt"), include_str!("names/en.txt")] {
        let keys: Vec<_> =
            text.lines().filter_map(|line| line.split_once(" = ")).map(|(key, _)| key).collect();
        assert_eq!(keys.len(), keys.iter().collect::<BTreeSet<_>>().len());
    }
}

#[test]
fn forms_are_whole() {
    let mut names = BTreeSet::new();
    for feature in feature::ALL {
        assert!(names.insert(feature.name), "{} is there twice", feature.name);
        assert!(
            matches!(feature.class, ScopeClass::Work | ScopeClass::Resident | ScopeClass::Discipline),
            "{}: nobody records reference data or staff this way",
            feature.name
        );
        let steps = STEPS.iter().find(|(name, _)| *name == feature.name).unwrap().1;
        for closed in feature.closed {
            assert!(steps.contains(closed), "{}: {closed}", feature.name);
        }
        let mut named = BTreeSet::new();
        for act in acts(feature) {
            assert!(named.insert(act.name), "{}: {} is there twice", feature.name, act.name);
            assert!(!act.by.is_empty(), "{} {}: nobody may", feature.name, act.name);
            for step in act.at {
                assert!(steps.contains(step), "{} {}: no step {step}", feature.name, act.name);
            }
            for against in act.against {
                assert!(feature.act(against.act).is_some(), "{} {}: {}", feature.name, act.name, against.act);
                for field in against.same.iter().chain(against.differ) {
                    assert!(act.field(field).is_some(), "{} {}: {field}", feature.name, act.name);
                }
            }
            if let Some(opens) = act.opens {
                let opened = feature::named(opens).unwrap();
                // What the act gives has to make a whole opening.
                for field in opened.open.fields.iter().filter(|field| field.need) {
                    assert_eq!(
                        act.field(field.name).map(|held| held.need),
                        Some(true),
                        "{} {}",
                        feature.name,
                        act.name
                    );
                }
                assert_ne!(opened.header.about, Need::No);
            }
            let mut fields = BTreeSet::new();
            assert!(
                act.fields.iter().all(|field| fields.insert(field.name)),
                "{} {}",
                feature.name,
                act.name
            );
        }
    }
}

#[test]
fn a_field_that_is_missing_unknown_or_of_another_kind_is_named() {
    let shift = Tale::of("shift").text("post", "东门");
    let flawed = shift.clone().refused_by(GRID);
    assert_eq!((flawed.field.as_str(), flawed.why), ("from", Flaw::Missing));
    assert_eq!(flawed.to_string(), "field `from` is missing");
    let other = shift.clone().count("colour", 3).refused_by(GRID);
    assert_eq!((other.field.as_str(), other.why), ("colour", Flaw::Unknown));
    let other = Tale::of("shift").count("post", 3).refused_by(GRID);
    assert_eq!((other.field.as_str(), other.why), ("post", Flaw::Shape));
    let headed = shift.person(HEAD).refused_by(GRID);
    assert_eq!((headed.field.as_str(), headed.why), ("person", Flaw::Unknown));
}

#[test]
fn what_is_said_stands_in_the_order_in_which_it_was_asked_for() {
    for form in feature::ALL.iter().flat_map(|feature| acts(feature)) {
        let asked: Vec<&str> = form.fields.iter().map(|field| field.name).collect();
        let fields = asked.iter().map(|name| ((*name).to_owned(), Value::Count(1)));
        let act = MatterAct::new(form.name, fields.chain([("aaa".to_owned(), Value::Count(1))]).collect());
        let said: Vec<&String> = form.in_order(&act).map(|(name, _)| name).collect();
        assert_eq!(said, asked.iter().copied().chain(["aaa"]).collect::<Vec<_>>(), "{}", form.name);
    }
}

#[test]
fn a_feature_or_an_act_of_a_later_version_is_kept_and_has_no_effect() {
    let mut later = Tale::of("tally").choice("counted", "spaces-marked").opened_by(CLERK);
    let before = later.state();
    let heads = later.record.order().heads();
    let unknown = Event {
        id: EventId(uuid::Uuid::from_u128(77)),
        at: crate::time::Stamp::exact(march20(9, 0)),
        by: GRID.into(),
        seen: heads,
        act: MatterAct::new("photograph-from-orbit", Fields::new()),
    };
    later.record.events.insert(unknown.id, unknown.clone());
    let after = later.state();
    assert_eq!((after.step, &after.figures), (before.step, &before.figures));
    assert!(after.idle.contains(&unknown.id));
    later.record.feature = "moon-walk".to_owned();
    assert_eq!(fold(&later.record, &park()), None);
    let person = &park().people[&GRID.into()];
    assert_eq!(may(person, &unknown.act, &later.record, None, &park(), march20(9, 0)), Err(Denied::Unknown));
    assert!(later.record.check(&unknown.act).unwrap().is_none(), "there is no form to hold it to");
}

#[test]
fn what_is_withdrawn_counts_nothing_and_striking_that_out_brings_it_back() {
    let mut tally = Tale::of("tally").choice("counted", "spaces-marked").opened_by(CLERK);
    let entry = tally.with().count("number", 130).text("source", "施划单").day_in("day", 20);
    tally.tell(GRID, "add", entry);
    assert_eq!(tally.may(GRID, Always::WITHDRAW), Err(Denied::Role));
    let reason = tally.with().text("reason", "重复登记");
    let withdrawn = tally.tell(CLERK, Always::WITHDRAW, reason);
    assert_eq!((tally.state().step, tally.state().figures), (Always::WITHDRAWN, Vec::new()));
    assert_eq!(tally.may(GRID, "add"), Err(Denied::Step));
    tally.strike(COMMAND, withdrawn);
    assert_eq!(story::figure(&tally.state(), "spaces-marked"), Amount::Count(130));
}

#[test]
fn what_an_act_opened_is_named_as_a_document_and_as_nothing_else() {
    let visit = Tale::of("leader-visit");
    let assign = |opened| {
        let given = visit.with().text("what", "扶正宣传牌").day_in("until", 21);
        visit.check("assign", given.value(OPENED, opened).done())
    };
    assert_eq!(assign(Value::Document(visit.id())), Ok(()));
    let shape = Err(Flawed::new(OPENED, Flaw::Shape));
    assert_eq!(assign(Value::Text("x".repeat(60_000))), shape);
    let elsewhere = visit.with().text("words", "好").value(OPENED, Value::Document(visit.id())).done();
    assert_eq!(visit.check(Always::COMMENT, elsewhere), Err(Flawed::new(OPENED, Flaw::Unknown)));
}

#[test]
fn a_full_matter_takes_no_more_comments_and_then_nothing() {
    let mut tally = Tale::of("tally").choice("counted", "spaces-marked").opened_by(CLERK);
    let [words, add] = [Always::COMMENT, "add"].map(|act| MatterAct::new(act, Fields::new()));
    while tally.record.events.len() < MOST_WITH_COMMENTS {
        assert_eq!(tally.record.room(&words), Ok(()));
        let mut event = tally.record.opening().unwrap().clone();
        event.id = EventId(uuid::Uuid::from_u128(1 << 80 | tally.record.events.len() as u128));
        event.act = words.clone();
        tally.record.events.insert(event.id, event);
    }
    let full = Err(Flawed::new("entries", Flaw::Bounds));
    assert_eq!((tally.record.room(&words), tally.record.room(&add)), (full.clone(), Ok(())));
    while tally.record.events.len() < MOST_EVENTS {
        assert_eq!(tally.record.room(&add), Ok(()));
        let mut event = tally.record.opening().unwrap().clone();
        event.id = EventId(uuid::Uuid::from_u128(1 << 80 | tally.record.events.len() as u128));
        tally.record.events.insert(event.id, event);
    }
    assert_eq!(tally.record.room(&add), full);
}

#[test]
fn nobody_strikes_out_what_somebody_else_wrote() {
    let mut tally = Tale::of("tally").choice("counted", "spaces-marked").opened_by(CLERK);
    let entry = tally.with().count("number", 130).text("source", "施划单").day_in("day", 20);
    let entry = tally.tell(GRID, "add", entry);
    let strike =
        MatterAct::new(Always::STRIKE, tally.with().event("entry", entry).text("reason", "错").done());
    let ask = |who: &str| {
        may(&park().people[&who.into()], &strike, &tally.record, Some(&tally.state()), &park(), march20(9, 0))
    };
    assert_eq!(ask(VOLUNTEER), Err(Denied::Role));
    assert_eq!(ask(GRID), Ok(()));
    assert_eq!(ask(COMMAND), Ok(()));
}

#[test]
fn volunteers_open_what_street_work_needs_and_nothing_of_discipline_or_residents() {
    let park = park();
    let volunteer = &park.people[&VOLUNTEER.into()];
    let scopes = crate::rights::scopes_of(volunteer, &park, march20(9, 0));
    let classes: BTreeSet<_> = scopes.iter().map(|scope| scope.class).collect();
    assert!(!classes.contains(&ScopeClass::Resident) && !classes.contains(&ScopeClass::Discipline));
    for feature in feature::ALL.iter().filter(|feature| feature.class == ScopeClass::Discipline) {
        for act in acts(feature).filter(|act| !Always::ACTS.iter().any(|always| always.name == act.name)) {
            assert!(
                act.by.iter().all(|grant| matches!(grant, Grant::Role(Role::Discipline) | Grant::Named)),
                "{} {}",
                feature.name,
                act.name
            );
        }
    }
}

#[test]
fn sums_are_exact_and_printed_half_up() {
    let share = |part, whole| Amount::Share { part, whole }.per_mille();
    assert_eq!(share(817, 1_166), Some(701), "70.07 % is 70.1 %");
    assert_eq!(share(1, 2_000), Some(1), "0.05 % rounds up");
    assert_eq!(share(0, 0), None);
    let halves = sum([Figure::share("met", 1, 2), Figure::share("met", 9, 10)]);
    assert_eq!(halves, [Figure::share("met", 10, 12)], "never a mean of percentages");
}

#[test]
fn a_rhythm_names_the_day_that_something_belongs_to() {
    assert_eq!(Rhythm::Weekly.day_of(day(3, 22)), Some(day(3, 16)));
    assert_eq!(Rhythm::Daily.next(day(3, 20)), Some(day(3, 20)));
}

fn tellings() -> impl Strategy<Value = Vec<(u8, u8, bool)>> {
    prop::collection::vec((0..6u8, 0..4u8, any::<bool>()), 1..24)
}

proptest! {
    /// However events are laid into the record, and whoever acted side by side, every replica folds the same, and a
    /// tally never counts one source twice.
    #[test]
    fn a_fold_depends_on_the_events_alone(steps in tellings()) {
        let mut tally = Tale::of("tally").choice("counted", "vendors-moved").opened_by(CLERK);
        let mut numbers = std::collections::BTreeMap::new();
        for (source, number, aside) in steps {
            let entry = |tally: &Tale, n: u8| tally.with().count("number", i64::from(n) + 1).text("source", &format!("来源{source}")).day_in("day", 20);
            numbers.entry(source).or_insert_with(Vec::new).push(i64::from(number) + 1);
            if aside {
                let (one, other) = (entry(&tally, number), entry(&tally, number));
                tally.apart((GRID, "add", one), (VOLUNTEER, "add", other));
            } else {
                let one = entry(&tally, number);
                tally.tell(GRID, "add", one);
            }
        }
        let state = tally.state();
        let most: i64 = numbers.values().filter_map(|held| held.iter().max()).sum();
        let Amount::Count(count) = story::figure(&state, "vendors-moved") else { panic!("a count") };
        prop_assert!(count <= most, "{count} of at most {most}");
        let mut turned = tally.record.clone();
        turned.events = turned.events.into_iter().rev().collect();
        prop_assert_eq!(fold(&turned, &park()).unwrap(), state);
    }
}
