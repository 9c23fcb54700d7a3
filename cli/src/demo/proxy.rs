//! A bad line between one device and the server: a real TCP proxy that, request by request, lets pass, cuts
//! after the server has committed, or cuts in the middle of a body.

use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// What the line does to one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// Half of the request arrives, then the line is cut.
    InRequest,
    /// The request arrives, the server answers, nothing of the answer comes back.
    AfterCommit,
    /// Half of the answer comes back.
    InAnswer,
}

/// The proxy. It lives as long as the process; its threads end with their connections.
pub(super) struct Proxy {
    address: SocketAddr,
    plan: Arc<Mutex<VecDeque<Trouble>>>,
}

impl Proxy {
    /// Starts a proxy in front of `server`, with trouble for the first requests in this order.
    pub(super) fn start(server: SocketAddr, trouble: &[Trouble]) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let address = listener.local_addr()?;
        let plan = Arc::new(Mutex::new(trouble.iter().copied().collect()));
        let shared = Arc::clone(&plan);
        std::thread::Builder::new().name("bad-line".to_owned()).spawn(move || {
            for device in listener.incoming().flatten() {
                let plan = Arc::clone(&shared);
                std::thread::spawn(move || {
                    // An error on the line is what this line is for.
                    let _ = carry(&device, server, &plan);
                    let _ = device.shutdown(Shutdown::Both);
                });
            }
        })?;
        Ok(Self { address, plan })
    }

    /// Its address as a device sees it.
    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Trouble that has not happened yet.
    pub(super) fn left(&self) -> usize {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

fn carry(mut device: &TcpStream, server: SocketAddr, plan: &Mutex<VecDeque<Trouble>>) -> io::Result<()> {
    device.set_read_timeout(Some(Duration::from_secs(30)))?;
    loop {
        let request = message(&mut device)?;
        let trouble = plan.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        let mut upstream = TcpStream::connect(server)?;
        upstream.set_read_timeout(Some(Duration::from_secs(30)))?;
        if trouble == Some(Trouble::InRequest) {
            // At least the last byte is missing, so that the server never sees a whole request.
            upstream.write_all(
                request.get(..request.len().saturating_sub(request.len() / 4 + 1)).unwrap_or_default(),
            )?;
            upstream.shutdown(Shutdown::Both)?;
            return Ok(());
        }
        upstream.write_all(&request)?;
        let answer = message(&mut upstream)?;
        match trouble {
            Some(Trouble::AfterCommit) => return Ok(()),
            Some(Trouble::InAnswer) => {
                let half = answer.len().saturating_sub(answer.len() / 4 + 1);
                return device.write_all(answer.get(..half).unwrap_or_default());
            }
            Some(Trouble::InRequest) | None => device.write_all(&answer)?,
        }
    }
}

/// Reads one HTTP/1.1 message with a `content-length`: head and body, as they are.
fn message(from: &mut impl Read) -> io::Result<Vec<u8>> {
    const LONGEST_HEAD: usize = 64 * 1024;
    let mut bytes = Vec::new();
    let mut byte = [0];
    while !bytes.ends_with(b"\r\n\r\n") {
        if bytes.len() > LONGEST_HEAD {
            return Err(io::ErrorKind::InvalidData.into());
        }
        from.read_exact(&mut byte)?;
        bytes.extend_from_slice(&byte);
    }
    let head = String::from_utf8_lossy(&bytes).to_ascii_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"))
        .map_or(Ok(0), |value| value.trim().parse::<u64>())
        .map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
    let body = from.take(length).read_to_end(&mut bytes)?;
    if body as u64 == length { Ok(bytes) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}
