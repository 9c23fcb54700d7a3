//! Photos from one device to another through the real server, over lines that are slow and get cut.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, Rgb, RgbImage};
use sanben_domain::case::CaseAct;
use sanben_domain::id::{CaseId, PersonId, PhotoHash, PointId, UnitId};
use sanben_domain::patrol::{Round, VisitResult};
use sanben_domain::reference::{ReferenceRow, ReferenceUpdate};
use sanben_field::photo::intake;
use sanben_field::{
    Budget, Completion, FieldError, Held, Incoming, NewCase, NoConnection, Outgoing, PhotoPolicy, SyncReport,
    Transport,
};
use sanben_tests::network::Wire;
use sanben_tests::world::{World, park};
use sha2::{Digest, Sha256};
use std::cell::Cell;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::Command;

const INSPECTOR: &str = "U008";
const COMMAND: &str = "U001";
/// The head of P011, and the head of points elsewhere.
const HEAD: &str = "U060";
const ELSEWHERE: &str = "U051";

const DAY_MS: i64 = 86_400_000;

fn hash(bytes: &[u8]) -> PhotoHash {
    PhotoHash(Sha256::digest(bytes).into())
}

/// A sample photo, made `extra` bytes longer, as some cameras do with a preview.
fn photo(dir: &Path, name: &str, extra: usize) -> (PathBuf, Vec<u8>) {
    let mut bytes = std::fs::read(park().join("photos").join(name)).unwrap();
    bytes.resize(bytes.len() + extra, 0);
    let file = dir.join(name);
    std::fs::write(&file, &bytes).unwrap();
    (file, bytes)
}

fn record(world: &World, device: usize, photos: Vec<PathBuf>) -> CaseId {
    let new = NewCase {
        point: Some(PointId::from("P011")),
        description: "南入口有大片垃圾".to_owned(),
        photos,
        ..NewCase::default()
    };
    world.devices[device].field().record(new).unwrap().case
}

/// A line that carries so many bytes of bodies up and so many answers, and then no more.
struct Line<'a> {
    wire: Wire<'a>,
    up: Cell<usize>,
    answers: Cell<usize>,
}

impl<'a> Line<'a> {
    fn to(world: &'a World) -> Self {
        Self {
            wire: Wire::perfect(world.server()),
            up: Cell::new(usize::MAX),
            answers: Cell::new(usize::MAX),
        }
    }
}

impl Transport for Line<'_> {
    fn call(&self, request: &Outgoing) -> Result<Incoming, NoConnection> {
        let cut = || NoConnection("the line was cut".to_owned());
        self.up.set(self.up.get().checked_sub(request.body.len()).ok_or_else(cut)?);
        self.answers.set(self.answers.get().checked_sub(1).ok_or_else(cut)?);
        self.wire.call(request)
    }
}

fn sync(world: &World, device: usize, line: &Line<'_>) -> Result<SyncReport, FieldError> {
    world.devices[device].field().sync(line, Budget::unlimited(), &mut |_| ControlFlow::Continue(()))
}

/// How many photos of a case are delivered, and of how many, as a device sees it.
fn delivered(world: &World, device: usize, case: CaseId) -> (usize, usize) {
    let photos = world.devices[device].field().photos_of(case).unwrap();
    (photos.iter().filter(|photo| photo.whereabouts.delivered.is_some()).count(), photos.len())
}

