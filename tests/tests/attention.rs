//! What a person can do about work that the server refused: correct it, hand it on, export it, give it up.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use sanben_document::{Intent, IntentBody};
use sanben_domain::case::{CaseAct, PhotoRef, PhotoRole, Source};
use sanben_domain::id::{CaseId, DocumentId, EventId, PersonId, PhotoHash, PointId, UnitId};
use sanben_domain::time::Stamp;
use sanben_field::{Attention, Correction, Field, FieldError, Invalid, NewCase, OutboxState, TakenOver};
use sanben_sync::wire::Rejection;
use sanben_tests::world::{World, park};
use std::collections::BTreeMap;
use std::path::Path;

const VOLUNTEER: &str = "U170";
const INSPECTOR: &str = "U008";
const COMMAND: &str = "U001";

fn id(n: u8) -> [u8; 16] {
    [n; 16]
}

/// A point that the inspector's team walks, inside or outside the volunteer's own community.
fn point_of(world: &World, inside: bool) -> (PointId, UnitId) {
    let (volunteer, inspector) = (world.devices[0].field(), world.devices[1].field());
    let own = volunteer.own_unit().unwrap().unwrap();
    let reference = inspector.reference().unwrap();
    let own = reference.community_of(&own).unwrap().id.clone();
    let team = reference.people[&PersonId::from(INSPECTOR)].team.clone();
    let found = reference.points.values().find(|point| {
        let community = reference.community_of_point(&point.id).map(|unit| unit.id.clone());
        point.team == team && (community == Some(own.clone())) == inside
    });
    let point = found.unwrap().id.clone();
    let community = reference.community_of_point(&point).unwrap().id.clone();
    (point, community)
}

/// Takes a photo in and reports it where the device lets nobody report: in a unit that is not the author's.
fn report_elsewhere(field: &Field, point: &PointId, home: &UnitId, n: u8) -> (CaseId, PhotoHash) {
    // A draft is the way in for a photo; it is not reported.
    let draft = field.draft().unwrap();
    let hash = field.draft_photo(draft, &park().join("photos/open-bin-upright.jpg")).unwrap();
    let row = field.store().photo(hash).unwrap().unwrap();
    let photo =
        PhotoRef { role: PhotoRole::Before, width: row.width, height: row.height, bytes: row.bytes_len };
    let wall = field.now().unwrap();
    let intent = Intent {
        v: 1,
        document: DocumentId::from_random(id(n)),
        event: EventId::from_random(id(n + 100)),
        at: Stamp { wall, offset_ms: Some(0), jumped: false },
        by: field.enrolment().unwrap().person,
        seen: Vec::new(),
        body: IntentBody::Report {
            home: home.clone(),
            source: Source::Own,
            point: Some(point.clone()),
            standard: None,
            description: "垃圾桶倒了".to_owned(),
            fix: None,
            photos: BTreeMap::from([(hash, photo)]),
        },
    };
    let case = intent.document;
    field.store().record(&[intent], None).unwrap();
    field.draft_discard(draft).unwrap();
    (case, hash)
}

fn only(field: &Field) -> Attention {
    let mut waiting = field.needs_attention().unwrap();
    assert_eq!(waiting.len(), 1, "{waiting:?}");
    waiting.remove(0)
}

/// The volunteer's report where they may not report, refused.
fn refused(world: &mut World, point: &PointId, n: u8) -> (CaseId, PhotoHash) {
    let elsewhere = point_of(world, false).1;
    let made = report_elsewhere(world.devices[0].field(), point, &elsewhere, n);
    assert_eq!(world.sync(0).unwrap().rejected, 1);
    assert_eq!(only(world.devices[0].field()).rejection, Rejection::OutOfScope);
    made
}

