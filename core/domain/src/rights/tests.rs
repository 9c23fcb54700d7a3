use super::*;
use crate::case::{CaseAct, Outcome, Source};
use crate::contact::ContactAct;
use crate::event::Event;
use crate::fixture::*;
use crate::id::{DocumentId, EventId};
use crate::patrol::{Round, VisitResult};
use crate::time::Stamp;
use chrono::NaiveDate;
use std::collections::BTreeMap;
use uuid::Uuid;

const EVERYBODY: [&str; 10] =
    [COMMAND, DISCIPLINE, INSPECTOR, COLLEAGUE, OTHER_TEAM, HEAD, NORTH_HEAD, GRID, CLERK, VOLUNTEER];

/// Who may do this to a case at the south gate, in the order of `EVERYBODY`.
fn who(act: &CaseAct) -> Vec<&'static str> {
    let park = park();
    let case = Story::at(SOUTH_GATE);
    let state = case.state(&park);
    let allowed = |name: &&str| {
        may(&park.people[&(**name).into()], act, &case.record, Some(&state), &park, march20(9, 0)).is_ok()
    };
    EVERYBODY.into_iter().filter(allowed).collect()
}

#[test]
fn everybody_reports_and_speaks() {
    for act in [CaseAct::Report { source: Source::Own }, comment()] {
        assert_eq!(who(&act), EVERYBODY);
    }
    for source in [Source::Subdistrict, Source::District, Source::City, Source::DigitalCity] {
        let costs = who(&CaseAct::Report { source });
        assert_eq!(
            costs,
            [COMMAND, DISCIPLINE, INSPECTOR, COLLEAGUE, OTHER_TEAM],
            "what costs points comes from inspections"
        );
    }
}

#[test]
fn who_answers_acts_and_who_looks_is_somebody_else() {
    assert_eq!(who(&acknowledge()), [COMMAND, HEAD, GRID]);
    assert_eq!(who(&rectify()), [COMMAND, HEAD, GRID]);
    let on_the_spot = CaseAct::Rectify { words: String::new(), photos: Vec::new(), on_the_spot: true };
    assert_eq!(who(&on_the_spot), [COMMAND, INSPECTOR, COLLEAGUE], "who would be charged cannot halve it");
    for act in [look_back(Outcome::Passed), rework(), found_again()] {
        assert_eq!(who(&act), [COMMAND, DISCIPLINE, INSPECTOR, COLLEAGUE]);
    }
}

#[test]
fn the_office_decides() {
    let due = march20(18, 0);
    let command = [
        CaseAct::Confirm,
        CaseAct::File,
        dispatch("park-02"),
        CaseAct::Close,
        void(),
        extend(due),
        on_account(due),
    ];
    for act in command {
        assert_eq!(who(&act), [COMMAND], "{act:?}");
    }
    let reason = || "今天办不完".to_owned();
    assert_eq!(who(&CaseAct::Except { reason: reason(), due }), [COMMAND, INSPECTOR, COLLEAGUE]);
    assert_eq!(who(&decide(EventId(Uuid::nil()), &[])), [COMMAND, DISCIPLINE]);
    let merge = CaseAct::MergeInto { kept: DocumentId(Uuid::nil()) };
    assert_eq!(who(&merge), [COMMAND, INSPECTOR, COLLEAGUE, OTHER_TEAM]);
    let escalate = CaseAct::Escalate { to: "park".into(), reason: reason() };
    assert_eq!(who(&escalate), [COMMAND, INSPECTOR, COLLEAGUE, OTHER_TEAM, HEAD, CLERK]);
    assert_eq!(who(&CaseAct::Answer { words: reason() }), [COMMAND, CLERK]);
    assert!(who(&CaseAct::Unknown).is_empty());
}

