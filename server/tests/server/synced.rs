//! The round trip: what arrives, what is repeated, what is said when nothing is new.

use crate::device::*;
use sanben_domain::id::{PersonId, PointId};
use sanben_domain::reference::{Assignment, Duty, ReferenceRow, ReferenceUpdate};
use sanben_domain::rights::{Scope, home_scope};
use sanben_server::Server;
use sanben_sync::chain::{Link, SignedHead};
use sanben_sync::device::{Answer, AnswerError, Standing};
use sanben_sync::frame::pack;
use sanben_sync::keys::SecretKey;
use sanben_sync::wire::{Cursors, EntryBody, SYNC_PATH, SyncRequest, Verdict, digest};
use std::collections::BTreeMap;

#[test]
fn work_of_one_device_reaches_another_that_may_see_it() {
    let desk = Desk::park();
    let mut inspector = desk.synced(INSPECTOR);
    let (case, report) = inspector.report("park-01", "P001");
    let comment = inspector.comment(case, "先拍照，再联系物业");
    inspector.sync(&desk.server);
    assert!(matches!(inspector.verdicts[&report], Verdict::Accepted { seq: 1 }));
    assert!(matches!(inspector.verdicts[&comment], Verdict::Accepted { seq: 2 }));

    let (head, clerk) = (desk.synced(HEAD_01), desk.synced(CLERK_02));
    assert_eq!(head.documents[&case].heads(), inspector.documents[&case].heads());
    assert_eq!(head.documents[&case].save(), inspector.documents[&case].save());
    assert!(clerk.documents.is_empty(), "another community's clerk sees nothing of it");
}

#[test]
fn a_retry_after_a_lost_answer_has_no_second_effect() {
    let desk = Desk::park();
    let mut device = desk.synced(CLERK_01);
    let (case, _) = device.report("park-01", "P001");
    let void = device.act(case, sanben_domain::case::CaseAct::Void { reason: "不是问题".to_owned() });
    let call = device.ask();
    let first = desk.server.handle(&call);
    let counts = desk.server.counts().unwrap();
    assert_eq!((counts.changes, counts.rejected), (1, 1));

    desk.wait(5_000);
    let again = desk.server.handle(&call);
    let (lost, repeated) = (response(&first), response(&again));
    assert_eq!(lost.verdicts, repeated.verdicts);
    assert_eq!(lost.scopes, repeated.scopes, "the entries keep the time of the first receipt");
    assert_eq!(desk.server.counts().unwrap(), counts);
    device.take(&call, &again);
    assert!(matches!(device.verdicts[&void], Verdict::Rejected(_)));
    assert_eq!(desk.server.handle(&call).body.len(), again.body.len());
}

#[test]
fn own_work_comes_back_without_its_bytes() {
    let desk = Desk::park();
    let mut device = desk.synced(CLERK_01);
    device.report("park-01", "P001");
    let call = device.ask();
    let answer = response(&desk.server.handle(&call));
    let bodies: Vec<_> =
        answer.scopes.iter().flat_map(|part| &part.entries).map(|entry| &entry.body).collect();
    assert!(matches!(bodies.as_slice(), [EntryBody::Echo { .. }]), "{bodies:?}");
    // Claiming a change without having its bytes gets them.
    device.sync(&desk.server);
    let mut other = desk.device(CLERK_01);
    other.sync(&desk.server);
    assert_eq!(other.documents.len(), 1);
}

#[test]
fn nothing_new_is_one_small_request_for_any_number_of_scopes() {
    let desk = Desk::park();
    let mut command = desk.synced(COMMAND);
    assert!(command.standing.cursors.len() > 14, "every community's scope is held");
    let call = command.ask();
    let reply = desk.server.handle(&call);
    assert!(call.body.len() <= 150, "{} bytes up", call.body.len());
    assert!(reply.body.len() <= 150, "{} bytes down", reply.body.len());
    assert!(command.take(&call, &reply).cursors.is_empty());
}

#[test]
fn cursors_are_remembered_while_answers_get_lost() {
    let desk = Desk::park();
    let (mut away, mut here) = (desk.synced(CLERK_01), desk.synced(INSPECTOR));
    for _ in 0..5 {
        here.report("park-01", "P001");
        here.sync(&desk.server);
        // The answer never arrives, so the device asks from where it was.
        assert!(matches!(away.request().cursors, Cursors::Digest(_)));
        let reply = desk.server.handle(&away.ask());
        assert!(!response(&reply).send_cursors);
    }
    assert_eq!(away.sync(&desk.server), 1);
    assert_eq!(away.documents.len(), 5);
}

