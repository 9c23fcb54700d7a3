//! A backup while the server works, and back from it.

use crate::office::*;
use sanben_domain::time::Timestamp;
use sanben_server::{Clock, Front, Limits, Random, RestoreError, Restored, Server, restore};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

fn back(file: &Path, dir: &Path) -> Result<Restored, RestoreError> {
    let clock: Clock = Arc::new(|| Timestamp(1_790_000_000_000));
    let random: Random = Arc::new(|bytes: &mut [u8]| getrandom::fill(bytes).unwrap());
    restore(file, dir, None, true, &clock, &random)
}

#[test]
fn everything_comes_back_and_begins_another_life() {
    let office = Office::park();
    let open = office.open(Front::new(Limits::LOCAL));
    let url = open.plain();
    let device = office.device(INSPECTOR, &url);
    let case = device.report("人行道地砖翘起");
    device.sync(&url).unwrap();
    let before = office.server.counts().unwrap();
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("monday.tar");
    let contents = office.server.backup(&file).unwrap();
    assert!(contents.missing.is_empty());
    assert!(contents.files.iter().any(|row| row.name.starts_with("photos/")));
    assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 1, "nothing is left beside it");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    // It is a tar like any other.
    let listed = std::process::Command::new("tar").arg("-tf").arg(&file).output().unwrap();
    assert_eq!(String::from_utf8(listed.stdout).unwrap().lines().count(), contents.files.len() + 2);

    let dir = place.path().join("again");
    let restored = back(&file, &dir).unwrap();
    assert_eq!((restored.entries, restored.documents), (before.entries, before.documents));
    let again = Server::open_system(&dir).unwrap();
    assert_eq!(again.counts().unwrap(), before);
    assert_eq!(again.key(), office.server.key(), "devices know it by its key");
    assert!(again.audit().unwrap().faults.is_empty(), "the new chains hold");
    let open = Open::of(Arc::new(again), Front::new(Limits::LOCAL), None);
    let head = Device::new();
    let again = Server::open_system(&dir).unwrap();
    let code = again.invite(&HEAD.into(), 60_000).unwrap().to_string();
    let url = open.plain();
    head.field.enrol(&url, &code, &sanben_field::Http::new(&url)).unwrap();
    head.sync(&url).unwrap();
    head.field.case(case).unwrap();
    let [was, is] = [office.dir.path(), &dir].map(|dir| std::fs::read(dir.join("photos").join(PHOTO_HASH)));
    assert_eq!(was.unwrap(), is.unwrap());
    assert_ne!(office.server.epoch().unwrap(), again.epoch().unwrap(), "and it is another life");
}

#[test]
fn a_backup_under_load_is_whole() {
    let office = Office::park();
    let open = office.open(Front::new(Limits::LOCAL));
    let url = open.plain();
    let device = office.device(INSPECTOR, &url);
    let (place, enough) = (tempfile::tempdir().unwrap(), AtomicBool::new(false));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !enough.load(Relaxed) {
                device.report("沿街商铺占道经营");
                device.sync(&url).unwrap();
            }
        });
        for n in 0..4 {
            let file = place.path().join(format!("{n}.tar"));
            let contents = office.server.backup(&file).unwrap();
            assert!(contents.missing.is_empty());
            let restored = back(&file, &place.path().join(n.to_string())).unwrap();
            assert!(restored.verified);
        }
        enough.store(true, Relaxed);
    });
}

#[test]
fn whatever_was_done_to_a_backup_nothing_is_restored() {
    let office = Office::park();
    let open = office.open(Front::new(Limits::LOCAL));
    let device = office.device(INSPECTOR, &open.plain());
    device.report("店招破损");
    device.sync(&open.plain()).unwrap();
    let place = tempfile::tempdir().unwrap();
    let (file, bad, dir) =
        (place.path().join("x.tar"), place.path().join("bad.tar"), place.path().join("dir"));
    office.server.backup(&file).unwrap();
    let whole = std::fs::read(&file).unwrap();
    let refused = |bytes: &[u8]| {
        std::fs::write(&bad, bytes).unwrap();
        let error = back(&bad, &dir).err().unwrap_or_else(|| panic!("restored"));
        assert!(!dir.exists() || std::fs::read_dir(&dir).unwrap().next().is_none(), "{error}");
        error
    };
    // A byte in the middle of each file, and in each header.
    let mut from = 0;
    while whole[from..from + 512] != [0; 512] {
        let size = std::str::from_utf8(&whole[from + 124..from + 135]).unwrap();
        let size = usize::from_str_radix(size, 8).unwrap();
        for place in [from + 3, from + 130, from + 512 + size / 2] {
            let mut changed = whole.clone();
            changed[place] ^= 4;
            refused(&changed);
        }
        from += 512 + size.next_multiple_of(512);
    }
    for part in 1..8 {
        refused(&whole[..whole.len() * part / 8]);
    }
    refused(b"");
    // A folder that holds anything stays as it is.
    std::fs::create_dir_all(&dir).unwrap();
    std::fs::write(dir.join("letter"), "dear").unwrap();
    assert!(matches!(back(&file, &dir), Err(RestoreError::NotEmpty(_))));
    assert_eq!(std::fs::read(dir.join("letter")).unwrap(), b"dear");
    std::fs::remove_file(dir.join("letter")).unwrap();
    back(&file, &dir).unwrap();
}

#[test]
fn a_path_that_leads_elsewhere_is_not_followed() {
    let place = tempfile::tempdir().unwrap();
    let (inner, file) = (place.path().join("inner"), place.path().join("evil.tar"));
    std::fs::create_dir(&inner).unwrap();
    std::fs::write(place.path().join("evil"), "x").unwrap();
    let made = std::process::Command::new("tar")
        .current_dir(&inner)
        .args(["--format=ustar", "-P", "-cf"])
        .arg(&file)
        .arg("../evil")
        .status()
        .unwrap();
    assert!(made.success());
    std::fs::remove_file(place.path().join("evil")).unwrap();
    let refused = back(&file, &place.path().join("dir"));
    assert!(matches!(refused, Err(RestoreError::Odd(_))), "{refused:?}");
    assert!(!place.path().join("evil").exists());
}

#[test]
fn a_photo_that_is_lost_or_damaged_is_named() {
    let office = Office::park();
    let open = office.open(Front::new(Limits::LOCAL));
    let device = office.device(INSPECTOR, &open.plain());
    device.report("公厕灯不亮");
    device.sync(&open.plain()).unwrap();
    let photo = office.dir.path().join("photos").join(PHOTO_HASH);
    let mut bytes = std::fs::read(&photo).unwrap();
    bytes[100] ^= 1;
    std::fs::write(&photo, bytes).unwrap();
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("x.tar");
    let missing = office.server.backup(&file).unwrap().missing;
    assert_eq!(missing.iter().map(ToString::to_string).collect::<Vec<_>>(), [PHOTO_HASH]);
    assert_eq!(back(&file, &place.path().join("dir")).unwrap().missing, missing);
    assert!(office.server.backup(&file).is_err(), "no backup replaces another");
}

/// What `sha256sum` says of the photo.
const PHOTO_HASH: &str = "0fec247711b38c887839b90013109b51221925a5e4693f7deee07db6741ade5c";
