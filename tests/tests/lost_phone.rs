//! A phone that is lost, and a PIN that is forgotten: encrypted stores of real devices, the real server. Runs with
//! `--features encrypted`.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use sanben_domain::id::{PersonId, PhotoHash, PointId};
use sanben_domain::time::Timestamp;
use sanben_field::{
    Budget, Clock, Completion, DraftField, Field, FieldError, Invalid, Keystore, NewCase, NewContact,
    PinCost, Platform, SyncReport, SystemRandom, UnprotectedKeystore, Vault, VaultState, salvage,
};
use sanben_server::{RecoveryError, Server, import};
use sanben_sync::recovery::Challenge;
use sanben_tests::network::Wire;
use sanben_tests::world::park;
use sha2::{Digest, Sha256};
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tempfile::TempDir;

const PIN: &str = "480613";
const WORDS: &str = "四号门外有散落的废弃家具和碎玻璃";
const DRAFT_WORDS: &str = "还没写完的草稿内容";
const RESIDENT: &str = "钱秀兰居民";
const NUMBER: &str = "13900007788";
/// The tests unlock often: what a guess costs is measured elsewhere.
const COST: PinCost = PinCost::LEAST;

/// A monotonic clock that is moved by hand, and a wall clock that anybody can set.
struct Hands {
    monotonic: AtomicI64,
    wall: AtomicI64,
}

impl Clock for Hands {
    fn wall(&self) -> Timestamp {
        Timestamp(self.wall.load(Ordering::SeqCst))
    }

    fn monotonic_ms(&self) -> i64 {
        self.monotonic.load(Ordering::SeqCst)
    }
}

struct Street {
    dir: TempDir,
    server: Server,
}

impl Street {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let server = Server::open_system(&dir.path().join("server")).unwrap();
        server.publish_import(&import::read(&park()).unwrap()).unwrap();
        Self { dir, server }
    }

    fn folder(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn keystore(&self, name: &str) -> Arc<dyn Keystore> {
        let file = self.folder(&format!("{name}.keystore"));
        Arc::new(UnprotectedKeystore::at(&file, Arc::new(SystemRandom)))
    }

    fn vault(&self, name: &str) -> Vault {
        Vault::with_cost(&self.folder(name), Platform::system(), self.keystore(name), COST)
    }

    fn enrolled(&self, name: &str, person: &str) -> Field {
        let field = self.vault(name).create(PIN).unwrap();
        let code = self.server.invite(&PersonId::from(person), 600_000).unwrap();
        field.enrol("test://server", &code.to_string(), &Wire::perfect(&self.server)).unwrap();
        self.sync(&field).unwrap();
        field
    }

    fn sync(&self, field: &Field) -> Result<SyncReport, FieldError> {
        field.sync(&Wire::perfect(&self.server), Budget::default(), &mut |_| ControlFlow::Continue(()))
    }

    /// What the desk reads out for what a locked device shows.
    fn code_for(&self, shown: &Challenge) -> String {
        self.server.recovery_code(shown).unwrap().1.to_string()
    }
}

fn photo() -> PathBuf {
    park().join("photos/open-bin-upright.jpg")
}

fn at_p011(words: &str) -> NewCase {
    NewCase {
        point: Some(PointId::from("P011")),
        description: words.to_owned(),
        photos: vec![photo()],
        ..NewCase::default()
    }
}

/// Every file below a folder, with its path.
fn every_file(dir: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap().map(Result::unwrap) {
        if entry.path().is_dir() {
            found.extend(every_file(&entry.path()));
        } else {
            found.push((entry.path(), fs::read(entry.path()).unwrap()));
        }
    }
    found
}

