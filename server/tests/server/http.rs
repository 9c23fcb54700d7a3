//! Over a real socket.

use crate::device::*;
use sanben_server::{ALIVE_PATH, Call, MAX_PIECE_BYTES, Reply, serve};
use sanben_sync::wire::{ENROL_PATH, MAX_MESSAGE_BYTES, PHOTO_PATH, SIGNATURE_HEADER, SYNC_PATH};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;

pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

pub(crate) fn run(desk: &Desk) -> Running {
    let server = Arc::new(desk.another());
    let (stop, stopped) = oneshot::channel();
    let (told, hear) = std::sync::mpsc::channel();
    let thread = std::thread::spawn(move || {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            told.send(listener.local_addr().unwrap()).unwrap();
            serve(server, listener, async { drop(stopped.await) }).await.unwrap();
        });
    });
    Running { address: hear.recv().unwrap(), stop: Some(stop), thread: Some(thread) }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.stop.take());
        self.thread.take().unwrap().join().unwrap();
    }
}

pub(crate) fn send(address: SocketAddr, call: &Call) -> Reply {
    let agent = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
    let uri = format!("http://{address}{}", call.path);
    let mut request = ureq::http::Request::builder().method(call.method.as_str()).uri(uri);
    for (name, value) in &call.headers {
        request = request.header(name, value);
    }
    let mut answer = agent.run(request.body(call.body.as_slice()).unwrap()).unwrap();
    let signature = answer.headers().get(SIGNATURE_HEADER).map(|value| value.to_str().unwrap().to_owned());
    Reply {
        status: answer.status().as_u16(),
        headers: signature.into_iter().map(|value| (SIGNATURE_HEADER, value)).collect(),
        body: answer.body_mut().with_config().limit(64 << 20).read_to_vec().unwrap(),
    }
}

#[test]
fn a_device_syncs_over_a_socket() {
    let desk = Desk::park();
    let running = run(&desk);
    let mut device = desk.device(CLERK_01);
    let (case, _) = device.report("park-01", "P001");
    for _ in 0..10 {
        let call = device.ask();
        if !device.take(&call, &send(running.address, &call)).more {
            break;
        }
    }
    assert!(device.outbox.is_empty());
    assert_eq!(desk.synced(HEAD_01).documents[&case].heads(), device.documents[&case].heads());
}

#[test]
fn limits_and_strangers_are_answered() {
    let desk = Desk::park();
    let running = run(&desk);
    let get = |path: &str| Call { method: "GET".to_owned(), path: path.to_owned(), ..Call::default() };
    assert_eq!(send(running.address, &get(ALIVE_PATH)).status, 200);
    assert_eq!(refusal(&send(running.address, &get("/robots.txt"))), (404, "not-found".to_owned()));
    assert_eq!(refusal(&send(running.address, &get(SYNC_PATH))), (405, "wrong-method".to_owned()));
    assert_eq!(send(running.address, &get(ALIVE_PATH)).status, 200, "and goes on");
}

/// Says what it is going to send, sends so much of it, and waits for the answer's first line.
fn begin(address: SocketAddr, what: &str, announced: usize, sent: usize) -> TcpStream {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    write!(stream, "{what} HTTP/1.1\r\nhost: x\r\ncontent-length: {announced}\r\n\r\n").unwrap();
    stream.write_all(&vec![0; sent]).unwrap();
    stream
}

fn first_line(stream: &mut TcpStream) -> String {
    let mut line = [0; 12];
    stream.read_exact(&mut line).unwrap();
    String::from_utf8_lossy(&line).into_owned()
}

#[test]
fn a_body_that_is_too_large_is_refused_before_it_comes() {
    let desk = Desk::park();
    let running = run(&desk);
    let photo = format!("{PHOTO_PATH}{}", photo_hash(b"photo"));
    for (what, most) in [
        (format!("POST {SYNC_PATH}"), MAX_MESSAGE_BYTES),
        (format!("POST {ENROL_PATH}"), 4096),
        (format!("PUT {photo}"), MAX_PIECE_BYTES + 4096),
        (format!("POST {photo}"), 1024),
        (format!("GET {photo}"), 1024),
        ("POST /robots.txt".to_owned(), 1024),
    ] {
        let mut refused = begin(running.address, &what, most + 1, 0);
        assert_eq!(first_line(&mut refused), "HTTP/1.1 413", "{what}");
        let mut read = begin(running.address, &what, most, most);
        assert_ne!(first_line(&mut read), "HTTP/1.1 413", "{what}");
    }
}

#[test]
fn a_body_without_an_end_is_cut_off() {
    let desk = Desk::park();
    let running = run(&desk);
    let mut stream = TcpStream::connect(running.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    write!(stream, "POST {ENROL_PATH} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n").unwrap();
    // It may hang up before it has read all of it.
    let _ = stream.write_all(format!("1001\r\n{}\r\n", "x".repeat(0x1001)).as_bytes());
    assert_eq!(first_line(&mut stream), "HTTP/1.1 413");
}

#[test]
fn slow_lines_keep_nobody_waiting() {
    let desk = Desk::park();
    let running = run(&desk);
    let sync = format!("POST {SYNC_PATH}");
    let slow: Vec<_> = (0..60).map(|_| begin(running.address, &sync, MAX_MESSAGE_BYTES, 16 * 1024)).collect();
    let mut device = desk.device(CLERK_01);
    let call = device.ask();
    device.take(&call, &send(running.address, &call));
    drop(slow);
}

#[test]
fn noise_instead_of_http_hurts_nobody() {
    let desk = Desk::park();
    let running = run(&desk);
    let mut stream = TcpStream::connect(running.address).unwrap();
    stream.write_all(&bytes::<512>()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let _ = stream.read_to_end(&mut Vec::new());
    let mut device = desk.device(CLERK_01);
    let call = device.ask();
    device.take(&call, &send(running.address, &call));
}
