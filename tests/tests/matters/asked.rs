//! What is asked before a matter is recorded, and what only the server can ask.

use crate::stage::*;
use sanben_document::IntentBody;
use sanben_domain::id::{DocumentId, EventId};
use sanben_domain::matter::{Amount, Flaw, Value};
use sanben_field::{Attention, Correction, FieldError, Files, NewMatter, TakenOver};
use sanben_sync::wire::Rejection;
use sanben_tests::world::World;

#[test]
fn what_does_not_fit_is_refused_before_it_is_recorded() {
    let world = world(36);
    let field = world.devices[CLERK].field();
    let flaw = |matter: NewMatter| match field.open_matter(matter) {
        Err(FieldError::Unfit(flawed)) => (flawed.field, flawed.why),
        other => panic!("{other:?}"),
    };
    assert_eq!(flaw(new("tally", &[])), ("counted".to_owned(), Flaw::Missing));
    assert_eq!(flaw(new("tally", &[("counted", choice("stars"))])), ("counted".to_owned(), Flaw::Bounds));
    let photos = Files::from([("title".to_owned(), vec!["x.jpg".into()])]);
    let odd = NewMatter { photos, ..new("tally", &[("counted", choice("spaces-marked"))]) };
    assert_eq!(flaw(odd), ("title".to_owned(), Flaw::Shape));
    assert!(matches!(
        field.open_matter(new("moon-walk", &[])),
        Err(FieldError::NotFound { what: "feature", .. })
    ));
    let given = [("title", text("行动")), ("until", day(&world, CLERK))];
    let denied = field.open_matter(new("special-action", &given));
    assert!(matches!(denied, Err(FieldError::Denied(_))), "{denied:?}");
    assert_eq!(field.outbox(10).unwrap(), []);
    assert_eq!(field.counts().unwrap().pending, 0);
}

#[test]
fn a_device_names_what_is_not_there_and_what_cannot_have_happened() {
    let world = world(43);
    let (grid, clerk) = (world.devices[GRID].field(), world.devices[CLERK].field());
    let missing = grid
        .open_matter(NewMatter { point: Some("P999".into()), ..new("kiosk", &[("title", text("岗亭"))]) });
    assert!(
        matches!(&missing, Err(FieldError::NotFound { what: "point", id }) if id == "P999"),
        "{missing:?}"
    );
    let today = clerk.today().unwrap();
    let (yesterday, tomorrow) = (today.pred_opt().unwrap(), today.succ_opt().unwrap());
    let lent = [
        ("item", text("打气筒")),
        ("number", Value::Count(1)),
        ("to", text("3号楼")),
        ("until", Value::Day(tomorrow)),
    ];
    let nowhere = sanben_domain::id::DocumentId::from_random([9; 16]);
    let lost = grid.open_matter(NewMatter { about: Some(nowhere), ..new("loan", &lent) });
    assert!(matches!(lost, Err(FieldError::NotFound { what: "document", .. })), "{lost:?}");
    let case = sanben_field::NewCase { point: Some("P011".into()), ..Default::default() };
    let case = grid.record(case).unwrap().case;
    let of_case = grid.open_matter(NewMatter { about: Some(case), ..new("loan", &lent) });
    assert!(unfit(&of_case, "about", Flaw::Shape), "a case lends nothing: {of_case:?}");

    let tally = open(&world, CLERK, new("tally", &[("counted", choice("vendors-moved"))]));
    let counted = [("number", Value::Count(3)), ("source", text("清单")), ("day", Value::Day(tomorrow))];
    let ahead = clerk.act_on_matter(tally, "add", fields(&counted), &Files::new());
    assert!(unfit(&ahead, "day", Flaw::Future), "{ahead:?}");
    let report = NewMatter { day: Some(tomorrow), ..new("leader-visit", &[("where", text("南入口"))]) };
    let early = world.devices[INSPECTOR].field().open_matter(report);
    assert!(unfit(&early, "day", Flaw::Future), "{early:?}");
    let over = [("what", text("清运")), ("until", Value::Day(yesterday))];
    let over = clerk.open_matter(new("task", &over));
    assert!(unfit(&over, "until", Flaw::Past), "{over:?}");
}

#[test]
fn what_a_volunteer_could_not_look_up_is_refused_corrected_and_sent_again() {
    let mut world = World::new(44, &["U170", "U038"]);
    sync(&mut world);
    let shift = [("post", text("南入口")), ("from", clock(6)), ("until", clock(18))];
    let shift = open(&world, 0, new("shift", &shift));
    let signed =
        act(&world, 0, shift, "sign-in", &[("who", Value::Person("U999".into())), ("time", clock(6))]);
    assert_eq!(world.sync(0).unwrap().rejected, 1, "a volunteer's tablet has no staff list");
    let volunteer = world.devices[0].field();
    let row = volunteer.needs_attention().unwrap().remove(0);
    let dangling = Rejection::Unfit { field: "who".to_owned(), why: Flaw::Dangling };
    assert_eq!(row.rejection, dangling);
    let day = Correction { day: Some(volunteer.today().unwrap()), ..Correction::default() };
    assert!(volunteer.correct(row.id, &day).is_err(), "a sign-in has no day of its own");
    let who = Correction { person: Some("U170".into()), ..Correction::default() };
    volunteer.correct(row.id, &who).unwrap();
    assert_eq!(world.sync(0).unwrap().rejected, 0);
    world.sync(1).unwrap();
    let seen = world.devices[1].field().matter(shift).unwrap().record;
    assert_eq!(seen.events[&signed].act.person("who"), Some(&"U170".into()), "the same event");
    assert_eq!(world.devices[0].field().needs_attention().unwrap(), []);
}

