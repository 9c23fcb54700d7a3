//! The line is cut at every byte: a real device and a real server over real sockets, a proxy between them that
//! lets so many bytes through in one direction and then nothing more. Afterwards the line is whole again, and
//! nothing acknowledged is lost, nothing is doubled, and both sides hold the same.

use crate::world::{World, park};
use sanben_domain::case::CaseAct;
use sanben_domain::id::{CaseId, PersonId, PointId};
use sanben_field::{Budget, Field, Http, NewCase, Options, OutboxState, Platform};
use sanben_server::{Server, serve};
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
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
    /// A sync with a report, an act on it, and its photo.
    Work,
    /// An enrolment.
    Enrol,
}

/// Cuts an errand at every `step`-th byte in both directions; how often.
#[must_use]
pub fn sweep(errand: Errand, step: usize) -> usize {
    let whole = run(errand, Cut::Never);
    let cuts = (0..=whole.up).step_by(step).map(Cut::Up);
    let cuts = cuts.chain((0..=whole.down).step_by(step).map(Cut::Down));
    let mut tried = 0;
    for cut in cuts {
        if std::panic::catch_unwind(|| run(errand, cut)).is_err() {
            panic!("{errand:?} does not survive {cut:?}");
        }
        tried += 1;
    }
    tried
}

/// One errand over a line that is cut once.
#[must_use]
pub fn run(errand: Errand, cut: Cut) -> Travelled {
    let mut world = World::new(9, &["U008", "U001"]);
    let server = Arc::new(world.server.take().unwrap());
    let open = Open::new(&server);
    let proxy = Proxy::new(open.address, cut);
    let http = Http::new(&format!("http://{}", proxy.address));
    let travelled = match errand {
        Errand::Work => work(&world, &server, &http, &proxy),
        Errand::Enrol => enrol(&server, &http, &proxy),
    };
    drop((proxy, http, open));
    world.server = Arc::into_inner(server);
    travelled
}

fn sync(field: &Field, http: &Http) -> Result<(), sanben_field::FieldError> {
    field.sync(http, Budget::unlimited(), &mut |_| ControlFlow::Continue(())).map(drop)
}

fn work(world: &World, server: &Server, http: &Http, proxy: &Proxy) -> Travelled {
    let (author, other) = (world.devices[0].field(), world.devices[1].field());
    let before = server.counts().unwrap();
    let photo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/photo/src/fixtures/grey.jpg");
    let new = NewCase {
        point: Some(PointId::from("P011")),
        description: "南入口有大片垃圾".to_owned(),
        photos: vec![photo],
        ..NewCase::default()
    };
    let case = author.record(new).unwrap().case;
    author.act(case, CaseAct::Comment { words: "请尽快".to_owned() }, &[]).unwrap();
    let recorded = author.outbox(usize::MAX).unwrap().len();

    let first = sync(author, http);
    // What the device was told before the line was cut.
    let told: Vec<_> = accepted(author);
    let receipts = author.counts().unwrap().photos_delivered;
    assert_eq!(author.outbox(usize::MAX).unwrap().len(), recorded, "nothing recorded goes away");
    let on_the_server = server.counts().unwrap();
    assert!(usize::try_from(on_the_server.changes - before.changes).unwrap() >= told.len());
    assert!(on_the_server.photos - before.photos >= receipts);

    let (cut, travelled) = proxy.mend();
    assert!(first.is_ok() != cut, "a cut line is told, and nothing else: {first:?}");
    sync(author, http).unwrap();
    let now = accepted(author);
    assert_eq!(now.len(), recorded, "everything arrives");
    assert!(told.iter().all(|row| now.contains(row)), "what was acknowledged stays as it was");
    let after = server.counts().unwrap();
    assert_eq!(usize::try_from(after.changes - before.changes).unwrap(), recorded, "and once");
    assert_eq!(usize::try_from(after.entries - before.entries).unwrap(), recorded);
    assert_eq!((after.photos - before.photos, after.photos_missing), (1, 0));
    sync(other, http).unwrap();
    assert_eq!(heads(other, case), heads(author, case), "both sides hold the same");
    assert!(server.audit().unwrap().faults.is_empty());
    travelled
}

fn accepted(field: &Field) -> Vec<(i64, u64)> {
    let rows = field.outbox(usize::MAX).unwrap().into_iter();
    rows.filter_map(|row| match row.state {
        OutboxState::Accepted { seq, .. } => Some((row.id.0, seq)),
        _ => None,
    })
    .collect()
}

fn heads(field: &Field, case: CaseId) -> Vec<sanben_document::ChangeHash> {
    field.store().document(case).unwrap().unwrap().heads()
}

fn enrol(server: &Server, http: &Http, proxy: &Proxy) -> Travelled {
    let folder = tempfile::tempdir().unwrap();
    let platform = Platform { store: Options { durable: false }, ..Platform::system() };
    let field = Field::open(folder.path(), platform).unwrap();
    let code = server.invite(&PersonId::from("U008"), 60_000).unwrap().to_string();
    let before = server.devices().unwrap().len();
    let first = field.enrol("http://server", &code, http);
    let (cut, travelled) = proxy.mend();
    assert!(first.is_ok() != cut, "a cut line is told, and nothing else: {first:?}");
    if first.is_err() {
        // The very same code, however far the first try came.
        field.enrol("http://server", &code, http).unwrap();
    }
    assert_eq!(server.devices().unwrap().len(), before + 1, "one device, not two");
    sync(&field, http).unwrap();
    assert!(field.reference().unwrap().points.len() > 100, "{}", park().display());
    travelled
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
