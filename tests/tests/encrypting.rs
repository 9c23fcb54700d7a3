//! From a store that lies open to an encrypted one, as an updated app needs it: nothing is lost, whenever it is killed.
//! Runs with `--features encrypted`.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use sanben_domain::id::{PersonId, PhotoHash, PointId};
use sanben_field::{
    Budget, DraftField, Field, FieldError, Invalid, Keystore, NewCase, PinCost, Platform, SystemRandom,
    UnprotectedKeystore, Vault, VaultState,
};
use sanben_server::{Server, import};
use sanben_tests::network::Wire;
use sanben_tests::world::park;
use sha2::{Digest, Sha256};
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;

const PIN: &str = "480613";
const WORDS: &str = "四号门外有散落的废弃家具和碎玻璃";
const DRAFT_WORDS: &str = "还没写完的草稿内容";
/// Names the folder of the store to a second process of this test.
const STORE: &str = "SANBEN_TEST_ENCRYPTS";

fn photo() -> PathBuf {
    park().join("photos/open-bin-upright.jpg")
}

fn hash() -> PhotoHash {
    PhotoHash(Sha256::digest(fs::read(photo()).unwrap()).into())
}

fn vault(dir: &Path) -> Vault {
    let keystore = dir.parent().unwrap().join("keystore");
    let keystore: Arc<dyn Keystore> = Arc::new(UnprotectedKeystore::at(&keystore, Arc::new(SystemRandom)));
    Vault::with_cost(dir, Platform::system(), keystore, PinCost::LEAST)
}

/// A phone in the middle of a day, from a build without encryption: work delivered, work waiting, a draft, photos.
struct Phone {
    dir: TempDir,
    server: Server,
}

impl Phone {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let server = Server::open_system(&dir.path().join("server")).unwrap();
        server.publish_import(&import::read(&park()).unwrap()).unwrap();
        let phone = Self { dir, server };
        let field = Field::open(&phone.store(), Platform::system()).unwrap();
        let code = phone.server.invite(&PersonId::from("U008"), 600_000).unwrap();
        field.enrol("test://server", &code.to_string(), &Wire::perfect(&phone.server)).unwrap();
        phone.sync(&field);
        for number in 0..40 {
            field.record(found(&format!("第{number}处垃圾"), vec![])).unwrap();
        }
        phone.sync(&field);
        field.record(found(WORDS, vec![photo()])).unwrap();
        let draft = field.draft().unwrap();
        field.draft_set(draft, DraftField::Description(DRAFT_WORDS.to_owned())).unwrap();
        field.draft_photo(draft, &photo()).unwrap();
        phone
    }

    fn store(&self) -> PathBuf {
        self.dir.path().join("phone")
    }

    fn sync(&self, field: &Field) {
        let wire = Wire::perfect(&self.server);
        field.sync(&wire, Budget::default(), &mut |_| ControlFlow::Continue(())).unwrap();
    }
}

fn found(words: &str, photos: Vec<PathBuf>) -> NewCase {
    let point = Some(PointId::from("P011"));
    NewCase { point, description: words.to_owned(), photos, ..NewCase::default() }
}

/// All that was recorded is there and can be read.
fn whole(field: &Field) {
    let counts = field.counts().unwrap();
    assert_eq!((counts.cases, counts.drafts), (41, 1));
    assert!(counts.pending > 0);
    assert_eq!(field.drafts().unwrap()[0].description, DRAFT_WORDS);
    assert_eq!(field.store().photo_bytes(hash(), 0, usize::MAX).unwrap(), fs::read(photo()).unwrap());
    assert!(!field.points(None).unwrap().is_empty());
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let place = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &place);
        } else {
            fs::copy(entry.path(), place).unwrap();
        }
    }
}

/// The files below a folder that hold one of these.
fn holding(dir: &Path, secrets: &[&[u8]]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap().map(Result::unwrap) {
        if entry.path().is_dir() {
            found.extend(holding(&entry.path(), secrets));
            continue;
        }
        let bytes = fs::read(entry.path()).unwrap();
        if secrets.iter().any(|secret| bytes.windows(secret.len()).any(|window| window == *secret)) {
            found.push(entry.path());
        }
    }
    found
}

#[test]
fn everything_is_there_under_the_pin_and_nothing_lies_open_any_more() {
    let phone = Phone::new();
    let picture = fs::read(photo()).unwrap();
    let secrets = [WORDS.as_bytes(), DRAFT_WORDS.as_bytes(), &picture[..64], b"SQLite format 3"];
    assert!(holding(&phone.store(), &secrets).len() >= 2, "the search finds what lies open");
    let vault = vault(&phone.store());
    assert_eq!(vault.state().unwrap(), VaultState::Plain);
    assert!(matches!(vault.encrypt("123456"), Err(FieldError::Invalid(Invalid::WeakPin))));

    let field = vault.encrypt(PIN).unwrap();
    whole(&field);
    field.suspend().unwrap();
    assert_eq!(holding(&phone.store(), &secrets), Vec::<PathBuf>::new());
    assert!(matches!(Field::open(&phone.store(), Platform::system()), Err(FieldError::Locked)));
    assert!(matches!(vault.encrypt(PIN), Err(FieldError::AlreadyEnrolled)));
    drop(field);

    // As another program would find it; what waited is delivered, and the phone gets its recovery codes.
    let vault = self::vault(&phone.store());
    assert!(matches!(vault.unlock("480614"), Err(FieldError::WrongPin { .. })));
    let field = vault.unlock(PIN).unwrap();
    whole(&field);
    phone.sync(&field);
    let counts = field.counts().unwrap();
    assert_eq!((counts.pending, counts.rejected), (0, 0));
    assert!(matches!(vault.state().unwrap(), VaultState::Locked { recoverable: true, .. }));
}

