//! What a foreign change may and may not do to a document. Hostile changes are made with automerge itself,
//! as somebody with a modified app would make them.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]
use automerge::transaction::Transactable;
use automerge::{ActorId, Automerge, ObjType, ROOT, ReadDoc, ScalarValue};
use proptest::prelude::*;
use sanben_document::{Actor, Document, DocumentError, Intent, IntentBody, Record, Refusal, admit, encode};
use sanben_domain::case::{CaseAct, CaseRecord, Field, PhotoRef, PhotoRole, Source};
use sanben_domain::event::Event;
use sanben_domain::id::{DocumentId, EventId, PhotoHash};
use sanben_domain::place::{Coordinate, Fix};
use sanben_domain::time::{Stamp, Timestamp};
use std::collections::BTreeMap;

const HOME_ACTOR: Actor = Actor([1; 16]);
const OTHER_ACTOR: Actor = Actor([2; 16]);

fn id(byte: u8) -> DocumentId {
    DocumentId::from_random([byte; 16])
}

fn event(byte: u8) -> EventId {
    EventId::from_random([byte; 16])
}

fn at(minute: i64) -> Stamp {
    Stamp::exact(Timestamp(1_773_961_200_000 + minute * 60_000))
}

fn photo(byte: u8) -> (PhotoHash, PhotoRef) {
    (PhotoHash([byte; 32]), PhotoRef { role: PhotoRole::Before, width: 1600, height: 1200, bytes: 90_000 })
}

fn report() -> Intent {
    Intent {
        v: 1,
        document: id(9),
        event: event(1),
        at: at(0),
        by: "U008".into(),
        seen: vec![],
        body: IntentBody::Report {
            home: "park-02".into(),
            source: Source::Subdistrict,
            point: Some("P011".into()),
            standard: Some("S01".into()),
            description: "南入口处有大片垃圾,请立即清理".into(),
            fix: Some(Fix {
                coordinate: Coordinate { lat_e7: 383_081_620, lon_e7: 1_168_397_760 },
                accuracy_m: Some(8),
            }),
            photos: BTreeMap::from([photo(7)]),
        },
    }
}

fn act(number: u8, seen: &[EventId], act: CaseAct) -> Intent {
    Intent {
        v: 1,
        document: id(9),
        event: event(number),
        at: at(i64::from(number)),
        by: "U060".into(),
        seen: seen.to_vec(),
        body: IntentBody::Act { act, photos: BTreeMap::new() },
    }
}

fn reported() -> (Document, Vec<u8>) {
    let (document, change) = Document::create(&report(), HOME_ACTOR).unwrap();
    (document, change.bytes)
}

fn case(document: &Document) -> CaseRecord {
    match document.record().unwrap() {
        Record::Case(record) => record,
        Record::Patrol(_) | Record::Contact(_) | Record::Matter(_) => panic!("not a case"),
    }
}

