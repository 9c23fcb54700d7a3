use super::{Log, at_minute, behind, comment, device, record, report, report_in, report_with_photo};
use crate::tests::recording::photo;
use crate::{OutboxState, Store};
use sanben_domain::id::{Epoch, UnitId};
use sanben_domain::reference::ReferenceUpdate;
use sanben_domain::rights::{Scope, ScopeClass, home_scope};
use sanben_sync::chain::{Link, SignedHead};
use sanben_sync::device::{Arrived, Cursor, Page};
use sanben_sync::keys::SecretKey;
use sanben_sync::wire::{Rejection, Verdict};

#[test]
fn work_in_review_stays_in_the_case_and_is_asked_after_until_somebody_decides() {
    let (_dir, store) = device();
    let mut log = Log::new();
    let first = report("垃圾", at_minute(0));
    record(&store, &first);
    let then = comment(&store, first.document, "还在");
    record(&store, &then);
    let hashes: Vec<_> = store.pending(usize::MAX).unwrap().iter().map(|change| change.hash).collect();
    let mut page = log.answer(&store, &[]);
    let why = || Rejection::OutOfScope;
    page.verdicts = hashes.iter().map(|hash| (*hash, Verdict::Review { why: why() })).collect();
    store.apply(&page, at_minute(60)).unwrap();

    assert!(store.pending(usize::MAX).unwrap().is_empty(), "the server has it");
    assert!(store.needs_attention().unwrap().is_empty(), "nobody here has to do anything");
    assert_eq!(store.standing().unwrap().in_review, hashes);
    assert!(store.pending_events().unwrap().contains(&first.event), "and it is not in the log");
    let states: Vec<_> = store.outbox(9).unwrap().into_iter().map(|row| row.state).collect();
    assert!(states.iter().all(|state| matches!(state, OutboxState::InReview { .. })), "{states:?}");
    // It is nobody's to purge meanwhile.
    let mut page = log.answer(&store, &[]);
    page.lost = vec![home_scope(&UnitId::from("c1"))];
    store.apply(&page, at_minute(61)).unwrap();
    assert!(store.case(first.document).unwrap().is_some());

    // The first is taken in, the second refused.
    let reviewed = Rejection::Reviewed { reason: "说不清".to_owned() };
    let mut page = log.answer(&store, &[]);
    page.verdicts =
        vec![(hashes[0], Verdict::Accepted { seq: 1 }), (hashes[1], Verdict::Rejected(reviewed.clone()))];
    store.apply(&page, at_minute(70)).unwrap();
    assert!(store.standing().unwrap().in_review.is_empty());
    let attention = store.needs_attention().unwrap();
    assert_eq!((attention.len(), &attention[0].rejection), (1, &reviewed));
    assert_eq!(attention[0].intent.event, then.event);
}

#[test]
fn a_new_life_of_the_log_is_offered_what_the_old_one_had() {
    let (_dir, store) = device();
    let mut log = Log::new();
    let picture = photo(b"one");
    store.put_photo(&picture, b"one").unwrap();
    let kept = report_with_photo("新的", picture.hash);
    record(&store, &kept);
    log.sync(&store);
    store.set_receipt(picture.hash, at_minute(60)).unwrap();
    assert!(store.uploads().unwrap().is_empty());
    let told = store.heads().unwrap();
    assert!(!told.is_empty());

    // Accepted an hour in; what was accepted before that stays with those who have it.
    let life = Epoch(uuid::Uuid::from_u128(5));
    let begin = |since| drop(store.begin_life(life, at_minute(since)).unwrap());
    begin(61);
    assert!(store.pending(usize::MAX).unwrap().is_empty());
    assert!(store.standing().unwrap().cursors.is_empty());
    // Begun once: the same word again moves nothing.
    begin(0);
    assert!(store.pending(usize::MAX).unwrap().is_empty());

    store.begin_life(Epoch(uuid::Uuid::from_u128(6)), at_minute(60)).unwrap();
    let again = store.pending(usize::MAX).unwrap();
    assert_eq!(again.iter().map(|change| change.document).collect::<Vec<_>>(), [kept.document]);
    assert!(store.photo(picture.hash).unwrap().unwrap().receipt.is_none(), "with its photo");
    assert!(store.case(kept.document).unwrap().is_some());
}

