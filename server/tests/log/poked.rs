//! Pokes: whoever waits hears of what another server process took in, and many can wait.

use crate::device::{CLERK_01, Device, HEAD_01, MORNING};
use crate::processes::Process;
use crate::served::{Home, device};
use crate::servers::send;
use crate::store::Store;
use sanben_domain::id::PersonId;
use sanben_server::{Call, Server};
use sanben_sync::frame::unpack;
use sanben_sync::poke::{Poked, path};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

every_store![news_reach_who_waits_at_another_server, many_wait_for_little];

/// Somebody who waits sees what another recorded within this.
const SOON: Duration = Duration::from_secs(2);

fn ask(device: &Device) -> Call {
    device.signed("GET", &path(&device.standing.digest()), None, Vec::new())
}

/// Waits on a thread of its own; gives the answer and when it came.
fn wait(device: &Device, address: &str) -> JoinHandle<(bool, Instant)> {
    let (call, address, device) = (ask(device), address.to_owned(), device.clone());
    std::thread::spawn(move || {
        let reply = send(&address, &call).expect("an answer");
        assert!(device.believes(&call, &reply));
        assert_eq!(reply.status, 200);
        (unpack::<Poked>(&reply.body, 64).unwrap().sync, Instant::now())
    })
}

fn deliver(device: &mut Device, address: &str) {
    loop {
        let call = device.ask();
        let reply = send(address, &call).expect("an answer");
        if !device.take(&call, &reply).more && device.outbox.is_empty() {
            return;
        }
    }
}

/// A server of its own on the log of another.
fn start(home: &Home<'_>, store: &Store) -> (Process, String) {
    let mut process = Process::start("serve", &store.address(), Some(&home.folder()));
    let address = process.said("address");
    (process, address)
}

fn news_reach_who_waits_at_another_server(store: &Store) {
    let (home, other) = (Home::of(store), Home::of(store));
    let server = home.park();
    if home.folder() != other.folder() {
        std::fs::copy(home.folder().join("server.key"), other.folder().join("server.key")).unwrap();
    }
    let (mut clerk, mut head) = (device(&server, CLERK_01), device(&server, HEAD_01));
    let ((first, here), (second, there)) = (start(&home, store), start(&other, store));

    let waiting = wait(&head, &there);
    std::thread::sleep(Duration::from_millis(500));
    assert!(!waiting.is_finished(), "nothing has happened");
    clerk.report("park-01", "P001");
    deliver(&mut clerk, &here);
    let durable = Instant::now();
    let (sync, told) = waiting.join().unwrap();
    assert!(sync);
    assert!(told.saturating_duration_since(durable) < SOON, "{:?}", told - durable);
    deliver(&mut head, &there);
    assert_eq!(head.documents.len(), 1);

    // The server that took it in is gone: who waits at the other is still told.
    let waiting = wait(&head, &there);
    std::thread::sleep(Duration::from_millis(300));
    first.kill();
    let (case, _) = clerk.report("park-01", "P001");
    deliver(&mut clerk, &there);
    assert!(waiting.join().unwrap().0);
    deliver(&mut head, &there);
    assert!(head.documents.contains_key(&case));

    // What came while nobody waited is told at once.
    clerk.comment(case, "还在");
    deliver(&mut clerk, &there);
    let asked = Instant::now();
    let (sync, told) = wait(&head, &there).join().unwrap();
    assert!(sync && told - asked < SOON);
    second.finish();
}

const MANY: usize = 500;

/// A device that stands where another one does.
fn beside(template: &Device, server: &Server, address: &str) -> Device {
    let code = server.invite(&PersonId::from(HEAD_01), 60_000).unwrap();
    let mut device = Device::enrol(server, &code, MORNING);
    device.standing = template.standing.clone();
    device.standing.confirmed = false;
    device.documents = template.documents.clone();
    deliver(&mut device, address);
    device
}

/// Resident memory in KiB, and processor time used so far.
fn used(process: u32) -> (u64, Duration) {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let rss = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let (_, fields) = stat.rsplit_once(") ").unwrap();
    let ticks: u64 = fields.split(' ').skip(11).take(2).map(|ticks| ticks.parse::<u64>().unwrap()).sum();
    (rss.trim().trim_end_matches(" kB").parse().unwrap(), Duration::from_millis(ticks * 10))
}

fn many_wait_for_little(store: &Store) {
    const IDLE: Duration = Duration::from_secs(5);
    let home = Home::of(store);
    let server = home.park();
    let (mut clerk, head) = (device(&server, CLERK_01), device(&server, HEAD_01));
    let (process, address) = start(&home, store);
    let devices: Vec<Device> = (0..MANY).map(|_| beside(&head, &server, &address)).collect();
    let (before, _) = used(process.id());
    let mut lines: Vec<TcpStream> = devices
        .iter()
        .map(|device| {
            let call = ask(device);
            let mut line = TcpStream::connect(&address).unwrap();
            let headers: String =
                call.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
            write!(line, "GET {} HTTP/1.1\r\nhost: x\r\n{headers}\r\n", call.path).unwrap();
            line
        })
        .collect();
    std::thread::sleep(Duration::from_secs(2));
    let (with, busy) = used(process.id());
    std::thread::sleep(IDLE);
    let (_, idle) = used(process.id());
    let idle = (idle - busy).as_secs_f64() / IDLE.as_secs_f64();
    let each = with.saturating_sub(before) as f64 / MANY as f64;
    let nobody = lines[0].try_clone().unwrap();
    nobody.set_nonblocking(true).unwrap();
    assert!((&nobody).read(&mut [0]).is_err(), "nothing has happened");
    nobody.set_nonblocking(false).unwrap();

    clerk.report("park-01", "P001");
    deliver(&mut clerk, &address);
    let begun = Instant::now();
    for line in &mut lines {
        line.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let mut answer = vec![0; 1024];
        let read = line.read(&mut answer).unwrap();
        assert!(answer[..read].starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer[..read]));
    }
    let all = begun.elapsed();
    println!(
        "{MANY} waiting: {each:.1} KiB each, {:.2} % of a core while idle, all told in {all:?}",
        idle * 100.0
    );
    assert!(each < 64.0, "{each} KiB for one who waits");
    assert!(idle < 0.2, "{idle} of a core for nothing");
    assert!(all < Duration::from_secs(15), "{all:?}");
    process.finish();
}
