use super::{
    Log, act, at_minute, comment, device, event_id, events, open, park, publish, record, rectified, report,
    report_in, report_with_photo,
};
use crate::OutboxState;
use crate::tests::recording::photo;
use sanben_domain::case::Status;
use sanben_domain::id::UnitId;
use sanben_domain::reference::ReferenceUpdate;
use sanben_domain::rights::home_scope;

#[test]
fn a_page_is_applied_once_however_often_it_comes() {
    let ((_a, store), (_b, other)) = (device(), device());
    let mut log = Log::new();
    let (mine, theirs) = (report("我的", at_minute(0)), report("他的", at_minute(1)));
    record(&other, &theirs);
    record(&other, &comment(&other, theirs.document, "补充"));
    log.sync(&other);
    record(&store, &mine);
    let page = log.answer(&store, &["c1", "c2"]);
    let changed = store.apply(&page, at_minute(59)).unwrap();
    assert!(changed.cases.contains(&theirs.document) && changed.outbox);
    let look = || {
        (
            store.case(mine.document).unwrap(),
            store.case(theirs.document).unwrap(),
            store.outbox(9).unwrap(),
            store.standing().unwrap(),
            store.counts().unwrap(),
        )
    };
    let before = look();
    store.apply(&page, at_minute(59)).unwrap();
    assert!(before == look());
    assert!(matches!(before.2[0].state, OutboxState::Accepted { seq: 3, .. }));
    assert_eq!(before.3.cursors[&home_scope(&UnitId::from("c1"))].seq, 3);
    assert!(before.3.confirmed);
    assert_eq!(store.clock_offset().unwrap(), Some(60_000));
    assert_eq!(store.heads().unwrap().len(), 2);
    assert_eq!(events(&store, theirs.document), events(&other, theirs.document));
}

#[test]
fn a_page_that_fails_half_way_leaves_nothing() {
    let (_dir, store) = device();
    let mut log = Log::new();
    let first = report("垃圾", at_minute(0));
    record(&store, &first);
    let page = log.answer(&store, &["c1"]);
    // The last step of a page is made to fail.
    store
        .write(|writing| {
            Ok(writing.execute_batch(
                "CREATE TRIGGER fail BEFORE INSERT ON cursor BEGIN SELECT raise(ABORT, 'no'); END",
            )?)
        })
        .unwrap();
    let standing = store.standing().unwrap();
    store.apply(&page, at_minute(59)).unwrap_err();
    assert_eq!(store.counts().unwrap().pending, 1);
    assert!(store.standing().unwrap() == standing && store.clock_offset().unwrap().is_none());
    store.write(|writing| Ok(writing.execute_batch("DROP TRIGGER fail")?)).unwrap();
    store.apply(&page, at_minute(59)).unwrap();
    assert_eq!(store.counts().unwrap().pending, 0);
}

#[test]
fn one_bad_change_stops_nothing_and_is_seen() {
    let ((_a, store), (_b, other)) = (device(), device());
    let mut log = Log::new();
    let (first, second) = (report("一", at_minute(0)), report("二", at_minute(1)));
    record(&other, &first);
    record(&other, &comment(&other, first.document, "补充"));
    record(&other, &second);
    log.sync(&other);
    let mut page = log.answer(&store, &["c1"]);
    // The first change is held back: what builds on it cannot be applied yet.
    let missing = page.changes.remove(0);
    store.apply(&page, at_minute(59)).unwrap();
    assert!(store.case(second.document).unwrap().is_some());
    assert!(store.case(first.document).unwrap().is_none());
    let aside = store.quarantined().unwrap();
    assert_eq!((aside.len(), aside[0].document), (1, first.document));
    assert_eq!(store.counts().unwrap().quarantined, 1);
    // It comes through another scope, and both go in.
    store.apply_log(&[missing], &[], ("x", 1)).unwrap();
    assert!(store.quarantined().unwrap().is_empty());
    assert_eq!(events(&store, first.document), events(&other, first.document));
}

#[test]
fn a_change_of_another_document_is_no_change_of_this_one() {
    let ((_a, store), (_b, other)) = (device(), device());
    let mut log = Log::new();
    let (first, second) = (report("一", at_minute(0)), report("二", at_minute(1)));
    store.record(std::slice::from_ref(&first), None).unwrap();
    log.sync(&store);
    record(&other, &second);
    log.sync(&other);
    let mut page = log.answer(&store, &["c1"]);
    page.changes[0].document = first.document;
    store.apply(&page, at_minute(59)).unwrap();
    assert_eq!(store.quarantined().unwrap().len(), 1);
    assert_eq!(events(&store, first.document), [first.event].into());
}

#[test]
fn the_servers_replica_shows_the_same() {
    let (_dir, store) = device();
    let mut log = Log::new();
    let first = report("垃圾", at_minute(0));
    record(&store, &first);
    record(&store, &act(&store, first.document, "head", at_minute(1), rectified("清了")));
    log.sync(&store);
    let folder = super::folder();
    let server = open(folder.path());
    let entries: Vec<_> = log.entries.values().flatten().cloned().collect();
    let update = ReferenceUpdate { rows: park(), removed: Vec::new() };
    for _ in 0..2 {
        server.apply_log(&entries, std::slice::from_ref(&update), ("c1", 2)).unwrap();
    }
    assert_eq!(server.position("c1").unwrap(), 2);
    let (here, there) =
        (store.case(first.document).unwrap().unwrap(), server.case(first.document).unwrap().unwrap());
    assert_eq!((here.record, here.state), (there.record, there.state));
    assert!(server.outbox(9).unwrap().is_empty());
}

