//! Changes and reference data that no honest program makes.

use super::super::change::{changes, intents, repaired};
use super::super::scene::Scene;
use super::{Keep, cuts, deep};
use chrono::NaiveDate;
use sanben_document::{Actor, ChangeHeader, Document, Intent, IntentBody, MatterHeader, encode};
use sanben_domain::case::CaseAct;
use sanben_domain::id::{DocumentId, EventId};
use sanben_domain::matter::{Fields, MatterAct, OPEN, Value};
use sanben_domain::reference::{Cell, CellLevel, Person, ReferenceRow, ReferenceUpdate, Role};
use sanben_domain::rights::ScopeClass;
use sanben_domain::time::{Stamp, Timestamp};
use std::collections::BTreeMap;

/// A change of ours with some text in it replaced, and the checksum that goes with that.
fn replaced(change: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut bytes = change.to_vec();
    let mut found = false;
    for at in 0..bytes.len().saturating_sub(from.len()) {
        if bytes[at..].starts_with(from) {
            bytes[at..at + from.len()].copy_from_slice(to);
            found = true;
        }
    }
    assert!(found, "what is to be replaced is not there");
    repaired(&bytes, &BTreeMap::new())
}

/// Changes that no honest device makes, with sound checksums.
pub(super) fn forged(scene: &Scene) -> Vec<(&'static str, Vec<u8>)> {
    let store = scene.field().store();
    let held = changes(scene);
    let mut later = store.document(scene.case).unwrap().unwrap();
    let sanben_document::Record::Case(record) = later.record().unwrap() else { panic!("a case") };
    let pending = store.pending(usize::MAX).unwrap();
    let comment = &pending.iter().find(|pending| pending.document == scene.case).unwrap();
    let intent: Intent = sanben_document::decode(&comment.intent).unwrap();
    let by = |person: &str| {
        let mut others = record.events.values().filter(|event| event.id != intent.event);
        others.find(|event| event.by.as_str() == person).unwrap().id.to_string()
    };
    let (own, dispatch, new) = (by("U008"), by("U001"), intent.event.to_string());
    let (report, accepted) = (&held[0], &held[1]);
    let report = if report.windows(4).any(|bytes| bytes == b"P011") { report } else { accepted };
    let mut run = |at: Stamp, act: CaseAct, event: u8| {
        let body = IntentBody::Act { act, photos: BTreeMap::new() };
        let event = EventId::from_random([event; 16]);
        let intent = Intent { v: 1, document: scene.case, event, at, by: "U008".into(), seen: vec![], body };
        later.run(&intent, Actor([event.0.as_bytes()[1]; 16])).unwrap().bytes
    };
    let words = |words: &str| CaseAct::Comment { words: words.to_owned() };
    let now = Stamp::exact(crate::world::MORNING);
    let long = run(now, words(&"长".repeat(23_000)), 0x21);
    let reason = run(now, CaseAct::Void { reason: "不在辖区".to_owned() }, 0x24);
    let mut deflated = comment.bytes.clone();
    deflated[8] = 2;
    let mut document_chunk = comment.bytes.clone();
    document_chunk[8] = 0;
    let mut huge = comment.bytes[..9].to_vec();
    huge.extend_from_slice(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]);
    let dep = ChangeHeader::of(&comment.bytes).unwrap().deps[0];
    vec![
        ("overwritten-own-event", replaced(&comment.bytes, new.as_bytes(), own.as_bytes())),
        ("overwritten-event-of-another", replaced(&comment.bytes, new.as_bytes(), dispatch.as_bytes())),
        ("forged-author", replaced(&comment.bytes, b"U008", b"U001")),
        ("author-of-invalid-utf8", replaced(&comment.bytes, b"U008", &[0xff, 0xfe, 0xfd, 0xfc])),
        (
            "words-of-invalid-utf8",
            replaced(&comment.bytes, "还在".as_bytes(), &[0xc0, 0x80, 0xff, 0xed, 0xa0, 0x80]),
        ),
        ("report-once-more-with-other-words", replaced(report, "大片垃圾".as_bytes(), "小片垃圾".as_bytes())),
        ("another-place-under-the-same-number", replaced(report, b"P011", b"P012")),
        ("builds-on-what-nobody-has", replaced(&comment.bytes, &dep.0, &[7; 32])),
        ("builds-on-nothing", {
            let mut bytes = comment.bytes.clone();
            let at = bytes.windows(32).position(|window| window == dep.0).unwrap();
            bytes.drain(at..at + 32);
            bytes[at - 1] = 0;
            repaired(&bytes, &BTreeMap::new())
        }),
        ("text-beyond-64-kib", long),
        ("an-act-beyond-ones-rights", reason),
        ("deflated-chunk", repaired(&deflated, &BTreeMap::new())),
        ("document-chunk", repaired(&document_chunk, &BTreeMap::new())),
        ("length-beyond-all", huge),
        ("wrong-checksum", {
            let mut bytes = comment.bytes.clone();
            bytes[5] ^= 1;
            bytes
        }),
        ("two-changes-in-one", [comment.bytes.as_slice(), &comment.bytes].concat()),
        ("of-other-containers", replaced(report, b"events", b"evenst")),
        ("with-another-root", replaced(report, b"photos", b"fotosx")),
    ]
}