#[test]
fn whoever_reported_may_correct_it() {
    let park = park();
    let mut case = Story::at(SOUTH_GATE);
    for event in case.record.events.values_mut() {
        event.by = VOLUNTEER.into();
    }
    let act = CaseAct::Amend { fields: Vec::new() };
    let state = case.state(&park);
    let ask =
        |name: &str| may(&park.people[&name.into()], &act, &case.record, Some(&state), &park, march20(9, 0));
    assert_eq!(ask(VOLUNTEER), Ok(()));
    assert_eq!(ask(GRID), Err(Denied::Role));
}

#[test]
fn rights_follow_the_assignment_at_that_time_and_the_handler_throughout() {
    let park = park();
    let case = Story::found(1, MARKET, "S01", at(2, 28, 16, 0));
    let state = case.state(&park);
    let ask = |name: &str, when| {
        may(&park.people[&name.into()], &rectify(), &case.record, Some(&state), &park, when)
    };
    assert_eq!(ask(NEW_HEAD, at(2, 28, 17, 0)), Err(Denied::Place));
    assert_eq!(ask(NEW_HEAD, at(3, 1, 9, 0)), Ok(()));
    assert_eq!(ask(OLD_HEAD, at(3, 1, 9, 0)), Ok(()), "it was dispatched to them");
}

#[test]
fn a_unit_that_was_handed_the_case_handles_it() {
    let park = park();
    let mut case = Story::at(SOUTH_GATE);
    case.tell(COMMAND, march20(8, 0), dispatch("dept-huanwei"));
    let state = case.state(&park);
    let ask = |name: &str| {
        may(&park.people[&name.into()], &acknowledge(), &case.record, Some(&state), &park, march20(9, 0))
    };
    assert_eq!(ask(NEW_HEAD), Ok(()), "of that department");
    assert_eq!(ask(NORTH_HEAD), Err(Denied::Place));
    assert_eq!(ask(CLERK), Err(Denied::Role));
}

fn scopes(name: &str, when: Timestamp) -> Vec<String> {
    let park = park();
    let mut scopes = scopes_of(&park.people[&name.into()], &park, when);
    let before = scopes.len();
    scopes.retain(|scope| *scope != personal_scope(&name.into()));
    assert_eq!(scopes.len() + 1, before, "everybody holds what is addressed to them");
    assert!(
        scopes.iter().all(|scope| scope.class != ScopeClass::Personal),
        "and nothing addressed to others"
    );
    scopes.iter().map(ToString::to_string).collect()
}

#[test]
fn scopes_follow_role_team_and_points() {
    let now = march20(9, 0);
    let units = ["dept-huanwei", "dept-jijian", "park", "park-01", "park-02"];
    let kept = |class: &[&str]| -> Vec<String> {
        let classes = |unit: &&str| match *unit {
            "park" => [&["work", "resident"], class].concat(),
            _ => vec!["work", "resident"],
        };
        units
            .iter()
            .flat_map(|unit| classes(unit).into_iter().map(move |class| format!("{unit}:{class}")))
            .collect()
    };
    assert_eq!(scopes(COMMAND, now), kept(&["people", "reference"]));
    assert_eq!(scopes(DISCIPLINE, now), kept(&["discipline", "people", "reference"]));
    let of_team = |unit: &str| {
        let root = ["work", "resident", "people", "reference"].map(|class| format!("park:{class}"));
        root.into_iter()
            .chain(["work", "resident"].map(|class| format!("{unit}:{class}")))
            .collect::<Vec<_>>()
    };
    assert_eq!(scopes(INSPECTOR, now), of_team("park-02"));
    assert_eq!(scopes(OTHER_TEAM, now), of_team("park-01"));
    for name in [GRID, CLERK] {
        assert_eq!(scopes(name, now), ["park:people", "park:reference", "park-02:work", "park-02:resident"]);
    }
    assert_eq!(scopes(HEAD, now), ["park:people", "park:reference", "park-02:work"]);
    assert_eq!(scopes(VOLUNTEER, now), ["park:reference", "park-02:work"]);
    assert!(scopes_of(&park().people[&COMMAND.into()], &Reference::default(), now).is_empty());
}

