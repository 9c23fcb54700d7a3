//! A server that is asked to stop finishes what it was asked before.

use crate::office::*;
use sanben_server::{Front, Limits};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

#[test]
fn a_request_on_its_way_is_finished_and_nobody_new_comes_in() {
    let office = Office::park();
    let mut open = office.open(Front::new(Limits::OPEN));
    let body = vec![b'x'; 1000];
    let mut line = TcpStream::connect(open.address).unwrap();
    line.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    write!(line, "POST /v1/sync HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n").unwrap();
    line.write_all(&body[..500]).unwrap();
    std::thread::sleep(Duration::from_millis(300));
    open.ask_to_stop();
    let begun = Instant::now();
    while TcpStream::connect(open.address).is_ok() {
        assert!(begun.elapsed() < Duration::from_secs(10), "it still takes newcomers in");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(!open.stopped(), "it waits for the request on its way");
    line.write_all(&body[500..]).unwrap();
    let mut answer = String::new();
    line.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    while !open.stopped() {
        assert!(begun.elapsed() < Duration::from_secs(20), "it does not end");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_request_that_never_ends_is_not_waited_for() {
    let office = Office::park();
    let stop = Duration::from_millis(500);
    let mut open = office.open(Front::new(Limits { stop, ..Limits::OPEN }));
    let mut line = TcpStream::connect(open.address).unwrap();
    write!(line, "POST /v1/sync HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\nabc").unwrap();
    std::thread::sleep(Duration::from_millis(200));
    open.ask_to_stop();
    let begun = Instant::now();
    while !open.stopped() {
        assert!(begun.elapsed() < Duration::from_secs(10), "it waits for ever");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn syncs_over_a_stop_lose_nothing() {
    let office = Office::park();
    let mut open = office.open(Front::new(Limits::OPEN));
    let (url, address) = (open.plain(), open.address);
    let device = office.device(INSPECTOR, &url);
    let cases: Vec<_> = (0..40).map(|n| device.report(&format!("第{n}处：路牙破损"))).collect();
    let syncing = std::thread::spawn(move || {
        let cut = device.sync(&url).err().map(|error| error.code());
        (device, cut)
    });
    std::thread::sleep(Duration::from_millis(60));
    open.ask_to_stop();
    let (device, cut) = syncing.join().unwrap();
    assert!(matches!(cut, None | Some("network")), "{cut:?}");
    drop(open);
    let again = Open::of(std::sync::Arc::clone(&office.server), Front::new(Limits::OPEN), Some(address));
    device.sync(&again.plain()).unwrap();
    assert_eq!(device.waiting(), 0);
    assert_eq!(device.field.counts().unwrap().rejected, 0);
    let server = office.server.replica().unwrap();
    assert!(cases.iter().all(|case| server.case(*case).unwrap().is_some()));
}
