//! Reference data: only what differs, all or nothing, seen by every process at once.

use crate::device::*;
use sanben_domain::id::UnitId;
use sanben_domain::reference::{ReferenceRow, ReferenceUpdate};
use sanben_server::{PublishError, import};
use sanben_sync::wire::{Rejection, Verdict};
use std::path::Path;

fn copy_park(to: &Path) {
    for entry in std::fs::read_dir(park()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            std::fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
        }
    }
}

fn edit(dir: &Path, file: &str, edit: impl FnOnce(String) -> String) {
    let path = dir.join(file);
    let text = std::fs::read_to_string(&path).unwrap();
    let edited = edit(text.clone());
    assert_ne!(text, edited);
    std::fs::write(path, edited).unwrap();
}

#[test]
fn importing_twice_changes_nothing() {
    let desk = Desk::empty();
    let park = import::read(&park()).unwrap();
    let first = desk.server.publish_import(&park).unwrap();
    assert_eq!(first.new, park.update.rows.len());
    let entries = desk.server.counts().unwrap().entries;
    let second = desk.server.publish_import(&park).unwrap();
    assert_eq!((second.new, second.changed, second.removed, second.kept), (0, 0, 0, 0));
    assert_eq!(second.same, park.update.rows.len());
    assert_eq!(desk.server.counts().unwrap().entries, entries);
}

#[test]
fn only_what_an_office_changed_is_published() {
    let desk = Desk::park();
    let mut device = desk.synced(COMMAND);
    let folder = tempfile::tempdir().unwrap();
    copy_park(folder.path());
    edit(folder.path(), "points.csv", |text| text.replacen("北苑小区", "北苑花园小区", 1));
    // The head was written wrong: the line is corrected, and another goes.
    edit(folder.path(), "assignments.csv", |text| text.replacen("P001,U051,", "P001,U052,", 1));
    edit(folder.path(), "assignments.csv", |text| text.replacen("P008,U074,包联人,2026-01-01,\n", "", 1));
    let published = desk.server.publish_import(&import::read(folder.path()).unwrap()).unwrap();
    assert_eq!((published.new, published.changed, published.removed, published.kept), (1, 1, 2, 0));

    let call = device.ask();
    let page = device.take(&call, &desk.server.handle(&call));
    let [update] = page.references.as_slice() else { panic!("{} entries", page.references.len()) };
    assert_eq!((update.rows.len(), update.removed.len()), (2, 2));
    let reference = desk.server.reference().unwrap();
    let head = reference.head_of(&"P001".into(), desk.now()).unwrap();
    assert_eq!(head.person.as_str(), "U052");
}

#[test]
fn what_the_past_refers_to_stays() {
    let desk = Desk::park();
    let park = import::read(&park()).unwrap();
    let mut fewer = park.clone();
    fewer
        .update
        .rows
        .retain(|row| !matches!(row, ReferenceRow::Person(person) if person.id.as_str() == "U008"));
    let published = desk.server.publish_import(&fewer).unwrap();
    assert_eq!((published.removed, published.kept), (0, 1));
    assert!(desk.server.reference().unwrap().people.contains_key(&"U008".into()));
    // Said outright, it goes.
    let row =
        |row: &&ReferenceRow| matches!(row, ReferenceRow::Person(person) if person.id.as_str() == "U008");
    let key = park.update.rows.iter().find(row).unwrap().key();
    let mut device = desk.synced("U008");
    let removed = ReferenceUpdate { rows: Vec::new(), removed: vec![key] };
    assert_eq!(desk.server.publish(removed).unwrap().removed, 1);
    let (_, report) = device.report("park-01", "P001");
    let call = device.ask();
    assert!(device.take(&call, &desk.server.handle(&call)).revoked);
    assert_eq!(device.verdicts[&report], Verdict::Review { why: Rejection::Revoked });
    assert_eq!(desk.server.counts().unwrap().changes, 0);
}

#[test]
fn people_go_only_to_those_who_may_know_them() {
    let desk = Desk::park();
    let names = |device: &Device| {
        let scopes = device.standing.cursors.keys().map(ToString::to_string);
        scopes.filter(|scope| !scope.ends_with(":work")).collect::<Vec<_>>()
    };
    let own = format!("{CLERK_01}:personal");
    let held = [own.as_str(), "park:people", "park:reference", "park-01:resident"];
    assert_eq!(names(&desk.synced(CLERK_01)), held);
    let positions = desk.server.positions().unwrap();
    assert!(positions.iter().all(|position| position.seq > 0) && positions.len() == 2);
}

#[test]
fn a_directory_belongs_to_one_tenant() {
    let desk = Desk::empty();
    assert_eq!(desk.server.tenant().unwrap(), None);
    let park = import::read(&park()).unwrap();
    let mut nameless = park.update.clone();
    nameless.rows.retain(|row| !matches!(row, ReferenceRow::Tenant(_)));
    assert!(matches!(desk.server.publish(nameless), Err(PublishError::NoTenant)));
    assert_eq!(desk.server.counts().unwrap().entries, 0);
    desk.server.publish_import(&park).unwrap();
    let mut foreign = park;
    for row in &mut foreign.update.rows {
        if let ReferenceRow::Tenant(tenant) = row {
            tenant.id = "district".into();
        }
    }
    let entries = desk.server.counts().unwrap().entries;
    assert!(matches!(desk.server.publish_import(&foreign), Err(PublishError::OtherTenant)));
    assert_eq!(desk.server.counts().unwrap().entries, entries);
    assert_eq!(desk.server.tenant().unwrap().unwrap().as_str(), "park");
}

#[test]
fn a_row_that_no_phone_could_take_stops_everything() {
    let desk = Desk::park();
    let entries = desk.server.counts().unwrap().entries;
    let mut rows = import::read(&park()).unwrap().update.rows;
    for row in &mut rows {
        match row {
            ReferenceRow::Unit(unit) if unit.id == UnitId::from("park-01") => {
                unit.name = "长".repeat(400_000);
            }
            ReferenceRow::Point(point) => point.name.push('新'),
            _ => {}
        }
    }
    let refused = desk.server.publish(ReferenceUpdate { rows, removed: Vec::new() });
    assert!(matches!(refused, Err(PublishError::TooLarge(kind)) if kind == "unit"));
    assert_eq!(desk.server.counts().unwrap().entries, entries);
}

#[test]
fn a_publication_of_another_process_is_seen_at_once() {
    let desk = Desk::park();
    let mut device = desk.synced(COMMAND);
    let mut rows = import::read(&park()).unwrap().update.rows;
    rows.retain(|row| matches!(row, ReferenceRow::Point(point) if point.id.as_str() == "P001"));
    let ReferenceRow::Point(point) = &mut rows[0] else { panic!() };
    point.name = "北苑小区（一期）".to_owned();
    desk.another().publish(ReferenceUpdate { rows, removed: Vec::new() }).unwrap();
    assert_eq!(desk.server.reference().unwrap().points[&"P001".into()].name, "北苑小区（一期）");
    let call = device.ask();
    assert_eq!(device.take(&call, &desk.server.handle(&call)).references.len(), 1);
}
