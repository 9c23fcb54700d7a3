//! A server with the park subdistrict's reference data behind a real socket, and devices of its people.

use sanben_domain::id::{CaseId, PersonId, PointId};
use sanben_domain::place::{Coordinate, Fix};
use sanben_field::{Budget, Field, FieldError, Http, NewCase, Platform, SyncReport};
use sanben_server::{Front, Server, import};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

pub(crate) const INSPECTOR: &str = "U007";
pub(crate) const CLERK: &str = "U023";
pub(crate) const HEAD: &str = "U051";
pub(crate) const PHOTO: &[u8] = include_bytes!("../../../core/photo/src/fixtures/exif.jpg");

pub(crate) struct Office {
    pub(crate) dir: TempDir,
    pub(crate) server: Arc<Server>,
}

impl Office {
    pub(crate) fn park() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let server = Server::open_system(dir.path()).unwrap();
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/park");
        server.publish_import(&import::read(&data).unwrap()).unwrap();
        Self { dir, server: Arc::new(server) }
    }

    pub(crate) fn code(&self, person: &str) -> String {
        self.server.invite(&PersonId::from(person), 60_000).unwrap().to_string()
    }

    /// A device of a person that has everything they may see.
    pub(crate) fn device(&self, person: &str, url: &str) -> Device {
        let device = Device::new();
        device.field.enrol(url, &self.code(person), &Http::new(url)).unwrap();
        device.sync(url).unwrap();
        device
    }

    /// Puts the server behind a socket until it is dropped.
    pub(crate) fn open(&self, front: Front) -> Open {
        Open::of(Arc::clone(&self.server), front, None)
    }
}

pub(crate) struct Device {
    pub(crate) dir: TempDir,
    pub(crate) field: Field,
}

impl Device {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let field = Field::open(dir.path(), Platform::system()).unwrap();
        Self { dir, field }
    }

    pub(crate) fn sync(&self, url: &str) -> Result<SyncReport, FieldError> {
        self.field.sync(&Http::new(url), Budget::unlimited(), &mut |_| ControlFlow::Continue(()))
    }

    pub(crate) fn report(&self, words: &str) -> CaseId {
        let photo = self.dir.path().join("taken.jpg");
        std::fs::write(&photo, PHOTO).unwrap();
        self.report_with(words, &photo)
    }

    /// A report of words alone.
    pub(crate) fn note(&self, words: &str) -> CaseId {
        let (point, description) = (Some(PointId::from("P001")), words.to_owned());
        self.field.record(NewCase { point, description, ..NewCase::default() }).unwrap().case
    }

    pub(crate) fn report_with(&self, words: &str, photo: &Path) -> CaseId {
        let case = NewCase {
            point: Some(PointId::from("P001")),
            description: words.to_owned(),
            fix: Coordinate::from_degrees(30.123_456_7, 104.765_432_1)
                .map(|coordinate| Fix { coordinate, accuracy_m: Some(12) }),
            photos: vec![photo.to_owned()],
            ..NewCase::default()
        };
        self.field.record(case).unwrap().case
    }

    pub(crate) fn waiting(&self) -> u64 {
        self.field.counts().unwrap().pending
    }
}

/// The server behind a socket.
pub(crate) struct Open {
    pub(crate) address: SocketAddr,
    pub(crate) monitor: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Open {
    pub(crate) fn of(server: Arc<Server>, front: Front, address: Option<SocketAddr>) -> Self {
        let (stop, stopped) = oneshot::channel();
        let (told, hear) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
            runtime.block_on(async {
                let anywhere = SocketAddr::from(([127, 0, 0, 1], 0));
                let listener = TcpListener::bind(address.unwrap_or(anywhere)).await.unwrap();
                let monitor = TcpListener::bind(anywhere).await.unwrap();
                told.send((listener.local_addr().unwrap(), monitor.local_addr().unwrap())).unwrap();
                let front = front.monitor(monitor);
                front.serve(server, listener, async { drop(stopped.await) }).await.unwrap();
            });
        });
        let (address, monitor) = hear.recv().unwrap();
        Self { address, monitor, stop: Some(stop), thread: Some(thread) }
    }

    pub(crate) fn plain(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Asks it to stop, as SIGTERM does.
    pub(crate) fn ask_to_stop(&mut self) {
        drop(self.stop.take());
    }

    pub(crate) fn stopped(&self) -> bool {
        self.thread.as_ref().is_none_or(std::thread::JoinHandle::is_finished)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.ask_to_stop();
        self.thread.take().unwrap().join().unwrap();
    }
}

/// Sends these bytes and reads until the other side hangs up; what came, as text.
pub(crate) fn say(address: SocketAddr, bytes: &[u8]) -> String {
    let mut line = TcpStream::connect(address).unwrap();
    line.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    line.write_all(bytes).unwrap();
    let mut answer = Vec::new();
    let _ = line.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

pub(crate) fn get(address: SocketAddr, path: &str) -> String {
    say(address, format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").as_bytes())
}