#[test]
fn the_desk_sees_every_small_picture_before_the_first_original_is_through() {
    let dir = tempfile::tempdir().unwrap();
    let mut world = World::new(41, &[INSPECTOR, COMMAND]);
    let names = [
        "south-entrance-rubbish-before.jpg",
        "fire-lane-blocked.jpg",
        "damaged-paving.jpg",
        "open-bin-upright.jpg",
    ];
    let cases: Vec<(CaseId, PhotoHash)> = names
        .iter()
        .map(|name| {
            let (file, bytes) = photo(dir.path(), name, 2 << 20);
            (record(&world, 0, vec![file]), hash(&bytes))
        })
        .collect();
    {
        // So bad a line that not even one original of two megabytes gets through.
        let line = Line::to(&world);
        line.up.set(300 * 1024);
        assert!(matches!(sync(&world, 0, &line), Err(FieldError::Network(_))));
    }
    assert_eq!(world.devices[0].field().store().uploads().unwrap().len(), names.len());

    world.sync(1).unwrap();
    for (case, photo) in &cases {
        let seen = world.devices[1].field().ask_for_photos(*case, &Line::to(&world)).unwrap();
        assert_eq!(seen.len(), 1);
        let whereabouts = seen[0].whereabouts;
        assert!(
            whereabouts.thumbnail && whereabouts.delivered.is_none() && whereabouts.held == Held::Nothing
        );
        let small = world.devices[1].field().thumbnail(*photo).unwrap().unwrap();
        assert_eq!(Some(small), world.devices[0].field().thumbnail(*photo).unwrap());
        let original = world.devices[1].field().fetch_photo(*photo, &Line::to(&world));
        assert!(matches!(original, Err(FieldError::Refused(_))), "it has not come");
    }
    // The next sync does not send them again, and finishes.
    let report = sync(&world, 0, &Line::to(&world)).unwrap();
    assert_eq!((report.thumbnails_delivered, report.photos_delivered, report.photos_waiting), (0, 4, 0));
}

#[test]
fn three_of_four_are_delivered_and_both_sides_say_so() {
    let dir = tempfile::tempdir().unwrap();
    let mut world = World::new(42, &[INSPECTOR, COMMAND]);
    let names = [
        "south-entrance-rubbish-before.jpg",
        "fire-lane-blocked.jpg",
        "damaged-paving.jpg",
        "open-bin-upright.jpg",
    ];
    let photos: Vec<_> = names.iter().map(|name| photo(dir.path(), name, 0)).collect();
    let case = record(&world, 0, photos.iter().map(|(file, _)| file.clone()).collect());
    let missing = hash(&photos[2].1);
    let kept = world.devices[0].field().store().photo_path(missing);
    std::fs::rename(&kept, dir.path().join("aside")).unwrap();
    assert_eq!(delivered(&world, 0, case), (0, 4));
    world.sync(0).unwrap();
    let delivery = world.devices[0].field().case(case).unwrap().delivery;
    assert_eq!((delivery.photos, delivery.photos_delivered), (4, 3));
    assert_eq!(delivered(&world, 0, case), (3, 4));

    world.sync(1).unwrap();
    assert_eq!(delivered(&world, 1, case), (0, 4), "nobody has asked");
    let of_command = world.devices[1].field().case(case).unwrap().delivery;
    assert_eq!(of_command.photos, 0, "nothing of it is its own");
    world.devices[1].field().ask_for_photos(case, &Line::to(&world)).unwrap();
    assert_eq!(delivered(&world, 1, case), (3, 4));
    let waiting = world.devices[1].field().photos_of(case).unwrap();
    let waiting: Vec<_> = waiting.iter().filter(|photo| photo.whereabouts.delivered.is_none()).collect();
    assert_eq!((waiting.len(), waiting[0].hash), (1, missing));

    std::fs::rename(dir.path().join("aside"), &kept).unwrap();
    world.sync(0).unwrap();
    assert_eq!(delivered(&world, 0, case), (4, 4));
    world.devices[1].field().ask_for_photos(case, &Line::to(&world)).unwrap();
    assert_eq!(delivered(&world, 1, case), (4, 4));
}

