//! What a caller may ask and how long it may take, over real sockets.

use crate::office::*;
use sanben_server::{ALIVE_PATH, Front, Limits, Rate};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

const SHORT: Limits = Limits {
    head: Duration::from_millis(600),
    body: Duration::from_millis(800),
    stall: Duration::from_millis(600),
    handshake: Duration::from_millis(600),
    ..Limits::LOCAL
};

fn until_hung_up(mut line: TcpStream) -> (Duration, String) {
    let begun = Instant::now();
    line.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let mut answer = Vec::new();
    line.read_to_end(&mut answer).unwrap();
    (begun.elapsed(), String::from_utf8_lossy(&answer).into_owned())
}

#[test]
fn a_device_that_asks_too_much_is_told_to_wait_and_comes_again() {
    let office = Office::park();
    let rate = Rate { burst: 30, per_second: 10 };
    let open = office.open(Front::new(Limits { device: Some(rate), ..Limits::LOCAL }));
    let url = open.plain();
    let (eager, other) = (office.device(INSPECTOR, &url), office.device(CLERK, &url));
    let refused = (0..60).find_map(|_| eager.sync(&url).err());
    let refused = refused.expect("nobody may ask that often");
    assert_eq!(refused.code(), "network", "{refused}");
    assert!(refused.to_string().contains("too much to do just now"), "{refused}");
    assert!(eager.field.next_try().is_some(), "it waits by itself");
    other.sync(&url).unwrap();
    eager.report("楼道里停着电动车");
    std::thread::sleep(Duration::from_secs(2));
    let waiting = eager.waiting();
    assert_eq!(eager.sync(&url).unwrap().accepted, waiting, "nothing was lost");
}

#[test]
fn nobody_empties_the_bucket_of_another() {
    let office = Office::park();
    let rate = Rate { burst: 20, per_second: 1 };
    let open = office.open(Front::new(Limits { device: Some(rate), ..Limits::LOCAL }));
    let device = office.device(INSPECTOR, &open.plain());
    let id = device.field.enrolment().unwrap().device;
    let calls = [
        ("POST /v1/sync", "401"),
        ("GET /v1/sync", "405"),
        ("GET /nowhere", "404"),
        ("POST /v1/enrol", "400"),
        ("GET /v1/poke/0", "401"),
    ];
    for (call, status) in calls.into_iter().cycle().take(100) {
        let forged = format!(
            "{call} HTTP/1.1\r\nhost: x\r\nsanben-device: {id}\r\nsanben-signature: 00\r\n\
             content-length: 1\r\nconnection: close\r\n\r\nx"
        );
        let answer = say(open.address, forged.as_bytes());
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{call}: {answer}");
    }
    device.sync(&open.plain()).unwrap();
}

#[test]
fn slow_heads_bodies_and_handshakes_are_given_up() {
    let office = Office::park();
    let open = office.open(Front::new(SHORT));
    // A head byte by byte (slow loris), one that never begins, and a connection that lies idle after a call.
    let mut drip = TcpStream::connect(open.address).unwrap();
    let dripping = std::thread::spawn({
        let mut line = drip.try_clone().unwrap();
        move || {
            let head =
                b"GET /v1/health HTTP/1.1\r\nhost: x\r\nx-slow: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
            head.iter()
                .take_while(|byte| {
                    std::thread::sleep(Duration::from_millis(100));
                    line.write_all(&[**byte]).is_ok()
                })
                .count()
        }
    });
    let mut answer = Vec::new();
    let begun = Instant::now();
    let _ = drip.read_to_end(&mut answer);
    assert!(begun.elapsed() < Duration::from_secs(5), "a dripping head was waited for");
    drop(drip);
    assert!(dripping.join().unwrap() < 60);
    let (took, _) = until_hung_up(TcpStream::connect(open.address).unwrap());
    assert!(took < Duration::from_secs(5), "silence was waited for");
    let mut idle = TcpStream::connect(open.address).unwrap();
    write!(idle, "GET {ALIVE_PATH} HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    let (took, answer) = until_hung_up(idle);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(took < Duration::from_secs(5), "an idle connection was kept");

    let mut body = TcpStream::connect(open.address).unwrap();
    write!(body, "POST /v1/sync HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\nabc").unwrap();
    let (took, answer) = until_hung_up(body);
    assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("too-slow"), "{answer}");
    assert!(took < Duration::from_secs(5));

    let tls = sanben_server::Tls::own(office.dir.path()).unwrap();
    let secure = office.open(Front::new(SHORT).tls(tls));
    let (took, _) = until_hung_up(TcpStream::connect(secure.address).unwrap());
    assert!(took < Duration::from_secs(5), "a handshake was waited for");
}

#[test]
fn an_answer_that_nobody_takes_is_given_up() {
    let office = Office::park();
    let open = office.open(Front::new(SHORT));
    // Many requests at once, and no answer is read: what the sockets hold fills up.
    let mut greedy = TcpStream::connect(open.address).unwrap();
    greedy.set_write_timeout(Some(Duration::from_secs(10))).unwrap();
    let ask = format!("GET {ALIVE_PATH} HTTP/1.1\r\nhost: x\r\n\r\n").repeat(1000);
    let begun = Instant::now();
    while greedy.write_all(ask.as_bytes()).is_ok() {
        assert!(begun.elapsed() < Duration::from_secs(60), "it is answered for ever");
    }
    assert!(get(open.address, ALIVE_PATH).starts_with("HTTP/1.1 200"));
}

#[test]
fn too_many_connections_are_told_to_come_later() {
    let office = Office::park();
    let open = office.open(Front::new(Limits { connections: 20, ..Limits::LOCAL }));
    let url = open.plain();
    let device = office.device(HEAD, &url);
    device.report("绿化带里有白色垃圾");
    let held: Vec<_> = (0..30).map(|_| TcpStream::connect(open.address).unwrap()).collect();
    std::thread::sleep(Duration::from_millis(300));
    let answer = get(open.address, ALIVE_PATH);
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
    assert!(answer.contains("busy") && answer.to_lowercase().contains("retry-after: "), "{answer}");
    let refused = device.sync(&url).unwrap_err();
    assert!(refused.to_string().contains("too much to do just now"), "{refused}");
    let waiting = device.waiting();
    assert!(waiting > 0);
    drop(held);
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(device.sync(&url).unwrap().accepted, waiting);
}
