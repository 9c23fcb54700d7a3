//! Over a real socket.

use crate::device::*;
use sanben_server::{Call, HEALTH_PATH, Reply, serve};
use sanben_sync::wire::{MAX_MESSAGE_BYTES, SIGNATURE_HEADER, SYNC_PATH};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;

struct Running {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

fn run(desk: &Desk) -> Running {
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

fn send(address: SocketAddr, call: &Call) -> Reply {
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
    assert_eq!(send(running.address, &get(HEALTH_PATH)).status, 200);
    assert_eq!(refusal(&send(running.address, &get("/robots.txt"))), (404, "not-found".to_owned()));
    assert_eq!(refusal(&send(running.address, &get(SYNC_PATH))), (405, "wrong-method".to_owned()));
    let device = desk.device(CLERK_01);
    let huge = device.signed("POST", SYNC_PATH, None, vec![0; MAX_MESSAGE_BYTES + 1]);
    let mut stream = TcpStream::connect(running.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    write!(stream, "POST {SYNC_PATH} HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n", huge.body.len())
        .unwrap();
    // The server may answer and hang up before it has read all of it.
    let _ = stream.write_all(&huge.body);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    if !answer.is_empty() {
        assert!(answer.starts_with(b"HTTP/1.1 413"), "{}", String::from_utf8_lossy(&answer));
    }
    assert_eq!(send(running.address, &get(HEALTH_PATH)).status, 200, "and goes on");
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
