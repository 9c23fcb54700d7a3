//! The line is cut at every byte: a real device and a real server over real sockets, a proxy between them that
//! lets so many bytes through in one direction and then nothing more. Afterwards the line is whole again, and
//! nothing acknowledged is lost, nothing is doubled, and both sides hold the same.

mod errands;

use crate::world::World;
use errands::Scene;
use sanben_domain::id::CaseId;
use sanben_field::Http;
use sanben_server::{Server, serve};
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread::JoinHandle;
use tokio::sync::oneshot;

/// Where the line is cut: after so many bytes to the server, or from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// To the server.
    Up(usize),
    /// From it.
    Down(usize),
    /// Nowhere.
    Never,
}

/// How much travelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Travelled {
    /// To the server, bytes.
    pub up: usize,
    /// From it, bytes.
    pub down: usize,
}

/// What is tried over the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Errand {
    /// An enrolment.
    Enrol,
    /// A sync with a report, an act on it, and its photo.
    Work,
    /// A photo in several pieces.
    Upload,
    /// Somebody else's photo, asked for and fetched.
    Fetch,
    /// A mailbag, handed in.
    Carry,
    /// A poke that is waited for.
    Poke,
    /// The first sync of a device that begins with bundles.
    Begin,
}

impl Errand {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Enrol, Self::Work, Self::Upload, Self::Fetch, Self::Carry, Self::Poke, Self::Begin];

    /// Cut at every n-th byte where "every" is asked for: a large picture is the same from byte to byte.
    #[must_use]
    pub fn stride(self) -> usize {
        if self == Self::Upload { 331 } else { 1 }
    }
}

/// Cuts an errand at every `step`-th byte in both directions, as many at a time as there are workers; how often.
#[must_use]
pub fn sweep(errand: Errand, step: usize, workers: usize) -> usize {
    let whole = Stage::new().run(errand, Cut::Never);
    let cuts = (0..=whole.up).step_by(step).map(Cut::Up);
    let cuts: Vec<Cut> = cuts.chain((0..=whole.down).step_by(step).map(Cut::Down)).collect();
    let (next, fallen) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        let mut stage = None;
        while let Some(&cut) = cuts.get(next.fetch_add(1, Ordering::SeqCst)) {
            let on = stage.take().unwrap_or_else(Stage::new);
            match std::panic::catch_unwind(AssertUnwindSafe(|| (on.run(errand, cut), on))) {
                Ok((_, on)) if on.runs.load(Ordering::SeqCst) < RUNS => stage = Some(on),
                Ok(_) => {}
                Err(_) => fallen.lock().unwrap().push(cut),
            }
        }
    };
    std::thread::scope(|scope| (0..workers).for_each(|_| drop(scope.spawn(work))));
    let fallen = fallen.into_inner().unwrap();
    assert!(fallen.is_empty(), "{errand:?} does not survive {fallen:?}");
    cuts.len()
}

/// So many cuts fall on one server and its devices, one after the other: to make them takes longer than an errand.
const RUNS: usize = 25;

/// Two devices, and a server behind a socket.
struct Stage {
    /// Before the server that it uses.
    open: Open,
    near: Http,
    server: Arc<Server>,
    world: World,
    runs: AtomicUsize,
    begun: OnceLock<Vec<CaseId>>,
}

impl Stage {
    fn new() -> Self {
        let mut world = World::new(9, &["U008", "U001"]);
        let server = Arc::new(world.server.take().unwrap());
        let open = Open::new(&server);
        let near = Http::new(&format!("http://{}", open.address));
        Self { open, near, server, world, runs: AtomicUsize::new(0), begun: OnceLock::new() }
    }

    /// One errand over a line that is cut once.
    fn run(&self, errand: Errand, cut: Cut) -> Travelled {
        let proxy = Proxy::new(self.open.address, cut);
        let http = Http::new(&format!("http://{}", proxy.address));
        let run = self.runs.fetch_add(1, Ordering::SeqCst);
        let scene = Scene { stage: self, http: &http, proxy: &proxy, run };
        match errand {
            Errand::Enrol => scene.enrol(),
            Errand::Work => scene.work(),
            Errand::Upload => scene.upload(),
            Errand::Fetch => scene.fetch(),
            Errand::Carry => scene.carry(),
            Errand::Poke => scene.poke(),
            Errand::Begin => scene.begin(),
        }
    }
}

