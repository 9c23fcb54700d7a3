use super::{
    Log, act, at_minute, behind, comment, device, dispatched, document_id, event_id, events, record,
    rectified, report,
};
use crate::{OutboxState, StoreError};
use sanben_document::{ChangeHeader, Intent, IntentBody};
use sanben_domain::case::{CaseAct, Outcome, Status};
use sanben_domain::id::{DocumentId, UnitId};
use sanben_sync::keys::SecretKey;
use sanben_sync::note::Erasure;
use sanben_sync::wire::{Rejection, Verdict};

#[test]
fn what_came_after_a_refused_change_is_kept_with_the_same_events() {
    let (_dir, store) = device();
    let mut log = Log::new();
    let first = report("垃圾", at_minute(0));
    record(&store, &first);
    log.sync(&store);
    let of = first.document;
    let refused = act(&store, of, "inspector", at_minute(1), dispatched("other"));
    record(&store, &refused);
    let later = act(&store, of, "inspector", at_minute(2), CaseAct::Comment { words: "后来".to_owned() });
    record(&store, &later);
    let last = act(&store, of, "inspector", at_minute(3), rectified("清了"));
    record(&store, &last);
    let elsewhere = report("别处", at_minute(4));
    record(&store, &elsewhere);
    let before = store.pending(usize::MAX).unwrap();
    log.refuse(refused.event);
    let page = log.answer(&store, &["c1", "c2"]);
    let changed = store.apply(&page, at_minute(60)).unwrap();
    assert!(changed.outbox && changed.cases.contains(&of));

    // Only the refused one needs attention; the others wait as new changes with the same events.
    let attention = store.needs_attention().unwrap();
    assert_eq!(attention.len(), 1);
    assert_eq!(attention[0].intent, refused);
    assert!(matches!(attention[0].rejection, Rejection::NotAllowed(_)));
    let after = store.pending(usize::MAX).unwrap();
    assert_eq!(after.len(), 2);
    assert!(after.iter().all(|new| before.iter().all(|old| old.hash != new.hash)));
    let actor = |change: &sanben_sync::device::Pending| ChangeHeader::of(&change.bytes).unwrap().actor;
    assert_ne!(actor(&after[0]), actor(&before[0]), "the refused change's numbers are not used again");
    assert_eq!(events(&store, of), [first.event, later.event, last.event].into());
    let row = store.case(of).unwrap().unwrap();
    assert_eq!((row.delivery.pending, row.delivery.accepted, row.delivery.rejected), (2, 1, 1));
    assert_eq!(row.status, Status::Rectified);

    // Their authors had seen the report, though only through the refused event: nothing is concurrent.
    let order = row.record.order();
    assert!(order.saw(later.event, first.event) && order.saw(last.event, later.event));

    // The same answer again changes nothing, and the next round trip delivers the rest.
    store.apply(&page, at_minute(60)).unwrap();
    assert_eq!(store.pending(usize::MAX).unwrap(), after);
    log.sync(&store);
    assert_eq!(store.counts().unwrap().pending, 0);
    let states: Vec<_> = store.outbox(10).unwrap().into_iter().map(|row| row.state).collect();
    assert_eq!(states.iter().filter(|state| matches!(state, OutboxState::Accepted { .. })).count(), 4);
}

#[test]
fn a_foreign_replica_holds_the_same_after_a_rejection() {
    let ((_a, store), (_b, other)) = (device(), device());
    let mut log = Log::new();
    let first = report("垃圾", at_minute(0));
    record(&store, &first);
    log.sync(&store);
    log.sync(&other);
    let refused = act(&store, first.document, "inspector", at_minute(1), CaseAct::Close);
    record(&store, &refused);
    record(&store, &act(&store, first.document, "inspector", at_minute(2), rectified("清了")));
    record(&other, &comment(&other, first.document, "同时"));
    log.refuse(refused.event);
    for side in [&store, &other, &store, &other] {
        log.sync(side);
    }
    let heads = |side: &crate::Store| side.document(first.document).unwrap().unwrap().heads();
    assert_eq!(heads(&store), heads(&other));
    let (mine, theirs) =
        (store.case(first.document).unwrap().unwrap(), other.case(first.document).unwrap().unwrap());
    assert_eq!((mine.record, mine.state), (theirs.record, theirs.state));
}