/// 志愿服务岗亭 (15): a kiosk that a grid member put up in the wrong community goes to the command post with its stock and its
/// loan, in one file.
#[test]
fn a_kiosk_that_is_taken_over_brings_its_stock_and_its_loan() {
    let mut world = world(48);
    let field = world.devices[GRID].field();
    open(&world, GRID, new("kiosk", &[("title", text("岗亭"))]));
    let mut intent = field.outbox(1).unwrap().remove(0).intent;
    let kiosk = DocumentId::from_random([7; 16]);
    (intent.document, intent.event) = (kiosk, EventId::from_random([8; 16]));
    if let IntentBody::OpenMatter { header, .. } = &mut intent.body {
        header.home = "park-03".into();
    }
    field.store().record(&[intent], None).unwrap();
    act(&world, GRID, kiosk, "stock", &[("item", text("打气筒")), ("number", Value::Count(1))]);
    let lent = [
        ("item", text("打气筒")),
        ("number", Value::Count(1)),
        ("to", text("3号楼")),
        ("until", day(&world, GRID)),
    ];
    let loan = open(&world, GRID, NewMatter { about: Some(kiosk), ..new("loan", &lent) });
    world.sync(GRID).unwrap();
    let refused = world.devices[GRID].field().needs_attention().unwrap();
    assert_eq!(refused.len(), 3, "the kiosk, its stock, its loan: {refused:?}");
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("kiosk.sanben");
    let first = refused.iter().find(|row| row.document == kiosk && row.intent.body.creates_in().is_some());
    world.devices[GRID].field().hand_on(first.unwrap().id, Some(&"U001".into()), &file).unwrap();
    let waits = world.devices[GRID].field().needs_attention().unwrap();
    assert!(waits.iter().all(|row| row.handed_on.is_some()), "each is with somebody else: {waits:?}");

    let command = world.devices[COMMAND].field();
    assert_eq!(command.take_over(&file).unwrap(), TakenOver::Recorded(kiosk));
    sync(&mut world);
    sync(&mut world);
    let stands = world.devices[COMMAND].field().matter(kiosk).unwrap();
    assert_eq!(stands.belonging, vec![loan]);
    let stock = stands.figures.iter().find(|figure| figure.name == "in-stock").unwrap();
    assert_eq!(
        (stock.label.as_str(), stock.amount),
        ("打气筒", Amount::Count(0)),
        "one came in, and is lent"
    );
    assert_eq!(world.devices[GRID].field().needs_attention().unwrap(), [], "its author is told");
}

/// 志愿服务岗亭 (15): what is lent belongs to a kiosk that the server does not take.
#[test]
fn a_loan_of_a_kiosk_that_was_refused_needs_attention_and_goes_again_with_it() {
    let mut world = world(47);
    let grid = |world: &World| world.devices[GRID].field().needs_attention().unwrap();
    let title = [("title", text("岗亭"))];
    let real = open(&world, GRID, NewMatter { point: Some("P013".into()), ..new("kiosk", &title) });
    let field = world.devices[GRID].field();
    let mut intent = field.outbox(1).unwrap().remove(0).intent;
    assert_eq!(intent.document, real);
    // One more, as a device would open it that asks nothing.
    let kiosk = DocumentId::from_random([7; 16]);
    (intent.document, intent.event) = (kiosk, EventId::from_random([8; 16]));
    if let IntentBody::OpenMatter { header, .. } = &mut intent.body {
        header.point = Some("P999".into());
    }
    field.store().record(&[intent], None).unwrap();
    act(&world, GRID, kiosk, "stock", &[("item", text("打气筒")), ("number", Value::Count(1))]);
    let lent = [
        ("item", text("打气筒")),
        ("number", Value::Count(1)),
        ("to", text("3号楼")),
        ("until", day(&world, GRID)),
    ];
    let loan = open(&world, GRID, NewMatter { about: Some(kiosk), ..new("loan", &lent) });
    act(&world, GRID, loan, "give-back", &[("number", Value::Count(1))]);
    world.sync(GRID).unwrap();
    let refused = grid(&world);
    let why = |document, creates| {
        let of =
            |row: &&Attention| row.document == document && row.intent.body.creates_in().is_some() == creates;
        refused.iter().find(of).map(|row| row.rejection.clone()).unwrap()
    };
    let dangling = |field: &str| Rejection::Unfit { field: field.to_owned(), why: Flaw::Dangling };
    assert_eq!((why(kiosk, true), why(kiosk, false)), (dangling("point"), Rejection::DependsOnRejected));
    assert_eq!((why(loan, true), why(loan, false)), (dangling("about"), Rejection::DependsOnRejected));
    assert_eq!(
        world.devices[GRID].field().counts().unwrap().pending,
        0,
        "nothing waits for what never comes"
    );

    let first = refused.iter().find(|row| row.document == kiosk && row.intent.body.creates_in().is_some());
    let elsewhere = Correction { point: Some("P011".into()), ..Correction::default() };
    world.devices[GRID].field().correct(first.unwrap().id, &elsewhere).unwrap();
    assert_eq!(grid(&world), []);
    sync(&mut world);
    sync(&mut world);
    let stock = world.devices[CLERK].field().matter(kiosk).unwrap();
    assert_eq!((stock.belonging, step(&world, CLERK, loan)), (vec![loan], "returned"));
}