/// A server behind a socket.
struct Open {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Open {
    fn new(server: &Arc<Server>) -> Self {
        let server = Arc::clone(server);
        let (stop, stopped) = oneshot::channel::<()>();
        let (told, hear) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
                told.send(listener.local_addr().unwrap()).unwrap();
                serve(server, listener, async { drop(stopped.await) }).await.unwrap();
            });
        });
        Self { address: hear.recv().unwrap(), stop: Some(stop), thread: Some(thread) }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        drop(self.stop.take());
        let _ = self.thread.take().unwrap().join();
    }
}

/// The line.
struct Line {
    left: [AtomicUsize; 2],
    sent: [AtomicUsize; 2],
    cut: AtomicBool,
    over: AtomicBool,
}

struct Proxy {
    address: SocketAddr,
    line: Arc<Line>,
    thread: Option<JoinHandle<()>>,
}

impl Proxy {
    fn new(to: SocketAddr, cut: Cut) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (up, down) = match cut {
            Cut::Up(bytes) => (bytes, usize::MAX),
            Cut::Down(bytes) => (usize::MAX, bytes),
            Cut::Never => (usize::MAX, usize::MAX),
        };
        let line = Arc::new(Line {
            left: [AtomicUsize::new(up), AtomicUsize::new(down)],
            sent: Default::default(),
            cut: AtomicBool::new(false),
            over: AtomicBool::new(false),
        });
        let held = Arc::clone(&line);
        let thread = std::thread::spawn(move || {
            let mut open: Vec<(TcpStream, JoinHandle<()>)> = Vec::new();
            for near in listener.incoming().map_while(Result::ok) {
                if held.over.load(Ordering::SeqCst) {
                    break;
                }
                if held.cut.load(Ordering::SeqCst) {
                    continue; // Closed at once.
                }
                let Ok(far) = TcpStream::connect(to) else { continue };
                for (way, from, to) in [(0, &near, &far), (1, &far, &near)] {
                    let (from, to, line) =
                        (from.try_clone().unwrap(), to.try_clone().unwrap(), Arc::clone(&held));
                    let kept = from.try_clone().unwrap();
                    open.push((kept, std::thread::spawn(move || line.carry(way, from, to))));
                }
            }
            for (socket, thread) in open {
                let _ = socket.shutdown(Shutdown::Both);
                let _ = thread.join();
            }
        });
        Self { address, line, thread: Some(thread) }
    }

    /// Whether it was cut, and how much had travelled by then; from now on everything gets through.
    fn mend(&self) -> (bool, Travelled) {
        let [up, down] = [0, 1].map(|way| self.line.sent[way].load(Ordering::SeqCst));
        self.line.left.iter().for_each(|left| left.store(usize::MAX, Ordering::SeqCst));
        (self.line.cut.swap(false, Ordering::SeqCst), Travelled { up, down })
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.line.over.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        let _ = self.thread.take().unwrap().join();
    }
}

impl Line {
    fn carry(&self, way: usize, mut from: TcpStream, mut to: TcpStream) {
        let mut buffer = [0; 16 * 1024];
        while let Ok(got @ 1..) = from.read(&mut buffer) {
            let left = self.left[way].load(Ordering::SeqCst);
            let some = got.min(left);
            if left != usize::MAX {
                self.left[way].store(left - some, Ordering::SeqCst);
            }
            if to.write_all(&buffer[..some]).is_err() {
                break;
            }
            self.sent[way].fetch_add(some, Ordering::SeqCst);
            if some < got {
                self.cut.store(true, Ordering::SeqCst);
                break;
            }
        }
        let _ = from.shutdown(Shutdown::Both);
        let _ = to.shutdown(Shutdown::Both);
    }
}
