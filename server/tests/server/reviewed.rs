//! Work that arrives after its author was reassigned or their device taken out: judged by what held where they
//! stood, and by a person where that is not enough.

use crate::device::{CLERK_01, CLERK_02, COMMAND, Desk, Device, INSPECTOR, bytes, refusal, response};
use sanben_document::{Actor, ChangeHash, IntentBody, Refusal};
use sanben_domain::case::CaseAct;
use sanben_domain::id::{DocumentId, PersonId, UnitId};
use sanben_domain::matter::Value;
use sanben_domain::patrol::PatrolAct;
use sanben_domain::reference::{ReferenceRow, ReferenceUpdate};
use sanben_domain::rights::Denied;
use sanben_server::{EraseError, ReviewError, ReviewedAct};
use sanben_sync::frame::pack;
use sanben_sync::keys::SecretKey;
use sanben_sync::manifest::{Batch, Manifest};
use sanben_sync::note::Erasure;
use sanben_sync::wire::{MAX_IN_REVIEW, Rejection, SYNC_PATH, SyncRequest, Verdict};
use std::collections::BTreeSet;
use std::sync::atomic::Ordering;
use std::time::Duration;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// The clerk of park-01 goes to park-02.
fn reassign(desk: &Desk) {
    let mut clerk = desk.server.reference().unwrap().people[&PersonId::from(CLERK_01)].clone();
    clerk.unit = UnitId::from("park-02");
    let update = ReferenceUpdate { rows: vec![ReferenceRow::Person(clerk)], removed: Vec::new() };
    assert_eq!(desk.server.publish(update).unwrap().changed, 1);
}

fn verdict(device: &Device, change: ChangeHash) -> &Verdict {
    &device.verdicts[&change]
}

#[test]
fn what_was_right_when_it_was_done_is_right_when_it_arrives() {
    let desk = Desk::park();
    let mut clerk = desk.synced(CLERK_01);
    let (case, report) = clerk.report("park-01", "P001");
    reassign(&desk);
    clerk.sync(&desk.server);
    assert!(matches!(verdict(&clerk, report), Verdict::Accepted { .. }));
    // From then on they know.
    let late = clerk.comment(case, "我还在柳西");
    clerk.sync(&desk.server);
    assert_eq!(*verdict(&clerk, late), Verdict::Rejected(Rejection::OutOfScope));
}

#[test]
fn nobody_asks_after_more_than_waits() {
    let desk = Desk::park();
    let clerk = desk.synced(CLERK_01);
    let mut request = clerk.request();
    request.in_review = (0..MAX_IN_REVIEW).map(|_| ChangeHash(bytes())).collect();
    let ask =
        |request: &SyncRequest| desk.server.handle(&clerk.signed("POST", SYNC_PATH, None, pack(request)));
    assert_eq!(ask(&request).status, 200);
    request.in_review.push(ChangeHash(bytes()));
    assert_eq!(refusal(&ask(&request)), (413, "too-large".to_owned()));
}

#[test]
fn no_more_of_one_request_is_erased_again_than_is_looked_at() {
    let desk = Desk::park();
    let clerk = desk.synced(CLERK_01);
    let key = std::fs::read(desk.dir.path().join("server.key")).unwrap();
    let key = SecretKey::from_seed(key.try_into().unwrap());
    let foreign = SecretKey::from_seed([3; 32]);
    let words = |key: &SecretKey, number: usize| -> Vec<Erasure> {
        (0..number).map(|_| Erasure::sign(DocumentId::from_random(bytes()), desk.now(), key)).collect()
    };
    let (own, forged) = (words(&key, 250), words(&foreign, 50));
    let erased = |shown: &[Erasure]| {
        let gone = |word: &&Erasure| {
            matches!(desk.server.erase(word.document, false, "本人要求"), Err(EraseError::Already(_)))
        };
        shown.iter().filter(gone).count()
    };
    let ask = |shown: &[Erasure]| {
        let request = SyncRequest { erased: shown.to_vec(), ..clerk.request() };
        assert_eq!(desk.server.handle(&clerk.signed("POST", SYNC_PATH, None, pack(&request))).status, 200);
    };
    ask(&forged);
    assert_eq!(erased(&forged), 0, "not this server's word");
    ask(&own);
    assert_eq!(erased(&own), 200);
    ask(&own[200..]);
    assert_eq!(erased(&own), 250, "the others with the next");
}

