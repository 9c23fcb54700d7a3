//! A device as the mailbag of others: what it takes, what it refuses, and that nobody makes it keep more than it may.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use sanben_domain::case::CaseAct;
use sanben_domain::id::PointId;
use sanben_field::{CarrierLimits, Doorkeeper, Field, FieldError, Http, Knock, NewCase};
use sanben_sync::handover::{Address, NotTaken};
use sanben_tests::world::World;
use sha2::{Digest, Sha256};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::time::{Duration, Instant};

#[derive(Default)]
struct Keeper {
    closed: AtomicBool,
    came: Mutex<Vec<Knock>>,
}

impl Doorkeeper for Keeper {
    fn came(&self, knock: Knock) {
        self.came.lock().unwrap().push(knock);
    }

    fn stays_open(&self) -> bool {
        !self.closed.load(SeqCst)
    }
}

/// Keeps a carrier's door open while somebody does something; gives who came.
fn while_open(carrier: &Field, limits: &CarrierLimits, visit: impl FnOnce(&Address)) -> Vec<Knock> {
    let (keeper, code) = (Keeper::default(), carrier.handover_code());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    std::thread::scope(|threads| {
        threads.spawn(|| carrier.collect(&listener, &code, limits, &keeper).unwrap());
        let visited = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            visit(&Address { base, code: code.clone() });
        }));
        keeper.closed.store(true, SeqCst);
        visited.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    });
    keeper.came.into_inner().unwrap()
}

fn record(field: &Field, words: String) {
    let point = Some(PointId::from("P011"));
    field.record(NewCase { point, description: words, ..NewCase::default() }).unwrap();
}

/// Words that do not pack well.
fn noise(seed: usize, kib: usize) -> String {
    (0..kib * 16)
        .map(|part| format!("{:x}", Sha256::digest([seed, part].map(usize::to_be_bytes).concat())))
        .collect()
}

fn give(field: &Field, address: &Address) -> Result<u64, FieldError> {
    field.hand_over(address, &Http::new(&address.base)).map(|handed| handed.mailbags)
}

#[test]
fn a_long_outbox_goes_in_parts_in_order_and_what_was_recorded_since_in_parts_of_its_own() {
    let mut world = World::new(31, &["U008", "U170", "U001"]);
    let (author, carrier) = (world.devices[0].field(), world.devices[1].field());
    for seed in 0..12 {
        record(author, noise(seed, 30));
    }
    let waiting = author.store().counts().unwrap().pending;
    let came = while_open(carrier, &CarrierLimits::default(), |address| {
        let handed = author.hand_over(address, &Http::new(&address.base)).unwrap();
        assert!(handed.mailbags > 2 && handed.known == 0, "{handed:?}");
        assert_eq!(handed.changes, waiting);
        record(author, "果皮箱满溢".to_owned());
        let again = author.hand_over(address, &Http::new(&address.base)).unwrap();
        assert_eq!((again.mailbags, again.known), (handed.mailbags + 1, handed.mailbags));
    });
    assert_eq!(
        came.iter().filter(|knock| matches!(knock, Knock::Taken(_))).count(),
        carrier.mailbags().unwrap().len()
    );
    let words = "果皮箱满溢".as_bytes();
    for mailbag in carrier.mailbags().unwrap() {
        let bytes = carrier.store().mailbag_bytes(mailbag.hash).unwrap().unwrap();
        assert!(!bytes.windows(words.len()).any(|window| window == words), "a carrier reads nothing");
    }
    let all = world.devices[0].field().store().counts().unwrap().pending;
    world.sync(1).unwrap();
    assert_eq!(world.server().counts().unwrap().changes, all, "in an order in which the server takes it");
    let report = world.sync(0).unwrap();
    assert_eq!((report.rejected, report.changes_waiting), (0, 0));
    world.sync(2).unwrap();
    assert_eq!(world.server().counts().unwrap().changes, all, "nothing twice");
}