/// Found by the fleet: such a device could never sync again.
#[test]
fn work_that_a_new_life_accepts_into_a_scope_not_held_any_more_keeps_what_it_builds_on() {
    let (_dirs, [author, store]) = {
        let (one, other) = (device(), device());
        ((one.0, other.0), [one.1, other.1])
    };
    let mut log = Log::new();
    let reported = report("垃圾", at_minute(0));
    record(&author, &reported);
    log.sync(&author);
    log.sync(&store);
    record(&store, &comment(&store, reported.document, "还在"));
    let refused = comment(&store, reported.document, "没人管");
    record(&store, &refused);
    log.refuse(refused.event);

    // The log was restored and has the report; its reader has lost the place meanwhile. Of their own work they are told
    // that one was taken in and one refused, of the rest of the case nothing any more.
    let life = Epoch(uuid::Uuid::from_u128(7));
    store.begin_life(life, at_minute(0)).unwrap();
    let mut page = log.answer(&store, &[]);
    assert!(matches!(page.verdicts[..], [(_, Verdict::Accepted { .. }), (_, Verdict::Rejected(_))]));
    page.epoch = life;
    store.apply(&page, at_minute(61)).unwrap();
    let attention = store.needs_attention().unwrap();
    assert_eq!(attention.iter().map(|row| row.intent.event).collect::<Vec<_>>(), [refused.event]);
    assert!(store.case(reported.document).unwrap().is_some(), "until its person has decided");
}

#[test]
fn recorded_work_cites_the_reference_data_of_its_time() {
    let (_dir, store) = device();
    let mut log = Log::new();
    let scope = Scope { unit: "park".into(), class: ScopeClass::Reference };
    let key = SecretKey::from_seed([3; 32]);
    let mut reach = |seq: u64| {
        let mut page = log.answer(&store, &[]);
        let cursor = Cursor { seq, link: Link([u8::try_from(seq).unwrap(); 32]) };
        let head = SignedHead::sign(page.epoch, &scope, seq, cursor.link, &key);
        page.cursors.push((scope.clone(), cursor, head));
        page.verdicts.clear();
        store.apply(&page, at_minute(59)).unwrap();
    };
    record(&store, &report("还不知道", at_minute(0)));
    reach(4);
    record(&store, &report("知道四条", at_minute(1)));
    record(&store, &report("还是四条", at_minute(2)));
    reach(9);
    record(&store, &report("知道九条", at_minute(3)));
    let cited = |change: &sanben_sync::device::Pending| change.cited.first().map(|cited| cited.seq);
    let pending = store.pending(usize::MAX).unwrap();
    assert_eq!(pending.iter().map(cited).collect::<Vec<_>>(), [None, Some(4), Some(4), Some(9)]);
}

#[test]
fn what_builds_on_refused_work_in_review_waits_for_the_server_again() {
    let (_dir, store) = device();
    let mut log = Log::new();
    let first = report("垃圾", at_minute(0));
    record(&store, &first);
    log.sync(&store);
    let (then, last) = (comment(&store, first.document, "一"), {
        record(&store, &comment(&store, first.document, "零"));
        comment(&store, first.document, "二")
    });
    record(&store, &then);
    record(&store, &last);
    let hashes: Vec<_> = store.pending(usize::MAX).unwrap().iter().map(|change| change.hash).collect();
    let mut page = log.answer(&store, &[]);
    page.verdicts = hashes.iter().map(|hash| (*hash, Verdict::Review { why: Rejection::Revoked })).collect();
    store.apply(&page, at_minute(60)).unwrap();
    let mut page = log.answer(&store, &[]);
    page.verdicts = vec![(hashes[0], Verdict::Rejected(Rejection::Reviewed { reason: "不".to_owned() }))];
    store.apply(&page, at_minute(61)).unwrap();
    assert_eq!(store.needs_attention().unwrap().len(), 1);
    assert!(store.standing().unwrap().in_review.is_empty(), "nobody knows of the old ones any more");
    assert_eq!(store.pending(usize::MAX).unwrap().len(), 2, "they are sent as new changes");
}

#[test]
fn work_of_others_on_top_of_what_a_new_life_refuses_is_set_aside_and_stops_nothing() {
    let ((_a, store), (_b, other)) = (device(), device());
    let mut log = Log::new();
    let first = report("垃圾", at_minute(0));
    record(&store, &first);
    let own = comment(&store, first.document, "我的话");
    record(&store, &own);
    log.sync(&store);
    log.sync(&other);
    let theirs = comment(&other, first.document, "他的话");
    record(&other, &theirs);
    log.sync(&other);
    log.sync(&store);
    store.begin_life(Epoch(uuid::Uuid::from_u128(7)), at_minute(0)).unwrap();
    let again = store.pending(usize::MAX).unwrap();
    let mut page = log.answer(&store, &[]);
    page.epoch = Epoch(uuid::Uuid::from_u128(7));
    page.verdicts = vec![
        (again[0].hash, Verdict::Accepted { seq: 1 }),
        (again[1].hash, Verdict::Rejected(Rejection::OutOfScope)),
    ];
    store.apply(&page, at_minute(70)).unwrap();
    let events = super::events(&store, first.document);
    assert_eq!(events, [first.event].into());
    assert_eq!(store.quarantined().unwrap(), [], "the new life does not have it, so it waits for nothing");
    assert_eq!(past_changes(&store), 1, "and is kept");
    assert_eq!(store.needs_attention().unwrap().len(), 1);
}

