//! What is taken away behind a bundle: documents that are erased or taken back out of a scope, and whole lives of the log.

use crate::town::{Town, alike, all, enrolled, record, sync};
use sanben_domain::case::{CaseAct, Handler};
use sanben_domain::id::UnitId;
use sanben_domain::time::Timestamp;
use sanben_field::Field;
use sanben_server::Server;

#[test]
fn a_bundle_of_what_another_server_erased_is_swept_away() {
    let town = Town::new(30);
    assert!(town.server.make_bundles(1).unwrap() > 0);
    let kept: Vec<_> =
        town.bundle_files().into_iter().map(|path| (std::fs::read(&path).unwrap(), path)).collect();
    // As another process has its own, that it made before it could know.
    town.server.erase(town.cases[3], true, "本人要求").unwrap();
    assert!(!town.dir.path().join("server/bundles").exists());
    std::fs::create_dir(town.dir.path().join("server/bundles")).unwrap();
    for (bytes, path) in &kept {
        std::fs::write(path, bytes).unwrap();
    }
    town.server.make_bundles(u64::MAX).unwrap();
    let left = town.bundle_files();
    for (_, path) in kept {
        assert!(!left.contains(&path), "{}", path.display());
    }
}

#[test]
fn a_bundle_says_what_was_erased_and_taken_back() {
    let town = Town::new(30);
    let education = UnitId::from("dept-jiaoyu");
    let command = town.device("command");
    sync(&command, &town.server);
    // Three go to a department, and are taken back from it; the second goes there again.
    let dispatched = [town.cases[5], town.cases[6], town.cases[7]];
    let dispatch = |case| {
        let to = Handler { unit: education.clone(), person: None };
        command.act(case, CaseAct::Dispatch { to }, &[]).unwrap();
        sync(&command, &town.server);
    };
    dispatched.into_iter().for_each(dispatch);
    for case in &dispatched[..2] {
        town.server.take_back(*case, &education, "派错部门").unwrap();
    }
    dispatch(dispatched[1]);
    // They begin with bundles, later: enrolled now, so that the older log knows them.
    let enrol = |name: &str, person: &str| enrolled(&town.server, &town.dir.path().join(name), person);
    let by_bundle = [enrol("bundle-command", "U001"), enrol("bundle-department", "U056")];
    let older = town.set_aside();
    let erased = town.cases[3];
    town.server.erase(erased, true, "本人要求").unwrap();
    sync(&command, &town.server);

    let by_log = [enrol("log-command", "U001"), enrol("log-department", "U056")];
    for field in &by_log {
        sync(field, &town.server);
    }
    assert!(town.server.make_bundles(1).unwrap() >= 2, "of the community and of the department");
    for field in &by_bundle {
        sync(field, &town.server);
    }
    let unseen = |field: &Field| field.store().examine(usize::MAX).unwrap().documents;
    assert!(by_bundle.iter().all(|field| unseen(field) >= 2), "they began with them");
    let left = town.cases.iter().copied().filter(|case| *case != erased).collect::<Vec<_>>();
    alike(&by_bundle[0], &by_log[0], &left);
    assert!(by_bundle[0].case(erased).is_err());
    let theirs = |field: &Field| all(field).into_iter().map(|row| row.id).collect::<Vec<_>>();
    assert_eq!(theirs(&by_bundle[1]).len(), 2);
    assert_eq!(theirs(&by_bundle[1]), theirs(&by_log[1]));

    // Who began with a bundle has the server's word, and tells a log that was put back to before.
    let older = Server::open_system(&older).unwrap();
    let held = older.replica().unwrap().counts().unwrap().cases;
    assert!(sync(&by_bundle[0], &older).restored);
    assert_eq!(older.replica().unwrap().counts().unwrap().cases, held - 1);
}

#[test]
fn a_bundle_does_not_outlive_its_log() {
    let town = Town::new(30);
    let older = town.set_aside();
    for n in 0..9 {
        record(&town.inspector, &format!("备份之后{n}"));
    }
    sync(&town.inspector, &town.server);
    town.server.make_bundles(1).unwrap();
    // The older log beside the newer bundles: nobody is offered them.
    std::fs::create_dir_all(older.join("bundles")).unwrap();
    for path in town.bundle_files() {
        std::fs::copy(&path, older.join("bundles").join(path.file_name().unwrap())).unwrap();
    }
    let older = Server::open_system(&older).unwrap();
    let device = enrolled(&older, &town.dir.path().join("device"), "U001");
    sync(&device, &older);
    assert_eq!(all(&device).len(), town.cases.len());
    assert!(!device.store().distrusts_bundles().unwrap());
    // A new life makes its own.
    assert!(sync(&town.inspector, &older).restored);
    assert!(older.make_bundles(1).unwrap() > 0);
    assert!(sync(&device, &older).restored);
    let newcomer = enrolled(&older, &town.dir.path().join("newcomer"), "U001");
    sync(&newcomer, &older);
    assert_eq!(all(&newcomer).len(), town.cases.len() + 9);
    assert!(all(&device) == all(&newcomer), "the same list");
}

#[test]
fn a_device_at_rest_keeps_all_of_a_new_life_that_comes_in_bundles() {
    let town = Town::new(30);
    let education = UnitId::from("dept-jiaoyu");
    let command = town.device("command");
    sync(&command, &town.server);
    let away = town.cases[5];
    for case in [away, town.cases[6]] {
        let to = Handler { unit: education.clone(), person: None };
        command.act(case, CaseAct::Dispatch { to }, &[]).unwrap();
    }
    sync(&command, &town.server);
    town.server.take_back(away, &education, "派错部门").unwrap();
    assert!(town.server.make_bundles(1).unwrap() > 0);
    // One began with bundles, the other read the log and rests.
    let by_bundle = town.device("by-bundle");
    sync(&by_bundle, &town.server);
    sync(&command, &town.server);
    while command.store().compact(Timestamp(i64::MAX), 100).unwrap().more {}
    let older = town.set_aside();
    record(&town.inspector, "备份之后");
    sync(&town.inspector, &town.server);
    sync(&town.head, &town.server);
    for device in [&command, &by_bundle] {
        sync(device, &town.server);
        assert_eq!(all(device).len(), town.cases.len() + 1);
    }
    let older = Server::open_system(&older).unwrap();
    // Somebody else was there first, and since then the server has made bundles.
    assert!(sync(&town.head, &older).restored);
    assert!(older.make_bundles(1).unwrap() > 0);
    for device in [&command, &by_bundle] {
        assert!(sync(device, &older).restored);
        let held: Vec<_> = all(device).into_iter().map(|row| row.id).collect();
        for case in &town.cases {
            assert!(held.contains(case), "{case} is in the log");
        }
        assert!(device.case(away).is_ok());
        assert_eq!(held.len(), town.cases.len(), "and what the log does not have is gone");
        sync(device, &older);
        assert_eq!(device.store().quarantined().unwrap(), []);
    }
}