#[test]
fn what_is_handed_on_is_done_once_under_the_other_name_and_its_author_is_told() {
    for (seed, inside) in [(1, true), (2, false)] {
        let dir = tempfile::tempdir().unwrap();
        let mut world = World::new(seed, &[VOLUNTEER, INSPECTOR, COMMAND]);
        let (point, _) = point_of(&world, inside);
        let (case, photo) = refused(&mut world, &point, 1);
        let row = only(world.devices[0].field());
        let file = dir.path().join("for-the-inspector");
        let to = PersonId::from(INSPECTOR);
        world.devices[0].field().hand_on(row.id, Some(&to), &file).unwrap();

        // It is still there, marked, until somebody has done it.
        let row = only(world.devices[0].field());
        assert_eq!(row.handed_on.unwrap().to, Some(to));
        assert_eq!(world.sync(0).unwrap().rejected, 0);
        only(world.devices[0].field());

        let wrong = world.devices[2].field().take_over(&file).unwrap_err();
        assert!(matches!(wrong, FieldError::Invalid(Invalid::ForAnother)), "{wrong}");
        let own = world.devices[0].field().take_over(&file).unwrap_err();
        assert!(matches!(own, FieldError::Invalid(Invalid::OnesOwnWork)), "{own}");
        let inspector = world.devices[1].field();
        assert_eq!(inspector.look_at_handed_on(&file).unwrap().intent.by, PersonId::from(VOLUNTEER));
        assert_eq!(inspector.take_over(&file).unwrap(), TakenOver::Recorded(case));
        assert_eq!(inspector.take_over(&file).unwrap(), TakenOver::Known(case), "once");
        let report = world.sync(1).unwrap();
        assert_eq!((report.accepted, report.rejected, report.photos_delivered), (1, 0, 1));
        let held = world.devices[1].field().case(case).unwrap();
        assert_eq!(held.state.reported.by, PersonId::from(INSPECTOR));
        assert!(held.record.photos.contains_key(&photo));

        // Its author learns of it, whether or not they may see the case, and nothing waits any more.
        let report = world.sync(0).unwrap();
        assert_eq!((report.photos_waiting, report.photos_failed), (0, 0));
        let author = world.devices[0].field();
        assert_eq!(author.needs_attention().unwrap(), []);
        assert_eq!(author.case(case).is_ok(), inside);
        let state = author.outbox(1).unwrap().remove(0).state;
        assert!(matches!(state, OutboxState::Accepted { seq: 0, .. }), "{state:?}");
        let counts = author.counts().unwrap();
        assert_eq!((counts.pending, counts.rejected, counts.photos), (0, 0, 0));
        assert!(author.store().photo_path(photo).is_file(), "the original stays");
    }
}

#[test]
fn an_act_is_handed_on_to_who_may_do_it_and_refused_by_who_may_not() {
    let dir = tempfile::tempdir().unwrap();
    let mut world = World::new(3, &[VOLUNTEER, INSPECTOR, COMMAND]);
    let (point, _) = point_of(&world, true);
    let new = NewCase { point: Some(point), description: "占道经营".to_owned(), ..NewCase::default() };
    let case = world.devices[1].field().record(new).unwrap().case;
    for device in [1, 2, 0] {
        world.sync(device).unwrap();
    }
    // Voiding is the command post's; the inspector's device would not let them.
    let inspector = world.devices[1].field();
    let held = inspector.case(case).unwrap();
    let act = CaseAct::Void { reason: "重复".to_owned() };
    let intent = Intent {
        v: 1,
        document: case,
        event: EventId::from_random(id(9)),
        at: Stamp { wall: inspector.now().unwrap(), offset_ms: Some(0), jumped: false },
        by: PersonId::from(INSPECTOR),
        seen: held.record.order().heads(),
        body: IntentBody::Act { act, photos: BTreeMap::new() },
    };
    inspector.store().record(&[intent], None).unwrap();
    world.sync(1).unwrap();
    let row = only(world.devices[1].field());
    let file = dir.path().join("work");
    world.devices[1].field().hand_on(row.id, None, &file).unwrap();
    let denied = world.devices[0].field().take_over(&file).unwrap_err();
    assert!(matches!(denied, FieldError::Denied(_)), "{denied}");
    world.devices[2].field().take_over(&file).unwrap();
    assert_eq!(world.sync(2).unwrap().accepted, 1);
    world.sync(1).unwrap();
    let inspector = world.devices[1].field();
    assert_eq!(inspector.needs_attention().unwrap(), []);
    let case = inspector.case(case).unwrap();
    let voided = &case.record.events[&EventId::from_random(id(9))];
    assert_eq!(voided.by, PersonId::from(COMMAND));
}