fn past_changes(store: &Store) -> i64 {
    let file = behind(store.dir());
    file.query_row("SELECT count(*) FROM past_change", [], |row| row.get(0)).unwrap()
}

/// The page of a new life that has this much of each scope's log, before it has looked at anybody's work.
fn new_life(log: &mut Log, store: &Store, scopes: &[&str], life: Epoch) -> Page {
    let entries = log.entries.clone();
    let mut page = log.answer(store, scopes);
    log.entries = entries;
    let held = |arrived: &Arrived| log.entries.values().flatten().any(|entry| entry.hash == arrived.hash);
    page.changes.retain(held);
    page.verdicts.clear();
    page.epoch = life;
    page
}

#[test]
fn what_only_the_old_life_had_is_taken_out_and_own_work_never() {
    let ((_a, store), (_b, other)) = (device(), device());
    let mut log = Log::new();
    // Theirs with an answer of ours, theirs alone with a later word of theirs, ours of long ago.
    let (answered, silent, mine) =
        (report("垃圾", at_minute(0)), report("占道", at_minute(1)), report("井盖", at_minute(2)));
    record(&other, &answered);
    record(&other, &silent);
    record(&store, &mine);
    log.sync(&other);
    log.sync(&store);
    record(&other, &comment(&other, silent.document, "后来的话"));
    log.sync(&other);
    log.sync(&store);
    let own = comment(&store, answered.document, "我的话");
    record(&store, &own);

    // The restored log knows of the silent case as it was reported, and of nothing else.
    let life = Epoch(uuid::Uuid::from_u128(9));
    store.begin_life(life, at_minute(61)).unwrap();
    for entries in log.entries.values_mut() {
        entries.retain(|entry| entry.document == silent.document);
        entries.truncate(1);
        entries.iter_mut().for_each(|entry| entry.seq = 1);
    }
    let page = new_life(&mut log, &store, &["c1", "c2"], life);
    store.apply(&page, at_minute(70)).unwrap();

    assert_eq!(super::events(&store, silent.document), [silent.event].into(), "as the log has it");
    assert_eq!(
        super::events(&store, answered.document),
        [answered.event, own.event].into(),
        "what own work builds on stays with it"
    );
    let pending: Vec<_> = store.pending(usize::MAX).unwrap().iter().map(|change| change.document).collect();
    assert_eq!(pending, [mine.document, answered.document], "however long ago it was accepted");
    assert_eq!(past_changes(&store), 1);
    // Once: the next page moves nothing.
    let page = new_life(&mut log, &store, &["c1", "c2"], life);
    store.apply(&page, at_minute(71)).unwrap();
    assert_eq!(store.pending(usize::MAX).unwrap().len(), 2);
    // Its author offers it again: it is back.
    let (_c, healed) = device();
    log.entries.clear();
    let mut back = Log::new();
    other.begin_life(life, at_minute(0)).unwrap();
    let mut page = back.answer(&other, &["c1"]);
    page.epoch = life;
    other.apply(&page, at_minute(72)).unwrap();
    back.sync(&healed);
    assert_eq!(super::events(&healed, silent.document).len(), 2);
}

#[test]
fn what_an_earlier_life_had_is_kept_as_long_as_its_scope_is_held() {
    let ((_a, store), (_b, other)) = (device(), device());
    let mut log = Log::new();
    let (known, gone) = (report("垃圾", at_minute(0)), report("占道", at_minute(1)));
    let elsewhere = report_in("c2", "别的社区");
    for theirs in [&known, &gone, &elsewhere] {
        record(&other, theirs);
    }
    record(&other, &comment(&other, known.document, "后来的话"));
    log.sync(&other);
    log.sync(&store);
    // The restored log has the first report and nothing else.
    let life = Epoch(uuid::Uuid::from_u128(11));
    store.begin_life(life, at_minute(61)).unwrap();
    for entries in log.entries.values_mut() {
        entries.retain(|entry| entry.document == known.document);
        entries.truncate(1);
        entries.iter_mut().for_each(|entry| entry.seq = 1);
    }
    let page = new_life(&mut log, &store, &["c1", "c2"], life);
    store.apply(&page, at_minute(70)).unwrap();
    assert_eq!(past_changes(&store), 3, "a comment, and two whole cases");
    let mut page = new_life(&mut log, &store, &["c2"], life);
    page.lost = vec![home_scope(&UnitId::from("c1"))];
    store.apply(&page, at_minute(71)).unwrap();
    assert!(store.case(known.document).unwrap().is_none());
    assert_eq!(past_changes(&store), 1, "only the other community's, which is held");
    let mut page = new_life(&mut log, &store, &[], life);
    page.lost = vec![home_scope(&UnitId::from("c2"))];
    store.apply(&page, at_minute(72)).unwrap();
    assert_eq!(past_changes(&store), 0);
}