#[test]
fn contacts_are_for_offices_and_never_for_volunteers_and_heads() {
    let park = park();
    let adds = |name: &&str| may_contact(&park.people[&(**name).into()], &ContactAct::Add).is_ok();
    let who: Vec<_> = EVERYBODY.into_iter().filter(adds).collect();
    assert_eq!(who, [COMMAND, DISCIPLINE, INSPECTOR, COLLEAGUE, OTHER_TEAM, GRID, CLERK]);
    for name in EVERYBODY {
        let sees = scopes(name, march20(9, 0)).iter().any(|scope| scope.ends_with(":resident"));
        assert_eq!(sees, who.contains(&name), "{name}");
    }
    let command = &park.people[&COMMAND.into()];
    assert_eq!(may_contact(command, &ContactAct::Unknown), Err(Denied::Unknown));
}

#[test]
fn a_head_sees_a_community_while_they_answer_there() {
    let sees = |name: &str, when: Timestamp| scopes(name, when).contains(&"park-02:work".to_owned());
    assert!(!sees(NEW_HEAD, at(2, 28, 23, 59)));
    assert!(sees(NEW_HEAD, at(3, 1, 0, 0)));
    assert!(!sees(OLD_HEAD, at(3, 1, 0, 0)));
}

#[test]
fn a_department_sees_what_was_handed_to_it_and_not_the_communities() {
    let held = scopes(NEW_HEAD, at(2, 28, 12, 0));
    assert_eq!(held, ["dept-huanwei:work", "park:people", "park:reference"]);
}

#[test]
fn a_case_is_shared_with_whom_it_was_handed_to_and_with_its_place() {
    let park = park();
    let shared = |case: &Story| -> Vec<String> {
        shared_with(&case.record, &park).iter().map(ToString::to_string).collect()
    };
    let mut case = Story::at(SOUTH_GATE);
    assert!(shared(&case).is_empty(), "its home is its place's");
    case.record.home = "park".into();
    assert_eq!(shared(&case), ["park-02:work"]);
    case.tell(COMMAND, march20(8, 0), dispatch("dept-huanwei"));
    case.tell(COMMAND, march20(8, 5), dispatch("dept-nowhere"));
    case.tell(COMMAND, march20(8, 10), dispatch("park-01"));
    assert_eq!(shared(&case), ["park-02:work", "dept-huanwei:work", "park-01:work"]);
    case.record.point = None;
    case.tell(HEAD, march20(9, 0), CaseAct::Escalate { to: "park".into(), reason: "管道归街道".to_owned() });
    assert_eq!(shared(&case), ["dept-huanwei:work", "park-01:work"], "the root is its home");
}

#[test]
fn what_was_taken_back_goes_there_again_by_a_new_event_or_by_its_place() {
    let park = park();
    let mut case = Story::at(SOUTH_GATE);
    case.record.home = "park".into();
    let first = case.tell(COMMAND, march20(8, 0), dispatch("dept-huanwei"));
    let again = case.tell(COMMAND, march20(9, 0), dispatch("dept-jijian"));
    let handed = |events: &[EventId]| -> Vec<String> {
        let events = events.iter().copied().collect();
        handed_by(&case.record, &events, &park).iter().map(ToString::to_string).collect()
    };
    assert_eq!(handed(&[first]), ["dept-huanwei:work", "park-02:work"]);
    assert_eq!(handed(&[again]), ["dept-jijian:work", "park-02:work"]);
    assert_eq!(handed(&[]), ["park-02:work"]);
}

#[test]
fn a_case_without_a_place_goes_to_its_community_and_then_stays_there() {
    let park = park();
    let mut case = Story::at(SOUTH_GATE).record;
    (case.home, case.point) = ("park".into(), None);
    let (south, market) = (Some(SOUTH_GATE.into()), Some(NORTH.into()));
    assert_eq!(may_move(&case, south.as_ref(), &park), Ok(()));
    case.point = south;
    assert_eq!(may_move(&case, market.as_ref(), &park), Err(Denied::Place));
    assert_eq!(may_move(&case, None, &park), Err(Denied::Place), "nor does it become nobody's");
    assert_eq!(may_move(&case, Some(&"P999".into()), &park), Err(Denied::Place));
}