#[test]
fn a_head_that_is_not_of_this_log_gives_no_rights() {
    let desk = Desk::park();
    let mut clerk = desk.synced(CLERK_01);
    let before = clerk.cited();
    reassign(&desk);
    clerk.sync(&desk.server);
    let (_, report) = clerk.report("park-01", "P001");
    // The link of an older entry under another number.
    let mut request = clerk.request();
    let mut manifest = request.batches[0].claimed().unwrap();
    for cited in &mut manifest.cited {
        cited.link = before[0].link;
        cited.seq -= 1;
    }
    let changes = request.batches[0].changes.iter().map(|bytes| bytes.to_vec()).collect();
    request.batches = vec![Batch::sign(&manifest, changes, &clerk.identity.key)];
    let reply = desk.server.handle(&clerk.signed("POST", SYNC_PATH, None, pack(&request)));
    assert_eq!(response(&reply).verdicts, [(report, Verdict::Rejected(Rejection::OutOfScope))]);
}

#[test]
fn what_comes_too_late_is_looked_at_by_a_person_and_told_what_became_of_it() {
    let desk = Desk::park();
    let mut clerk = desk.synced(CLERK_01);
    let (case, report) = clerk.report("park-01", "P001");
    let comment = clerk.comment(case, "还在");
    reassign(&desk);
    desk.clock.fetch_add(8 * DAY_MS, Ordering::Relaxed);
    clerk.sync(&desk.server);
    let why = || Rejection::OutOfScope;
    assert_eq!(*verdict(&clerk, report), Verdict::Review { why: why() });
    assert_eq!(*verdict(&clerk, comment), Verdict::Review { why: why() }, "it builds on it");
    assert_eq!(desk.server.counts().unwrap().changes, 0);
    // Sent again it is in review still; nothing is decided by asking.
    clerk.sync(&desk.server);
    assert_eq!(clerk.standing.in_review, [report, comment]);

    let rows = desk.server.reviews().unwrap();
    assert_eq!(rows.iter().map(|row| row.change).collect::<Vec<_>>(), [report, comment]);
    assert_eq!((rows[0].document, rows[0].person.as_str()), (case, CLERK_01));
    assert_eq!(rows[0].point, Some("P001".into()), "the desk sees what it decides about");
    assert!(matches!(rows[0].acts[..], [ReviewedAct::Case(CaseAct::Report { .. })]));
    assert_eq!(rows[1].acts, [ReviewedAct::Case(CaseAct::Comment { words: "还在".to_owned() })]);
    let decide = |change: ChangeHash, accept| desk.server.decide(&change.to_string(), accept, "确有其事");
    assert!(matches!(decide(comment, true), Err(ReviewError::DoesNotFit(_))), "the report comes first");
    assert!(matches!(desk.server.decide("", true, "都要"), Err(ReviewError::NotOne(_))));
    assert!(matches!(desk.server.decide(&report.to_string(), true, " "), Err(ReviewError::NoReason)));
    decide(report, true).unwrap();
    assert!(matches!(decide(report, false), Err(ReviewError::Decided)));
    desk.server.decide(&comment.to_string(), false, "说不清").unwrap();

    clerk.sync(&desk.server);
    assert!(matches!(verdict(&clerk, report), Verdict::Accepted { .. }));
    let reviewed = Rejection::Reviewed { reason: "说不清".to_owned() };
    assert_eq!(*verdict(&clerk, comment), Verdict::Rejected(reviewed));
    assert!(clerk.standing.in_review.is_empty());
    assert!(desk.synced(COMMAND).documents.contains_key(&case));
    assert!(desk.server.audit().unwrap().faults.is_empty(), "it entered as its author signed it");
}

#[test]
fn what_the_desk_said_is_for_the_author_and_not_for_who_brings_the_work_along() {
    let desk = Desk::park();
    let mut clerk = desk.synced(CLERK_01);
    let (_, report) = clerk.report("park-01", "P001");
    reassign(&desk);
    desk.clock.fetch_add(8 * DAY_MS, Ordering::Relaxed);
    let carried = clerk.request().batches;
    clerk.sync(&desk.server);
    desk.server.decide(&report.to_string(), false, "说不清").unwrap();
    let carrier = desk.synced(COMMAND);
    let mut request = carrier.request();
    request.batches = carried;
    let reply = desk.server.handle(&carrier.signed("POST", SYNC_PATH, None, pack(&request)));
    let reason = String::new();
    assert_eq!(response(&reply).verdicts, [(report, Verdict::Rejected(Rejection::Reviewed { reason }))]);
    clerk.sync(&desk.server);
    let reviewed = Rejection::Reviewed { reason: "说不清".to_owned() };
    assert_eq!(*verdict(&clerk, report), Verdict::Rejected(reviewed));
}