#[test]
fn rows_that_the_new_life_does_not_bring_go_at_its_end_and_not_before() {
    let (_dir, store) = device();
    let mut log = Log::new();
    let life = Epoch(uuid::Uuid::from_u128(10));
    store.begin_life(life, at_minute(0)).unwrap();
    let kept: Vec<_> = super::park()
        .into_iter()
        .filter(|row| row.key().key != "p2" && row.key().kind != "assignment")
        .collect();
    let mut page = new_life(&mut log, &store, &[], life);
    page.more = true;
    page.references = vec![ReferenceUpdate { rows: kept.clone(), removed: Vec::new() }];
    store.apply(&page, at_minute(60)).unwrap();
    assert!(store.reference().unwrap().points.contains_key(&"p2".into()), "the rest may still bring it");
    page.more = false;
    page.references.clear();
    store.apply(&page, at_minute(61)).unwrap();
    assert_eq!(*store.reference().unwrap(), sanben_domain::reference::Reference::from_rows(kept));
    let at = sanben_domain::place::Coordinate::from_degrees(30.001, 104.0).unwrap();
    assert!(!store.nearest_points(at, 9).unwrap().contains(&"p2".into()), "nor on the map");
}

#[test]
fn what_an_old_life_said_of_photos_is_asked_again() {
    let (_dir, store) = device();
    let mut log = Log::new();
    let picture = photo(b"one");
    store.put_photo(&picture, b"one").unwrap();
    let kept = report_with_photo("新的", picture.hash);
    record(&store, &kept);
    log.sync(&store);
    let file = behind(store.dir());
    file.execute("INSERT INTO photo_ahead VALUES (?1, ?2)", (kept.document.0.as_bytes(), picture.hash.0))
        .unwrap();
    file.execute("INSERT INTO photo_elsewhere VALUES (?1, 5, x'00')", [[7; 32]]).unwrap();
    store.begin_life(Epoch(uuid::Uuid::from_u128(11)), at_minute(0)).unwrap();
    let count = |sql: &str| file.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(count("SELECT count(*) FROM photo_ahead"), 0);
    assert_eq!(count("SELECT count(*) FROM photo_elsewhere WHERE received IS NOT NULL"), 0);
}

#[test]
fn what_the_old_life_gave_and_the_new_one_does_not_is_lost() {
    let ((_a, store), (_b, other)) = (device(), device());
    let mut log = Log::new();
    let theirs = report("垃圾", at_minute(0));
    record(&other, &theirs);
    log.sync(&other);
    log.sync(&store);
    assert!(store.case(theirs.document).unwrap().is_some());
    store.begin_life(Epoch(uuid::Uuid::from_u128(8)), at_minute(0)).unwrap();
    assert!(store.case(theirs.document).unwrap().is_some(), "not before the new life was read");
    let mut page = log.answer(&store, &[]);
    page.epoch = Epoch(uuid::Uuid::from_u128(8));
    page.revoked = true;
    store.apply(&page, at_minute(70)).unwrap();
    assert!(store.case(theirs.document).unwrap().is_none());
}

#[test]
fn a_document_in_two_scopes_goes_with_the_last_of_them() {
    let ((_a, store), (_b, other)) = (device(), device());
    let mut log = Log::new();
    let theirs = report("垃圾", at_minute(0));
    record(&other, &theirs);
    log.sync(&other);
    let mut page = log.answer(&store, &["c1"]);
    let shared = home_scope(&UnitId::from("c2"));
    let again: Vec<_> =
        page.changes.iter().cloned().map(|entry| Arrived { scope: shared.clone(), ..entry }).collect();
    page.changes.extend(again);
    store.apply(&page, at_minute(60)).unwrap();
    let here = || store.case(theirs.document).unwrap().is_some();
    let lose = |log: &mut Log, unit: &str| {
        let mut page = log.answer(&store, &[]);
        page.lost = vec![home_scope(&UnitId::from(unit))];
        store.apply(&page, at_minute(61)).unwrap();
    };
    lose(&mut log, "c1");
    assert!(here(), "it was shared into a scope that is held");
    lose(&mut log, "c2");
    assert!(!here());
}
