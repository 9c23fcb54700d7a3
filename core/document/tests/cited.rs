//! Whose citation a photo is, read back from the accepted changes of a document.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use sanben_document::{Actor, Document, Intent, IntentBody, admit, cited};
use sanben_domain::case::{CaseAct, PhotoRef, PhotoRole, Source};
use sanben_domain::id::{DocumentId, EventId, PersonId, PhotoHash};
use sanben_domain::patrol::{PatrolAct, Round, VisitResult};
use sanben_domain::time::{Stamp, Timestamp};
use std::collections::BTreeMap;

/// The `number`th event of one document; it has seen the one before.
fn intent(number: u8, by: &str, body: IntentBody) -> Intent {
    let event = |number| EventId::from_random([number; 16]);
    Intent {
        v: 1,
        document: DocumentId::from_random([9; 16]),
        event: event(number),
        at: Stamp::exact(Timestamp(1_773_961_200_000)),
        by: by.into(),
        seen: if number > 1 { vec![event(number - 1)] } else { Vec::new() },
        body,
    }
}

fn photo(byte: u8) -> PhotoHash {
    PhotoHash([byte; 32])
}

fn photos(bytes: &[u8]) -> BTreeMap<PhotoHash, PhotoRef> {
    let held = PhotoRef { role: PhotoRole::After, width: 4, height: 3, bytes: 90_000 };
    bytes.iter().map(|byte| (photo(*byte), held)).collect()
}

/// Runs intents in order; gives the changes they became and what the judge says each of them cites.
fn run(intents: &[Intent]) -> (Vec<Vec<u8>>, Vec<Vec<PhotoHash>>) {
    let (mut document, mut changes, mut effects) = (None::<Document>, Vec::new(), Vec::new());
    for intent in intents {
        let before = document.clone();
        let change = match &mut document {
            None => {
                let (created, change) = Document::create(intent, Actor([1; 16])).unwrap();
                document = Some(created);
                change
            }
            Some(document) => document.run(intent, Actor([1; 16])).unwrap(),
        };
        let admitted = admit(intent.document, before.as_ref(), &change.bytes).unwrap();
        effects.push(admitted.effects.photos);
        changes.push(change.bytes);
    }
    (changes, effects)
}

fn whose(changes: &[Vec<u8>]) -> Vec<(PhotoHash, Vec<PersonId>)> {
    cited(changes.iter().map(Vec::as_slice)).into_iter().collect()
}

#[test]
fn a_photo_of_a_case_is_cited_by_whoever_brought_it_in_and_whoever_names_it_again() {
    let report = IntentBody::Report {
        home: "park-02".into(),
        source: Source::Own,
        point: None,
        standard: None,
        description: "南入口处有大片垃圾".to_owned(),
        fix: None,
        photos: photos(&[1, 2]),
    };
    // The second person names a photo of the first once more, beside one of their own.
    let rectify =
        CaseAct::Rectify {
            words: "已清理".to_owned(), photos: vec![photo(2), photo(3)], on_the_spot: false
        };
    let rectify = IntentBody::Act { act: rectify, photos: photos(&[2, 3]) };
    let (changes, effects) = run(&[intent(1, "U008", report), intent(2, "U060", rectify)]);
    let whose = whose(&changes);
    let by = |number: u8, people: &[&str]| {
        (photo(number), people.iter().map(|id| PersonId::from(*id)).collect::<Vec<_>>())
    };
    assert_eq!(whose, [by(1, &["U008"]), by(2, &["U008", "U060"]), by(3, &["U060"])]);
    assert_eq!(effects, [vec![photo(1), photo(2)], vec![photo(3)]]);
}

#[test]
fn a_photo_of_a_visit_is_cited_by_the_intent_the_change_and_the_document() {
    let start = IntentBody::StartPatrol {
        home: "park-02".into(),
        team: "T1".into(),
        day: chrono::NaiveDate::from_ymd_opt(2026, 3, 20).unwrap(),
        round: Round::Morning,
    };
    let visit = PatrolAct::Visit {
        point: "P011".into(),
        result: VisitResult::Clean,
        fix: None,
        photos: vec![photo(5), photo(4)],
    };
    let visit = IntentBody::Patrol { act: visit };
    assert_eq!(visit.photos(), [photo(5), photo(4)]);
    let (changes, effects) = run(&[intent(1, "U008", start), intent(2, "U008", visit)]);
    assert_eq!(effects, [vec![], vec![photo(5), photo(4)]]);
    assert_eq!(whose(&changes), [(photo(4), vec!["U008".into()]), (photo(5), vec!["U008".into()])]);
}

#[test]
fn bytes_that_are_no_change_cite_nothing() {
    assert!(cited([b"".as_slice(), b"\x85\x6f\x4a\x83", &[0; 100]]).is_empty());
}