#[test]
fn unknown_digests_make_the_server_ask_for_the_cursors() {
    let desk = Desk::park();
    let mut device = desk.synced(CLERK_01);
    device.standing.cursors.pop_last();
    device.report("park-01", "P001");
    let call = device.ask();
    let reply = desk.server.handle(&call);
    assert_eq!(device.check(&call, &reply), Ok(Answer::SendCursors));
    assert_eq!(desk.server.counts().unwrap().changes, 0, "nothing else was done");
    device.standing.confirmed = false;
    device.sync(&desk.server);
    assert_eq!(desk.server.counts().unwrap().changes, 1);
}

#[test]
fn small_budgets_bring_everything_in_many_pages() {
    let desk = Desk::park();
    let mut inspector = desk.synced(INSPECTOR);
    for _ in 0..30 {
        inspector.report("park-01", "P001");
        inspector.report("park-02", "P011");
    }
    inspector.sync(&desk.server);
    let mut slow = desk.device(INSPECTOR);
    slow.budget = 2_000;
    let rounds = slow.sync(&desk.server);
    assert!(rounds > 10, "{rounds} rounds");
    assert_eq!(slow.documents.len(), 60);
    assert_eq!(slow.standing, inspector.standing);
}

#[test]
fn scopes_come_and_go_with_assignments() {
    let desk = Desk::park();
    let (mut inspector, mut head) = (desk.synced(INSPECTOR), desk.synced(HEAD_01));
    let (case, _) = inspector.report("park-02", "P011");
    inspector.sync(&desk.server);
    head.sync(&desk.server);
    assert!(!head.documents.contains_key(&case));

    let mut duty = Assignment {
        point: PointId::from("P011"),
        person: PersonId::from(HEAD_01),
        duty: Duty::Head,
        from: desk.now(),
        until: None,
    };
    let publish = |duty: &Assignment| {
        let rows = vec![ReferenceRow::Assignment(duty.clone())];
        desk.server.publish(ReferenceUpdate { rows, removed: Vec::new() }).unwrap();
    };
    publish(&duty);
    head.sync(&desk.server);
    assert!(head.documents.contains_key(&case), "the history of a gained scope arrives");

    desk.wait(1_000);
    duty.until = Some(desk.now());
    publish(&duty);
    let call = head.ask();
    let page = head.take(&call, &desk.server.handle(&call));
    assert_eq!(page.lost.iter().map(ToString::to_string).collect::<Vec<_>>(), ["park-02:work"]);
}

#[test]
fn another_server_is_not_believed() {
    let (desk, other) = (Desk::park(), Desk::park());
    let mut device = desk.synced(CLERK_01);
    let call = device.ask();
    let reply = other.server.handle(&call);
    assert!(!device.believes(&call, &reply));
    assert_eq!(refusal(&reply), (401, "unknown-device".to_owned()));
    // And a head that another key signed is refused by itself.
    device.report("park-01", "P001");
    let call = device.ask();
    let reply = desk.server.handle(&call);
    let mut deceived = device.clone();
    deceived.identity.server = SecretKey::from_seed(bytes()).public();
    let checked = sanben_sync::device::check(&deceived.identity, &deceived.standing, response(&reply));
    assert!(matches!(checked, Err(AnswerError::Forged(_))), "{checked:?}");
}

