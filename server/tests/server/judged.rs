//! What may not enter, and what its verdict does to everything else.

use crate::device::*;
use sanben_document::{Actor, ChangeHash, Refusal};
use sanben_domain::case::CaseAct;
use sanben_domain::id::{PersonId, TenantId};
use sanben_domain::rights::Denied;
use sanben_sync::frame::pack;
use sanben_sync::manifest::{Batch, Manifest};
use sanben_sync::wire::{Rejection, SYNC_PATH, SyncRequest, Verdict};

fn verdicts(desk: &Desk, device: &Device, request: &SyncRequest) -> Vec<(ChangeHash, Verdict)> {
    let call = device.signed("POST", SYNC_PATH, None, pack(request));
    let reply = desk.server.handle(&call);
    assert!(device.believes(&call, &reply));
    response(&reply).verdicts
}

fn resigned(device: &Device, batch: &Batch, change: impl FnOnce(&mut Manifest)) -> Batch {
    let mut manifest = batch.claimed().unwrap();
    change(&mut manifest);
    let changes = batch.changes.iter().map(|bytes| bytes.to_vec()).collect();
    Batch::sign(&manifest, changes, &device.identity.key)
}

#[test]
fn a_rejection_takes_its_dependants_and_nothing_else() {
    let desk = Desk::park();
    let mut clerk = desk.synced(CLERK_01);
    let (case, report) = clerk.report("park-01", "P001");
    let void = clerk.act(case, CaseAct::Void { reason: "不归我们管".to_owned() });
    let comment = clerk.comment(case, "见上");
    let (_, other) = clerk.report("park-01", "P002");
    clerk.sync(&desk.server);
    assert!(matches!(clerk.verdicts[&report], Verdict::Accepted { seq: 1 }));
    assert_eq!(clerk.verdicts[&void], Verdict::Rejected(Rejection::NotAllowed(Denied::Role)));
    assert_eq!(clerk.verdicts[&comment], Verdict::Rejected(Rejection::DependsOnRejected));
    assert!(matches!(clerk.verdicts[&other], Verdict::Accepted { seq: 2 }));
}

#[test]
fn dependants_of_a_rejection_in_an_earlier_request_fall_too() {
    let desk = Desk::park();
    let mut clerk = desk.synced(CLERK_01);
    let (case, _) = clerk.report("park-01", "P001");
    clerk.act(case, CaseAct::Void { reason: "不归我们管".to_owned() });
    // Recorded before the verdict arrived.
    let mut ahead = clerk.clone();
    let comment = ahead.comment(case, "见上");
    clerk.sync(&desk.server);
    ahead.outbox.retain(|pending| pending.hash == comment);
    ahead.standing = clerk.standing.clone();
    let verdicts = verdicts(&desk, &ahead, &ahead.request());
    assert_eq!(verdicts, [(comment, Verdict::Rejected(Rejection::DependsOnRejected))]);
}

#[test]
fn nobody_writes_in_anothers_name() {
    let desk = Desk::park();
    let mut clerk = desk.synced(CLERK_01);
    let mut intent = clerk.report_intent("park-01", "P001", &[]);
    intent.by = PersonId::from(HEAD_01);
    let forged = clerk.record(&intent);
    // The manifest names the enrolled person, the event somebody else.
    clerk.outbox[0].person = clerk.identity.person.clone();
    assert_eq!(
        verdicts(&desk, &clerk, &clerk.request()),
        [(forged, Verdict::Rejected(Rejection::NotTheAuthor))]
    );
    // The manifest itself names somebody else.
    let mut clerk = desk.synced(CLERK_01);
    let (_, report) = clerk.report("park-01", "P001");
    clerk.outbox[0].person = PersonId::from(COMMAND);
    assert_eq!(
        verdicts(&desk, &clerk, &clerk.request()),
        [(report, Verdict::Rejected(Rejection::NotTheAuthor))]
    );
    assert_eq!(desk.server.counts().unwrap().changes, 0);
}

#[test]
fn scopes_that_are_not_held_are_not_written() {
    let desk = Desk::park();
    let mut clerk = desk.synced(CLERK_01);
    let (_, abroad) = clerk.report("park-02", "P011");
    let (case, _) = clerk.report("park-01", "P001");
    // A document of one scope under the name of another.
    clerk.outbox[1].home = clerk.outbox[0].home.clone();
    let relabelled = clerk.outbox[1].hash;
    let verdicts = verdicts(&desk, &clerk, &clerk.request());
    let out = Verdict::Rejected(Rejection::OutOfScope);
    assert_eq!(verdicts, [(abroad, out.clone()), (relabelled, out)]);
    assert!(clerk.documents.contains_key(&case));
    assert_eq!(
        desk.server.counts().unwrap().entries,
        desk.synced(COMMAND).standing.cursors.values().map(|c| c.seq).sum::<u64>()
    );
}

