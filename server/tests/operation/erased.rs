//! A resident asks for their data to go: it leaves the log, every device and every file, the chains still verify, and it
//! never comes back in.

use crate::office::*;
use sanben_domain::id::{CaseId, ContactId, DocumentId};
use sanben_domain::time::Timestamp;
use sanben_field::NewContact;
use sanben_server::log::{Life, Log, Sqlite};
use sanben_server::{
    Clock, ERASED_LIST, EraseError, Front, Limits, Random, ReviewError, Server, check_log, restore,
};
use sanben_sync::keys::SecretKey;
use sanben_sync::note::Erasure;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const TELEPHONE: &str = "13800000042";
const NAME: &str = "周女士";
const WORDS: &str = "居民反映楼道堆物,电话13800000042";

fn resident() -> NewContact {
    NewContact { name: NAME.to_owned(), telephone: TELEPHONE.to_owned(), note: String::new() }
}

/// The files below a folder that hold a text.
fn holding(dir: &Path, text: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for file in std::fs::read_dir(dir).unwrap().map(|file| file.unwrap().path()) {
        if file.is_dir() {
            found.extend(holding(&file, text));
        } else if std::fs::read(&file).unwrap().windows(text.len()).any(|window| window == text.as_bytes()) {
            found.push(file);
        }
    }
    found
}

fn verified(server: &Server) -> u64 {
    assert_eq!(server.audit().unwrap().faults, []);
    let mut file = Vec::new();
    server.export_log(&mut file).unwrap();
    let text = [TELEPHONE, NAME].map(str::as_bytes);
    assert!(!file.windows(text[0].len()).any(|window| window == text[0]), "an export does not have it");
    let proof = check_log(&mut file.as_slice(), Some(&server.key())).unwrap();
    assert_eq!(proof.mismatch, None);
    proof.erased
}

struct Day {
    office: Office,
    url: String,
    _open: Open,
    author: Device,
    clerk: Device,
    case: CaseId,
    contact: ContactId,
}

/// A case with a contact, at its author's and at its community's clerk's.
fn morning() -> Day {
    let office = Office::park();
    let open = office.open(Front::new(Limits::LOCAL));
    let url = open.plain();
    let (author, clerk) = (office.device(INSPECTOR, &url), office.device(CLERK, &url));
    let case = author.report("楼道堆物");
    let contact = author.field.add_contact(case, resident()).unwrap();
    author.sync(&url).unwrap();
    clerk.sync(&url).unwrap();
    assert_eq!(clerk.field.contacts(case).unwrap().len(), 1);
    drop(office.server.replica().unwrap());
    Day { office, url, _open: open, author, clerk, case, contact }
}

#[test]
fn nothing_of_an_erased_contact_is_left_in_any_file() {
    let day = morning();
    // So that there is something to find, also in what was written over.
    for _ in 0..40 {
        day.author.field.add_contact(day.case, NewContact { name: "某先生".into(), ..resident() }).unwrap();
    }
    day.author.sync(&day.url).unwrap();
    let mine = day.author.field.contacts(day.case).unwrap();
    let dirs = [day.office.dir.path(), day.author.dir.path(), day.clerk.dir.path()];
    for dir in dirs {
        assert!(!holding(dir, TELEPHONE).is_empty());
    }
    let server = &day.office.server;
    assert!(matches!(server.erase(day.contact, false, " "), Err(EraseError::NoReason)));
    let unknown = DocumentId::from_random([9; 16]);
    assert!(matches!(server.erase(unknown, false, "本人要求"), Err(EraseError::Unknown(_))));
    assert!(matches!(server.erase(day.case, false, "本人要求"), Err(EraseError::WholeCase(_))));
    for contact in &mine {
        let erased = server.erase(contact.record.id, false, "本人要求").unwrap();
        assert_eq!((erased.documents.as_slice(), erased.scrubbed), ([contact.record.id].as_slice(), true));
    }
    assert!(matches!(server.erase(day.contact, false, "本人要求"), Err(EraseError::Already(_))));
    assert_eq!(holding(dirs[0], TELEPHONE), Vec::<PathBuf>::new(), "server: log, write-ahead log, replica");
    assert_eq!(holding(dirs[0], NAME), Vec::<PathBuf>::new());
    for device in [&day.author, &day.clerk] {
        device.sync(&day.url).unwrap();
        assert_eq!(device.field.contacts(day.case).unwrap(), []);
        assert_eq!(device.field.counts().unwrap().rejected, 0);
        assert!(device.field.store().erased().unwrap().iter().any(|(id, _)| *id == day.contact));
        assert_eq!(holding(device.dir.path(), TELEPHONE), Vec::<PathBuf>::new());
        assert_eq!(holding(device.dir.path(), NAME), Vec::<PathBuf>::new());
        device.field.case(day.case).unwrap();
    }
    assert_eq!(verified(server), 41);

    // Who comes later reads the log with its hashes and without its bytes.
    let late = day.office.device(CLERK, &day.url);
    assert_eq!(late.field.contacts(day.case).unwrap(), []);
    assert_eq!(late.field.counts().unwrap().quarantined, 0);
    late.field.case(day.case).unwrap();
    assert!(late.field.store().erasures_to_show(9).unwrap().is_empty(), "this log knows");
}