#[test]
fn a_carrier_is_full_when_it_is_and_keeps_nothing_more() {
    let world = World::new(32, &["U008", "U060", "U170"]);
    let (first, second, carrier) =
        (world.devices[0].field(), world.devices[1].field(), world.devices[2].field());
    record(first, "楼道里停着电动车".to_owned());
    record(second, "窨井盖破损".to_owned());
    let one = CarrierLimits { mailbags: 1, ..CarrierLimits::default() };
    while_open(carrier, &one, |address| {
        assert_eq!(give(first, address).unwrap(), 1);
        assert!(matches!(give(second, address), Err(FieldError::Carrier(NotTaken::Full))));
        assert_eq!(give(first, address).unwrap(), 1, "what it has it knows, full or not");
    });
    let small = CarrierLimits { bytes: 100, ..CarrierLimits::default() };
    while_open(carrier, &small, |address| {
        assert!(matches!(give(second, address), Err(FieldError::Carrier(NotTaken::Full))));
    });
    let seldom = CarrierLimits { per_minute: 0, ..CarrierLimits::default() };
    while_open(carrier, &seldom, |address| {
        assert!(matches!(give(second, address), Err(FieldError::Carrier(NotTaken::TooOften))));
    });
    assert_eq!(carrier.mailbags().unwrap().len(), 1);
}

#[test]
fn codes_cannot_be_tried_out() {
    let world = World::new(33, &["U008", "U170"]);
    let (author, carrier) = (world.devices[0].field(), world.devices[1].field());
    record(author, "垃圾".to_owned());
    let limits = CarrierLimits { wrong_per_minute: 3, ..CarrierLimits::default() };
    while_open(carrier, &limits, |address| {
        for _ in 0..3 {
            let guess = Address { code: author.handover_code(), ..address.clone() };
            assert!(matches!(give(author, &guess), Err(FieldError::Carrier(NotTaken::WrongCode))));
        }
        assert!(matches!(give(author, address), Err(FieldError::Carrier(NotTaken::TooOften))));
    });
    assert!(carrier.mailbags().unwrap().is_empty());
}

#[test]
fn whatever_strangers_send_leaves_nothing_behind_and_the_door_open() {
    let world = World::new(34, &["U008", "U170"]);
    let (author, carrier) = (world.devices[0].field(), world.devices[1].field());
    record(author, "垃圾".to_owned());
    let limits =
        CarrierLimits { patience: Duration::from_millis(700), at_once: 2, ..CarrierLimits::default() };
    while_open(carrier, &limits, |address| {
        let host = address.base.trim_start_matches("http://");
        let long = format!("POST /v1/carry HTTP/1.1\r\nx: {}\r\n\r\n", "a".repeat(64 * 1024));
        let huge = "POST /v1/carry HTTP/1.1\r\ncontent-length: 99999999999\r\n\r\n".to_owned();
        let negative = "POST /v1/carry HTTP/1.1\r\ncontent-length: -1\r\n\r\n".to_owned();
        let short = "POST /v1/carry HTTP/1.1\r\ncontent-length: 1000\r\n\r\nabc".to_owned();
        let other = "GET / HTTP/1.1\r\n\r\n".to_owned();
        let unsigned = "POST /v1/carry HTTP/1.1\r\ncontent-length: 3\r\n\r\nabc".to_owned();
        for words in
            [long, huge, negative, short, other, unsigned, "\0\u{fffd}\r\n\r\n".to_owned(), String::new()]
        {
            let begun = Instant::now();
            let mut line = TcpStream::connect(host).unwrap();
            line.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
            // It may hang up before it has heard all of it.
            let _ = line.write_all(words.as_bytes());
            let mut answer = Vec::new();
            let _ = line.read_to_end(&mut answer);
            assert!(!answer.starts_with(b"HTTP/1.1 200"), "{words:.40}");
            assert!(begun.elapsed() < Duration::from_secs(5), "{words:.40} was waited for");
        }
    });
    let own = CarrierLimits { patience: Duration::from_secs(60), at_once: 2, ..CarrierLimits::default() };
    while_open(carrier, &own, |address| {
        let host = address.base.trim_start_matches("http://");
        // Two that say nothing, or not what they want, take both places. They make room for who speaks.
        let mut idle = [TcpStream::connect(host).unwrap(), TcpStream::connect(host).unwrap()];
        idle[1].write_all(b"POST /v1/carry HT").unwrap();
        std::thread::sleep(Duration::from_millis(200));
        assert_eq!(give(author, address).unwrap(), 1);
        for line in &mut idle[..1] {
            line.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
            assert_eq!(line.read(&mut [0]).unwrap(), 0, "who came first was hung up on");
        }
    });
    let limits = CarrierLimits { silence: Duration::from_millis(700), ..own };
    while_open(carrier, &limits, |address| {
        let host = address.base.trim_start_matches("http://");
        // Two that began to speak and say no more keep their places, and not for long.
        let mut idle = [TcpStream::connect(host).unwrap(), TcpStream::connect(host).unwrap()];
        for line in &mut idle {
            line.write_all(b"POST /v1/carry HTTP/1.1\r\ncontent-length: 1000\r\n\r\nabc").unwrap();
        }
        std::thread::sleep(Duration::from_millis(200));
        assert!(matches!(give(author, address), Err(FieldError::Network(_))));
        std::thread::sleep(Duration::from_secs(1));
        assert_eq!(give(author, address).unwrap(), 1);
    });
    assert_eq!(carrier.mailbags().unwrap().len(), 1);
}

