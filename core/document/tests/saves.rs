//! What is kept of a document as one save: what is loaded again, and what is not even given to the library.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use automerge::Automerge;
use proptest::prelude::*;
use sanben_document::{Actor, Document, Intent, IntentBody};
use sanben_domain::case::{CaseAct, Source};
use sanben_domain::id::{DocumentId, EventId};
use sanben_domain::time::{Stamp, Timestamp};
use std::collections::BTreeMap;

fn intent(number: u8, body: IntentBody) -> Intent {
    Intent {
        v: 1,
        document: DocumentId::from_random([9; 16]),
        event: EventId::from_random([number; 16]),
        at: Stamp::exact(Timestamp(1_773_961_200_000)),
        by: "U008".into(),
        seen: vec![],
        body,
    }
}

/// A case with these words, and a comment for each of the others.
fn case(words: &str, comments: &[String]) -> Document {
    let report = IntentBody::Report {
        home: "park-02".into(),
        source: Source::Subdistrict,
        point: None,
        standard: None,
        description: words.to_owned(),
        fix: None,
        photos: BTreeMap::new(),
    };
    let (mut document, _) = Document::create(&intent(1, report), Actor([1; 16])).unwrap();
    for (number, words) in (2..).zip(comments) {
        let act = CaseAct::Comment { words: words.clone() };
        let body = IntentBody::Act { act, photos: BTreeMap::new() };
        document.run(&intent(number, body), Actor([number; 16])).unwrap();
    }
    document
}

#[test]
fn what_is_deflated_is_not_inflated() {
    // As the library itself would pack it: 60 KB of one letter in some hundred bytes.
    let document = case(&"垃".repeat(20_000), &[]);
    let plain = document.save();
    assert_eq!(Document::load(&plain).unwrap().heads(), document.heads());
    let library = Automerge::load(&plain).unwrap();
    let deflated = library.save();
    assert!(deflated.len() * 20 < plain.len());
    assert!(Document::load(&deflated).is_err());
    // Nor a deflated change behind a plain save, which the library would take along.
    let changes: Vec<u8> =
        library.get_changes(&[]).iter_mut().flat_map(|change| change.bytes().to_vec()).collect();
    assert!(changes.len() * 20 < plain.len());
    assert!(Document::load(&[plain, changes.clone()].concat()).is_err());
    assert!(Document::load(&changes).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_save_of_ours_is_loaded_again(words in ".{0,400}", comments in prop::collection::vec(".{0,80}", 0..30)) {
        let document = case(&words, &comments);
        let again = Document::load(&document.save()).unwrap();
        prop_assert_eq!(again.heads(), document.heads());
        prop_assert_eq!(again.record().unwrap(), document.record().unwrap());
    }

    #[test]
    fn damage_changes_nothing_unseen(position in 0usize..600, flip in 1u8..=255) {
        let document = case("南入口", &["收到".to_owned()]);
        let mut save = document.save();
        let position = position % save.len();
        save[position] ^= flip;
        if let Ok(loaded) = Document::load(&save) {
            prop_assert_eq!(loaded.heads(), document.heads());
        }
    }
}