#[test]
fn what_was_erased_never_comes_back_in() {
    let day = morning();
    let place = tempfile::tempdir().unwrap();
    // Its author still waits with it, and somebody else has it in a bag.
    let other = day.author.field.add_contact(day.case, resident()).unwrap();
    let bag = place.path().join("bag");
    day.author.field.export_mailbag(&bag).unwrap();
    let bag = std::fs::read(bag).unwrap();
    let stale = tempfile::tempdir().unwrap();
    day.author.field.suspend().unwrap();
    for name in ["sanben.db", "installation"] {
        std::fs::copy(day.author.dir.path().join(name), stale.path().join(name)).unwrap();
    }
    day.office.server.hand_in(&bag).unwrap();
    for contact in [day.contact, other] {
        day.office.server.erase(contact, false, "本人要求").unwrap();
    }
    let before = day.office.server.counts().unwrap();
    day.office.server.hand_in(&bag).unwrap();
    let report = day.author.sync(&day.url).unwrap();
    assert_eq!((report.accepted, report.rejected), (0, 0), "{report:?}");
    assert_eq!(day.author.field.counts().unwrap().pending, 0);
    assert_eq!(day.author.field.contacts(day.case).unwrap(), []);
    // A copy of the device from before knows nothing of it.
    let copy = sanben_field::Field::open(stale.path(), sanben_field::Platform::system()).unwrap();
    assert_eq!(copy.contacts(day.case).unwrap().len(), 2);
    let http = sanben_field::Http::new(&day.url);
    copy.sync(&http, sanben_field::Budget::default(), &mut |_| std::ops::ControlFlow::Continue(())).unwrap();
    assert_eq!(copy.contacts(day.case).unwrap(), []);
    drop(copy);
    assert_eq!(holding(stale.path(), TELEPHONE), Vec::<PathBuf>::new());
    assert_eq!(day.office.server.counts().unwrap(), before);
    assert_eq!(verified(&day.office.server), 2);
    assert_eq!(holding(day.office.dir.path(), TELEPHONE), Vec::<PathBuf>::new());
}

#[test]
fn a_whole_case_goes_with_its_contacts_and_photos() {
    let day = morning();
    let words = day.author.report(WORDS);
    day.author.field.add_contact(words, resident()).unwrap();
    day.author.sync(&day.url).unwrap();
    day.clerk.sync(&day.url).unwrap();
    // The same photo is cited by both cases.
    let photos = || std::fs::read_dir(day.office.dir.path().join("photos")).unwrap().count();
    let with_both = photos();
    let erased = day.office.server.erase(words, true, "照片里有身份证").unwrap();
    assert_eq!((erased.documents.len(), erased.photos), (2, 0), "the photo is cited elsewhere");
    assert_eq!(photos(), with_both);
    let erased = day.office.server.erase(day.case, true, "照片里有身份证").unwrap();
    assert_eq!((erased.documents.len(), erased.photos), (2, 1));
    assert!(photos() < with_both, "its file is gone");
    for device in [&day.author, &day.clerk] {
        device.sync(&day.url).unwrap();
        assert_eq!(device.field.counts().unwrap().cases, 0);
        assert_eq!(holding(device.dir.path(), TELEPHONE), Vec::<PathBuf>::new());
        let left = std::fs::read_dir(device.dir.path().join("photos"))
            .map_or(0, |files| files.filter(|file| file.as_ref().unwrap().path().is_file()).count());
        assert_eq!(left, 0, "nor is the photo on the device");
    }
    assert_eq!(verified(&day.office.server), 4);
}

