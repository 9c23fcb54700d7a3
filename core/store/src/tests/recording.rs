use super::{Log, act, at_minute, comment, device, dispatched, record, rectified, report, report_with_photo};
use crate::{CaseQuery, OutboxState, PhotoRow, StoreError};
use sanben_domain::case::{CaseAct, Status};
use sanben_domain::id::{PersonId, PhotoHash};
use sha2::{Digest, Sha256};

pub(super) fn photo(bytes: &[u8]) -> PhotoRow {
    PhotoRow {
        hash: PhotoHash(Sha256::digest(bytes).into()),
        mime: "image/jpeg".to_owned(),
        width: 4,
        height: 3,
        bytes_len: bytes.len() as u64,
        taken_at: Some("2026-03-20T07:01:00".to_owned()),
        place: None,
        thumbnail: Some(vec![9, 9]),
        receipt: None,
    }
}

#[test]
fn recording_twice_changes_nothing() {
    let (_dir, store) = device();
    let first = report("垃圾", at_minute(0));
    assert_eq!(store.record(std::slice::from_ref(&first), None).unwrap().changes.len(), 1);
    let word = comment(&store, first.document, "一句");
    record(&store, &word);
    let heads = store.document(first.document).unwrap().unwrap().heads();
    let again = store.record(&[first.clone(), word], None).unwrap();
    assert!(again.changes.is_empty());
    assert_eq!(store.document(first.document).unwrap().unwrap().heads(), heads);
    assert_eq!(store.pending(usize::MAX).unwrap().len(), 2);
    // Another report under the same id is not the same thing twice.
    let mut usurper = report("别的", at_minute(0));
    usurper.document = first.document;
    assert!(matches!(store.record(&[usurper], None), Err(StoreError::Document(_))));
}

#[test]
fn the_row_follows_the_thread() {
    let (_dir, store) = device();
    let first = report("垃圾", at_minute(0));
    record(&store, &first);
    let row = store.case(first.document).unwrap().unwrap();
    assert_eq!(row.state.answered_then, Some(PersonId::from("head")));
    record(&store, &act(&store, first.document, "desk", at_minute(1), dispatched("other")));
    let mine = |person: &str| {
        let query = CaseQuery { handler: Some(person.into()), open_only: true, ..CaseQuery::default() };
        store.cases(&query).unwrap().rows.len()
    };
    assert_eq!((mine("head"), mine("other")), (0, 1));
    record(&store, &act(&store, first.document, "other", at_minute(2), rectified("已清理")));
    let page = store.cases(&CaseQuery::default()).unwrap();
    assert_eq!(page.rows[0].status, Status::Rectified);
    assert_eq!(page.rows[0].delivery.pending, 3);
    assert_eq!(page.rows[0].due, store.case(first.document).unwrap().unwrap().state.due.map(|due| due.at));
}

#[test]
fn a_list_row_is_as_late_as_its_case() {
    let (_dir, store) = device();
    let cases: Vec<_> = (0..3).map(|n| report("垃圾", at_minute(n))).collect();
    store.record(&cases, None).unwrap();
    record(&store, &act(&store, cases[1].document, "head", at_minute(9), rectified("好了")));
    record(&store, &act(&store, cases[2].document, "head", at_minute(60 * 24), rectified("晚了")));
    for row in store.cases(&CaseQuery::default()).unwrap().rows {
        let state = store.case(row.id).unwrap().unwrap().state;
        for now in [0, 60, 14 * 60, 15 * 60, 15 * 60 + 1, 16 * 60, 60 * 48].map(at_minute) {
            assert_eq!(row.lateness(now), sanben_domain::case::lateness(&state, now), "{now:?}");
        }
    }
}