/// Matters that no honest device opens, each the first change of a document of its own: an inspector's, well formed.
pub(super) fn matters() -> Vec<(&'static str, DocumentId, MatterHeader, Vec<u8>)> {
    let day = NaiveDate::from_ymd_opt(2026, 3, 20).unwrap();
    let header = |feature: &str, home: &str| MatterHeader {
        feature: feature.to_owned(),
        home: home.into(),
        class: ScopeClass::Work,
        day,
        point: None,
        person: None,
        about: None,
    };
    let text = |words: &str| Value::Text(words.to_owned());
    let task = |more: &[(&str, Value)]| {
        let given = [("what", text("清运")), ("until", Value::Day(day))];
        given.iter().chain(more).map(|(name, value)| ((*name).to_owned(), value.clone())).collect::<Fields>()
    };
    let visit = Fields::from([("where".to_owned(), text("南入口"))]);
    let nowhere = Value::Point("P999".into());
    let all = [
        (
            "at-a-made-up-point",
            MatterHeader { point: Some("P999".into()), ..header("task", "park-02") },
            task(&[]),
        ),
        (
            "for-a-made-up-person",
            MatterHeader { person: Some("U999".into()), ..header("task", "park-02") },
            task(&[]),
        ),
        ("for-a-made-up-unit", header("task", "park-02"), task(&[("unit", Value::Unit("park-99".into()))])),
        (
            "of-a-made-up-assessment",
            MatterHeader {
                point: Some("P011".into()),
                about: Some(DocumentId::from_random([0x77; 16])),
                ..header("observation-sheet", "park")
            },
            Fields::new(),
        ),
        (
            "of-the-day-after",
            MatterHeader { day: day.succ_opt().unwrap(), ..header("leader-visit", "park-02") },
            visit.clone(),
        ),
        ("at-the-end-of-time", MatterHeader { day: NaiveDate::MAX, ..header("task", "park-02") }, task(&[])),
        ("of-a-later-version", header("nobody-knows", "park-02"), visit.clone()),
        ("with-a-field-too-many", header("leader-visit", "park-02"), {
            let mut given = visit.clone();
            given.insert("point".to_owned(), nowhere);
            given
        }),
        (
            "in-another-class",
            MatterHeader { class: ScopeClass::Discipline, ..header("leader-visit", "park") },
            visit,
        ),
    ];
    let made = (1u8..).zip(all).map(|(number, (name, header, fields))| {
        let (act, event) = (MatterAct::new(OPEN, fields), EventId::from_random([0x40 + number; 16]));
        let body = IntentBody::OpenMatter { header: header.clone(), act, photos: BTreeMap::new() };
        let document = DocumentId::from_random([0x60 + number; 16]);
        let at = Stamp::exact(crate::world::MORNING);
        let intent = Intent { v: 1, document, event, at, by: "U008".into(), seen: vec![], body };
        let (_, change) = Document::create(&intent, Actor([0x40 + number; 16])).unwrap();
        (name, document, header, change.bytes)
    });
    made.collect()
}

