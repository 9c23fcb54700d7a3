//! What the desk does is noted, and nobody takes a row out or changes it unseen.

use crate::office::*;
use rusqlite::Connection;
use sanben_domain::id::{DeviceId, PersonId, UnitId};
use sanben_domain::reference::{ReferenceRow, ReferenceUpdate};
use sanben_domain::time::Timestamp;
use sanben_field::NewContact;
use sanben_server::{
    Clock, DeskAct, Front, Limits, Mismatch, Random, RestoreError, Server, TrailEntry, check_log, restore,
};
use std::path::Path;
use std::sync::Arc;

const DESK: &str = "指挥部值班";

fn acts(trail: &[TrailEntry]) -> Vec<DeskAct> {
    trail.iter().map(|entry| entry.deed.act).collect()
}

/// The server of an office as another operator opens it.
fn desk(dir: &Path) -> Server {
    Server::open_system(dir).unwrap().by(DESK)
}

fn exported(server: &Server) -> Vec<u8> {
    let mut file = Vec::new();
    server.export_log(&mut file).unwrap();
    file
}

#[test]
fn every_deed_of_the_desk_is_noted_with_who_and_why() {
    let office = Office::park();
    let before = office.server.trail().unwrap();
    assert_eq!(acts(&before), [DeskAct::Publish]);
    let open = office.open(Front::new(Limits::LOCAL));
    let url = open.plain();
    let device = office.device(INSPECTOR, &url);
    let case = device.report("楼道堆物");
    let resident = NewContact { telephone: "13800000042".to_owned(), ..NewContact::default() };
    let contact = device.field.add_contact(case, resident).unwrap();
    device.sync(&url).unwrap();

    let desk = desk(office.dir.path());
    desk.erase(contact, false, "本人要求").unwrap();
    desk.invite(&PersonId::from(HEAD), 60_000).unwrap();
    let enrolled: DeviceId = desk.devices().unwrap()[0].device;
    assert!(desk.revoke(enrolled).unwrap());
    assert!(desk.revoke(enrolled).unwrap(), "again nothing happens, and nothing is noted");
    let mut moved = desk.reference().unwrap().people[&PersonId::from(CLERK)].clone();
    moved.unit = UnitId::from("park-02");
    let update = || ReferenceUpdate { rows: vec![ReferenceRow::Person(moved.clone())], removed: Vec::new() };
    desk.publish(update()).unwrap();
    desk.publish(update()).unwrap();

    let trail = desk.trail().unwrap();
    let expected = [
        DeskAct::Publish,
        DeskAct::Invite,
        DeskAct::Erase,
        DeskAct::Invite,
        DeskAct::Revoke,
        DeskAct::Publish,
    ];
    assert_eq!(acts(&trail), expected);
    assert!(trail.iter().zip(1..).all(|(entry, seq)| entry.seq == seq));
    assert!(trail[2..].iter().all(|entry| entry.deed.by == DESK), "who was given");
    assert_eq!(
        (trail[2].deed.subjects.as_slice(), trail[2].deed.reason.as_str()),
        ([contact.to_string()].as_slice(), "本人要求")
    );
    assert_eq!(trail[4].deed.subjects, [enrolled.to_string(), INSPECTOR.to_owned()]);
    assert_eq!(trail[5].deed.subjects, [format!("person:{CLERK}")]);
    let told = serde_json::to_string(&trail).unwrap();
    let name = &desk.reference().unwrap().people[&PersonId::from(INSPECTOR)].name;
    assert!(!told.contains(name.as_str()) && !told.contains("13800000042"), "of persons ids only");
    let audit = desk.audit().unwrap();
    assert!(audit.is_sound());
    assert_eq!(audit.deeds, 6);
    let proof = check_log(&mut exported(&desk).as_slice(), Some(&desk.key())).unwrap();
    assert_eq!((proof.mismatch, proof.deeds), (None, 6));
}

#[test]
fn a_trail_that_was_cut_or_edited_is_seen() {
    let office = Office::park();
    for person in [INSPECTOR, CLERK, HEAD] {
        office.code(person);
    }
    let place = tempfile::tempdir().unwrap();
    let backup = place.path().join("monday.tar");
    let contents = office.server.backup(&backup).unwrap();
    assert_eq!(contents.trail.unwrap().0, 4, "signed with the backup");
    let log = office.dir.path().join("log.db");
    let meddle = |sql: &str| Connection::open(&log).unwrap().execute_batch(sql).unwrap();
    let broken = || {
        let audit = office.server.audit().unwrap();
        assert!(!audit.is_sound() && audit.faults.is_empty());
        let proof = check_log(&mut exported(&office.server).as_slice(), None).unwrap();
        assert_eq!(proof.mismatch, audit.trail.map(|seq| Mismatch::Trail { seq }));
        audit.trail.unwrap()
    };
    meddle("UPDATE trail SET bytes = (SELECT bytes FROM trail WHERE seq = 2) WHERE seq = 3");
    assert_eq!(broken(), 3);
    meddle("DELETE FROM trail WHERE seq = 3");
    assert_eq!(broken(), 4);
    meddle("DELETE FROM trail WHERE seq = 1");
    assert_eq!(broken(), 2);

    let clock: Clock = Arc::new(|| Timestamp(1_790_000_000_000));
    let random: Random = Arc::new(|bytes: &mut [u8]| getrandom::fill(bytes).unwrap());
    let dir = place.path().join("again");
    restore(&backup, &dir, None, true, &clock, &random).unwrap();
    let again = desk(&dir);
    let trail = again.trail().unwrap();
    assert_eq!(trail.len(), 5);
    assert_eq!(trail[4].deed.act, DeskAct::Restore, "it goes on through every life of the log");
    assert!(again.audit().unwrap().is_sound());
    let broken = place.path().join("broken.tar");
    let refused = office
        .server
        .backup(&broken)
        .map(|_| restore(&broken, &place.path().join("b"), None, true, &clock, &random));
    assert!(
        matches!(refused, Ok(Err(RestoreError::Audit(_)))),
        "a broken trail is not restored as if it were whole"
    );
}
