//! A sync that may take only so much, over real lines: slow ones, and one that says nothing any more.

use crate::line::{FAST, Line, SILENT};
use crate::office::*;
use sanben_field::{Budget, Field, FieldError, Http, Platform, Stopped, SyncReport};
use sanben_server::{Front, Limits, Tls};
use sha2::{Digest, Sha256};
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

/// What applying an answer may take on a busy machine, after the time was over.
const TAIL: Duration = Duration::from_millis(900);

fn sync(field: &Field, url: &str, budget: Budget) -> Result<(SyncReport, Duration), FieldError> {
    let begun = Instant::now();
    let report = field.sync(&Http::new(url), budget, &mut |_| ControlFlow::Continue(()))?;
    Ok((report, begun.elapsed()))
}

/// A morning of another device at P001, in words that do not pack well.
fn busy_morning(office: &Office, url: &str) {
    let inspector = office.device(INSPECTOR, url);
    for case in 0..60_u8 {
        let words: String = (0..12_u8).map(|part| format!("{:x}", Sha256::digest([case, part]))).collect();
        inspector.note(&words);
    }
    inspector.sync(url).unwrap();
}

fn time(ms: u64) -> Budget {
    Budget { time_ms: Some(ms), ..Budget::unlimited() }
}

#[test]
fn a_slow_line_is_left_in_time_and_every_sync_comes_further() {
    let office = Office::park();
    let open = office.open(Front::new(Limits::LOCAL));
    busy_morning(&office, &open.plain());
    let line = Line::to(open.address, FAST);
    let device = Device::new();
    device.field.enrol(&line.url(), &office.code(HEAD), &Http::new(&line.url())).unwrap();
    drop(device.field);
    // Slower than most mobile networks at their edge; and each time a program that begins knowing nothing.
    line.set(12 * 1024);
    let mut stopped = 0;
    loop {
        let field = Field::open(device.dir.path(), Platform::system()).unwrap();
        let (report, took) = sync(&field, &line.url(), time(2_500)).unwrap();
        assert!(took < Duration::from_millis(2_500) + TAIL, "{took:?}");
        if report.stopped.is_none() {
            assert!(!report.more);
            break;
        }
        assert_eq!(report.stopped, Some(Stopped::Time));
        stopped += 1;
        assert!(stopped < 40, "it does not come to an end: {report:?}");
    }
    assert!(stopped > 1, "the line was not slow");
}

#[test]
fn silence_is_no_error_of_a_sync_that_has_only_so_much_time() {
    let office = Office::park();
    let open = office.open(Front::new(Limits::LOCAL));
    let line = Line::to(open.address, FAST);
    let device = office.device(CLERK, &line.url());
    device.report("果皮箱满溢");
    line.set(SILENT);
    let (report, took) = sync(&device.field, &line.url(), time(700)).unwrap();
    assert_eq!(report.stopped, Some(Stopped::Time));
    assert!((Duration::from_millis(700)..Duration::from_millis(700) + TAIL).contains(&took), "{took:?}");
    assert_eq!((report.changes_waiting, report.photos_waiting), (device.waiting(), 1));
    assert_eq!(device.field.next_try(), None, "nobody has to wait because of it");
    // The first request arrives after all, and its answer nowhere: nothing is there twice.
    line.set(FAST);
    let (report, _) = sync(&device.field, &line.url(), Budget::unlimited()).unwrap();
    assert_eq!((report.stopped, report.changes_waiting, report.photos_waiting), (None, 0, 0));
    assert_eq!(report.photos_delivered, 1);
    let (report, _) = sync(&device.field, &line.url(), time(0)).unwrap();
    assert_eq!((report.stopped, report.requests), (Some(Stopped::Time), 0));
}