fn copy(from: &Path, to: &Path) {
    for (path, bytes) in every_file(from) {
        let place = to.join(path.strip_prefix(from).unwrap());
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, bytes).unwrap();
    }
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// What a thief would look for: words in both encodings of the program, names, keys, any stretch of a picture.
fn secrets(field: &Field) -> Vec<(&'static str, Vec<u8>)> {
    let picture = fs::read(photo()).unwrap();
    let identity = field.store().identity().unwrap().unwrap();
    let thumbnail = field.thumbnail(PhotoHash(Sha256::digest(&picture).into())).unwrap().unwrap();
    vec![
        ("the words", WORDS.as_bytes().to_vec()),
        ("the words of a draft", DRAFT_WORDS.as_bytes().to_vec()),
        ("a resident's name", RESIDENT.as_bytes().to_vec()),
        ("a resident's number", NUMBER.as_bytes().to_vec()),
        ("a colleague's name", field.own_person().unwrap().name.into_bytes()),
        ("the device's key", identity.seed.to_vec()),
        ("the server's address", b"test://server".to_vec()),
        ("the head of the picture", picture[..64].to_vec()),
        ("the middle of the picture", picture[picture.len() / 2..][..48].to_vec()),
        ("the hash of the picture", Sha256::digest(&picture).to_vec()),
        ("the small picture", thumbnail[thumbnail.len() / 2..][..48].to_vec()),
        ("a table's name", b"outbox".to_vec()),
        ("SQLite", b"SQLite format 3".to_vec()),
    ]
}

/// Work of every kind, as it lies on a phone in the middle of a day.
fn work(field: &Field) {
    let case = field.record(at_p011(WORDS)).unwrap().case;
    field.complete(case, Completion { photos: vec![photo()], ..Completion::default() }).unwrap();
    let contact =
        NewContact { name: RESIDENT.to_owned(), telephone: NUMBER.to_owned(), ..NewContact::default() };
    field.add_contact(case, contact).unwrap();
    let draft = field.draft().unwrap();
    field.draft_set(draft, DraftField::Description(DRAFT_WORDS.to_owned())).unwrap();
    field.draft_photo(draft, &photo()).unwrap();
}

#[test]
fn a_thief_finds_nothing_in_the_copied_bytes_and_cannot_open_them() {
    let street = Street::new();
    let field = street.enrolled("phone", "U008");
    work(&field);
    // While it runs, with its log beside the database; and after it was put to sleep.
    let (running, asleep) = (street.folder("running"), street.folder("asleep"));
    copy(&street.folder("phone"), &running);
    field.suspend().unwrap();
    copy(&street.folder("phone"), &asleep);
    assert!(
        running.join("sanben.db-wal").exists(),
        "the copy holds what was not yet moved into the database"
    );

    let secrets = secrets(&field);
    let mut bytes = 0;
    for stolen in [&running, &asleep] {
        for (path, content) in every_file(stolen) {
            bytes += content.len();
            for (what, secret) in &secrets {
                assert!(!holds(&content, secret), "{what} in {}", path.display());
            }
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let hash = PhotoHash(Sha256::digest(fs::read(photo()).unwrap()).into());
            assert!(!name.contains(&hash.to_string()), "a name says which picture it is");
        }
    }
    assert!(bytes > 500_000, "there was something to look through: {bytes} bytes");

    // Without the PIN's way there is none.
    assert!(matches!(Field::open(&running, Platform::system()), Err(FieldError::Locked)));
    fs::remove_file(asleep.join("vault")).unwrap();
    assert!(matches!(Field::open(&asleep, Platform::system()), Err(FieldError::KeyLost(_))));
    let without = Vault::with_cost(&asleep, Platform::system(), street.keystore("phone"), COST);
    assert_eq!(without.state().unwrap(), VaultState::Lost, "no damaged store, and none that lies open");
    assert!(matches!(without.create(PIN), Err(FieldError::AlreadyEnrolled)));
    assert!(salvage(&asleep).unwrap().is_empty());
    // The PIN is of no use without the phone's keystore, nor with another one.
    let none = Vault::with_cost(&running, Platform::system(), street.keystore("none"), COST);
    assert!(matches!(none.unlock(PIN), Err(FieldError::KeyLost(_))));
    let other = street.keystore("other");
    other.wrap(b"anything").unwrap();
    let other = Vault::with_cost(&running, Platform::system(), other, COST);
    assert!(matches!(other.unlock(PIN), Err(FieldError::KeyLost(_))));
    // Nor the keystore without the PIN. With both it opens: the test can tell the difference.
    let both = Vault::with_cost(&running, Platform::system(), street.keystore("phone"), COST);
    assert!(matches!(both.unlock("480614"), Err(FieldError::WrongPin { .. })));
    assert_eq!(both.unlock(PIN).unwrap().drafts().unwrap().len(), 1);
}