#[test]
fn who_answers_gets_the_original_and_others_the_picture_without_its_place() {
    let dir = tempfile::tempdir().unwrap();
    let mut world = World::new(43, &[HEAD, INSPECTOR, COMMAND, ELSEWHERE]);
    let (file, bytes) = photo(dir.path(), "south-entrance-rubbish-before.jpg", 0);
    assert!(intake(&bytes).unwrap().place.is_some());
    let case = record(&world, 0, vec![file]);
    for device in 0..4 {
        world.sync(device).unwrap();
    }
    let fetch = |device: usize| world.devices[device].field().fetch_photo(hash(&bytes), &Line::to(&world));
    assert_eq!(fetch(2).unwrap(), bytes);
    let rendition = fetch(1).unwrap();
    let seen = intake(&rendition).unwrap();
    assert_eq!((seen.place, seen.taken_at, seen.width), (None, None, intake(&bytes).unwrap().width));
    let held = |device: usize| world.devices[device].field().photos_of(case).unwrap()[0].whereabouts.held;
    assert_eq!((held(0), held(1), held(2)), (Held::Original, Held::Rendition, Held::Original));
    assert!(matches!(fetch(3), Err(FieldError::Refused(reason)) if reason == "not-cited"));
    // What was fetched is here without a network.
    let offline = Line::to(&world);
    offline.answers.set(0);
    let again = |device: usize| world.devices[device].field().fetch_photo(hash(&bytes), &offline).unwrap();
    assert_eq!((again(1), again(2)), (rendition, bytes.clone()));
}

#[test]
fn what_the_server_has_is_not_sent_twice() {
    let dir = tempfile::tempdir().unwrap();
    let mut world = World::new(44, &[INSPECTOR, HEAD, COMMAND]);
    let (file, bytes) = photo(dir.path(), "fire-lane-blocked.jpg", 1 << 20);
    record(&world, 0, vec![file.clone()]);
    world.sync(0).unwrap();
    // The same file, handed on in a chat group and reported by somebody else.
    let second = record(&world, 1, vec![file.clone()]);
    let report = world.sync(1).unwrap();
    assert_eq!((report.photos_delivered, report.photos_waiting), (1, 0));
    assert!(report.bytes_up < 100_000, "{}", report.bytes_up);
    world.sync(2).unwrap();
    assert_eq!(delivered(&world, 1, second), (1, 1));
    assert_eq!(world.server().counts().unwrap().photos, 1);
    assert_eq!(world.devices[2].field().fetch_photo(hash(&bytes), &Line::to(&world)).unwrap(), bytes);
    // A second report of the same person with the same photo has nothing left to send.
    record(&world, 1, vec![file]);
    let report = world.sync(1).unwrap();
    assert_eq!((report.accepted, report.photos_waiting, report.photos_delivered), (1, 0, 0));
}

#[test]
fn a_photo_of_a_visit_is_delivered() {
    let dir = tempfile::tempdir().unwrap();
    let mut world = World::new(45, &[INSPECTOR, COMMAND]);
    let (file, bytes) = photo(dir.path(), "market-bicycles-disorder.jpg", 1 << 20);
    let field = world.devices[0].field();
    let result = VisitResult::NotAccessible("大门锁着".to_owned());
    field.visit_with_photos(Round::Morning, &PointId::from("P011"), result, None, &[file]).unwrap();
    let report = world.sync(0).unwrap();
    assert_eq!((report.rejected, report.photos_delivered, report.photos_waiting), (0, 1, 0));
    assert!(report.thumbnails_delivered == 1);
    world.sync(1).unwrap();
    assert_eq!(world.devices[1].field().fetch_photo(hash(&bytes), &Line::to(&world)).unwrap(), bytes);
}

#[test]
fn fetching_goes_on_where_the_line_was_cut() {
    let dir = tempfile::tempdir().unwrap();
    let mut world = World::new(46, &[INSPECTOR, COMMAND]);
    let (file, bytes) = photo(dir.path(), "open-bin-upright.jpg", 3 << 20);
    record(&world, 0, vec![file]);
    world.sync(0).unwrap();
    world.sync(1).unwrap();
    let line = Line::to(&world);
    line.answers.set(2);
    let fetch = |line: &Line<'_>| world.devices[1].field().fetch_photo(hash(&bytes), line);
    assert!(matches!(fetch(&line), Err(FieldError::Network(_))));
    // Two of four pieces are here: two more are enough.
    line.answers.set(2);
    assert_eq!(fetch(&line).unwrap(), bytes);
}

