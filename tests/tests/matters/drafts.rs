//! Forms that save themselves.

use crate::stage::*;
use sanben_domain::id::DocumentId;
use sanben_domain::matter::{Flaw, Value};
use sanben_field::FieldError;

#[test]
fn a_form_keeps_every_field_through_a_crash_and_is_submitted_once() {
    let mut world = world(41);
    let photo = sanben_tests::world::park().join("photos/south-entrance-rubbish-before.jpg");
    let draft = {
        let field = world.devices[GRID].field();
        let draft = field.draft_matter("small-work").unwrap();
        field.matter_draft_set(draft, "kind", Some(&choice("railings"))).unwrap();
        field.matter_draft_photo(draft, "before", &photo).unwrap();
        let unknown = field.matter_draft_set(draft, "colour", Some(&text("红")));
        assert!(matches!(unknown, Err(FieldError::Unfit(_))), "{unknown:?}");
        // Half a form is no matter, and is kept.
        let half = field.submit_matter_draft(draft);
        assert!(matches!(half, Err(FieldError::Unfit(_))), "{half:?}");
        assert!(field.drafts().unwrap().is_empty(), "it is no draft of a report");
        draft
    };
    world.devices[GRID].restart();
    let field = world.devices[GRID].field();
    let kept = field.matter_draft(draft).unwrap();
    assert_eq!(kept.fields.keys().collect::<Vec<_>>(), ["before", "kind"]);
    field.matter_draft_set(draft, "@point", Some(&Value::Point("P011".into()))).unwrap();
    field.matter_draft_set(draft, "what", Some(&text("更换破损护栏"))).unwrap();
    let work = field.submit_matter_draft(draft).unwrap();
    assert!(field.matter_drafts().unwrap().is_empty());
    assert!(field.submit_matter_draft(draft).is_err(), "once");
    let view = field.matter(work).unwrap();
    assert_eq!((view.record.point, view.record.photos.len()), (Some("P011".into()), 1));

    // An act is drafted alike, and what cannot be done yet keeps its draft.
    let done = world.devices[CLERK].field().draft_act(work, "done");
    assert!(done.is_err(), "the clerk does not have it yet");
    sync(&mut world);
    sync(&mut world);
    let field = world.devices[CLERK].field();
    let done = field.draft_act(work, "done").unwrap();
    field.matter_draft_set(done, "words", Some(&text("已更换"))).unwrap();
    assert!(field.submit_matter_draft(done).is_err(), "without a photo afterwards");
    field.matter_draft_photo(done, "after", &photo).unwrap();
    field.submit_matter_draft(done).unwrap();
    assert_eq!(step(&world, CLERK, work), "done");
    let thrown = world.devices[CLERK].field().draft_act(work, "comment").unwrap();
    world.devices[CLERK].field().matter_draft_discard(thrown).unwrap();
    assert!(world.devices[CLERK].field().matter_drafts().unwrap().is_empty());
    sync(&mut world);
}

/// What the server would refuse is said before it is recorded, and the form is still there to be mended.
#[test]
fn a_form_that_cannot_be_handed_in_says_so_and_is_kept() {
    let mut world = world(48);
    let point = |code: &str| Value::Point(code.into());
    let (today, earlier, later) = {
        let today = world.devices[CLERK].field().today().unwrap();
        (Value::Day(today), Value::Day(today.pred_opt().unwrap()), Value::Day(today.succ_opt().unwrap()))
    };
    let nowhere = Value::Document(DocumentId::from_random([9; 16]));
    let tally = open(&world, CLERK, new("tally", &[("counted", choice("vendors-moved"))]));
    sync(&mut world);
    let clerk = world.devices[CLERK].field();
    let task = [("what", text("清运")), ("until", today.clone())];
    let loan =
        [("item", text("打气筒")), ("number", Value::Count(1)), ("to", text("3号楼")), ("until", today)];
    let shift = [("post", text("南入口")), ("from", clock(6)), ("until", clock(18))];
    let person = |code: &str| Value::Person(code.into());
    // What is filled in, which part of it is wrong, what is said, and how it would be right.
    let forms: [Form<'_>; 9] = [
        ("task", &task, ("@point", point("P999")), no("point"), Some(Some(point("P011")))),
        ("task", &task, ("@person", person("U999")), no("person"), Some(Some(person("U060")))),
        ("task", &task, ("unit", Value::Unit("park-99".into())), no("unit"), Some(None)),
        ("task", &task, ("@about", nowhere), no("document"), Some(Some(Value::Document(tally)))),
        ("task", &task, ("until", earlier), flawed("until", Flaw::Past), Some(Some(later.clone()))),
        ("shift", &shift, ("until", clock(5)), flawed("until", Flaw::Order), Some(Some(clock(18)))),
        ("daily-report", &[], ("@day", later), flawed("day", Flaw::Future), None),
        ("loan", &loan, ("@about", Value::Document(tally)), flawed("about", Flaw::Shape), None),
        ("loan", &loan, ("@person", person("U060")), flawed("person", Flaw::Unknown), None),
    ];
    for (feature, fields, (wrong, value), says, right) in forms {
        let recorded = clerk.outbox(100).unwrap().len();
        let draft = clerk.draft_matter(feature).unwrap();
        for (field, value) in fields.iter().chain([&(wrong, value)]) {
            clerk.matter_draft_set(draft, field, Some(value)).unwrap();
        }
        let said = match clerk.submit_matter_draft(draft).unwrap_err() {
            FieldError::NotFound { what, .. } => no(what),
            FieldError::Unfit(it) => flawed(&it.field, it.why),
            other => panic!("{feature} {wrong}: {other:?}"),
        };
        assert_eq!(said, says, "{feature} {wrong}");
        assert_eq!(clerk.outbox(100).unwrap().len(), recorded, "{feature} {wrong}: nothing was recorded");
        assert!(
            clerk.matter_draft(draft).unwrap().fields.contains_key(wrong),
            "{feature} {wrong}: it is kept"
        );
        let Some(right) = right else { continue };
        clerk.matter_draft_set(draft, wrong, right.as_ref()).unwrap();
        clerk.submit_matter_draft(draft).unwrap();
    }
    // A place that is no place would be left out in silence: it is not taken into the form.
    let draft = clerk.draft_matter("kiosk").unwrap();
    for (part, value) in [("@point", text("P011")), ("@day", clock(6)), ("@home", person("U060"))] {
        let said = clerk.matter_draft_set(draft, part, Some(&value));
        assert!(unfit(&said, &part[1..], Flaw::Shape), "{part}: {said:?}");
    }
    sync(&mut world);
}

type Form<'a> = (&'a str, &'a [(&'a str, Value)], (&'a str, Value), Said, Option<Right>);
type Right = Option<Value>;
/// What a device says of a form: which part, and why, where it is no name that nobody has.
type Said = (String, Option<Flaw>);

fn no(what: &str) -> Said {
    (what.to_owned(), None)
}

fn flawed(field: &str, why: Flaw) -> Said {
    (field.to_owned(), Some(why))
}