#[test]
fn a_refused_report_takes_its_acts_along_and_they_come_back_together() {
    let (dir, store) = device();
    let mut log = Log::new();
    let first = report("垃圾", at_minute(0));
    record(&store, &first);
    let word = comment(&store, first.document, "补充");
    record(&store, &word);
    let kept = report("另一处", at_minute(1));
    record(&store, &kept);
    log.refuse(first.event);
    log.sync(&store);
    assert!(store.case(first.document).unwrap().is_none());
    assert!(store.search("补充", 9).unwrap().is_empty());
    assert_eq!(store.case(kept.document).unwrap().unwrap().delivery.accepted, 1);
    drop(store);
    let store = super::open(dir.path());
    let attention = store.needs_attention().unwrap();
    assert_eq!(attention.iter().map(|row| row.intent.event).collect::<Vec<_>>(), [first.event, word.event]);

    log.allow(first.event);
    let mut corrected = attention[0].intent.clone();
    if let sanben_document::IntentBody::Report { description, .. } = &mut corrected.body {
        *description = "改正".to_owned();
    }
    let sent = store.resend(attention[0].id, Some(corrected)).unwrap();
    assert_eq!(sent.changes.len(), 2);
    assert!(store.needs_attention().unwrap().is_empty());
    assert!(matches!(store.resend(attention[0].id, None), Err(StoreError::NoAttention)));
    log.sync(&store);
    assert_eq!(store.counts().unwrap().pending, 0);
    let row = store.case(first.document).unwrap().unwrap();
    assert_eq!(row.record.description, "改正");
    assert_eq!(events(&store, first.document), [first.event, word.event].into());
}

#[test]
fn what_is_given_up_is_kept_with_the_reason() {
    let (_dir, store) = device();
    let mut log = Log::new();
    let first = report("垃圾", at_minute(0));
    record(&store, &first);
    log.sync(&store);
    let refused = act(&store, first.document, "inspector", at_minute(1), CaseAct::Close);
    record(&store, &refused);
    log.refuse(refused.event);
    log.sync(&store);
    let id = store.needs_attention().unwrap()[0].id;
    store.discard(id, "不归我管", at_minute(90)).unwrap();
    assert!(matches!(store.discard(id, "再来", at_minute(91)), Err(StoreError::NoAttention)));
    let given_up = store.discarded().unwrap();
    assert_eq!((given_up[0].intent.clone(), given_up[0].reason.as_str()), (refused, "不归我管"));
    assert_eq!(store.counts().unwrap().rejected, 0);
}

#[test]
fn an_act_recorded_while_the_request_was_under_way_survives() {
    let (_dir, store) = device();
    let mut log = Log::new();
    let first = report("垃圾", at_minute(0));
    record(&store, &first);
    log.sync(&store);
    let refused = act(&store, first.document, "inspector", at_minute(1), CaseAct::Close);
    record(&store, &refused);
    log.refuse(refused.event);
    let page = log.answer(&store, &["c1"]);
    let look = CaseAct::LookBack { outcome: Outcome::Failed, words: "还在".to_owned(), photos: Vec::new() };
    let meanwhile = act(&store, first.document, "inspector", at_minute(2), look);
    record(&store, &meanwhile);
    store.apply(&page, at_minute(60)).unwrap();
    assert_eq!(events(&store, first.document), [first.event, meanwhile.event].into());
    assert_eq!(store.pending(usize::MAX).unwrap().len(), 1);
}

#[test]
fn work_that_another_device_carried_needs_no_attention() {
    let ((_a, store), (_b, carrier)) = (device(), device());
    let mut log = Log::new();
    let first = report("垃圾", at_minute(0));
    record(&store, &first);
    log.sync(&store);
    log.sync(&carrier);
    let word = comment(&store, first.document, "两边");
    record(&store, &word);
    record(&carrier, &word);
    log.sync(&carrier);
    log.refuse(word.event);
    let page = log.answer(&store, &["c1", "c2"]);
    store.apply(&page, at_minute(60)).unwrap();
    assert!(store.needs_attention().unwrap().is_empty());
    assert_eq!(store.counts().unwrap().pending, 0);
    let (mine, theirs) = (store.document(first.document), carrier.document(first.document));
    assert_eq!(mine.unwrap().unwrap().heads(), theirs.unwrap().unwrap().heads());
}