#[test]
fn an_original_makes_room_only_when_nothing_needs_it_and_comes_back_when_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let mut world = World::new(47, &[INSPECTOR, COMMAND]);
    let (first, bytes) = photo(dir.path(), "open-bin-upright.jpg", 0);
    let (second, other) = photo(dir.path(), "damaged-paving.jpg", 0);
    let case = record(&world, 0, vec![first]);
    let policy = PhotoPolicy::default();
    let dropped = |world: &World| {
        let dropped = world.devices[0].field().drop_originals(policy).unwrap();
        dropped.into_iter().map(|dropped| dropped.hash).collect::<Vec<_>>()
    };
    world.time.pass(40 * DAY_MS);
    assert_eq!(dropped(&world), [], "it was never delivered");
    world.sync(0).unwrap();
    assert_eq!(dropped(&world), [], "its case is open");
    world.sync(1).unwrap();
    world.devices[1].field().act(case, CaseAct::Void { reason: "重复".to_owned() }, &[]).unwrap();
    world.sync(1).unwrap();
    world.sync(0).unwrap();
    assert_eq!(dropped(&world), [], "delivered today: last night's backup of the server does not have it");
    world.time.pass(31 * DAY_MS);
    let recent = record(&world, 0, vec![second]);
    world.sync(0).unwrap();
    world.sync(1).unwrap();
    world.devices[1].field().act(recent, CaseAct::Void { reason: "重复".to_owned() }, &[]).unwrap();
    world.sync(1).unwrap();
    world.sync(0).unwrap();
    assert_eq!(dropped(&world), [hash(&bytes)], "the other was taken today");
    assert_eq!(dropped(&world), []);

    let field = world.devices[0].field();
    assert!(
        !field.store().photo_path(hash(&bytes)).exists() && field.store().photo_path(hash(&other)).exists()
    );
    let said = field.dropped_originals().unwrap();
    assert_eq!((said.len(), said[0].hash, said[0].bytes), (1, hash(&bytes), bytes.len() as u64));
    let whereabouts = field.photos_of(case).unwrap()[0].whereabouts;
    assert!(whereabouts.dropped.is_some() && whereabouts.thumbnail && whereabouts.delivered.is_some());
    assert_eq!(delivered(&world, 0, case), (1, 1));
    assert!(field.thumbnail(hash(&bytes)).unwrap().is_some());
    assert_eq!(field.fetch_photo(hash(&bytes), &Line::to(&world)).unwrap(), bytes);
    assert_eq!(field.dropped_originals().unwrap(), []);
    assert!(field.store().photo_path(hash(&bytes)).exists());

    // What came from the server goes as well, with nobody's receipt but the server's having given it.
    world.devices[1].field().fetch_photo(hash(&bytes), &Line::to(&world)).unwrap();
    world.time.pass(40 * DAY_MS);
    let of_command = world.devices[1].field().drop_originals(policy).unwrap();
    assert_eq!(of_command.iter().map(|dropped| dropped.hash).collect::<Vec<_>>(), [hash(&bytes)]);
}

/// Where the child finds its photo.
const PHOTO_OF_CHILD: &str = "SANBEN_PHOTO_OF_CHILD";
/// A photo of 48 megapixels takes no more than this, bytes, on the device and the server together.
const MOST: u64 = 30_000_000;

/// So many KB the system says of this process.
fn says(what: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(what)).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}

/// The most memory that some work takes above `base`, bytes.
fn peak<T>(base: u64, work: impl FnOnce() -> T) -> (T, u64) {
    // From here on the peak is counted anew.
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    let done = work();
    (done, says("VmHWM:").saturating_sub(base))
}

#[test]
#[cfg(target_os = "linux")]
fn forty_eight_megapixels_take_thirty_megabytes() {
    if let Ok(file) = std::env::var(PHOTO_OF_CHILD) {
        return child(Path::new(&file));
    }
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("large.jpg");
    // Grain like a sensor's, so that the file is as large as a phone's.
    let mut grain = 1u32;
    let picture = RgbImage::from_fn(8064, 6048, |x, y| {
        grain = grain.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let level = (x / 40 + y / 30) % 160 + (grain >> 27);
        Rgb([level, level + 40, level + 20].map(|value| u8::try_from(value.min(255)).unwrap()))
    });
    let out = std::io::BufWriter::new(std::fs::File::create(&file).unwrap());
    JpegEncoder::new_with_quality(out, 86).encode_image(&DynamicImage::from(picture)).unwrap();
    let length = std::fs::metadata(&file).unwrap().len();
    assert!((10 << 20..24 << 20).contains(&length), "{length}");
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "forty_eight_megapixels_take_thirty_megabytes", "--nocapture"])
        .env(PHOTO_OF_CHILD, &file)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    print!("{length} bytes: {}", told.lines().filter(|line| line.contains("peak")).collect::<String>());
    assert!(output.status.success(), "{told}{}", String::from_utf8_lossy(&output.stderr));
}