#[test]
fn a_log_that_was_rolled_back_begins_a_new_life_on_proof() {
    let desk = Desk::park();
    let mut device = desk.synced(CLERK_01);
    // A backup in the right way: the database copies itself.
    let backup = desk.dir.path().join("backup.db");
    let log = rusqlite::Connection::open(desk.dir.path().join("log.db")).unwrap();
    log.execute("VACUUM INTO ?1", [backup.to_str().unwrap()]).unwrap();
    drop(log);
    device.report("park-01", "P001");
    let heads = heads_of(&mut device, &desk.server);

    let restored = tempfile::tempdir().unwrap();
    std::fs::copy(&backup, restored.path().join("log.db")).unwrap();
    std::fs::copy(desk.dir.path().join("server.key"), restored.path().join("server.key")).unwrap();
    let server = open(restored.path(), &desk.clock);
    device.standing.confirmed = false;
    let before = server.epoch().unwrap();
    let asked_to_prove = |device: &Device| {
        let call = device.ask();
        let answer = device.check(&call, &server.handle(&call)).unwrap();
        let Answer::Prove(scope) = answer else { panic!("{answer:?}") };
        (scope.clone(), heads[&scope].clone())
    };
    asked_to_prove(&device);
    // Also when something else has taken the numbers since.
    let code = server.invite(&PersonId::from(CLERK_01), 60_000).unwrap();
    let mut newcomer = Device::enrol(&server, &code, desk.now());
    newcomer.report("park-01", "P001");
    newcomer.report("park-01", "P001");
    let mut newcomer_heads = heads_of(&mut newcomer, &server);
    let (scope, head) = asked_to_prove(&device);

    // Somebody else's word, or a head that the log has, moves nothing.
    let forged = SignedHead::sign(before, &scope, head.seq, Link([7; 32]), &SecretKey::from_seed(bytes()));
    let told = newcomer_heads.remove(&scope).unwrap();
    for proof in [forged, told] {
        let request = SyncRequest { proof: Some((scope.clone(), proof)), ..device.request() };
        let _ = server.handle(&device.signed("POST", SYNC_PATH, None, pack(&request)));
        assert_eq!(server.epoch().unwrap(), before);
    }

    let request = SyncRequest { proof: Some((scope, head)), ..device.request() };
    let call = device.signed("POST", SYNC_PATH, None, pack(&request));
    let answer = device.check(&call, &server.handle(&call)).unwrap();
    let life = server.epoch().unwrap();
    assert_ne!(life, before);
    assert_eq!(answer, Answer::NewLife(life));
    assert!(server.audit().unwrap().faults.is_empty(), "the new life's chain holds");
    assert_eq!(newcomer_answer(&mut newcomer, &server), Answer::NewLife(life), "everybody hears of it");
    // From the beginning, in the new life.
    device.standing = Standing::default();
    device.sync(&server);
}

/// Syncs; gives the signed heads that came.
fn heads_of(device: &mut Device, server: &Server) -> BTreeMap<Scope, SignedHead> {
    let mut heads = BTreeMap::new();
    loop {
        let call = device.ask();
        let page = device.take(&call, &server.handle(&call));
        heads.extend(page.cursors.into_iter().map(|(scope, _, head)| (scope, head)));
        if !page.more {
            return heads;
        }
    }
}

fn newcomer_answer(device: &mut Device, server: &Server) -> Answer {
    let call = device.ask();
    device.check(&call, &server.handle(&call)).unwrap()
}

#[test]
fn a_log_that_was_rolled_back_and_grew_to_the_same_number_is_seen_at_once() {
    let desk = Desk::park();
    let mut device = desk.synced(CLERK_01);
    device.report("park-01", "P001");
    device.sync(&desk.server);
    let backup = desk.dir.path().join("backup.db");
    rusqlite::Connection::open(desk.dir.path().join("log.db"))
        .unwrap()
        .execute("VACUUM INTO ?1", [backup.to_str().unwrap()])
        .unwrap();
    device.report("park-01", "P001");
    device.sync(&desk.server);

    let restored = tempfile::tempdir().unwrap();
    std::fs::copy(&backup, restored.path().join("log.db")).unwrap();
    std::fs::copy(desk.dir.path().join("server.key"), restored.path().join("server.key")).unwrap();
    let server = open(restored.path(), &desk.clock);
    let code = server.invite(&PersonId::from(CLERK_01), 60_000).unwrap();
    let mut newcomer = Device::enrol(&server, &code, desk.now());
    newcomer.report("park-01", "P001");
    newcomer.sync(&server);
    let scope = home_scope(&"park-01".into());
    assert_eq!(
        newcomer.standing.cursors[&scope].seq, device.standing.cursors[&scope].seq,
        "the very same number"
    );

    // With the digest it is not known; with numbers and links the other chain shows.
    let answer = |device: &Device| {
        let call = device.ask();
        device.check(&call, &server.handle(&call)).unwrap()
    };
    assert_eq!(answer(&device), Answer::SendCursors);
    device.standing.confirmed = false;
    assert_eq!(answer(&device), Answer::Prove(scope));
    // A device of an earlier version names no links, and is answered as before.
    let older = SyncRequest { links: None, ..device.request() };
    let call = device.signed("POST", SYNC_PATH, None, pack(&older));
    let Answer::Apply(page) = device.check(&call, &server.handle(&call)).unwrap() else {
        panic!("nothing new")
    };
    assert!(page.cursors.is_empty() && page.confirmed);
    // So is its digest from then on.
    let numbers: Vec<_> =
        device.standing.cursors.iter().map(|(scope, cursor)| (scope.clone(), cursor.seq)).collect();
    let quiet = SyncRequest { cursors: Cursors::Digest(digest(&numbers)), ..older };
    let call = device.signed("POST", SYNC_PATH, None, pack(&quiet));
    let Answer::Apply(page) = device.check(&call, &server.handle(&call)).unwrap() else {
        panic!("nothing new")
    };
    assert!(page.cursors.is_empty() && page.confirmed);
}