/// The same search finds everything in a store that is not encrypted.
#[test]
fn the_search_finds_what_lies_open() {
    let street = Street::new();
    let field = Field::open(&street.folder("open"), Platform::system()).unwrap();
    let code = street.server.invite(&PersonId::from("U008"), 600_000).unwrap();
    field.enrol("test://server", &code.to_string(), &Wire::perfect(&street.server)).unwrap();
    street.sync(&field).unwrap();
    work(&field);
    let files = every_file(&street.folder("open"));
    for (what, secret) in secrets(&field) {
        assert!(files.iter().any(|(_, content)| holds(content, &secret)), "{what} is not even looked for");
    }
}

#[test]
fn a_lost_phone_is_taken_out_and_gets_neither_answers_nor_codes() {
    let street = Street::new();
    let field = street.enrolled("phone", "U008");
    work(&field);
    street.sync(&field).unwrap();
    let device = field.enrolment().unwrap().device;
    drop(field);
    let vault = street.vault("phone");
    let shown = vault.challenge().unwrap().unwrap();
    assert!(street.server.revoke(device).unwrap());
    let refused = street.server.recovery_code(&shown);
    assert!(matches!(refused, Err(RecoveryError::Revoked)), "whoever rings up with it gets nothing");
    // Even with PIN and keystore, the key of the device is no use at the server, and what it held leaves it.
    let field = vault.unlock(PIN).unwrap();
    let refused = street.sync(&field);
    assert!(matches!(&refused, Err(FieldError::Refused(why)) if why == "revoked-device"), "{refused:?}");
    assert!(field.reference().unwrap().people.is_empty());
}

#[test]
fn wrong_pins_wait_and_no_clock_helps_and_nothing_is_wiped() {
    let street = Street::new();
    drop(street.enrolled("tablet", "U008"));
    let clock = Arc::new(Hands { monotonic: AtomicI64::new(5_000), wall: AtomicI64::new(1_790_000_000_000) });
    let at = |clock: &Arc<Hands>| {
        let platform = Platform { clock: clock.clone(), ..Platform::system() };
        Vault::with_cost(&street.folder("tablet"), platform, street.keystore("tablet"), COST)
    };
    let vault = at(&clock);
    for _ in 0..4 {
        assert!(matches!(vault.unlock("111222"), Err(FieldError::WrongPin { wait_ms: 0 })));
    }
    let Err(FieldError::WrongPin { wait_ms }) = vault.unlock("111222") else { panic!("a right one?") };
    assert_eq!(wait_ms, 30_000);
    let waits = |vault: &Vault| match vault.unlock(PIN) {
        Err(FieldError::PinWait { wait_ms }) => wait_ms,
        other => panic!("{other:?}"),
    };
    assert_eq!(waits(&vault), 30_000, "not even the right one");
    // The wall clock: two days on, two days back. Another start: another monotonic clock.
    clock.wall.fetch_add(172_800_000, Ordering::SeqCst);
    assert_eq!(waits(&vault), 30_000);
    clock.wall.fetch_sub(4 * 172_800_000, Ordering::SeqCst);
    assert_eq!(waits(&at(&clock)), 30_000);
    let again = Arc::new(Hands { monotonic: AtomicI64::new(0), wall: AtomicI64::new(0) });
    let vault = at(&again);
    assert_eq!(waits(&vault), 30_000);
    again.monotonic.store(30_000, Ordering::SeqCst);
    // A hundred more, each after its wait: still there.
    for _ in 0..100 {
        again.monotonic.fetch_add(900_000, Ordering::SeqCst);
        assert!(matches!(vault.unlock("999888"), Err(FieldError::WrongPin { .. })));
    }
    assert_eq!(waits(&vault), 900_000);
    again.monotonic.fetch_add(900_000, Ordering::SeqCst);
    let field = vault.unlock(PIN).unwrap();
    assert!(field.enrolment().is_ok());
    drop(field);
    assert!(vault.unlock(PIN).is_ok(), "and the count begins again");
}