/// A change that somebody makes with automerge directly on top of what is there.
fn forged(
    first: &[u8],
    actor: [u8; 16],
    write: impl FnOnce(&mut automerge::transaction::Transaction<'_>),
) -> Vec<u8> {
    let mut document = Automerge::new().with_actor(ActorId::from(actor));
    document.apply_changes([automerge::Change::from_bytes(first.to_vec()).unwrap()]).unwrap();
    let mut transaction = document.transaction();
    write(&mut transaction);
    transaction.commit();
    document.get_last_local_change().unwrap().raw_bytes().to_vec()
}

fn refusal(before: &Document, change: &[u8]) -> Refusal {
    admit(id(9), Some(before), change).map(|admitted| admitted.effects).expect_err("must be refused")
}

#[test]
fn a_report_reads_back_as_it_was_meant() {
    let (document, bytes) = reported();
    let record = case(&document);
    assert_eq!(record.home.as_str(), "park-02");
    assert_eq!(record.description, "南入口处有大片垃圾,请立即清理");
    assert_eq!(record.fix.map(|fix| fix.coordinate.lat_e7), Some(383_081_620));
    assert_eq!(record.photos.keys().collect::<Vec<_>>(), [&PhotoHash([7; 32])]);
    let admitted = admit(id(9), None, &bytes).unwrap();
    assert!(admitted.effects.creates);
    assert_eq!(admitted.effects.events.len(), 1);
    assert_eq!(admitted.effects.photos, [PhotoHash([7; 32])]);
    assert_eq!(admitted.record, Record::Case(record));
}

#[test]
fn an_intent_run_again_on_a_rebuilt_document_makes_the_same_event() {
    let (mut document, first) = reported();
    let intent = act(2, &document.event_heads(), CaseAct::Acknowledge { words: "收到,马上落实!".into() });
    document.run(&intent, HOME_ACTOR).unwrap();
    assert_eq!(document.run(&intent, HOME_ACTOR), Err(DocumentError::AlreadyDone));
    let mut rebuilt = Document::from_changes([first.as_slice()]).unwrap();
    rebuilt.run(&intent, OTHER_ACTOR).unwrap();
    assert_eq!(case(&document), case(&rebuilt));
    assert_ne!(document.heads(), rebuilt.heads(), "another writer made it");
}

#[test]
fn concurrent_acts_of_two_devices_both_stay() {
    let (mut here, first) = reported();
    let mut there = Document::from_changes([first.as_slice()]).unwrap();
    let seen = here.event_heads();
    let comment = |words: &str| CaseAct::Comment { words: words.into() };
    let a = here.run(&act(2, &seen, comment("甲")), HOME_ACTOR).unwrap();
    let b = there.run(&act(3, &seen, comment("乙")), OTHER_ACTOR).unwrap();
    here.apply(&b.bytes).unwrap();
    there.apply(&a.bytes).unwrap();
    assert_eq!(case(&here), case(&there));
    assert_eq!(here.heads(), there.heads());
    assert_eq!(case(&here).events.len(), 3);
    assert_eq!(here.apply(&b.bytes).map(|hash| hash == b.hash), Ok(true), "twice changes nothing");
    assert_eq!(case(&here).events.len(), 3);
}

#[test]
fn an_act_of_a_later_version_survives_byte_for_byte() {
    let (document, first) = reported();
    #[derive(serde::Serialize)]
    #[serde(rename_all = "kebab-case")]
    enum LaterAct {
        Teleport { to: &'static str },
    }
    let later = Event {
        id: event(5),
        at: at(5),
        by: "U060".into(),
        seen: document.event_heads(),
        act: LaterAct::Teleport { to: "P012" },
    };
    let bytes = encode(&later);
    let change = forged(&first, [2; 16], |tx| {
        let (_, events) = tx.get(ROOT, "events").unwrap().unwrap();
        tx.put(&events, event(5).to_string(), ScalarValue::Bytes(bytes.clone())).unwrap();
    });
    let admitted = admit(id(9), Some(&document), &change).unwrap();
    let loaded = Automerge::load(&admitted.after.save()).unwrap();
    let (_, events) = loaded.get(ROOT, "events").unwrap().unwrap();
    let (kept, _) = loaded.get(&events, event(5).to_string()).unwrap().unwrap();
    assert_eq!(kept.as_bytes(), Some(bytes.as_slice()));
    assert_eq!(case(&admitted.after).events[&event(5)].act, CaseAct::Unknown);
}

#[test]
fn nobody_overwrites_or_deletes_an_event_or_photo() {
    let (document, first) = reported();
    let mine =
        encode(&Event { id: event(1), at: at(1), by: "U060".into(), seen: vec![], act: CaseAct::Confirm });
    let seen_it = forged(&first, [2; 16], |tx| {
        let (_, events) = tx.get(ROOT, "events").unwrap().unwrap();
        tx.put(&events, event(1).to_string(), ScalarValue::Bytes(mine.clone())).unwrap();
    });
    assert_eq!(refusal(&document, &seen_it), Refusal::Forbidden);
    let deleted = forged(&first, [2; 16], |tx| {
        let (_, events) = tx.get(ROOT, "events").unwrap().unwrap();
        tx.delete(&events, event(1).to_string()).unwrap();
    });
    assert_eq!(refusal(&document, &deleted), Refusal::Forbidden);
    let photo_deleted = forged(&first, [2; 16], |tx| {
        let (_, photos) = tx.get(ROOT, "photos").unwrap().unwrap();
        tx.delete(&photos, PhotoHash([7; 32]).to_string()).unwrap();
    });
    assert_eq!(refusal(&document, &photo_deleted), Refusal::Forbidden);
}

#[test]
fn an_event_put_blindly_beside_an_existing_one_is_refused_too() {
    // The forger has not seen event 2, so automerge sees no overwrite, only a conflict.
    let (mut document, first) = reported();
    let seen = document.event_heads();
    document.run(&act(2, &seen, CaseAct::Acknowledge { words: "收到".into() }), HOME_ACTOR).unwrap();
    let forgery =
        encode(&Event { id: event(2), at: at(2), by: "U060".into(), seen: vec![], act: CaseAct::Confirm });
    let change = forged(&first, [2; 16], |tx| {
        let (_, events) = tx.get(ROOT, "events").unwrap().unwrap();
        tx.put(&events, event(2).to_string(), ScalarValue::Bytes(forgery.clone())).unwrap();
    });
    assert_eq!(refusal(&document, &change), Refusal::Forbidden);
}

/// An act that attaches photo 8, saying this of it.
fn attach(document: &Document, number: u8, entry: PhotoRef) -> Intent {
    let comment = CaseAct::Comment { words: "现场照片".into() };
    let photos = BTreeMap::from([(PhotoHash([8; 32]), entry)]);
    let body = IntentBody::Act { act: comment.clone(), photos };
    Intent { body, ..act(number, &document.event_heads(), comment) }
}

#[test]
fn a_photo_that_two_have_comes_in_twice() {
    let (document, _) = reported();
    let attached = |number, role, actor| {
        let intent = attach(&document, number, PhotoRef { role, ..photo(8).1 });
        document.clone().run(&intent, actor).unwrap().bytes
    };
    let one = attached(2, PhotoRole::After, HOME_ACTOR);
    let other = attached(3, PhotoRole::LookBack, OTHER_ACTOR);
    let read = |changes: [&[u8]; 2]| {
        let mut held = document.clone();
        for change in changes {
            let admitted = admit(id(9), Some(&held), change).unwrap();
            assert_eq!(admitted.effects.photos, [PhotoHash([8; 32])]);
            assert_eq!(admitted.record, admitted.after.record().unwrap());
            held = admitted.after;
        }
        case(&held)
    };
    let read = (read([&one, &other]), read([&other, &one]));
    assert_eq!(read.0, read.1);
    assert_eq!(read.0.photos.len(), 2);
}

#[test]
fn the_second_entry_of_a_photo_says_the_same_of_its_bytes() {
    let (document, _) = reported();
    let said = photo(8).1;
    let mut ahead = document.clone();
    ahead.run(&attach(&document, 2, said), HOME_ACTOR).unwrap();
    let late = |entry| {
        let change = document.clone().run(&attach(&document, 3, entry), OTHER_ACTOR).unwrap();
        admit(id(9), Some(&ahead), &change.bytes).map(|_| ())
    };
    assert_eq!(late(said), Ok(()));
    for lie in [PhotoRef { bytes: 1, ..said }, PhotoRef { width: 1, ..said }, PhotoRef { height: 1, ..said }]
    {
        assert_eq!(late(lie), Err(Refusal::Forbidden));
    }
}

#[test]
fn nobody_enters_a_photo_again_that_they_have_seen() {
    let (document, first) = reported();
    let (hash, said) = photo(7);
    let forge = |entries: &[(PhotoHash, PhotoRef)]| {
        // Somebody's app writes an act and, as if it had not seen any photo, entries for them.
        let mut act = Automerge::new().with_actor(ActorId::from([2; 16]));
        act.apply_changes([automerge::Change::from_bytes(first.clone()).unwrap()]).unwrap();
        let comment = CaseAct::Comment { words: "现场照片".into() };
        let body =
            Event { id: event(2), at: at(2), by: "U060".into(), seen: document.event_heads(), act: comment };
        let mut tx = act.transaction();
        let (_, events) = tx.get(ROOT, "events").unwrap().unwrap();
        let (_, photos) = tx.get(ROOT, "photos").unwrap().unwrap();
        tx.put(&events, event(2).to_string(), ScalarValue::Bytes(encode(&body))).unwrap();
        for (hash, entry) in entries {
            tx.put(&photos, hash.to_string(), ScalarValue::Bytes(encode(entry))).unwrap();
        }
        tx.commit();
        let mut change = act.get_last_local_change().unwrap().decode();
        for op in &mut change.operations {
            op.pred = automerge::legacy::SortedVec::new();
        }
        automerge::Change::from(change).raw_bytes().to_vec()
    };
    let admitted = |entries: &[_]| admit(id(9), Some(&document), &forge(entries)).map(|_| ());
    assert_eq!(admitted(&[]), Ok(()));
    assert_eq!(admitted(&[(PhotoHash([8; 32]), said)]), Ok(()));
    let other = PhotoRef { role: PhotoRole::After, ..said };
    assert_eq!(admitted(&[(hash, other)]), Err(Refusal::Forbidden));
    let twice = [(PhotoHash([8; 32]), said), (PhotoHash([8; 32]), other)];
    assert_eq!(admitted(&twice), Err(Refusal::Forbidden));
}

#[test]
fn an_act_speaks_of_photos_that_are_there() {
    let (document, _) = reported();
    let rectified = |entered: bool| {
        let (hash, cited) = photo(8);
        let rectify = CaseAct::Rectify { words: "已清理".into(), photos: vec![hash], on_the_spot: false };
        let photos = if entered { BTreeMap::from([(hash, cited)]) } else { BTreeMap::new() };
        let body = IntentBody::Act { act: rectify.clone(), photos };
        let intent = Intent { body, ..act(2, &document.event_heads(), rectify) };
        let change = document.clone().run(&intent, OTHER_ACTOR).unwrap();
        admit(id(9), Some(&document), &change.bytes).map(|_| ())
    };
    assert_eq!((rectified(true), rectified(false)), (Ok(()), Err(Refusal::Forbidden)));
}

#[test]
fn no_container_is_added_or_replaced() {
    let (document, first) = reported();
    for key in ["events", "photos", "more"] {
        let change = forged(&first, [2; 16], |tx| {
            tx.put_object(ROOT, key, ObjType::Map).unwrap();
        });
        assert_eq!(refusal(&document, &change), Refusal::Forbidden, "{key}");
    }
}

#[test]
fn registers_change_only_visibly() {
    let (mut document, first) = reported();
    let silent = forged(&first, [2; 16], |tx| tx.put(ROOT, "point", "P012").unwrap());
    assert_eq!(refusal(&document, &silent), Refusal::Forbidden);
    let home = forged(&first, [2; 16], |tx| tx.put(ROOT, "home", "park-03").unwrap());
    assert_eq!(refusal(&document, &home), Refusal::Forbidden);

    let before = document.clone();
    let amend = Intent {
        body: IntentBody::Amend {
            point: Some("P012".into()),
            standard: None,
            description: None,
            fix: None,
            photos: BTreeMap::from([photo(7), photo(8)]),
        },
        ..act(3, &document.event_heads(), CaseAct::Confirm)
    };
    let change = document.run(&amend, HOME_ACTOR).unwrap();
    let admitted = admit(id(9), Some(&before), &change.bytes).unwrap();
    assert_eq!(admitted.effects.fields.into_iter().collect::<Vec<_>>(), [Field::Point]);
    assert_eq!(
        admitted.effects.photos,
        [PhotoHash([8; 32])],
        "a photo that is cited already is not written again"
    );
}

#[test]
fn a_contact_is_written_once() {
    let add = Intent {
        body: IntentBody::AddContact {
            home: "park-02".into(),
            case: id(9),
            name: "周女士".into(),
            telephone: "13800000042".into(),
            note: "晚上七点以后".into(),
        },
        ..Intent { document: id(10), ..report() }
    };
    let (mut document, change) = Document::create(&add, HOME_ACTOR).unwrap();
    let admitted = admit(id(10), None, &change.bytes).unwrap();
    assert_eq!(admitted.effects.photos, []);
    let Record::Contact(contact) = &admitted.record else { panic!("not a contact") };
    assert_eq!((contact.case, contact.telephone.as_str()), (id(9), "13800000042"));
    assert_eq!(contact.added().unwrap().by.as_str(), "U008");
    assert_eq!(admitted.record.scope().to_string(), "park-02:resident");

    let act = Intent { document: id(10), ..act(2, &document.event_heads(), CaseAct::Confirm) };
    assert_eq!(document.run(&act, HOME_ACTOR), Err(DocumentError::WrongIntent));
    let silent = forged(&change.bytes, [2; 16], |tx| tx.put(ROOT, "telephone", "110").unwrap());
    let refused = admit(id(10), Some(&document), &silent).map(|_| ()).unwrap_err();
    assert_eq!(refused, Refusal::Forbidden, "a wrong one is erased and added anew");
    let photo = forged(&change.bytes, [2; 16], |tx| {
        let (_, photos) = tx.get(ROOT, "photos").unwrap().unwrap();
        tx.put(&photos, PhotoHash([7; 32]).to_string(), ScalarValue::Bytes(vec![0xa0])).unwrap();
    });
    assert_eq!(admit(id(10), Some(&document), &photo).map(|_| ()).unwrap_err(), Refusal::Forbidden);
}

#[test]
fn form_is_checked_before_anything_is_applied() {
    let (document, first) = reported();
    let late = forged(&first, [2; 16], |tx| tx.put(ROOT, "description", "x".repeat(70_000)).unwrap());
    assert_eq!(refusal(&document, &late), Refusal::TooLarge);
    let mut change = automerge::Change::from_bytes(late.clone()).unwrap();
    assert_ne!(change.bytes().as_ref(), late.as_slice(), "deflated by automerge");
    let deflated = change.bytes().into_owned();
    assert_eq!(refusal(&document, &deflated), Refusal::NotAChange);
    assert_eq!(refusal(&document, &vec![0; 300 * 1024]), Refusal::TooLarge);
    assert_eq!(
        admit(id(8), None, &first).map(|_| ()).unwrap_err(),
        Refusal::Forbidden,
        "another document's id"
    );
    assert_eq!(
        admit(id(9), Some(&document), &first).map(|_| ()).unwrap_err(),
        Refusal::Forbidden,
        "created twice"
    );
    let (mut ahead, _) = reported();
    let seen = ahead.event_heads();
    ahead.run(&act(2, &seen, CaseAct::Confirm), HOME_ACTOR).unwrap();
    let third = ahead.run(&act(3, &seen, CaseAct::File), HOME_ACTOR).unwrap();
    assert_eq!(refusal(&document, &third.bytes), Refusal::MissingDependency);
}

#[test]
fn nobody_claims_to_have_seen_what_their_work_does_not_build_on() {
    // It would put another's decision behind one's own, instead of beside it, where it is disputed.
    let (mut here, first) = reported();
    let mut there = Document::from_changes([first.as_slice()]).unwrap();
    let seen = here.event_heads();
    here.run(&act(2, &seen, CaseAct::Confirm), HOME_ACTOR).unwrap();
    let mut claimed = here.event_heads();
    claimed.extend(&seen);
    let forged = there.clone().run(&act(3, &claimed, CaseAct::Close), OTHER_ACTOR).unwrap();
    assert_eq!(refusal(&here, &forged.bytes), Refusal::Forbidden);
    let honest = there.run(&act(3, &seen, CaseAct::Close), OTHER_ACTOR).unwrap();
    assert!(admit(id(9), Some(&here), &honest.bytes).is_ok());
}

#[test]
fn one_writer_cannot_use_a_number_twice() {
    // What a restored backup that kept its actor would do.
    let (mut document, first) = reported();
    let mut restored = Document::from_changes([first.as_slice()]).unwrap();
    let seen = document.event_heads();
    document.run(&act(2, &seen, CaseAct::Confirm), HOME_ACTOR).unwrap();
    let fork = restored.run(&act(3, &seen, CaseAct::File), HOME_ACTOR).unwrap();
    assert_eq!(refusal(&document, &fork.bytes), Refusal::Fork);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// A damaged change is refused, or it is the undamaged one; whatever is admitted loads again.
    #[test]
    fn damage_never_enters(position in 0usize..400, flip in 1u8..=255, repair: bool) {
        let (mut document, first) = reported();
        let before = document.clone();
        let seen = document.event_heads();
        let change = document.run(&act(2, &seen, CaseAct::Acknowledge { words: "收到".into() }), HOME_ACTOR).unwrap();
        let mut bytes = if position % 2 == 0 { change.bytes } else { first };
        let index = position % bytes.len();
        bytes[index] ^= flip;
        if repair && bytes.len() > 9 {
            // The chunk's checksum: the first four bytes of SHA-256 over type, length and body.
            use sha2::Digest;
            let sum = sha2::Sha256::digest(&bytes[8..]);
            bytes[4..8].copy_from_slice(&sum[..4]);
        }
        for held in [None, Some(&before)] {
            if let Ok(admitted) = admit(id(9), held, &bytes) {
                let loaded = Automerge::load(&admitted.after.save()).unwrap();
                prop_assert_eq!(loaded.get_heads().len(), admitted.after.heads().len());
            }
        }
    }

    /// Of three replicas that hear of each other at times, each event says that it saw some of all events. It enters exactly
    /// when its replica had these, whatever else the judge holds by then.
    #[test]
    fn what_is_seen_was_there(steps in proptest::collection::vec((0usize..3, 0usize..3, any::<bool>(), any::<u16>()), 1..12)) {
        let (mut judge, first) = reported();
        let mut replicas = [(); 3].map(|()| Document::from_changes([first.as_slice()]).unwrap());
        let mut known: Vec<EventId> = judge.event_heads();
        for (number, (here, from, hears, mask)) in (2u8..).zip(steps) {
            if hears {
                for (_, change) in replicas[from].changes() {
                    replicas[here].apply(&change).unwrap();
                }
            }
            let seen: Vec<EventId> =
                known.iter().enumerate().filter(|(bit, _)| mask >> bit & 1 == 1).map(|(_, id)| *id).collect();
            let held = replicas[here].record().unwrap();
            let honest = !seen.is_empty() && seen.iter().all(|id| held.has_event(*id));
            let mut after = replicas[here].clone();
            // A writer of its own each time, as after a restart.
            let change = after.run(&act(number, &seen, CaseAct::Confirm), Actor([number; 16])).unwrap();
            let admitted = admit(id(9), Some(&judge), &change.bytes);
            prop_assert_eq!(admitted.is_ok(), honest, "{:?}", admitted.err());
            if honest {
                judge.apply(&change.bytes).unwrap();
                replicas[here] = after;
                known.push(event(number));
            }
        }
    }

    #[test]
    fn any_bytes_are_refused_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let (document, _) = reported();
        prop_assert!(admit(id(9), Some(&document), &bytes).is_err());
        prop_assert!(admit(id(9), None, &bytes).is_err());
    }
}