#[test]
fn only_held_scopes_are_written_and_only_the_command_post_publishes() {
    let park = park();
    let write = |name: &str, unit: &str, class| {
        let scope = Scope { unit: unit.into(), class };
        may_write(&park.people[&name.into()], &scope, &park, march20(9, 0))
    };
    assert!(write(HEAD, "park-02", ScopeClass::Work));
    assert!(!write(HEAD, "park-01", ScopeClass::Work));
    assert!(!write(INSPECTOR, "park", ScopeClass::Reference));
    assert!(write(COMMAND, "park", ScopeClass::Reference));
    assert!(!write(COMMAND, "park", ScopeClass::Discipline));
    assert!(write(DISCIPLINE, "park", ScopeClass::Discipline));
}

#[test]
fn who_postpones_or_overrules_says_why() {
    let due = march20(18, 0);
    let silent = [
        CaseAct::Except { reason: String::new(), due },
        CaseAct::Void { reason: "  ".to_owned() },
        CaseAct::Escalate { to: "park".into(), reason: String::new() },
    ];
    for act in silent {
        assert!(who(&act).is_empty(), "{act:?}");
    }
}

#[test]
fn a_round_is_walked_by_its_own_team_at_its_own_points() {
    let park = park();
    let person = |name: &str| park.people[&name.into()].clone();
    let inspector = person(INSPECTOR);
    let start = Event {
        id: EventId(Uuid::from_u128(1)),
        at: Stamp::exact(march20(7, 0)),
        by: inspector.id.clone(),
        seen: vec![],
        act: PatrolAct::Start,
    };
    let patrol = PatrolRecord {
        id: DocumentId(Uuid::nil()),
        home: park.community_of_point(&SOUTH_GATE.into()).unwrap().id.clone(),
        team: inspector.team.unwrap(),
        day: NaiveDate::from_ymd_opt(2026, 3, 20).unwrap(),
        round: Round::LookBack,
        events: BTreeMap::from([(start.id, start)]),
    };
    let visit = |point: &str| PatrolAct::Visit {
        point: point.into(),
        result: VisitResult::Clean,
        fix: None,
        photos: vec![],
    };
    let may = |name: &str, act: &PatrolAct| may_patrol(&person(name), act, &patrol, &park);
    assert_eq!(may(INSPECTOR, &visit(SOUTH_GATE)), Ok(()));
    for other in [HEAD, COMMAND, OTHER_TEAM, COLLEAGUE] {
        assert_eq!(may(other, &visit(SOUTH_GATE)), Err(Denied::Role), "{other} is not on this round");
    }
    assert_eq!(may(INSPECTOR, &visit("nowhere")), Err(Denied::Place));
    assert_eq!(may(INSPECTOR, &PatrolAct::Unknown), Err(Denied::Unknown));
}

#[test]
fn the_original_of_a_photo_is_for_its_author_the_desk_and_who_answers() {
    let park = park();
    let sees = |case: &Story, with: bool| {
        let state = case.state(&park);
        let of = with.then_some((&case.record, &state));
        let allowed = |name: &&str| {
            let person = &park.people[&(**name).into()];
            may_see_original(person, person.id == COLLEAGUE.into(), of, &park, march20(9, 0))
        };
        EVERYBODY.into_iter().filter(allowed).collect::<Vec<_>>()
    };
    let case = Story::at(SOUTH_GATE);
    assert_eq!(sees(&case, true), [COMMAND, DISCIPLINE, COLLEAGUE, HEAD]);
    assert_eq!(sees(&case, false), [COMMAND, DISCIPLINE, COLLEAGUE], "a patrol is held against nobody");
}