pub(super) fn change(scene: &Scene, keep: Keep<'_>) {
    for (name, bytes) in forged(scene) {
        keep("change", name, bytes);
    }
    for (name, _, _, bytes) in matters() {
        keep("change", &format!("matter-{name}"), bytes);
    }
    // Every place of a change, with a sound checksum: one byte turned.
    let comment = scene.field().store().pending(usize::MAX).unwrap().remove(0).bytes;
    for at in (9..comment.len()).step_by(comment.len() / 24 + 1) {
        let mut bytes = comment.clone();
        bytes[at] ^= 0xff;
        keep("change", &format!("byte-{at}-turned"), repaired(&bytes, &BTreeMap::new()));
    }
    cuts(&comment, |name, bytes| keep("change", name, repaired(&bytes, &BTreeMap::new())));
    keep("intent", "nested-arrays", deep(&[0x81], 4000));
    keep("intent", "invalid-utf8", {
        let mut bytes = intents(scene).remove(0);
        let at = bytes.windows(4).position(|window| window == b"U008").unwrap();
        bytes[at..at + 4].copy_from_slice(&[0xff; 4]);
        bytes
    });
    for (name, at) in [("the-end-of-time", i64::MAX), ("the-beginning-of-time", i64::MIN)] {
        let body = IntentBody::Act {
            act: CaseAct::Extend { reason: "x".to_owned(), due: Timestamp(at) },
            photos: BTreeMap::new(),
        };
        let stamp = Stamp { wall: Timestamp(at), offset_ms: Some(at), ..Stamp::exact(Timestamp(at)) };
        let (event, by) = (EventId::from_random([8; 16]), scene.identity.person.clone());
        let intent = Intent { v: 1, document: scene.case, event, at: stamp, by, seen: vec![event], body };
        keep("intent", name, encode(&intent));
        let mut document = scene.field().store().document(scene.case).unwrap().unwrap();
        let change = document.run(&intent, Actor([8; 16])).unwrap();
        keep("change", name, change.bytes);
    }
}

/// Reference data that no office publishes.
pub(super) fn updates() -> Vec<(&'static str, Vec<u8>)> {
    let update = |rows| encode(&ReferenceUpdate { rows, removed: Vec::new() });
    let cell = |corners: Vec<(i32, i32)>| {
        let corner = |(lat_e7, lon_e7)| sanben_domain::place::Coordinate { lat_e7, lon_e7 };
        let ring = sanben_domain::place::Ring(corners.into_iter().map(corner).collect());
        update(vec![ReferenceRow::Cell(Cell {
            id: "c".into(),
            level: CellLevel::Cell,
            unit: "park-02".into(),
            ring,
        })])
    };
    let unit = |id: &str, parent: &str| {
        ReferenceRow::Unit(sanben_domain::reference::Unit {
            id: id.into(),
            name: id.to_owned(),
            kind: sanben_domain::reference::UnitKind::Compound,
            parent: Some(parent.into()),
        })
    };
    let person = |name: String| {
        ReferenceRow::Person(Person {
            id: "U008".into(),
            name,
            role: Role::Command,
            unit: "../..".into(),
            team: None,
        })
    };
    vec![
        ("cell-without-corners", cell(vec![])),
        ("cell-with-one-corner", cell(vec![(1, 1)])),
        (
            "cell-around-everything",
            cell(vec![
                (i32::MIN, i32::MIN),
                (i32::MAX, i32::MIN),
                (i32::MAX, i32::MAX),
                (i32::MIN, i32::MAX),
            ]),
        ),
        ("units-in-a-circle", update(vec![unit("a", "b"), unit("b", "a"), unit("s", "s")])),
        ("name-of-64-kib", update(vec![person("长".repeat(22_000))])),
        ("name-of-format-characters", update(vec![person("\u{202e}\0\u{1b}[2J".to_owned())])),
        ("nested-arrays", deep(&[0x81], 4000)),
        (
            "rows-of-2-to-the-63",
            vec![0xa1, 0x64, b'r', b'o', b'w', b's', 0x9b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        ),
    ]
}

pub(super) fn reference(_: &Scene, keep: Keep<'_>) {
    for (name, bytes) in updates() {
        keep("reference", name, bytes);
    }
}
