//! A line in between: a proxy that carries so many bytes a second each way, nothing at all, or hangs up.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Bytes per second for a line that carries whatever comes.
pub(crate) const FAST: u64 = u64::MAX;
/// A line that takes what comes and brings nothing.
pub(crate) const SILENT: u64 = 0;

/// A proxy before a server.
pub(crate) struct Line {
    pub(crate) address: SocketAddr,
    rate: Arc<AtomicU64>,
    carried: Arc<AtomicU64>,
    open: Arc<Mutex<Vec<TcpStream>>>,
}

impl Line {
    pub(crate) fn to(server: SocketAddr, rate: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let rate = Arc::new(AtomicU64::new(rate));
        let line = Self { address, rate, carried: Arc::default(), open: Arc::default() };
        let (rate, carried) = (Arc::clone(&line.rate), Arc::clone(&line.carried));
        let open = Arc::clone(&line.open);
        std::thread::spawn(move || {
            for device in listener.incoming().map_while(Result::ok) {
                let Ok(server) = TcpStream::connect(server) else { continue };
                open.lock().unwrap().extend([device.try_clone().unwrap(), server.try_clone().unwrap()]);
                let ways = [(&device, &server), (&server, &device)];
                for (from, to) in ways.map(|(from, to)| (from.try_clone().unwrap(), to.try_clone().unwrap()))
                {
                    let (rate, carried) = (Arc::clone(&rate), Arc::clone(&carried));
                    std::thread::spawn(move || carry(from, to, &rate, &carried));
                }
            }
        });
        line
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn set(&self, rate: u64) {
        self.rate.store(rate, SeqCst);
    }

    /// Ends every connection there is.
    pub(crate) fn hang_up(&self) {
        for end in self.open.lock().unwrap().drain(..) {
            let _ = end.shutdown(Shutdown::Both);
        }
    }

    /// Bytes that went through, both ways, with everything that HTTP puts around them.
    pub(crate) fn carried(&self) -> u64 {
        self.carried.load(SeqCst)
    }
}

/// Carries in slices of a twentieth of a second.
fn carry(mut from: TcpStream, mut to: TcpStream, rate: &AtomicU64, carried: &AtomicU64) {
    const SLICE: Duration = Duration::from_millis(50);
    loop {
        let rate = rate.load(SeqCst);
        if rate == SILENT {
            std::thread::sleep(SLICE);
            continue;
        }
        let slice = usize::try_from(rate / 20).unwrap_or(usize::MAX).clamp(1, 64 * 1024);
        let mut bytes = vec![0; slice];
        let Ok(read @ 1..) = from.read(&mut bytes) else { break };
        if to.write_all(&bytes[..read]).is_err() {
            break;
        }
        carried.fetch_add(read as u64, SeqCst);
        if rate != FAST {
            std::thread::sleep(SLICE.mul_f64(read as f64 / slice as f64));
        }
    }
    let _ = to.shutdown(Shutdown::Write);
    let _ = from.shutdown(Shutdown::Read);
}