#[test]
fn a_merge_both_ways_keeps_one_and_undoing_brings_it_back() {
    let (_dir, store) = device();
    let (a, b) = (report("垃圾", at_minute(0)), report("垃圾", at_minute(3)));
    store.record(&[a.clone(), b.clone()], None).unwrap();
    let into = |kept: &sanben_document::Intent| CaseAct::MergeInto { kept: kept.document };
    let (first, second) = (
        act(&store, a.document, "desk", at_minute(4), into(&b)),
        act(&store, b.document, "desk", at_minute(4), into(&a)),
    );
    store.record(&[first.clone(), second], None).unwrap();
    let kept = a.document.min(b.document);
    let other = a.document.max(b.document);
    assert_ne!(store.case(kept).unwrap().unwrap().status, Status::Merged);
    assert_eq!(store.case(other).unwrap().unwrap().status, Status::Merged);
    assert_eq!(store.counts().unwrap().open, 1);
    assert_eq!(store.merges().unwrap().kept(other), kept);
    // Whatever is said of it later, it is the one that is kept.
    record(&store, &comment(&store, kept, "还在"));
    assert_ne!(store.cases(&CaseQuery::default()).unwrap().rows[0].status, Status::Merged);
    assert_eq!(store.counts().unwrap().open, 1);
    let undo = CaseAct::Unmerge { merge: first.event, reason: "两处".to_owned() };
    record(&store, &act(&store, a.document, "desk", at_minute(5), undo));
    assert_ne!(store.case(a.document).unwrap().unwrap().status, Status::Merged);
    assert_eq!(store.case(b.document).unwrap().unwrap().status, Status::Merged);
}

#[test]
fn photos_are_sent_after_what_cites_them_and_counted_by_receipt() {
    let (dir, store) = device();
    let (bytes, spare) = (b"photo", b"spare");
    let (row, unused) = (photo(bytes), photo(spare));
    assert!(store.put_photo(&row, bytes).unwrap().photos.contains(&row.hash));
    store.put_photo(&unused, spare).unwrap();
    assert!(store.put_photo(&row, bytes).unwrap().photos.is_empty());
    assert!(matches!(store.put_photo(&row, spare), Err(StoreError::WrongBytes(_))));
    let first = report_with_photo("垃圾", row.hash);
    record(&store, &first);
    assert_eq!(store.cases(&CaseQuery::default()).unwrap().rows[0].thumbnail, Some(row.hash));
    assert!(store.uploads().unwrap().is_empty(), "its metadata has not been accepted");
    let changed = Log::new().sync(&store);
    assert!(changed.photos.contains(&row.hash));
    let uploads = store.uploads().unwrap();
    assert_eq!((uploads.len(), uploads[0].hash, uploads[0].size), (1, row.hash, 5));
    store.set_upload_offset(row.hash, 3).unwrap();
    assert_eq!(store.uploads().unwrap()[0].offset, 3);
    assert_eq!(store.photo_bytes(row.hash, 3, 100).unwrap(), b"to");
    let delivery = || store.case(first.document).unwrap().unwrap().delivery;
    assert_eq!((delivery().photos, delivery().photos_delivered), (1, 0));
    let changed = store.set_receipt(row.hash, at_minute(70)).unwrap();
    assert!(changed.cases.contains(&first.document));
    assert_eq!((delivery().photos, delivery().photos_delivered, delivery().accepted), (1, 1, 1));
    assert!(store.uploads().unwrap().is_empty());
    let kept = store.photo(row.hash).unwrap().unwrap();
    assert_eq!(kept, PhotoRow { receipt: Some(at_minute(70)), ..row.clone() });
    assert!(store.photo_path(row.hash).starts_with(dir.path().join("photos")));
}

#[test]
fn the_queue_is_cut_by_size_but_never_empty() {
    let (_dir, store) = device();
    let cases: Vec<_> = (0..5).map(|n| report("垃圾", at_minute(n))).collect();
    store.record(&cases, None).unwrap();
    assert_eq!(store.pending(1).unwrap().len(), 1);
    let two = store.pending(usize::MAX).unwrap()[..2].iter().map(|c| c.bytes.len() + c.intent.len()).sum();
    let sent = store.pending(two).unwrap();
    let order: Vec<_> = cases[..2].iter().map(|case| case.document).collect();
    assert_eq!(sent.iter().map(|change| change.document).collect::<Vec<_>>(), order);
    assert!(store.outbox(3).unwrap().iter().all(|row| row.state == OutboxState::Pending));
}

#[test]
fn what_waits_is_known_by_event() {
    let (_dir, store) = device();
    assert!(store.pending_events().unwrap().is_empty());
    let (first, second) = (report("垃圾", at_minute(0)), report("破损", at_minute(1)));
    record(&store, &first);
    let word = comment(&store, first.document, "请尽快");
    record(&store, &word);
    record(&store, &second);
    assert_eq!(store.pending_events().unwrap(), [first.event, word.event, second.event].into());
}
