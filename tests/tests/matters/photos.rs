//! Pictures of a matter go when it goes.

use crate::stage::*;
use sanben_domain::id::{MatterId, PersonId, PhotoHash, UnitId};
use sanben_domain::matter::Value;
use sanben_domain::reference::{ReferenceRow, ReferenceUpdate};
use sanben_field::{MatterQuery, NewMatter};
use sanben_tests::world::{World, park};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// A resident's words with a picture, recorded by the clerk of the community.
fn suggestion(world: &World) -> (MatterId, PathBuf, PhotoHash) {
    let picture = park().join("photos/fire-lane-blocked.jpg");
    let hash = PhotoHash(Sha256::digest(std::fs::read(&picture).unwrap()).into());
    let given = [("words", text(RESIDENTS_WORDS)), ("anonymous", Value::Yes(true))];
    let photos = BTreeMap::from([("photos".to_owned(), vec![picture.clone()])]);
    let point = Some("P011".into());
    let id = open(world, CLERK, NewMatter { point, photos, ..new("suggestion", &given) });
    (id, picture, hash)
}

const RESIDENTS_WORDS: &str = "消防通道被堵夜里出不去";

/// Where the picture still is on a device: its row, its small picture, its file.
fn pictured(world: &World, device: usize, hash: PhotoHash) -> (bool, bool, bool) {
    let store = world.devices[device].field().store();
    (
        store.photo(hash).unwrap().is_some(),
        store.thumbnail(hash).unwrap().is_some(),
        store.photo_path(hash).exists(),
    )
}

#[test]
fn a_suggestion_that_is_erased_leaves_no_word_and_no_picture() {
    let mut world = world(38);
    let (id, _, hash) = suggestion(&world);
    sync(&mut world);
    sync(&mut world);
    assert!(holds(&world, GRID, id));
    assert_eq!(pictured(&world, CLERK, hash), (true, true, true));
    world.devices[GRID]
        .field()
        .matters(&MatterQuery { text: Some("消防".to_owned()), ..MatterQuery::default() })
        .unwrap();
    assert!(world.devices[GRID].disk.holds(RESIDENTS_WORDS.as_bytes()));

    world.server().erase(id, false, "居民要求").unwrap();
    sync(&mut world);
    sync(&mut world);
    for device in [CLERK, GRID] {
        assert!(!holds(&world, device, id));
        assert_eq!(pictured(&world, device, hash), (false, false, false), "device {device}");
        world.devices[device].field().tidy(100).unwrap();
        for part in [RESIDENTS_WORDS, "里出不"] {
            assert!(!world.devices[device].disk.holds(part.as_bytes()), "device {device}: {part}");
        }
    }
}

#[test]
fn who_loses_a_scope_keeps_no_picture_of_its_matters() {
    let mut world = world(39);
    let (id, _, hash) = suggestion(&world);
    sync(&mut world);
    sync(&mut world);
    assert_eq!(pictured(&world, CLERK, hash), (true, true, true));
    let mut clerk = world.server().reference().unwrap().people[&PersonId::from("U024")].clone();
    clerk.unit = UnitId::from("park-09");
    let rows = vec![ReferenceRow::Person(clerk)];
    world.server().publish(ReferenceUpdate { rows, removed: Vec::new() }).unwrap();
    sync(&mut world);
    sync(&mut world);
    assert!(!holds(&world, CLERK, id));
    assert_eq!(pictured(&world, CLERK, hash), (false, false, false));
}