#[test]
fn a_verdict_without_the_word_of_an_erasure_takes_nothing_away() {
    let (_dir, store) = device();
    let mut log = Log::new();
    let (kept, told) = (report("垃圾", at_minute(0)), report("别处", at_minute(1)));
    for intent in [&kept, &told] {
        record(&store, intent);
    }
    store.record(&[comment(&store, kept.document, "还在")], None).unwrap();
    let mut page = log.answer(&store, &["c1", "c2"]);
    page.changes.clear();
    page.cursors.clear();
    for (_, verdict) in &mut page.verdicts {
        *verdict = Verdict::Rejected(Rejection::Erased);
    }
    let word = Erasure::sign(told.document, at_minute(30), &SecretKey::from_seed([1; 32]));
    page.erased = vec![word.clone()];
    store.apply(&page, at_minute(60)).unwrap();

    let attention = store.needs_attention().unwrap();
    assert_eq!(attention.len(), 2, "no word, so nothing goes");
    assert_eq!(attention[0].intent, kept);
    assert!(attention.iter().all(|row| row.document == kept.document && row.rejection == Rejection::Erased));
    assert!(store.case(told.document).unwrap().is_none());
    assert_eq!(store.erased().unwrap(), [(told.document, at_minute(30))]);
    assert_eq!(store.outbox(9).unwrap().len(), 2);
    // It has the word for the next life of the log, and this one knows.
    assert_eq!(store.erasures_to_show(9).unwrap(), []);
    store.begin_life(sanben_domain::id::Epoch::from_random([5; 16]), at_minute(0)).unwrap();
    assert_eq!(store.erasures_to_show(9).unwrap(), [word]);

    // The desk's word in the log takes it away all the same.
    let mut page = log.answer(&store, &["c1", "c2"]);
    page.erased = vec![Erasure::sign(kept.document, at_minute(40), &SecretKey::from_seed([1; 32]))];
    store.apply(&page, at_minute(61)).unwrap();
    assert_eq!((store.needs_attention().unwrap().len(), store.outbox(9).unwrap().len()), (0, 0));
}

/// A resident's telephone number, for a case.
fn contact_of(case: DocumentId, minute: i64) -> Intent {
    let home = UnitId::from("c1");
    let (name, telephone) = ("周女士".to_owned(), "13800000042".to_owned());
    let body = IntentBody::AddContact { home, case, name, telephone, note: String::new() };
    Intent { body, document: document_id(), event: event_id(), ..report("", at_minute(minute)) }
}

#[test]
fn a_case_that_was_erased_takes_along_the_contacts_that_the_server_never_had() {
    let (dir, store) = device();
    let mut log = Log::new();
    let (case, other) = (report("垃圾", at_minute(0)), report("别处", at_minute(0)));
    for intent in [&case, &other] {
        record(&store, intent);
    }
    log.sync(&store);
    let of = case.document;
    let (refused, given_up, kept) = (contact_of(of, 1), contact_of(of, 2), contact_of(other.document, 3));
    for intent in [&refused, &given_up, &kept] {
        log.refuse(intent.event);
        record(&store, intent);
    }
    log.sync(&store);
    let attention = store.needs_attention().unwrap();
    assert_eq!(attention.len(), 3);
    let id = attention.iter().find(|row| row.intent == given_up).unwrap().id;
    store.discard(id, "不需要了", at_minute(4)).unwrap();
    // Nobody has heard of this one yet.
    let waiting = contact_of(of, 5);
    record(&store, &waiting);

    let mut page = log.answer(&store, &["c1", "c2"]);
    page.verdicts.clear();
    page.changes.clear();
    page.cursors.clear();
    page.erased = vec![Erasure::sign(of, at_minute(30), &SecretKey::from_seed([1; 32]))];
    store.apply(&page, at_minute(60)).unwrap();
    assert!(store.case(of).unwrap().is_none());
    let attention = store.needs_attention().unwrap();
    assert_eq!(attention.iter().map(|row| &row.intent).collect::<Vec<_>>(), [&kept]);
    assert_eq!(store.discarded().unwrap(), []);
    assert_eq!(store.pending(usize::MAX).unwrap(), []);
    assert!(store.contact(waiting.document).unwrap().is_none());
    drop(store);
    let left = |column: &str| -> i64 {
        let sql = format!("SELECT count(*) FROM outbox WHERE instr({column}, ?1) > 0");
        behind(dir.path()).query_row(&sql, [of.0.as_bytes()], |row| row.get(0)).unwrap()
    };
    assert_eq!((left("intent"), left("coalesce(bytes, x'')")), (0, 0));
}