#[test]
fn a_store_that_is_open_or_damaged_stays_as_it_is() {
    let phone = Phone::new();
    let field = Field::open(&phone.store(), Platform::system()).unwrap();
    assert!(matches!(vault(&phone.store()).encrypt(PIN), Err(FieldError::Busy)));
    whole(&field);
    field.suspend().unwrap();
    drop(field);
    let database = phone.store().join("sanben.db");
    let mut bytes = fs::read(&database).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 20_000].fill(0xA5);
    fs::write(&database, &bytes).unwrap();
    let refused = vault(&phone.store()).encrypt(PIN);
    assert!(matches!(refused, Err(FieldError::Corrupt(_))), "{refused:?}");
    assert_eq!(fs::read(&database).unwrap(), bytes, "the old one is kept");
    assert!(!phone.store().join("vault").exists() && !phone.store().join("encrypting").exists());
    // A hole where its head was makes it no encrypted one.
    bytes[..4096].fill(0);
    fs::write(&database, &bytes).unwrap();
    assert_eq!(vault(&phone.store()).state().unwrap(), VaultState::Plain);
}

/// After the rename that decides, a kill can leave any of these; each is ended by whoever looks next.
#[test]
fn what_was_decided_is_ended_after_a_kill_at_any_move() {
    let phone = Phone::new();
    let (open, done) = (phone.dir.path().join("open"), phone.store());
    copy(&done, &open);
    drop(vault(&done).encrypt(PIN).unwrap());
    let parts = ["sanben.db", "photos", "vault"];
    for moved in 0..=parts.len() {
        let store = phone.dir.path().join(format!("killed-{moved}"));
        copy(&open, &store);
        // The count of wrong PINs is begun before anything is decided.
        fs::copy(done.join("vault-attempts"), store.join("vault-attempts")).unwrap();
        let made = store.join("encrypted");
        fs::create_dir(&made).unwrap();
        for (at, part) in parts.into_iter().enumerate() {
            let to = if at < moved { &store } else { &made };
            if to.join(part).is_dir() {
                fs::remove_dir_all(to.join(part)).unwrap();
            }
            if done.join(part).is_dir() {
                copy(&done.join(part), &to.join(part));
            } else {
                fs::copy(done.join(part), to.join(part)).unwrap();
            }
        }
        if moved == 0 {
            // The log of the one must never be played into the other.
            fs::write(store.join("sanben.db-wal"), fs::read(store.join("sanben.db")).unwrap()).unwrap();
        } else {
            let _ = fs::remove_file(store.join("sanben.db-wal"));
        }
        let vault = vault(&store);
        assert!(matches!(Field::open(&store, Platform::system()), Err(FieldError::Locked)), "{moved}");
        assert!(matches!(vault.state().unwrap(), VaultState::Locked { .. }), "{moved}");
        whole(&vault.unlock(PIN).unwrap());
        assert!(!made.exists() && holding(&store, &[WORDS.as_bytes()]).is_empty(), "{moved}");
    }
}

/// What the second process does; in the first one it is told of no store and does nothing.
#[test]
fn encrypts_what_it_is_told() {
    if let Ok(store) = std::env::var(STORE) {
        drop(vault(Path::new(&store)).encrypt(PIN).unwrap());
    }
}

#[test]
fn killed_at_any_moment_it_is_the_one_store_or_the_other_whole() {
    const KILLS: u32 = 24;
    let phone = Phone::new();
    let began = Instant::now();
    let mut unhindered = second_process(&phone, "unhindered");
    assert!(unhindered.wait().unwrap().success());
    let all = began.elapsed();
    let (mut open, mut encrypted) = (0, 0);
    for kill in 0..KILLS {
        let name = format!("killed-{kill}");
        let mut process = second_process(&phone, &name);
        std::thread::sleep(all * kill / KILLS + Duration::from_micros(u64::from(kill) * 37));
        process.kill().unwrap();
        process.wait().unwrap();
        let store = phone.dir.path().join(&name);
        let vault = vault(&store);
        let field = match vault.state().unwrap() {
            VaultState::Plain => {
                open += 1;
                let field = Field::open(&store, Platform::system()).unwrap();
                assert!(!store.join("encrypting").exists(), "what was begun is swept up");
                field
            }
            VaultState::Locked { .. } => {
                encrypted += 1;
                vault.unlock(PIN).unwrap()
            }
            other => panic!("{other:?} at {kill}"),
        };
        whole(&field);
    }
    assert!(open > 0, "every one was done before its kill: {encrypted}");
}

fn second_process(phone: &Phone, name: &str) -> std::process::Child {
    let store = phone.dir.path().join(name);
    copy(&phone.store(), &store);
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "encrypts_what_it_is_told"])
        .env(STORE, store)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}