fn child(file: &Path) {
    let mut world = World::new(48, &[HEAD, INSPECTOR]);
    let base = says("VmRSS:");
    let (case, recording) = peak(base, || record(&world, 0, vec![file.to_owned()]));
    let (report, delivering) = peak(base, || world.sync(0).unwrap());
    assert_eq!(report.photos_delivered, 1);
    world.sync(1).unwrap();
    let inspector = world.devices[1].field();
    let (_, glancing) = peak(base, || inspector.ask_for_photos(case, &Line::to(&world)).unwrap());
    let photo = inspector.photos_of(case).unwrap()[0].hash;
    // The server makes the rendition, and the device takes it in, in one process here.
    let (rendition, looking) = peak(base, || inspector.fetch_photo(photo, &Line::to(&world)).unwrap());
    assert!(intake(&rendition).unwrap().thumbnail.is_some());
    let peaks = [recording, delivering, glancing, looking];
    println!("peak {peaks:?} bytes for recording, delivering, glancing, looking");
    assert!(peaks.iter().all(|peak| *peak <= MOST), "{peaks:?}");
}

#[test]
fn a_picture_that_the_case_has_already_is_not_waited_for() {
    let dir = tempfile::tempdir().unwrap();
    let mut world = World::new(48, &[INSPECTOR, COMMAND]);
    let (file, bytes) = photo(dir.path(), "fire-lane-blocked.jpg", 0);
    let case = record(&world, 0, vec![file.clone()]);
    world.sync(0).unwrap();
    world.sync(1).unwrap();
    // The command post got it from a colleague, and adds it to the case where it is.
    let completion = Completion {
        description: Some("消防通道被占".to_owned()),
        photos: vec![file],
        ..Completion::default()
    };
    world.devices[1].field().complete(case, completion).unwrap();
    let report = world.sync(1).unwrap();
    assert_eq!((report.photos_waiting, report.photos_failed), (0, 0));
    assert!(world.devices[1].field().store().uploads().unwrap().is_empty());
    assert_eq!(delivered(&world, 0, case), (1, 1));
    assert_eq!(world.server_photo(hash(&bytes)), Some(bytes.len() as u64));
}

#[test]
fn a_case_that_was_erased_after_its_scope_was_lost_does_not_wait_for_its_photo() {
    let dir = tempfile::tempdir().unwrap();
    let mut world = World::new(49, &["U024", COMMAND]);
    world.sync(0).unwrap();
    let (file, bytes) = photo(dir.path(), "fire-lane-blocked.jpg", 0);
    let case = record(&world, 0, vec![file]);
    // The case is accepted; then the line is gone, and the photo stays behind.
    {
        let line = Line::to(&world);
        line.answers.set(1);
        let _ = sync(&world, 0, &line);
    }
    assert_eq!(world.devices[0].field().store().uploads().unwrap().len(), 1);
    let mut clerk = world.server().reference().unwrap().people[&PersonId::from("U024")].clone();
    clerk.unit = UnitId::from("park-09");
    let rows = vec![ReferenceRow::Person(clerk)];
    world.server().publish(ReferenceUpdate { rows, removed: Vec::new() }).unwrap();
    world.server().erase(case, true, "居民要求").unwrap();

    assert_eq!(world.sync(0).unwrap().photos_gone, 1);
    world.sync(0).unwrap();
    let store = world.devices[0].field().store();
    assert!(store.uploads().unwrap().is_empty());
    assert!(store.case(case).unwrap().is_none());
    assert!(!store.photo_path(hash(&bytes)).exists());
}
