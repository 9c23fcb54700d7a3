//! Devices that wait for a poke, at a server behind a real socket.

use crate::line::{FAST, Line, SILENT};
use crate::office::*;
use sanben_field::{Budget, Field, FieldError, Follower, Heard, Http, Poke};
use sanben_server::{Front, Limits, METRICS_PATH};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::time::{Duration, Instant};

fn waiting(open: &Open) -> u64 {
    let metrics = get(open.monitor, METRICS_PATH);
    let line = metrics.lines().find_map(|line| line.strip_prefix("sanben_waiting ")).unwrap();
    line.parse().unwrap()
}

#[track_caller]
fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_secs(10), "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn poke(field: &Field, url: &str) -> Result<Poke, FieldError> {
    field.await_poke(&Http::new(url))
}

#[test]
fn who_waits_is_told_of_what_concerns_them_and_of_nothing_else() {
    let office = Office::park();
    let hold = Duration::from_millis(1_500);
    let open = office.open(Front::new(Limits { poke: hold, ..Limits::LOCAL }));
    let url = open.plain();
    // The head of P001, and one of a community elsewhere.
    let (inspector, head, elsewhere) =
        (office.device(INSPECTOR, &url), office.device(HEAD, &url), office.device("U060", &url));
    inspector.report("果皮箱满溢");
    std::thread::scope(|threads| {
        let told = threads.spawn(|| poke(&head.field, &url).unwrap());
        let not_told = threads.spawn(|| (poke(&elsewhere.field, &url).unwrap(), Instant::now()));
        until("both wait", || waiting(&open) == 2);
        let begun = Instant::now();
        inspector.sync(&url).unwrap();
        assert_eq!(told.join().unwrap(), Poke::Sync);
        assert!(begun.elapsed() < hold);
        assert_eq!(not_told.join().unwrap().0, Poke::Nothing, "it is no word to them");
    });
    assert_eq!(poke(&head.field, &url).unwrap(), Poke::Sync, "until it has synced");
    head.sync(&url).unwrap();
    let begun = Instant::now();
    assert_eq!(poke(&head.field, &url).unwrap(), Poke::Nothing);
    assert!(begun.elapsed() >= hold);
    assert_eq!(waiting(&open), 0);
}

#[test]
fn who_was_taken_out_meanwhile_hears_that_and_nothing_else() {
    let office = Office::park();
    let open = office.open(Front::new(Limits { poke: Duration::from_secs(2), ..Limits::LOCAL }));
    let url = open.plain();
    let head = office.device(HEAD, &url);
    let id = head.field.enrolment().unwrap().device;
    let outcome = std::thread::scope(|threads| {
        let told = threads.spawn(|| poke(&head.field, &url));
        until("it waits", || waiting(&open) == 1);
        office.server.revoke(id).unwrap();
        told.join().unwrap()
    });
    assert!(matches!(outcome, Err(FieldError::Refused(why)) if why == "revoked-device"));
}

#[test]
fn places_are_given_back_and_there_are_only_so_many() {
    let office = Office::park();
    let open = office.open(Front::new(Limits { waiting: 1, ..Limits::LOCAL }));
    let line = Line::to(open.address, FAST);
    let (head, clerk) = (office.device(HEAD, &line.url()), office.device(CLERK, &open.plain()));
    std::thread::scope(|threads| {
        let first = threads.spawn(|| poke(&head.field, &line.url()));
        until("it waits", || waiting(&open) == 1);
        let refused = poke(&clerk.field, &open.plain()).unwrap_err();
        assert!(refused.to_string().contains("too much to do just now"), "{refused}");
        assert!(get(open.monitor, METRICS_PATH).contains("sanben_limited_total{limit=\"waiting\"} 1"));
        // The same device asks anew: its earlier question is let go.
        let second = threads.spawn(|| poke(&head.field, &line.url()));
        assert_eq!(first.join().unwrap().unwrap(), Poke::Nothing);
        assert_eq!(waiting(&open), 1);
        line.hang_up();
        assert!(matches!(second.join().unwrap(), Err(FieldError::Network(_))));
    });
    until("who hung up waits no more", || waiting(&open) == 0);
}

#[test]
fn a_server_that_stops_lets_go_of_those_who_wait() {
    let office = Office::park();
    let mut open = office.open(Front::new(Limits::LOCAL));
    let url = open.plain();
    let head = office.device(HEAD, &url);
    std::thread::scope(|threads| {
        let told = threads.spawn(|| poke(&head.field, &url).unwrap());
        until("it waits", || waiting(&open) == 1);
        open.ask_to_stop();
        assert_eq!(told.join().unwrap(), Poke::Nothing);
    });
    until("it has stopped", || open.stopped());
}

/// Counts what it hears.
struct Counting<'a> {
    on: &'a AtomicBool,
    synced: &'a AtomicU64,
    failed: &'a AtomicU64,
}

impl Follower for Counting<'_> {
    fn heard(&mut self, heard: Heard<'_>) {
        match heard {
            Heard::Synced(_) => self.synced.fetch_add(1, SeqCst),
            Heard::Failed(..) => self.failed.fetch_add(1, SeqCst),
        };
    }

    fn goes_on(&mut self) -> bool {
        self.on.load(SeqCst)
    }

    fn rest(&mut self, duration: Duration) {
        // As it would, ten times as fast.
        std::thread::sleep(duration / 10);
    }
}

#[test]
fn who_follows_is_up_to_date_in_a_second_and_again_after_the_line_was_gone() {
    let office = Office::park();
    let open = office.open(Front::new(Limits { poke: Duration::from_secs(6), ..Limits::LOCAL }));
    let line = Line::to(open.address, FAST);
    let (inspector, head) = (office.device(INSPECTOR, &open.plain()), office.device(HEAD, &line.url()));
    let (on, synced, failed) = (AtomicBool::new(true), AtomicU64::new(0), AtomicU64::new(0));
    std::thread::scope(|threads| {
        let following = threads.spawn(|| {
            let mut counting = Counting { on: &on, synced: &synced, failed: &failed };
            head.field.follow(&Http::new(&line.url()), Budget::unlimited(), &mut counting)
        });
        until("it waits", || waiting(&open) == 1);
        let case = inspector.report("楼道里停着电动车");
        inspector.sync(&open.plain()).unwrap();
        let begun = Instant::now();
        until("it arrives", || head.field.case(case).is_ok());
        assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());

        line.set(SILENT);
        line.hang_up();
        until("it notices", || failed.load(SeqCst) > 0);
        let case = inspector.report("窨井盖破损");
        inspector.sync(&open.plain()).unwrap();
        line.set(FAST);
        line.hang_up();
        until("it arrives", || head.field.case(case).is_ok());
        until("it waits", || waiting(&open) == 1);
        let before = synced.load(SeqCst);
        std::thread::sleep(Duration::from_secs(1));
        assert_eq!(synced.load(SeqCst), before, "who waits does not ask");
        on.store(false, SeqCst);
        following.join().unwrap().unwrap();
    });
    assert!(synced.load(SeqCst) < 12, "{synced:?}");
}
