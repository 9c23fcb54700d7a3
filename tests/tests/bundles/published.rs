//! What is published while bundles are about: their rows were folded before, and lists say all the same what the
//! documents say with the reference data of now.

use crate::town::{Town, alike, all, sync};
use chrono::TimeDelta;
use sanben_domain::id::UnitId;
use sanben_domain::reference::{Person, ReferenceRow, ReferenceUpdate};
use std::collections::BTreeSet;

/// The head of the point is of another community from now on: so are the cases in their hands.
fn moved(town: &Town) -> ReferenceUpdate {
    let head = town.head.reference().unwrap().people[&"U060".into()].clone();
    let row = ReferenceRow::Person(Person { unit: UnitId::from("park-09"), ..head });
    ReferenceUpdate { rows: vec![row], removed: Vec::new() }
}

/// The day ends earlier from now on: everything is due earlier.
fn earlier(town: &Town) -> ReferenceUpdate {
    let mut tenant = town.head.reference().unwrap().tenant.clone().unwrap();
    tenant.day.ends_at -= TimeDelta::minutes(30);
    ReferenceUpdate { rows: vec![ReferenceRow::Tenant(tenant)], removed: Vec::new() }
}

#[test]
fn rows_of_a_bundle_follow_what_is_published() {
    for (what, update) in [("a person", moved as fn(&Town) -> _), ("the day", earlier)] {
        let town = Town::new(40);
        assert!(town.server.make_bundles(1).unwrap() > 0);
        let before = town.device("before");
        sync(&before, &town.server);
        let rows = all(&before);
        let old: BTreeSet<_> = town.bundle_files().into_iter().collect();

        town.server.publish(update(&town)).unwrap();
        // One that has a bundle nobody has looked into, and one that comes while there are only old ones.
        let after = town.device("after");
        for field in [&before, &after] {
            sync(field, &town.server);
        }
        assert!(all(&before) != rows, "{what}: it shows in the list");
        assert!(all(&before) == all(&after), "{what}");

        assert!(town.server.make_bundles(1).unwrap() > 0, "{what}: they are made anew");
        assert!(town.bundle_files().iter().all(|path| !old.contains(path)), "{what}");
        let anew = town.device("anew");
        sync(&anew, &town.server);
        let at_once = all(&anew);
        assert!(anew.store().examine(1).unwrap().more, "{what}: nobody had to look into them");
        assert!(at_once == all(&after), "{what}");
        alike(&before, &after, &town.cases);
        alike(&anew, &after, &town.cases);
    }
}
