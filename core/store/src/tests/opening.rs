use super::{at_minute, behind, comment, device, fresh, open, record, report, try_open};
use crate::{Options, Store, StoreError};
use sanben_document::ChangeHeader;

fn actors(store: &Store) -> Vec<Vec<u8>> {
    let pending = store.pending(usize::MAX).unwrap();
    pending.iter().map(|change| ChangeHeader::of(&change.bytes).unwrap().actor).collect()
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

#[test]
fn what_was_recorded_is_there_after_reopening() {
    let (dir, store) = device();
    let first = report("南门垃圾成堆", at_minute(0));
    record(&store, &first);
    record(&store, &comment(&store, first.document, "请尽快"));
    let before = store.case(first.document).unwrap().unwrap();
    drop(store);
    let store = open(dir.path());
    assert_eq!(store.case(first.document).unwrap().unwrap(), before);
    assert_eq!(store.pending(usize::MAX).unwrap().len(), 2);
    assert_eq!(before.delivery.pending, 2);
    assert!(!store.restored());
}

#[test]
fn one_program_at_a_time() {
    let (dir, store) = device();
    let second = try_open(dir.path(), Options::default());
    assert!(matches!(second, Err(StoreError::Busy)), "{second:?}");
    store.suspend().unwrap();
    // Suspended, it has let go; and whoever comes back finds it taken.
    let second = open(dir.path());
    assert!(matches!(store.counts(), Err(StoreError::Busy)));
    drop(second);
    assert_eq!(store.counts().unwrap().cases, 0);
}

#[test]
fn suspending_leaves_one_plain_file_and_the_next_call_opens_again() {
    let (dir, store) = device();
    let first = report("占道经营", at_minute(0));
    record(&store, &first);
    store.suspend().unwrap();
    assert!(!dir.path().join("sanben.db-wal").exists());
    record(&store, &comment(&store, first.document, "已联系"));
    assert_eq!(store.case(first.document).unwrap().unwrap().record.events.len(), 2);
}

#[test]
fn a_restored_backup_never_writes_under_an_actor_used_before() {
    let (dir, store) = device();
    let first = report("路面破损", at_minute(0));
    record(&store, &first);
    store.suspend().unwrap();
    let backup = dir.path().join("backup");
    copy(dir.path(), &backup);
    // The shells keep the marker out of backups.
    std::fs::remove_file(backup.join("installation")).unwrap();
    let other = open(&backup);
    assert!(other.restored());
    record(&store, &comment(&store, first.document, "原机"));
    record(&other, &comment(&other, first.document, "恢复的机器"));
    let (a, b) = (actors(&store), actors(&other));
    assert_eq!(a[0], b[0], "the shared past");
    assert!(a[1] != b[1] && a[1] != a[0] && b[1] != a[0]);

    // A copy that took the marker along, and a file put back in place, are no better placed.
    store.suspend().unwrap();
    let clone = dir.path().join("clone");
    copy(dir.path(), &clone);
    let clone = open(&clone);
    record(&clone, &comment(&clone, first.document, "克隆"));
    let c = actors(&clone);
    assert!(!a.contains(c.last().unwrap()) && !b.contains(c.last().unwrap()));
}

#[test]
fn both_sides_of_a_restore_converge() {
    let (dir, store) = device();
    let first = report("广告破损", at_minute(0));
    record(&store, &first);
    store.suspend().unwrap();
    let backup = dir.path().join("backup");
    copy(dir.path(), &backup);
    let other = open(&backup);
    record(&store, &comment(&store, first.document, "一"));
    record(&other, &comment(&other, first.document, "二"));
    let mut log = super::Log::new();
    for side in [&store, &other, &store, &other] {
        log.sync(side);
    }
    let (a, b) = (store.document(first.document).unwrap(), other.document(first.document).unwrap());
    assert_eq!(a.unwrap().heads(), b.unwrap().heads());
    assert_eq!(store.case(first.document).unwrap().unwrap().record.events.len(), 3);
    assert_eq!(other.counts().unwrap().pending + store.counts().unwrap().pending, 0);
}

#[test]
fn a_store_of_a_newer_version_is_left_alone() {
    let (dir, store) = device();
    drop(store);
    let file = dir.path().join("sanben.db");
    behind(dir.path()).pragma_update(None, "user_version", 99).unwrap();
    let before = std::fs::read(&file).unwrap();
    let opened = try_open(dir.path(), Options::default());
    assert!(matches!(opened, Err(StoreError::Newer { found: 99, .. })), "{opened:?}");
    assert_eq!(std::fs::read(&file).unwrap(), before);
}

#[test]
fn a_projection_of_another_form_is_made_again() {
    let (dir, store) = device();
    let cases: Vec<_> = (0..450).map(|n| report(&format!("第{n}处垃圾"), at_minute(n))).collect();
    store.record(&cases, None).unwrap();
    let before: Vec<_> = cases.iter().map(|case| store.case(case.document).unwrap()).collect();
    let near = store.nearest_points(super::Coordinate::from_degrees(30.0, 104.0).unwrap(), 1).unwrap();
    drop(store);
    let raw = behind(dir.path());
    raw.execute("UPDATE meta SET value = x'00' WHERE key = 'projection'", []).unwrap();
    raw.execute("UPDATE case_row SET description = 'stale'", []).unwrap();
    drop(raw);
    let store = open(dir.path());
    let after: Vec<_> = cases.iter().map(|case| store.case(case.document).unwrap()).collect();
    assert!(before == after);
    assert_eq!(store.search("垃圾", 200).unwrap().len(), 200);
    assert_eq!(store.nearest_points(super::Coordinate::from_degrees(30.0, 104.0).unwrap(), 1).unwrap(), near);
}

#[test]
fn identity_and_values_are_kept() {
    use sanben_domain::id::DeviceId;
    let (dir, store) = device();
    assert!(store.identity().unwrap().is_none());
    let identity = crate::StoredIdentity {
        tenant: "park".into(),
        device: DeviceId::from_random([7; 16]),
        person: "inspector".into(),
        seed: [3; 32].into(),
        server: sanben_sync::keys::SecretKey::from_seed([4; 32]).public(),
        certificate: serde_bytes::ByteBuf::from(vec![1, 2, 3]),
        url: "https://desk.example".to_owned(),
    };
    store.set_identity(&identity).unwrap();
    store.set_meta("language", Some(b"zh")).unwrap();
    store.set_meta("identity", Some(b"a caller's key is not ours")).unwrap();
    drop(store);
    let store = open(dir.path());
    assert_eq!(store.identity().unwrap().unwrap(), identity);
    assert_eq!(store.meta("language").unwrap().unwrap(), b"zh");
    store.set_meta("language", None).unwrap();
    assert_eq!(store.meta("language").unwrap(), None);
    assert!(!format!("{identity:?}").contains("desk.example"), "{}", fresh());
}

#[test]
fn readers_writer_and_suspension_get_along() {
    let (_dir, store) = device();
    let first = report("垃圾", at_minute(0));
    record(&store, &first);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                let mut seen = 0;
                for _ in 0..150 {
                    let row = store.case(first.document).unwrap().unwrap();
                    // What a reader sees is one commit, whole, and never goes back.
                    assert_eq!(row.record.events.len(), row.state.thread.len());
                    assert_eq!(row.delivery.pending, u32::try_from(row.record.events.len()).unwrap());
                    assert!(row.record.events.len() >= seen);
                    seen = row.record.events.len();
                    store.reference().unwrap();
                }
            });
        }
        scope.spawn(|| (0..10).for_each(|_| store.suspend().unwrap()));
        (0..40).for_each(|_| drop(record(&store, &comment(&store, first.document, "一句"))));
    });
    assert_eq!(store.case(first.document).unwrap().unwrap().record.events.len(), 41);
}

#[cfg(unix)]
#[test]
fn a_new_folder_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let outside = tempfile::tempdir().unwrap();
    let made = outside.path().join("people/store");
    drop(open(&made));
    assert_eq!(mode(&made), 0o700);
    let given = outside.path().join("given");
    std::fs::create_dir(&given).unwrap();
    std::fs::set_permissions(&given, PermissionsExt::from_mode(0o750)).unwrap();
    drop(open(&given));
    assert_eq!(mode(&given), 0o750, "somebody chose it");
}