#[test]
fn a_contact_of_an_erased_case_does_not_come_in() {
    let day = morning();
    // Written down before anybody there has heard of it; on the way to the server while the case goes.
    let late = day.author.field.add_contact(day.case, resident()).unwrap();
    day.office.server.erase(day.case, true, "本人要求").unwrap();
    let before = day.office.server.counts().unwrap();
    let bag = day.author.dir.path().join("bag");
    day.author.field.export_mailbag(&bag).unwrap();
    day.office.server.hand_in(&std::fs::read(&bag).unwrap()).unwrap();
    std::fs::remove_file(bag).unwrap();
    day.author.sync(&day.url).unwrap();
    let after = day.office.server.counts().unwrap();
    assert_eq!(
        (after.changes, after.documents, after.entries),
        (before.changes, before.documents, before.entries)
    );
    assert_eq!(holding(day.office.dir.path(), TELEPHONE), Vec::<PathBuf>::new());
    assert!(
        day.author.field.store().document(late).unwrap().is_none(),
        "it goes from its author's device, too"
    );
    assert_eq!(holding(day.author.dir.path(), TELEPHONE), Vec::<PathBuf>::new());
    day.clerk.sync(&day.url).unwrap();
    assert!(day.clerk.field.store().document(late).unwrap().is_none());
}

#[test]
fn a_contact_in_review_goes_with_its_case() {
    let day = morning();
    let late = day.author.field.add_contact(day.case, resident()).unwrap();
    let server = &day.office.server;
    server.revoke(day.author.field.enrolment().unwrap().device).unwrap();
    let report = day.author.sync(&day.url);
    let rows = server.reviews().unwrap();
    assert_eq!(rows.iter().map(|row| row.document).collect::<Vec<_>>(), [late], "{report:?}");
    let erased = server.erase(day.case, true, "本人要求").unwrap();
    assert_eq!(erased.documents.len(), 3, "the case, its contact, and the one in review");
    assert!(erased.documents.contains(&late));
    let taken_in = server.decide(&rows[0].change.to_string(), true, "确有其事");
    assert!(matches!(taken_in, Err(ReviewError::Decided)), "{taken_in:?}");
    assert_eq!(holding(day.office.dir.path(), TELEPHONE), Vec::<PathBuf>::new());
    assert_eq!(verified(server), 2);
    // Its author, taken out or not, is told with the server's word.
    let _ = day.author.sync(&day.url);
    assert!(day.author.field.store().erased().unwrap().iter().any(|(id, _)| *id == late));
    assert_eq!(holding(day.author.dir.path(), TELEPHONE), Vec::<PathBuf>::new());
}

/// What a process leaves behind that dies when its erasure is durable and nothing else is done.
fn erase_and_die(office: &Office, documents: &[DocumentId]) {
    let key = std::fs::read(office.dir.path().join("server.key")).unwrap();
    let key = SecretKey::from_seed(key.try_into().unwrap());
    let life =
        Life { epoch: office.server.epoch().unwrap(), server: key.public().fingerprint(), tenant: None };
    let log = Sqlite::open(&office.dir.path().join("log.db"), &life).unwrap();
    let at = Timestamp(1_790_000_000_000);
    let mut tx = log.begin().unwrap();
    for document in documents {
        tx.erase(&Erasure::sign(*document, at, &key), at).unwrap();
    }
    tx.commit().unwrap();
}

#[test]
fn the_photo_of_an_erased_case_goes_after_a_crash_and_stays_for_who_cites_it_meanwhile() {
    let day = morning();
    let dir = day.office.dir.path();
    let photos = || {
        let files = std::fs::read_dir(dir.join("photos")).unwrap().map(|file| file.unwrap().path());
        files.filter(|file| file.is_file() && !file.ends_with("lock")).count()
    };
    assert_eq!(photos(), 1);
    erase_and_die(&day.office, &[day.case]);
    assert_eq!(photos(), 1);
    // Before anything was cleared away, another case cites the same photo, and its author proves to have it.
    let other = day.author.report("灯杆倾斜");
    day.author.sync(&day.url).unwrap();
    let counts = day.author.field.counts().unwrap();
    assert_eq!((counts.photos, counts.photos_delivered), (1, 1), "with a receipt");
    let started = Server::open_system(dir).unwrap();
    assert_eq!(photos(), 1, "what there is a receipt for stays");
    assert_eq!(started.counts().unwrap().photos_missing, 0);
    drop(started);
    erase_and_die(&day.office, &[other]);
    assert_eq!(photos(), 1);
    drop(Server::open_system(dir).unwrap());
    assert_eq!(photos(), 0, "nothing cites it any more");
    for folder in ["thumbnails", "renditions", "arriving"] {
        let left = std::fs::read_dir(dir.join("photos").join(folder)).map_or(0, Iterator::count);
        assert_eq!(left, 0, "{folder}");
    }
}