#[test]
fn nothing_enters_through_review_that_its_author_could_never_do() {
    let desk = Desk::park();
    let mut clerk = desk.synced(CLERK_01);
    let (case, report) = clerk.report("park-01", "P001");
    // A clerk never voids; it hangs on work that a person will look at.
    let void = clerk.act(case, CaseAct::Void { reason: "不是问题".to_owned() });
    let comment = clerk.comment(case, "还在");
    desk.server.revoke(clerk.identity.device).unwrap();
    let call = clerk.ask();
    clerk.take(&call, &desk.server.handle(&call));
    let decide = |change: ChangeHash, accept| desk.server.decide(&change.to_string(), accept, "确有其事");
    decide(report, true).unwrap();
    let refused = decide(void, true).unwrap_err();
    assert!(matches!(refused, ReviewError::DoesNotFit(Rejection::NotAllowed(Denied::Role))), "{refused:?}");
    // Refused, it takes along what builds on it.
    decide(void, false).unwrap();
    assert!(matches!(decide(comment, true), Err(ReviewError::Decided)));
    assert_eq!(desk.server.counts().unwrap().changes, 1);
}

#[test]
fn who_signs_for_somebody_else_is_refused_whatever_it_builds_on() {
    let desk = Desk::park();
    let mut clerk = desk.synced(CLERK_01);
    let (case, _) = clerk.report("park-01", "P001");
    desk.server.revoke(clerk.identity.device).unwrap();
    let call = clerk.ask();
    clerk.take(&call, &desk.server.handle(&call));
    let forged = clerk.comment(case, "我是指挥部");
    let mut request = clerk.request();
    let mut manifest = request.batches[0].claimed().unwrap();
    manifest.person = PersonId::from(COMMAND);
    let changes = request.batches[0].changes.iter().map(|bytes| bytes.to_vec()).collect();
    request.batches = vec![Batch::sign(&manifest, changes, &clerk.identity.key)];
    let reply = desk.server.handle(&clerk.signed("POST", SYNC_PATH, None, pack(&request)));
    assert_eq!(response(&reply).verdicts, [(forged, Verdict::Rejected(Rejection::NotTheAuthor))]);
}

#[test]
fn the_desk_sees_what_was_done_whatever_it_is_about() {
    let desk = Desk::park();
    let mut clerk = desk.synced(CLERK_01);
    clerk.open_at(
        "suggestion",
        "park-01",
        Some("P001"),
        None,
        &[("words", Value::Text("路灯晚上不亮".to_owned())), ("anonymous", Value::Yes(true))],
    );
    let mut inspector = desk.synced(INSPECTOR);
    inspector.start_round();
    for device in [&mut clerk, &mut inspector] {
        desk.server.revoke(device.identity.device).unwrap();
        let call = device.ask();
        device.take(&call, &desk.server.handle(&call));
    }
    let rows = desk.server.reviews().unwrap();
    let seen: Vec<_> = rows.iter().map(|row| (row.acts.as_slice(), row.point.as_ref())).collect();
    let point = "P001".into();
    assert!(
        matches!(&seen[..], [
            ([ReviewedAct::Matter { feature, .. }], Some(at)),
            ([ReviewedAct::Patrol(PatrolAct::Start)], None)
        ] if feature == "suggestion" && **at == point),
        "{seen:?}"
    );
    assert_eq!(rows[0].description, "路灯晚上不亮");
}

