use super::{Log, at_minute, behind, comment, device, folder, open, record, report, salvage, try_open};
use crate::columns::{LATENESSES, ROLES, ROUNDS, SOURCES, STATUSES, number};
use crate::{DraftField, Options, StoreError};
use sanben_domain::id::{DraftId, PersonId};
use std::collections::BTreeSet;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;

const PAGE: u64 = 4096;

/// Overwrites whole pages of the database with rubbish.
fn overwrite(dir: &Path, pages: impl IntoIterator<Item = u64>) {
    let mut file = std::fs::OpenOptions::new().write(true).open(dir.join("sanben.db")).unwrap();
    for page in pages {
        file.seek(SeekFrom::Start(page * PAGE)).unwrap();
        file.write_all(&[0xA5; 4096]).unwrap();
    }
}

fn pages(dir: &Path) -> u64 {
    std::fs::metadata(dir.join("sanben.db")).unwrap().len() / PAGE
}

/// A store with much recorded work in one plain file.
fn filled() -> (tempfile::TempDir, BTreeSet<sanben_domain::id::EventId>) {
    let (dir, store) = device();
    let cases: Vec<_> = (0..120).map(|n| report(&format!("第{n}处垃圾"), at_minute(n))).collect();
    store.record(&cases, None).unwrap();
    store.suspend().unwrap();
    (dir, cases.iter().map(|case| case.event).collect())
}

#[test]
fn a_broken_head_is_told_and_the_file_is_kept_and_salvaged() {
    let (dir, events) = filled();
    overwrite(dir.path(), [0]);
    let before = std::fs::read(dir.path().join("sanben.db")).unwrap();
    let opened = try_open(dir.path(), Options::default());
    assert!(matches!(opened, Err(StoreError::Corrupt(_))), "{opened:?}");
    assert_eq!(std::fs::read(dir.path().join("sanben.db")).unwrap(), before);
    let found: BTreeSet<_> = salvage(dir.path()).unwrap().into_iter().map(|row| row.intent.event).collect();
    assert_eq!(found, events, "not even the head is needed");
    assert_eq!(std::fs::read(dir.path().join("sanben.db")).unwrap(), before);
    assert!(!dir.path().join("salvage").exists());
}

#[test]
fn whichever_page_breaks_nothing_panics_and_the_rest_is_salvaged() {
    let (dir, events) = filled();
    let whole = std::fs::read(dir.path().join("sanben.db")).unwrap();
    let mut told = 0;
    for page in (1..pages(dir.path())).step_by(3) {
        std::fs::write(dir.path().join("sanben.db"), &whole).unwrap();
        overwrite(dir.path(), [page]);
        let damaged = std::fs::read(dir.path().join("sanben.db")).unwrap();
        let result = try_open(dir.path(), Options { durable: false }).and_then(|store| {
            store.reference()?;
            store.search("垃圾", 200)?;
            store.pending(usize::MAX)?;
            store.case_records(&crate::RecordFilter::default())?;
            for event in store.outbox(usize::MAX)? {
                store.document(event.document)?;
            }
            Ok(())
        });
        match result {
            Ok(()) => {}
            Err(StoreError::Corrupt(_)) => told += 1,
            Err(other) => panic!("page {page}: {other:?}"),
        }
        std::fs::write(dir.path().join("sanben.db"), &damaged).unwrap();
        let _ = std::fs::remove_file(dir.path().join("sanben.db-wal"));
        let found: BTreeSet<_> =
            salvage(dir.path()).unwrap().into_iter().map(|row| row.intent.event).collect();
        assert!(found.is_subset(&events));
        assert!(found.len() + 12 >= events.len(), "page {page}: {} of {}", found.len(), events.len());
        assert_eq!(std::fs::read(dir.path().join("sanben.db")).unwrap(), damaged);
    }
    assert!(told > 3, "{told}");
}

#[test]
fn salvage_knows_what_was_delivered_and_reads_the_log_of_a_killed_program() {
    let (dir, store) = device();
    let (first, second) = (report("已送", at_minute(0)), report("未送", at_minute(1)));
    record(&store, &first);
    Log::new().sync(&store);
    record(&store, &second);
    // The program is killed: the latest commits are in the log beside the database.
    let killed = folder();
    for name in ["sanben.db", "sanben.db-wal"] {
        std::fs::copy(dir.path().join(name), killed.path().join(name)).unwrap();
    }
    let rows = salvage(killed.path()).unwrap();
    let look: Vec<_> = rows.iter().map(|row| (row.intent.event, row.accepted)).collect();
    assert_eq!(look, [(first.event, Some(true)), (second.event, Some(false))]);
    assert!(rows.iter().all(|row| row.change.is_some()));
    assert_eq!(rows[1].intent, second);
    // And the store itself goes on from there.
    assert_eq!(open(killed.path()).pending(usize::MAX).unwrap().len(), 1);
}