#[test]
fn a_mailbag_that_comes_before_what_it_builds_on_is_kept_and_offered_again() {
    // An author whose telephone will be lost, two tablets, a third that collects for them, and the command post.
    let mut world = World::new(35, &["U008", "U170", "U060", "U171", "U001"]);
    let author = world.devices[0].field();
    let point = Some(PointId::from("P011"));
    let words = "南入口有大片垃圾".to_owned();
    let case = author.record(NewCase { point, description: words, ..NewCase::default() }).unwrap().case;
    let limits = CarrierLimits::default();
    while_open(world.devices[1].field(), &limits, |address| {
        give(author, address).unwrap();
    });
    let more = CaseAct::Comment { words: "又多了一堆".to_owned() };
    author.act(case, more, &[]).unwrap();
    while_open(world.devices[3].field(), &limits, |address| {
        give(author, address).unwrap();
    });
    let waiting = author.store().counts().unwrap().pending;

    // The second tablet has only what the first one has not.
    let first = world.devices[1].field().mailbags().unwrap();
    let both = world.devices[3].field().mailbags().unwrap();
    let second: Vec<_> = both.iter().filter(|bag| first.iter().all(|held| held.hash != bag.hash)).collect();
    assert_eq!((first.len(), both.len(), second.len()), (1, 2, 1));
    let bytes = world.devices[3].field().store().mailbag_bytes(second[0].hash).unwrap().unwrap();
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("second");
    std::fs::write(&file, bytes).unwrap();
    assert!(world.devices[2].field().take_mailbag(&file).unwrap());

    // It comes to the server before the first does.
    let report = world.sync(2).unwrap();
    assert_eq!((report.carried, report.carried_later, report.mailbags_waiting), (0, 1, 1));
    assert_eq!(world.server().counts().unwrap().changes, 0);
    world.sync(1).unwrap();
    world.sync(2).unwrap();
    assert_eq!(world.server().counts().unwrap().changes, waiting, "its author never syncs");
    world.sync(4).unwrap();
    assert_eq!(world.devices[4].field().case(case).unwrap().record.events.len(), 2);
    let held = world.devices[2].field().mailbags().unwrap();
    assert!(held.iter().all(|bag| bag.received.is_some() && bag.size == 0 && !bag.waits()), "{held:?}");
}