#[test]
fn a_forgotten_pin_is_replaced_without_a_network_and_each_code_serves_once() {
    let street = Street::new();
    let field = street.enrolled("phone", "U008");
    work(&field);
    drop(field);
    drop(street.enrolled("colleague", "U009"));
    let (vault, colleague) = (street.vault("phone"), street.vault("colleague"));
    let shown = vault.challenge().unwrap().unwrap();
    assert_eq!(vault.challenge().unwrap().unwrap(), shown, "asked twice, the same");
    let code = street.code_for(&shown);
    let heard: Challenge = shown.to_string().to_lowercase().parse().unwrap();
    assert_eq!(heard, shown);

    // Of another device, mistyped, with a weak PIN: nothing happens.
    let of_colleague = street.code_for(&colleague.challenge().unwrap().unwrap());
    assert!(matches!(vault.recover(&of_colleague, "730255"), Err(FieldError::WrongRecoveryCode)));
    assert!(matches!(colleague.recover(&code, "730255"), Err(FieldError::WrongRecoveryCode)));
    let mistyped = code.replacen(|_: char| true, if code.starts_with('7') { "8" } else { "7" }, 1);
    let refused = vault.recover(&mistyped, "730255");
    assert!(matches!(
        refused,
        Err(FieldError::Invalid(Invalid::NotARecoveryCode) | FieldError::WrongRecoveryCode)
    ));
    assert!(matches!(vault.recover(&code, "123456"), Err(FieldError::Invalid(Invalid::WeakPin))));

    // The server is not asked: a person read it out.
    let field = vault.recover(&code, "730255").unwrap();
    assert_eq!((field.counts().unwrap().pending > 0, field.drafts().unwrap().len()), (true, 1));
    drop(field);
    assert!(matches!(vault.unlock(PIN), Err(FieldError::WrongPin { .. })), "the old PIN is gone");
    drop(vault.unlock("730255").unwrap());
    assert!(matches!(vault.recover(&code, "990712"), Err(FieldError::WrongRecoveryCode)), "once");

    // One that was shown and not needed is worth nothing afterwards.
    let shown = vault.challenge().unwrap().unwrap();
    let code = street.code_for(&shown);
    drop(vault.unlock("730255").unwrap());
    assert!(matches!(vault.recover(&code, "990712"), Err(FieldError::WrongRecoveryCode)));
    assert_ne!(vault.challenge().unwrap().unwrap(), shown);

    // The trail says for which device and person, and no code.
    let trail = street.server.trail().unwrap();
    let noted: Vec<_> =
        trail.iter().filter(|entry| entry.deed.subjects.iter().any(|id| id == "U008")).collect();
    assert!(noted.len() >= 2);
    assert!(!serde_json::to_string(&trail).unwrap().contains(&code));
}

#[test]
fn codes_are_fetched_again_before_they_run_out_and_lie_nowhere() {
    let street = Street::new();
    drop(street.enrolled("phone", "U008"));
    let vault = street.vault("phone");
    let mut numbers = Vec::new();
    for round in 0..12 {
        let shown = vault.challenge().unwrap().unwrap();
        numbers.push(shown.number);
        let code = street.code_for(&shown);
        let field = vault.recover(&code, &format!("55{round}731")).unwrap();
        let plain: String = code.split('-').collect();
        for (path, content) in every_file(&street.folder("phone")) {
            assert!(!holds(&content, &plain.as_bytes()[..18]), "a code in {}", path.display());
        }
        street.sync(&field).unwrap();
    }
    let different: std::collections::BTreeSet<_> = numbers.iter().collect();
    assert_eq!(different.len(), 12, "no number twice");
    let follows = numbers.windows(2).filter(|pair| pair[1] == pair[0] + 1).count();
    assert_eq!(follows, 0, "who saw one knows none of the others: {numbers:?}");
}

#[test]
fn a_lost_key_says_so_and_the_files_stay_as_they_are() {
    let street = Street::new();
    let field = street.enrolled("phone", "U008");
    work(&field);
    field.suspend().unwrap();
    drop(field);
    let before = every_file(&street.folder("phone"));
    let keystore = street.folder("phone.keystore");
    let kept = fs::read(&keystore).unwrap();
    fs::remove_file(&keystore).unwrap();
    let lost = street.vault("phone").unlock(PIN);
    assert!(matches!(&lost, Err(FieldError::KeyLost(_))), "{lost:?}");
    assert!(lost.unwrap_err().to_string().contains("keep the folder"));
    assert_eq!(every_file(&street.folder("phone")), before, "no try was counted, nothing was touched");
    // The vault's own file, damaged anywhere.
    fs::write(&keystore, kept).unwrap();
    let vault = street.folder("phone").join("vault");
    let whole = fs::read(&vault).unwrap();
    for at in [0, whole.len() / 3, whole.len() - 1] {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x10;
        fs::write(&vault, &damaged).unwrap();
        assert_eq!(street.vault("phone").state().unwrap(), VaultState::Lost);
        assert!(matches!(street.vault("phone").unlock(PIN), Err(FieldError::KeyLost(_))));
        assert!(matches!(street.vault("phone").create("730255"), Err(FieldError::AlreadyEnrolled)));
    }
    fs::write(&vault, &whole).unwrap();
    assert!(street.vault("phone").unlock(PIN).unwrap().counts().unwrap().pending > 0);
}