#[test]
fn a_lost_scope_goes_and_own_undelivered_work_stays() {
    let ((dir, store), (_b, other)) = (device(), device());
    let mut log = Log::new();
    let bytes = b"mine!";
    let picture = photo(bytes);
    store.put_photo(&picture, bytes).unwrap();
    let delivered = report_with_photo("已送", picture.hash);
    let theirs = report("他的", at_minute(1));
    let elsewhere = report_in("c2", "别的社区");
    store.record(&[delivered.clone(), elsewhere.clone()], None).unwrap();
    record(&other, &theirs);
    log.sync(&other);
    log.sync(&store);
    let own = comment(&store, theirs.document, "我的话");
    record(&store, &own);

    let mut page = log.answer(&store, &["c2"]);
    page.verdicts.clear();
    page.lost = vec![home_scope(&UnitId::from("c1"))];
    store.apply(&page, at_minute(70)).unwrap();
    let here = |id| store.case(id).unwrap().is_some();
    assert!(here(theirs.document), "own words wait in it");
    assert!(here(delivered.document), "its photo is not delivered");
    assert!(here(elsewhere.document));
    assert!(!store.standing().unwrap().cursors.contains_key(&home_scope(&UnitId::from("c1"))));

    // Once judged and delivered, they go with the next page; the file of the photo too.
    log.refuse(event_id());
    let hash = store.pending(usize::MAX).unwrap()[0].hash;
    store.set_receipt(picture.hash, at_minute(80)).unwrap();
    let mut page = log.answer(&store, &["c2"]);
    page.verdicts = vec![(hash, sanben_sync::wire::Verdict::Accepted { seq: 9 })];
    let changed = store.apply(&page, at_minute(90)).unwrap();
    assert!(changed.cases.contains(&theirs.document));
    assert!(!here(theirs.document) && !here(delivered.document) && here(elsewhere.document));
    assert!(store.search("已送", 9).unwrap().is_empty());
    assert!(!store.photo_path(picture.hash).exists() && store.photo(picture.hash).unwrap().is_none());
    drop(store);
    assert_eq!(open(dir.path()).counts().unwrap().cases, 1);
}

/// Recorded when the scope was lost already, and taken in on the word of what held then: nothing comes for it any more.
#[test]
fn own_work_in_a_scope_that_is_not_held_goes_when_it_was_accepted() {
    let (_dir, store) = device();
    let mut log = Log::new();
    let (held, elsewhere) = (report("这里", at_minute(0)), report_in("c2", "别处"));
    store.record(&[held.clone(), elsewhere.clone()], None).unwrap();
    let here = |id| store.case(id).unwrap().is_some();

    let mut page = log.answer(&store, &["c1"]);
    page.more = true;
    store.apply(&page, at_minute(60)).unwrap();
    assert!(here(elsewhere.document), "its scope may come with the next page");
    page.more = false;
    store.apply(&page, at_minute(61)).unwrap();
    assert!(here(held.document) && !here(elsewhere.document));
}

#[test]
fn new_reference_data_shows_old_cases_in_its_light() {
    let dir = super::folder();
    let store = open(dir.path());
    let first = report("垃圾", at_minute(0));
    record(&store, &first);
    let before = store.case(first.document).unwrap().unwrap();
    assert_eq!((before.state.answered_then, before.state.due), (None, None));
    assert!(store.search("荷花", 9).unwrap().is_empty());
    let changed = publish(&store, park());
    assert!(changed.reference && changed.cases.contains(&first.document));
    let after = store.case(first.document).unwrap().unwrap();
    assert_eq!(after.state.answered_then, Some("head".into()));
    assert!(after.state.due.is_some());
    assert_eq!(after.status, Status::Dispatched);
    assert_eq!(store.search("荷花", 9).unwrap().len(), 1, "the point's name is searched");
    assert_eq!(store.reference().unwrap().points.len(), 3);

    // The same rows again touch nothing; one other head touches this point's cases alone.
    let changed = publish(&store, park());
    assert!(!changed.reference && changed.cases.is_empty());
    let elsewhere = report_in("c2", "别处");
    record(&store, &elsewhere);
    let changed = publish(&store, vec![super::head("p1", "other")]);
    assert_eq!(changed.cases, [first.document].into());
    let gone = ReferenceUpdate {
        rows: Vec::new(),
        removed: vec![super::head("p1", "other").key(), super::head("p1", "head").key()],
    };
    store.apply_log(&[], &[gone], ("reference", 9)).unwrap();
    assert_eq!(store.case(first.document).unwrap().unwrap().state.answered_then, None);
    drop(store);
    assert_eq!(open(dir.path()).reference().unwrap().assignments.len(), 1);
}

/// A sync with nothing new would cost the more the more is held: SQLite's own counter of rows that a scan went over.
#[test]
fn a_sync_with_nothing_new_goes_through_no_documents() {
    let (_dir, store) = device();
    for minute in 0..20 {
        record(&store, &report("垃圾", at_minute(minute)));
    }
    let walked = store
        .write(|writing| {
            let mut statement = writing.prepare(&crate::purge::all_unscoped())?;
            assert!(!statement.exists([])?);
            Ok(statement.get_status(rusqlite::StatementStatus::FullscanStep))
        })
        .unwrap();
    assert!(walked < 5, "{walked} rows were walked");
}