#[test]
fn a_handshake_that_stands_still_is_left_in_time_too() {
    let office = Office::park();
    let tls = Tls::own(office.dir.path()).unwrap();
    let pin = tls.pin.to_string();
    let open = office.open(Front::new(Limits::LOCAL).tls(tls));
    let line = Line::to(open.address, FAST);
    let url = format!("https://{}/{pin}", line.address);
    let device = office.device(CLERK, &url);
    // Each byte takes a while: never a silence that is long by itself.
    for rate in [SILENT, 200] {
        line.hang_up();
        line.set(rate);
        let (report, took) = sync(&device.field, &url, time(900)).unwrap();
        assert_eq!((report.stopped, report.bytes_down), (Some(Stopped::Time), 0));
        assert!(took < Duration::from_millis(900) + TAIL, "{took:?}");
    }
    line.hang_up();
    line.set(FAST);
    assert_eq!(sync(&device.field, &url, time(20_000)).unwrap().0.stopped, None);
}

#[test]
fn bytes_are_spent_in_portions() {
    const PORTION: u64 = 12 * 1024;
    let office = Office::park();
    let open = office.open(Front::new(Limits::LOCAL));
    busy_morning(&office, &open.plain());
    let line = Line::to(open.address, FAST);
    let device = Device::new();
    device.field.enrol(&line.url(), &office.code(CLERK), &Http::new(&line.url())).unwrap();
    let portion = Budget { bytes: Some(PORTION), ..Budget::unlimited() };
    let mut portions = 0;
    for round in 0.. {
        if round == 3 {
            device.report("楼道里停着电动车");
        }
        let before = line.carried();
        let (report, _) = sync(&device.field, &line.url(), portion).unwrap();
        let counted = report.bytes_up + report.bytes_down;
        // One entry of reference data, packed, is the most by which an answer can be larger than was asked for.
        assert!(counted <= PORTION + 24 * 1024, "{report:?}");
        let around = (line.carried() - before).saturating_sub(counted) / report.requests.max(1);
        assert!(around < 750, "{around} bytes around each request");
        if report.stopped.is_none() && round > 3 {
            break;
        }
        portions += u64::from(report.stopped == Some(Stopped::Bytes));
        assert!(round < 60, "it does not come to an end: {report:?}");
    }
    assert!(portions > 2, "{portions}");
    assert_eq!(device.waiting(), 0);
    assert_eq!(device.field.counts().unwrap().photos_delivered, 1);
}

#[test]
fn requests_are_counted() {
    let office = Office::park();
    let open = office.open(Front::new(Limits::LOCAL));
    let device = office.device(CLERK, &open.plain());
    device.report("绿化带里有白色垃圾");
    let one = Budget { requests: Some(1), ..Budget::unlimited() };
    let (report, _) = sync(&device.field, &open.plain(), one).unwrap();
    assert_eq!((report.requests, report.stopped), (1, Some(Stopped::Requests)));
    assert_eq!((report.changes_waiting, report.photos_waiting), (0, 1), "work goes before photos");
}

#[test]
fn pieces_of_a_photo_shrink_on_a_bad_line_and_it_arrives() {
    let office = Office::park();
    let open = office.open(Front::new(Limits::LOCAL));
    let line = Line::to(open.address, FAST);
    let device = office.device(CLERK, &line.url());
    // As some cameras do, with a preview behind the picture.
    let photo = device.dir.path().join("large.jpg");
    std::fs::write(&photo, [PHOTO, &vec![7; 180_000]].concat()).unwrap();
    device.report_with("窨井盖破损", &photo);
    line.set(40 * 1024);
    let (mut syncs, mut largest) = (0, 0);
    loop {
        let mut last = 0;
        let begun = Instant::now();
        let watch = &mut |report: &SyncReport| {
            largest = largest.max(report.bytes_up - last);
            last = report.bytes_up;
            ControlFlow::Continue(())
        };
        let report = device.field.sync(&Http::new(&line.url()), time(1_200), watch).unwrap();
        assert!(begun.elapsed() < Duration::from_millis(1_200) + TAIL);
        syncs += 1;
        if report.photos_delivered == 1 {
            break;
        }
        assert!(syncs < 30, "it does not come to an end: {report:?}");
    }
    assert!(syncs > 2, "the line was not slow");
    assert!(largest < 64 * 1024, "a piece of {largest} bytes on a line of 40 KiB a second");
}