#[test]
fn a_corrected_report_goes_to_the_community_of_its_new_point() {
    let mut world = World::new(4, &[VOLUNTEER, INSPECTOR]);
    let (outside, _) = point_of(&world, false);
    let (inside, community) = point_of(&world, true);
    let (case, photo) = refused(&mut world, &outside, 1);
    let author = world.devices[0].field();
    let row = only(author);
    let nothing = author.correct(row.id, &Correction::default()).unwrap_err();
    assert!(matches!(nothing, FieldError::Invalid(Invalid::NothingCorrected)));
    let unknown = Correction { point: Some(PointId::from("P999")), ..Correction::default() };
    assert!(matches!(author.correct(row.id, &unknown), Err(FieldError::NotFound { what: "point", .. })));
    assert_eq!(only(author), row, "nothing was changed");

    let words = Some("垃圾桶倒在路边".to_owned());
    author
        .correct(row.id, &Correction { point: Some(inside.clone()), words, ..Correction::default() })
        .unwrap();
    let gone = author.resend(row.id).unwrap_err();
    assert!(matches!(gone, FieldError::NotFound { what: "refused work", .. }), "{gone}");
    let report = world.sync(0).unwrap();
    assert_eq!((report.accepted, report.rejected, report.photos_delivered), (1, 0, 1));
    world.sync(1).unwrap();
    let held = world.devices[1].field().case(case).unwrap().record;
    assert_eq!((held.home, held.point), (community, Some(inside)));
    assert_eq!(held.description, "垃圾桶倒在路边");
    assert!(held.photos.contains_key(&photo));
    assert!(held.events.contains_key(&row.intent.event), "it stayed the same event");
}

fn read(path: &Path) -> serde_json::Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

#[test]
fn an_export_can_be_read_by_people_and_taken_over_by_a_device() {
    let dir = tempfile::tempdir().unwrap();
    let mut world = World::new(5, &[VOLUNTEER, INSPECTOR]);
    let (point, _) = point_of(&world, true);
    let (case, photo) = refused(&mut world, &point, 1);
    let author = world.devices[0].field();
    let row = only(author);
    let folder = dir.path().join("refused");
    let written = author.export_refused(row.id, &folder).unwrap();
    assert_eq!((written.photos, written.photos_missing), (1, 0));
    let readable = read(&folder.join("work.json"));
    assert_eq!(readable["words"], "垃圾桶倒了");
    assert_eq!(readable["recorded_by"], VOLUNTEER);
    assert_eq!(readable["point"]["id"], point.as_str());
    assert_eq!(readable["refused_because"], "out-of-scope");
    let name = readable["photos"][0]["file"].as_str().unwrap();
    let original = std::fs::read(park().join("photos/open-bin-upright.jpg")).unwrap();
    assert_eq!(std::fs::read(folder.join(name)).unwrap(), original);
    let twice = author.export_refused(row.id, &folder).unwrap_err();
    assert_eq!(twice.code(), "write", "nothing is written over");
    assert_eq!(only(author), row, "an export decides nothing");

    // Cut at every length that matters, it is refused and nothing is recorded.
    let whole = std::fs::read(folder.join("work.sanben")).unwrap();
    let cut = dir.path().join("cut");
    let inspector = world.devices[1].field();
    for length in [0, 5, 17, 18, 40, 200, whole.len() / 2, whole.len() - 1] {
        std::fs::write(&cut, &whole[..length]).unwrap();
        let error = inspector.take_over(&cut).unwrap_err();
        assert!(matches!(error, FieldError::Invalid(Invalid::NotHandedOn)), "{length}: {error}");
        assert!(inspector.case(case).is_err());
    }
    assert_eq!(inspector.take_over(&folder.join("work.sanben")).unwrap(), TakenOver::Recorded(case));
    assert!(inspector.case(case).unwrap().record.photos.contains_key(&photo));
}