#[test]
fn a_log_cut_anywhere_leaves_whole_records_in_order() {
    let (dir, store) = device();
    store.suspend().unwrap();
    let cases: Vec<_> = (0..8).map(|n| report(&format!("垃圾{n}"), at_minute(n))).collect();
    cases.iter().for_each(|case| drop(record(&store, case)));
    let log = std::fs::read(dir.path().join("sanben.db-wal")).unwrap();
    let mut lengths = BTreeSet::new();
    for cut in (0..=log.len()).rev().step_by(1777) {
        let torn = folder();
        std::fs::copy(dir.path().join("sanben.db"), torn.path().join("sanben.db")).unwrap();
        std::fs::write(torn.path().join("sanben.db-wal"), &log[..cut]).unwrap();
        let torn = open(torn.path());
        let kept = torn.pending(usize::MAX).unwrap().len();
        for (n, case) in cases.iter().enumerate() {
            let whole = n < kept;
            assert_eq!(torn.case(case.document).unwrap().is_some(), whole, "cut at {cut}");
            assert_eq!(torn.document(case.document).unwrap().is_some(), whole);
            assert_eq!(torn.search(&format!("垃圾{n}"), 9).unwrap().len(), usize::from(whole));
        }
        record(&torn, &report("之后", at_minute(99)));
        lengths.insert(kept);
    }
    assert!(lengths.len() > 3, "the cuts fell between commits too: {lengths:?}");
}

#[test]
fn a_missing_database_is_not_made_again_in_silence() {
    let (dir, store) = device();
    drop(store);
    std::fs::remove_file(dir.path().join("sanben.db")).unwrap();
    let opened = try_open(dir.path(), Options::default());
    assert!(matches!(opened, Err(StoreError::Corrupt(_))));
    assert!(!dir.path().join("sanben.db").exists());
    assert!(salvage(dir.path()).unwrap().is_empty());
}

#[test]
fn some_other_file_is_not_taken_for_a_store() {
    let dir = folder();
    let other = behind(dir.path());
    other.pragma_update(None, "application_id", 7).unwrap();
    drop(other);
    let opened = try_open(dir.path(), Options::default());
    assert!(matches!(opened, Err(StoreError::Corrupt(_))), "{opened:?}");
}

#[test]
fn a_full_disk_is_told_and_nothing_is_half_recorded() {
    let (dir, store) = device();
    let first = report("垃圾", at_minute(0));
    record(&store, &first);
    let draft = DraftId::from_random([5; 16]);
    store.draft_create(draft, &PersonId::from("inspector"), at_minute(0)).unwrap();
    let limit = |pages: i64| {
        store.write(|writing| Ok(writing.pragma_update(None, "max_page_count", pages)?)).unwrap();
    };
    limit(1);
    let mut refused = 0;
    for n in 0..40 {
        let before =
            (store.counts().unwrap(), store.outbox(99).unwrap(), store.search("很长", 99).unwrap().len());
        let words = format!("很长的话{n} {}", "满".repeat(4000));
        match store.record(&[report(&words, at_minute(n))], Some(draft)) {
            Ok(_) => panic!("there is no room for this"),
            Err(StoreError::Full) => refused += 1,
            Err(other) => panic!("{other:?}"),
        }
        let after =
            (store.counts().unwrap(), store.outbox(99).unwrap(), store.search("很长", 99).unwrap().len());
        assert_eq!(before, after);
    }
    assert_eq!(refused, 40);
    // Acts on a loaded document leave it as it was too.
    let word = comment(&store, first.document, &"长".repeat(9000));
    assert!(matches!(store.record(&[word], None), Err(StoreError::Full)));
    assert_eq!(store.document(first.document).unwrap().unwrap().heads().len(), 1);
    assert_eq!(store.case(first.document).unwrap().unwrap().record.events.len(), 1);
    limit(1_000_000);
    let word = comment(&store, first.document, "有空间了");
    record(&store, &word);
    store.draft_set(draft, &DraftField::Point(None)).unwrap();
    drop(store);
    let store = open(dir.path());
    assert_eq!(store.case(first.document).unwrap().unwrap().record.events.len(), 2);
}

/// A number in a table that no variant has would be read as damage.
#[test]
fn every_variant_has_a_number_of_its_own() {
    use sanben_domain::case::{Lateness, PhotoRole, Source, Status};
    use sanben_domain::patrol::Round;
    fn all<T: serde::de::DeserializeOwned + PartialEq + Copy>(names: &str, table: &[T]) {
        // The names are those on the wire.
        let listed: BTreeSet<i64> = names
            .split(' ')
            .map(|name| {
                let mut bytes = Vec::new();
                ciborium::into_writer(name, &mut bytes).unwrap();
                number(table, ciborium::from_reader::<T, _>(bytes.as_slice()).unwrap())
            })
            .collect();
        assert_eq!(listed, (0..i64::try_from(table.len()).unwrap()).collect());
    }
    all::<Status>(
        "reported confirmed filed dispatched acknowledged rectified rework on-account verified closed voided merged",
        STATUSES,
    );
    all::<Source>("own subdistrict district city digital-city", SOURCES);
    all::<Lateness>("not-due in-time late doubtful", LATENESSES);
    all::<PhotoRole>("before after look-back", ROLES);
    all::<Round>("morning look-back", ROUNDS);
}
