use super::{at_minute, device, open, report};
use crate::{Draft, DraftField, PhotoRow, StoreError};
use sanben_domain::case::{PhotoRole, Source};
use sanben_domain::id::{DraftId, PersonId, PhotoHash};
use sanben_domain::place::{Coordinate, Fix};
use sha2::{Digest, Sha256};

#[test]
fn every_field_survives_by_itself() {
    let (dir, mut store) = device();
    let (id, person) = (DraftId::from_random([1; 16]), PersonId::from("inspector"));
    store.draft_create(id, &person, at_minute(0)).unwrap();
    let bytes = b"jpeg!".to_vec();
    let hash = PhotoHash(Sha256::digest(&bytes).into());
    let row = PhotoRow {
        hash,
        mime: "image/jpeg".to_owned(),
        width: 1,
        height: 1,
        bytes_len: 5,
        taken_at: None,
        place: None,
        thumbnail: None,
        receipt: None,
    };
    store.put_photo(&row, &bytes).unwrap();
    let fix = Fix { coordinate: Coordinate { lat_e7: 1, lon_e7: 2 }, accuracy_m: None };
    let steps = [
        DraftField::Point(Some("p1".into())),
        DraftField::Standard(Some("clean".into())),
        DraftField::Description("垃圾".to_owned()),
        DraftField::Fix(Some(fix)),
        DraftField::Source(Some(Source::City)),
    ];
    for step in &steps {
        store.draft_set(id, step).unwrap();
        drop(store);
        store = open(dir.path());
    }
    store.draft_add_photo(id, hash, PhotoRole::Before).unwrap();
    store.draft_add_photo(id, hash, PhotoRole::Before).unwrap();
    drop(store);
    let store = open(dir.path());
    let expected = Draft {
        id,
        at: at_minute(0),
        person,
        point: Some("p1".into()),
        standard: Some("clean".into()),
        description: "垃圾".to_owned(),
        fix: Some(fix),
        source: Some(Source::City),
        photos: vec![(hash, PhotoRole::Before)],
    };
    assert_eq!(store.drafts().unwrap(), [expected]);
    store.draft_set(id, &DraftField::Point(None)).unwrap();
    store.draft_remove_photo(id, hash).unwrap();
    let draft = store.draft(id).unwrap().unwrap();
    assert_eq!((draft.point, draft.photos.len()), (None, 0));
}

#[test]
fn a_draft_goes_with_its_record_or_stays_whole() {
    let (_dir, store) = device();
    let id = DraftId::from_random([2; 16]);
    store.draft_create(id, &PersonId::from("inspector"), at_minute(0)).unwrap();
    let intent = report("垃圾", at_minute(1));
    // An act on a case that is not here fails, and with it the whole record.
    let mut stray = report("x", at_minute(1));
    stray.body = sanben_document::IntentBody::Act {
        act: sanben_domain::case::CaseAct::Close,
        photos: std::collections::BTreeMap::new(),
    };
    let failed = store.record(&[intent.clone(), stray], Some(id));
    assert!(matches!(failed, Err(StoreError::NoDocument(_))));
    assert!(store.draft(id).unwrap().is_some());
    assert!(store.case(intent.document).unwrap().is_none() && store.outbox(9).unwrap().is_empty());

    let recorded = store.record(std::slice::from_ref(&intent), Some(id)).unwrap();
    assert!(recorded.changed.drafts && recorded.changed.cases.contains(&intent.document));
    assert!(store.draft(id).unwrap().is_none());
    assert!(matches!(store.draft_set(id, &DraftField::Point(None)), Err(StoreError::NoDraft(_))));
    assert!(matches!(store.draft_discard(id), Err(StoreError::NoDraft(_))));
}