#[test]
fn on_a_shared_tablet_everybody_has_their_own_pin_and_drafts() {
    let street = Street::new();
    let (first, second) = (street.enrolled("first", "U008"), street.enrolled("second", "U009"));
    let draft = first.draft().unwrap();
    first.draft_set(draft, DraftField::Description(DRAFT_WORDS.to_owned())).unwrap();
    // Switching: one is closed as it stands, the other opened.
    first.suspend().unwrap();
    drop(first);
    assert!(second.drafts().unwrap().is_empty());
    second.change_pin(PIN, "730255").unwrap();
    assert!(matches!(second.change_pin(PIN, "111985"), Err(FieldError::WrongPin { .. })));
    drop(second);
    assert!(matches!(street.vault("first").unlock("730255"), Err(FieldError::WrongPin { .. })));
    let first = street.vault("first").unlock(PIN).unwrap();
    assert_eq!(first.drafts().unwrap()[0].description, DRAFT_WORDS);
    first.report(draft).unwrap();
    assert_eq!(first.counts().unwrap().pending, 1);
    assert!(street.vault("second").unlock("730255").unwrap().drafts().unwrap().is_empty());
    // One keystore's wrapped key does not serve in another's folder.
    fs::copy(street.folder("second").join("vault"), street.folder("first").join("vault")).unwrap();
    drop(first);
    assert!(matches!(street.vault("first").unlock("730255"), Err(FieldError::KeyLost(_))));
}

#[test]
fn work_comes_out_of_a_damaged_encrypted_store() {
    let street = Street::new();
    let field = street.enrolled("phone", "U008");
    work(&field);
    field.suspend().unwrap();
    drop(field);
    // The first page of the database is gone with the key's salt: what is beyond reach is said to be.
    let database = street.folder("phone").join("sanben.db");
    let whole = fs::read(&database).unwrap();
    let mut damaged = whole.clone();
    let page = 4096;
    let last = damaged.len() / page - 1;
    for number in (8..last).step_by(5) {
        damaged[number * page..][..page].fill(0);
    }
    fs::write(&database, &damaged).unwrap();
    let (found, key) = street.vault("phone").salvage(PIN).unwrap();
    assert_eq!(fs::read(&database).unwrap(), damaged, "it is not touched");
    fs::write(&database, &whole).unwrap();
    let (all, _) = street.vault("phone").salvage(PIN).unwrap();
    assert!(all.len() >= 3 && found.len() <= all.len(), "{} of {}", found.len(), all.len());
    let fresh = street.enrolled("fresh", "U008");
    fresh.bring_in(&all, &street.folder("phone"), Some(&key)).unwrap();
    let bytes = fs::read(photo()).unwrap();
    let hash = PhotoHash(Sha256::digest(&bytes).into());
    assert_eq!(fresh.store().photo_bytes(hash, 0, usize::MAX).unwrap(), bytes);
    street.sync(&fresh).unwrap();
    assert_eq!(fresh.counts().unwrap().photos_delivered, 1);
}

/// What one guess costs by default, on this machine: enough to be felt, little enough to be borne.
#[test]
fn a_guess_costs_what_it_should() {
    let clock = Platform::system().clock;
    let street = Street::new();
    let vault = Vault::at(&street.folder("phone"), Platform::system(), street.keystore("phone"));
    drop(vault.create(PIN).unwrap());
    let begun = clock.monotonic_ms();
    drop(vault.unlock(PIN).unwrap());
    let took = clock.monotonic_ms() - begun;
    assert!((20..20_000).contains(&took), "{took} ms");
}