#[test]
fn unsigned_work_is_refused_without_spoiling_it_for_its_author() {
    let desk = Desk::park();
    let mut clerk = desk.synced(CLERK_01);
    let (_, report) = clerk.report("park-01", "P001");
    let good = clerk.request();
    let unsigned = [(report, Verdict::Rejected(Rejection::Unsigned))];

    let mut broken = good.clone();
    broken.batches[0].signature.0[40] ^= 1;
    assert_eq!(verdicts(&desk, &clerk, &broken), unsigned);
    let mut broken = good.clone();
    broken.batches[0].manifest.pop();
    assert_eq!(verdicts(&desk, &clerk, &broken), unsigned);
    let mut broken = good.clone();
    broken.batches[0] =
        resigned(&clerk, &good.batches[0], |manifest| manifest.tenant = TenantId::from("district"));
    assert_eq!(verdicts(&desk, &clerk, &broken), unsigned);
    // Signed by a device that is enrolled for somebody else, in its own name.
    let thief = desk.synced(INSPECTOR);
    let mut stolen = thief.request();
    stolen.batches = vec![resigned(&thief, &good.batches[0], |manifest| {
        manifest.device = thief.identity.device;
        manifest.person = thief.identity.person.clone();
    })];
    let rejected = [(report, Verdict::Rejected(Rejection::NotTheAuthor))];
    assert_eq!(verdicts(&desk, &thief, &stolen), rejected);
    assert_eq!(desk.server.counts().unwrap().changes, 0);

    clerk.sync(&desk.server);
    assert!(matches!(clerk.verdicts[&report], Verdict::Accepted { .. }));
}

#[test]
fn work_is_judged_by_its_author_not_by_who_delivers_it() {
    let desk = Desk::park();
    let mut clerk = desk.synced(CLERK_01);
    let carrier = desk.synced(CLERK_02);
    let (case, report) = clerk.report("park-01", "P001");
    let mut mailbag = carrier.request();
    mailbag.batches = clerk.request().batches;
    assert!(
        matches!(verdicts(&desk, &carrier, &mailbag)[..], [(hash, Verdict::Accepted { .. })] if hash == report)
    );
    assert_eq!(desk.synced(HEAD_01).documents[&case].heads(), [report]);
    clerk.sync(&desk.server);
    assert!(clerk.outbox.is_empty());
}

#[test]
fn a_carrier_cannot_spoil_what_it_carries() {
    let desk = Desk::park();
    let mut clerk = desk.synced(CLERK_01);
    let carrier = desk.synced(CLERK_02);
    let (case, report) = clerk.report("park-01", "P001");
    let comment = clerk.comment(case, "还在");
    let mut mailbag = carrier.request();
    mailbag.batches = clerk.request().batches;
    // The first change is damaged on the way, the second arrives without what it builds on.
    mailbag.batches[0].changes[0][40] ^= 1;
    assert_eq!(
        verdicts(&desk, &carrier, &mailbag),
        [(report, Verdict::Rejected(Rejection::Unsigned)), (comment, Verdict::Later)]
    );
    clerk.sync(&desk.server);
    for hash in [report, comment] {
        assert!(matches!(clerk.verdicts[&hash], Verdict::Accepted { .. }), "{:?}", clerk.verdicts);
    }
}

#[test]
fn an_event_is_never_overwritten() {
    let desk = Desk::park();
    let mut clerk = desk.synced(CLERK_01);
    let (case, _) = clerk.report("park-01", "P001");
    clerk.sync(&desk.server);
    let mut liar = Device { actor: Actor(bytes()), ..clerk.clone() };
    let comment = |device: &Device, words: &str| {
        let act = CaseAct::Comment { words: words.to_owned() };
        device.intent(case, sanben_document::IntentBody::Act { act, photos: Default::default() })
    };
    let said = comment(&clerk, "七点前清完");
    clerk.record(&said);
    clerk.sync(&desk.server);
    let mut other = comment(&liar, "从来没说过");
    other.event = said.event;
    let overwriting = liar.record(&other);
    let forbidden = Verdict::Rejected(Rejection::Form(Refusal::Forbidden));
    assert_eq!(verdicts(&desk, &liar, &liar.request()), [(overwriting, forbidden)]);
}

#[test]
fn a_writer_has_one_change_with_a_number() {
    let desk = Desk::park();
    let mut clerk = desk.synced(CLERK_01);
    let (case, _) = clerk.report("park-01", "P001");
    clerk.sync(&desk.server);
    // As after a restored backup that went on writing under the same actor.
    let mut restored = clerk.clone();
    clerk.comment(case, "第一次");
    clerk.sync(&desk.server);
    let forked = restored.comment(case, "第二次");
    let fork = Verdict::Rejected(Rejection::Form(Refusal::Fork));
    assert_eq!(verdicts(&desk, &restored, &restored.request()), [(forked, fork)]);
}

#[test]
fn what_the_server_itself_cannot_judge_waits() {
    let desk = Desk::park();
    let mut clerk = desk.synced(CLERK_01);
    let (case, _) = clerk.report("park-01", "P001");
    clerk.sync(&desk.server);
    let log = rusqlite::Connection::open(desk.dir.path().join("log.db")).unwrap();
    let kept: Vec<u8> = log.query_row("SELECT bytes FROM change", [], |row| row.get(0)).unwrap();
    log.execute("UPDATE change SET bytes = zeroblob(90)", []).unwrap();
    let first = clerk.comment(case, "还在");
    let second = clerk.comment(case, "清了");
    let (_, other) = clerk.report("park-01", "P002");
    let verdicts = verdicts(&desk, &clerk, &clerk.request());
    assert_eq!(verdicts[..2], [(first, Verdict::Later), (second, Verdict::Later)]);
    assert!(matches!(verdicts[2], (hash, Verdict::Accepted { .. }) if hash == other));

    log.execute("UPDATE change SET bytes = ?1 WHERE seq = 1", [kept]).unwrap();
    clerk.sync(&desk.server);
    for hash in [first, second, other] {
        assert!(matches!(clerk.verdicts[&hash], Verdict::Accepted { .. }), "{:?}", clerk.verdicts);
    }
}