#[test]
fn what_builds_on_waiting_work_is_put_aside_for_its_author_alone() {
    let desk = Desk::park();
    let mut clerk = desk.synced(CLERK_01);
    let (case, report) = clerk.report("park-01", "P001");
    desk.server.revoke(clerk.identity.device).unwrap();
    let call = clerk.ask();
    clerk.take(&call, &desk.server.handle(&call));
    assert_eq!(*verdict(&clerk, report), Verdict::Review { why: Rejection::Revoked });
    let comment = clerk.comment(case, "还在");
    // Who carries it puts their own name to it.
    let carried = clerk.request().batches;
    let theirs = carried[0].claimed().unwrap();
    let thief = desk.synced(CLERK_02);
    let mut request = thief.request();
    let identity = &thief.identity;
    let manifest = Manifest {
        device: identity.device,
        person: PersonId::from(CLERK_02),
        cited: thief.cited(),
        ..theirs
    };
    let changes = carried[0].changes.iter().map(|bytes| bytes.to_vec()).collect();
    request.batches = vec![Batch::sign(&manifest, changes, &identity.key)];
    let reply = desk.server.handle(&thief.signed("POST", SYNC_PATH, None, pack(&request)));
    assert_eq!(response(&reply).verdicts, [(comment, Verdict::Rejected(Rejection::NotTheAuthor))]);
    assert_eq!(desk.server.reviews().unwrap().len(), 1);
    let call = clerk.ask();
    clerk.take(&call, &desk.server.handle(&call));
    assert_eq!(*verdict(&clerk, comment), Verdict::Review { why: Rejection::Revoked });
    let people: Vec<_> = desk.server.reviews().unwrap().into_iter().map(|row| row.person).collect();
    assert_eq!(people, [PersonId::from(CLERK_01), PersonId::from(CLERK_01)]);
}

/// Each made the server put together anew what waits, while nobody else could write.
#[test]
fn many_who_put_their_name_to_what_builds_on_waiting_work_hold_nobody_up() {
    let desk = Desk::park();
    let mut clerk = desk.synced(CLERK_01);
    let (case, _) = clerk.report("park-01", "P001");
    let long = "还有一处需要整改".repeat(200);
    for _ in 0..100 {
        clerk.comment(case, &long);
    }
    desk.server.revoke(clerk.identity.device).unwrap();
    let hand_in = |clerk: &mut Device| {
        let call = clerk.ask();
        clerk.take(&call, &desk.server.handle(&call));
    };
    hand_in(&mut clerk);
    // Each beside the others, on what waits, in the name of somebody else.
    let mut forged: Vec<Device> = (0..20).map(|_| clerk.clone()).collect();
    let mut batches = Vec::new();
    for forger in &mut forged {
        forger.actor = Actor(bytes());
        forger.identity.person = PersonId::from(COMMAND);
        forger.comment(case, "我是指挥部");
        let claimed = forger.request().batches.pop().unwrap();
        let manifest = Manifest { person: PersonId::from(CLERK_01), ..claimed.claimed().unwrap() };
        let changes = claimed.changes.iter().map(|bytes| bytes.to_vec()).collect();
        batches.push(Batch::sign(&manifest, changes, &clerk.identity.key));
    }
    let request = SyncRequest { batches, ..clerk.request() };
    let reply = desk.server.handle(&clerk.signed("POST", SYNC_PATH, None, pack(&request)));
    let verdicts = response(&reply).verdicts;
    assert_eq!(verdicts.len(), 20);
    assert!(verdicts.iter().all(|(_, verdict)| *verdict == Verdict::Rejected(Rejection::NotTheAuthor)));
    let honest = clerk.comment(case, "还在");
    hand_in(&mut clerk);
    assert_eq!(*verdict(&clerk, honest), Verdict::Review { why: Rejection::Revoked });
}

#[test]
fn who_brings_too_much_at_once_comes_again_with_the_rest() {
    let desk = Desk::park();
    let hurried = desk.another().judging_for(Duration::ZERO);
    let mut clerk = desk.synced(CLERK_01);
    let (case, report) = clerk.report("park-01", "P001");
    let comments: Vec<_> = (0..4).map(|n| clerk.comment(case, &format!("第{n}处"))).collect();
    let call = clerk.ask();
    clerk.take(&call, &hurried.handle(&call));
    assert!(matches!(verdict(&clerk, report), Verdict::Accepted { .. }));
    assert!(comments.iter().all(|change| *verdict(&clerk, *change) == Verdict::Later));
    for _ in &comments {
        let call = clerk.ask();
        clerk.take(&call, &hurried.handle(&call));
    }
    assert!(comments.iter().all(|change| matches!(verdict(&clerk, *change), Verdict::Accepted { .. })));
}