#[test]
fn the_list_lacks_nothing_that_a_crash_kept_out_of_it() {
    let day = morning();
    let dir = day.office.dir.path();
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("monday.tar");
    day.office.server.backup(&file).unwrap();
    erase_and_die(&day.office, &[day.contact]);
    let listed = || std::fs::read_to_string(dir.join(ERASED_LIST)).unwrap_or_default();
    assert_eq!(listed(), "");
    drop(Server::open_system(dir).unwrap());
    drop(Server::open_system(dir).unwrap());
    assert_eq!(listed().lines().count(), 1, "each once");

    // With the list an older backup is put right.
    let clock: Clock = Arc::new(|| Timestamp(1_790_000_000_000));
    let random: Random = Arc::new(|bytes: &mut [u8]| getrandom::fill(bytes).unwrap());
    let again = place.path().join("again");
    restore(&file, &again, None, true, &clock, &random).unwrap();
    assert_eq!(Server::open_system(&again).unwrap().erase_listed(&listed()).unwrap(), 1);
}

#[test]
fn a_long_list_is_erased_to_its_end() {
    let office = Office::park();
    let key = std::fs::read(office.dir.path().join("server.key")).unwrap();
    let key = SecretKey::from_seed(key.try_into().unwrap());
    let words = (0..450_u16).map(|number| {
        let [high, low] = number.to_be_bytes();
        let mut id = [7; 16];
        (id[0], id[1]) = (high, low);
        Erasure::sign(DocumentId::from_random(id), Timestamp(1_790_000_000_000), &key)
    });
    let line = |word: Erasure| {
        sanben_document::encode(&word).iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    };
    let list: Vec<String> = words.map(line).collect();
    assert_eq!(office.server.erase_listed(&list.join("\n")).unwrap(), 450);
    assert_eq!(office.server.erase_listed(&list.join("\n")).unwrap(), 0);
}

#[test]
fn after_a_restore_it_is_erased_again_by_a_device_or_by_the_list() {
    let day = morning();
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("monday.tar");
    day.office.server.backup(&file).unwrap();
    day.office.server.erase(day.contact, false, "本人要求").unwrap();
    day.clerk.sync(&day.url).unwrap();
    let list = std::fs::read_to_string(day.office.dir.path().join(ERASED_LIST)).unwrap();

    let clock: Clock = Arc::new(|| Timestamp(1_790_000_000_000));
    let random: Random = Arc::new(|bytes: &mut [u8]| getrandom::fill(bytes).unwrap());
    let [by_device, by_list] = ["by-device", "by-list"].map(|name| place.path().join(name));
    for dir in [&by_device, &by_list] {
        restore(&file, dir, None, true, &clock, &random).unwrap();
        assert!(!holding(dir, TELEPHONE).is_empty(), "the older backup has it");
    }
    let again = Server::open_system(&by_list).unwrap();
    assert!(matches!(again.erase_listed("00"), Err(EraseError::List(1))));
    assert_eq!(again.erase_listed(&list).unwrap(), 1);
    assert_eq!(again.erase_listed(&list).unwrap(), 0);
    let listed = |dir: &Path| std::fs::read_to_string(dir.join(ERASED_LIST)).unwrap();
    assert_eq!(listed(&by_list), list, "each once");
    assert_eq!(verified(&again), 1);
    drop(again);
    assert_eq!(holding(&by_list, TELEPHONE), Vec::<PathBuf>::new());

    let again = Arc::new(Server::open_system(&by_device).unwrap());
    drop(again.replica().unwrap());
    let open = Open::of(Arc::clone(&again), Front::new(Limits::LOCAL), None);
    let url = open.plain();
    // The author has not heard of the erasure and offers it again; the clerk has.
    day.author.sync(&url).unwrap();
    assert!(!holding(&by_device, TELEPHONE).is_empty());
    day.clerk.sync(&url).unwrap();
    assert_eq!(day.clerk.field.contacts(day.case).unwrap(), [], "it did not take it in again meanwhile");
    assert_eq!(holding(&by_device, TELEPHONE), Vec::<PathBuf>::new());
    assert_eq!(listed(&by_device), list, "what a device has proven is kept for the next restore");
    day.author.sync(&url).unwrap();
    assert_eq!(day.author.field.contacts(day.case).unwrap(), []);
    assert_eq!(holding(day.author.dir.path(), TELEPHONE), Vec::<PathBuf>::new());
    assert_eq!(verified(&again), 1);
    day.clerk.sync(&url).unwrap();
    assert!(day.clerk.field.store().erasures_to_show(9).unwrap().is_empty(), "shown once");
}