#[test]
fn a_manifest_says_what_it_has_to_and_no_more() {
    let desk = Desk::park();
    let mut clerk = desk.synced(CLERK_01);
    let (_, report) = clerk.report("park-01", "P001");
    let mut request = clerk.request();
    let mut manifest = request.batches[0].claimed().unwrap();
    manifest.cited = vec![manifest.cited[0].clone(); 3];
    let changes = request.batches[0].changes.iter().map(|bytes| bytes.to_vec()).collect();
    request.batches = vec![Batch::sign(&manifest, changes, &clerk.identity.key)];
    let reply = desk.server.handle(&clerk.signed("POST", SYNC_PATH, None, pack(&request)));
    assert_eq!(response(&reply).verdicts, [(report, Verdict::Rejected(Rejection::Unsigned))]);
}

#[test]
fn what_is_too_large_is_not_put_aside_for_a_person_either() {
    let desk = Desk::park();
    let mut clerk = desk.synced(CLERK_01);
    let (case, _) = clerk.report("park-01", "P001");
    clerk.sync(&desk.server);
    desk.server.revoke(clerk.identity.device).unwrap();
    let first = clerk.comment(case, "还有一处");
    let large = clerk.comment(case, &"大".repeat(100_000));
    let call = clerk.ask();
    clerk.take(&call, &desk.server.handle(&call));
    assert_eq!(*verdict(&clerk, first), Verdict::Review { why: Rejection::Revoked });
    assert_eq!(*verdict(&clerk, large), Verdict::Rejected(Rejection::Form(Refusal::TooLarge)));
}

#[test]
fn a_device_that_was_taken_out_hands_in_its_work_and_gets_nothing() {
    let desk = Desk::park();
    let mut clerk = desk.synced(CLERK_01);
    let (_, report) = clerk.report("park-01", "P001");
    let held = clerk.standing.cursors.len();
    assert!(desk.server.revoke(clerk.identity.device).unwrap());
    let call = clerk.ask();
    let page = clerk.take(&call, &desk.server.handle(&call));
    assert_eq!(*verdict(&clerk, report), Verdict::Review { why: Rejection::Revoked });
    assert!(page.revoked && page.cursors.is_empty() && page.changes.is_empty());
    assert_eq!(page.lost.len(), held, "everything it held is lost to it");
    assert_eq!(desk.server.counts().unwrap().changes, 0);
    desk.server.decide(&report.to_string(), true, "平板已交回,记录属实").unwrap();
    assert_eq!(desk.server.counts().unwrap().changes, 1);

    // What nobody of that place could do is no matter for a person.
    let mut thief = desk.synced(CLERK_01);
    desk.server.revoke(thief.identity.device).unwrap();
    let (_, elsewhere) = thief.report("park-09", "P090");
    let call = thief.ask();
    thief.take(&call, &desk.server.handle(&call));
    assert_eq!(*verdict(&thief, elsewhere), Verdict::Rejected(Rejection::Revoked));
}

/// A contact of a case, in the scope that its author says.
fn contact(device: &mut Device, case: DocumentId, home: &str) -> (DocumentId, ChangeHash) {
    let intent = device.intent(
        DocumentId::from_random(bytes()),
        IntentBody::AddContact {
            home: UnitId::from(home),
            case,
            name: "周女士".to_owned(),
            telephone: "13800000042".to_owned(),
            note: String::new(),
        },
    );
    (intent.document, device.record(&intent))
}

#[test]
fn the_contacts_of_an_erased_case_are_found_wherever_they_lie() {
    let desk = Desk::park();
    let (mut clerk, mut other) = (desk.synced(CLERK_01), desk.synced(CLERK_02));
    let (case, _) = clerk.report("park-01", "P001");
    let (beside, _) = contact(&mut clerk, case, "park-01");
    clerk.sync(&desk.server);
    let (elsewhere, written) = contact(&mut other, case, "park-02");
    other.sync(&desk.server);
    assert!(matches!(verdict(&other, written), Verdict::Accepted { .. }));
    let erased = desk.server.erase(case, true, "本人要求").unwrap();
    assert_eq!(BTreeSet::from_iter(erased.documents), BTreeSet::from([case, beside, elsewhere]));

    // Whoever comes later with one is told with the server's word for that very contact.
    let (late, _) = contact(&mut other, case, "park-02");
    let call = other.ask();
    let page = other.take(&call, &desk.server.handle(&call));
    assert_eq!(page.verdicts.len(), 1);
    assert_eq!(page.verdicts[0].1, Verdict::Rejected(Rejection::Erased));
    assert_eq!(page.erased.iter().map(|word| word.document).collect::<Vec<_>>(), [late]);
    assert!(desk.server.audit().unwrap().faults.is_empty());
}
