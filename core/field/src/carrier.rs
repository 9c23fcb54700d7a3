//! A device as the mailbag of others: it collects sealed work over a local network, and its next sync with a
//! network hands it to the server. It sees sizes, times and network addresses, and nothing else.
//!
//! The door is a thin one: HTTP/1.1, one request a connection, a handful of connections at once, each with an end in
//! time, none with more bytes than are allowed. Nothing of a request is kept before its proof has shown that whoever
//! sends it knows the code and the server's key ([`sanben_sync::handover`]); whoever does can still send what the
//! server will not open, within the limits.

use crate::Field;
use crate::error::FieldError;
use crate::handover::Signed;
use crate::hex;
use sanben_document::encode;
use sanben_sync::device::Identity;
use sanben_sync::frame::pack;
use sanben_sync::handover::{
    FOR_HEADER, HANDOVER_PATH, HandoverCode, MAX_HANDED_BYTES, NotTaken, PROOF_HEADER, Taken, Way, proof,
    same,
};
use sanben_sync::mailbag::look;
use serde_bytes::ByteBuf;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How much a carrier takes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CarrierLimits {
    /// Mailbags that wait for the server at once.
    pub mailbags: usize,
    /// Bytes of them together.
    pub bytes: u64,
    /// Requests a minute, from everybody together.
    pub per_minute: usize,
    /// Wrong codes a minute; then nobody is let in for the rest of it.
    pub wrong_per_minute: usize,
    /// Connections at once. For whoever comes beyond these the one goes that has said nothing for longest; when all are
    /// speaking, the newcomer is hung up on and tries again.
    pub at_once: usize,
    /// For a whole request.
    pub patience: Duration,
    /// Without a byte.
    pub silence: Duration,
}

impl Default for CarrierLimits {
    fn default() -> Self {
        Self {
            mailbags: 256,
            bytes: 64 * 1024 * 1024,
            per_minute: 300,
            wrong_per_minute: 20,
            at_once: 8,
            patience: Duration::from_secs(30),
            silence: Duration::from_secs(5),
        }
    }
}

/// Somebody was at the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Knock {
    /// A mailbag of so many bytes was taken.
    Taken(u64),
    /// One that was here before.
    Known,
    /// It was not taken.
    Refused(NotTaken),
}

/// Whoever keeps the door open.
pub trait Doorkeeper: Sync {
    /// Somebody came. Called from several threads.
    fn came(&self, knock: Knock);
    /// Whether the door stays open; asked several times a second.
    fn stays_open(&self) -> bool;
}

/// How often an open door looks whether it stays so.
const GLANCE: Duration = Duration::from_millis(50);
/// No head of a request is larger, bytes.
const HEAD_BYTES: usize = 4 * 1024;
const MINUTE: Duration = Duration::from_secs(60);

impl Field {
    /// A new code for a door, to be shown beside its address.
    #[must_use]
    pub fn handover_code(&self) -> HandoverCode {
        let mut random = [0; 8];
        self.platform.random.fill(&mut random);
        HandoverCode::new(random)
    }

    /// Collects mailbags from whoever knows the code, until the keeper closes the door. Blocks; everything else,
    /// syncs among it, goes on meanwhile.
    ///
    /// # Errors
    /// [`FieldError::NotEnrolled`]; [`FieldError::File`] when the socket fails.
    pub fn collect(
        &self,
        listener: &TcpListener,
        code: &HandoverCode,
        limits: &CarrierLimits,
        keeper: &dyn Doorkeeper,
    ) -> Result<(), FieldError> {
        let door = Door {
            field: self,
            identity: self.identity()?,
            code,
            limits,
            entering: Mutex::default(),
            minute: Mutex::new(Minute { begun: Instant::now(), asked: 0, wrong: 0 }),
        };
        listener.set_nonblocking(true).map_err(FieldError::File)?;
        let inside = Inside::default();
        std::thread::scope(|threads| {
            while keeper.stays_open() {
                let visitor = match listener.accept() {
                    Ok((visitor, _)) => visitor,
                    Err(error) if error.kind() == ErrorKind::WouldBlock => {
                        std::thread::sleep(GLANCE);
                        continue;
                    }
                    // Of one connection, or of too many open files: it passes.
                    Err(_) => {
                        std::thread::sleep(GLANCE);
                        continue;
                    }
                };
                let Some(place) = inside.place(&visitor, limits.at_once) else { continue };
                let door = &door;
                threads.spawn(move || {
                    // A line that was cut is nobody's: whoever it was comes again.
                    if let Ok(knock) = door.attend(visitor, &place) {
                        keeper.came(knock);
                    }
                });
            }
        });
        Ok(())
    }
}

/// Where others in the same network reach a listener that takes any of this device's addresses.
#[must_use]
pub fn reachable(listening: SocketAddr) -> SocketAddr {
    if !listening.ip().is_unspecified() {
        return listening;
    }
    // Nothing is sent: the system only says from where it would be.
    let towards = SocketAddr::from((Ipv4Addr::new(192, 168, 255, 254), 9));
    let from = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).and_then(|socket| {
        socket.connect(towards)?;
        socket.local_addr()
    });
    let ip = from.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |address| address.ip());
    SocketAddr::new(ip, listening.port())
}

/// Who is inside, in the order in which they came.
#[derive(Default)]
struct Inside(Mutex<Visits>);

#[derive(Default)]
struct Visits {
    next: u64,
    /// With the line of each who has not said yet what they want.
    places: BTreeMap<u64, Option<TcpStream>>,
}

impl Inside {
    /// A place for who comes in; `None` when all are taken by others who speak.
    fn place(&self, visitor: &TcpStream, most: usize) -> Option<Place<'_>> {
        let mut visits = self.visits();
        while visits.places.len() >= most {
            let (number, line) =
                visits.places.iter_mut().find_map(|(number, line)| Some((*number, line.take()?)))?;
            // Its thread wakes up and finds that nobody is there.
            let _ = line.shutdown(Shutdown::Both);
            visits.places.remove(&number);
        }
        let number = visits.next;
        visits.next += 1;
        visits.places.insert(number, visitor.try_clone().ok());
        Some(Place { inside: self, number })
    }

    fn visits(&self) -> MutexGuard<'_, Visits> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place inside, given back when its visitor leaves.
struct Place<'a> {
    inside: &'a Inside,
    number: u64,
}

impl Place<'_> {
    /// The visitor said what they want: their line is not cut for somebody else any more.
    fn spoke(&self) {
        if let Some(line) = self.inside.visits().places.get_mut(&self.number) {
            *line = None;
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.inside.visits().places.remove(&self.number);
    }
}

struct Door<'a> {
    field: &'a Field,
    identity: Identity,
    code: &'a HandoverCode,
    limits: &'a CarrierLimits,
    /// One comes in at a time: the room is counted and taken in one go.
    entering: Mutex<()>,
    minute: Mutex<Minute>,
}

/// What happened since a minute began.
struct Minute {
    begun: Instant,
    asked: usize,
    wrong: usize,
}

impl Door<'_> {
    fn attend(&self, visitor: TcpStream, place: &Place<'_>) -> io::Result<Knock> {
        let (until, silence) = (Instant::now() + self.limits.patience, self.limits.silence);
        let mut line = Timed { line: visitor, until, silence };
        line.line.set_nonblocking(false)?;
        let (head, mut body) = line.head()?;
        place.spoke();
        let judged = self.judge(&head, &mut body, &mut line)?;
        let (status, answer) = match &judged {
            Ok((_, signed)) => ("200 OK", pack(signed)),
            Err(why) => ("403 Forbidden", pack(&why.name())),
        };
        let length = answer.len();
        let head = format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
        line.write(&[head.as_bytes(), &answer].concat())?;
        Ok(match judged {
            Ok((knock, _)) => knock,
            Err(why) => Knock::Refused(why),
        })
    }

    fn judge(
        &self,
        head: &Head,
        body: &mut Vec<u8>,
        line: &mut Timed,
    ) -> io::Result<Result<(Knock, Signed), NotTaken>> {
        let Some(length) = head.length.filter(|_| head.asks("POST", HANDOVER_PATH)) else {
            return Ok(Err(NotTaken::Malformed));
        };
        if length > MAX_HANDED_BYTES || body.len() > length {
            return Ok(Err(NotTaken::TooLarge));
        }
        // Whoever is refused has its body taken first: hung up on in the middle, it would not hear why.
        line.fill(body, length)?;
        if !self.may_ask() {
            return Ok(Err(NotTaken::TooOften));
        }
        if hex::read(&head.addressee).is_none_or(|named| named != self.identity.server.fingerprint()) {
            return Ok(Err(NotTaken::AnotherServer));
        }
        let there = proof(self.code, &self.identity.server, Way::There, body);
        if hex::read(&head.proof).is_none_or(|shown| !same(&there, &shown)) {
            self.minute().wrong += 1;
            return Ok(Err(NotTaken::WrongCode));
        }
        if look(body).is_err() {
            return Ok(Err(NotTaken::Malformed));
        }
        self.take(body).map_err(|error| io::Error::other(error.to_string()))
    }

    fn take(&self, mailbag: &[u8]) -> Result<Result<(Knock, Signed), NotTaken>, FieldError> {
        let _alone = self.entering.lock().unwrap_or_else(PoisonError::into_inner);
        let hash: [u8; 32] = Sha256::digest(mailbag).into();
        let (mut known, mut count, mut bytes, mut aside) = (false, 0, mailbag.len() as u64, 0);
        let mut at = self.field.now()?;
        for held in self.field.store.mailbags()? {
            known |= held.hash == hash && held.waits();
            count += usize::from(held.waits());
            *(if held.refused.is_some() { &mut aside } else { &mut bytes }) += held.size;
            // They go to the server in the order in which they came: later ones build on earlier ones.
            at = at.max(held.taken.plus_ms(1));
        }
        if !known && (count >= self.limits.mailbags || bytes > self.limits.bytes) {
            return Ok(Err(NotTaken::Full));
        }
        if bytes + aside > self.limits.bytes {
            self.field.store.drop_refused_mailbags()?;
        }
        let new = self.field.store.put_mailbag(hash, mailbag, at)?;
        let taken = ByteBuf::from(encode(&Taken { hash, new, at }));
        let back = proof(self.code, &self.identity.server, Way::Back, &taken);
        let knock = if new { Knock::Taken(mailbag.len() as u64) } else { Knock::Known };
        Ok(Ok((knock, Signed { taken, proof: ByteBuf::from(back) })))
    }

    fn may_ask(&self) -> bool {
        let mut minute = self.minute();
        minute.asked += 1;
        minute.asked <= self.limits.per_minute && minute.wrong < self.limits.wrong_per_minute
    }

    fn minute(&self) -> MutexGuard<'_, Minute> {
        let mut minute = self.minute.lock().unwrap_or_else(PoisonError::into_inner);
        if minute.begun.elapsed() > MINUTE {
            *minute = Minute { begun: Instant::now(), asked: 0, wrong: 0 };
        }
        minute
    }
}

/// What a request says before its body.
struct Head {
    request: String,
    length: Option<usize>,
    addressee: String,
    proof: String,
}

impl Head {
    fn read(text: &str) -> Self {
        let mut lines = text.split("\r\n");
        let request = lines.next().unwrap_or_default().to_owned();
        let mut head = Self { request, length: None, addressee: String::new(), proof: String::new() };
        for (name, value) in lines.filter_map(|line| line.split_once(':')) {
            let value = value.trim();
            if name.eq_ignore_ascii_case("content-length") {
                head.length = value.parse().ok();
            } else if name.eq_ignore_ascii_case(FOR_HEADER) {
                value.clone_into(&mut head.addressee);
            } else if name.eq_ignore_ascii_case(PROOF_HEADER) {
                value.clone_into(&mut head.proof);
            }
        }
        head
    }

    fn asks(&self, method: &str, path: &str) -> bool {
        let mut words = self.request.split(' ');
        words.next() == Some(method) && words.next() == Some(path)
    }
}

/// A connection with an end in time, sooner when nothing comes.
struct Timed {
    line: TcpStream,
    until: Instant,
    silence: Duration,
}

impl Timed {
    /// The head, and what came of the body with it.
    fn head(&mut self) -> io::Result<(Head, Vec<u8>)> {
        let mut bytes = Vec::new();
        loop {
            if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
                let body = bytes.split_off(end + 4);
                return Ok((Head::read(&String::from_utf8_lossy(&bytes)), body));
            }
            if bytes.len() > HEAD_BYTES {
                return Err(ErrorKind::InvalidData.into());
            }
            self.more(&mut bytes, 1024)?;
        }
    }

    /// Reads until there are so many.
    fn fill(&mut self, bytes: &mut Vec<u8>, length: usize) -> io::Result<()> {
        while bytes.len() < length {
            self.more(bytes, length - bytes.len())?;
        }
        Ok(())
    }

    fn more(&mut self, bytes: &mut Vec<u8>, most: usize) -> io::Result<()> {
        let mut piece = [0; 8 * 1024];
        self.line.set_read_timeout(Some(self.left()?))?;
        let most = most.min(piece.len());
        let read = self.line.read(piece.get_mut(..most).unwrap_or_default())?;
        if read == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        bytes.extend_from_slice(piece.get(..read).unwrap_or_default());
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.line.set_write_timeout(Some(self.left()?))?;
        self.line.write_all(bytes)?;
        self.line.flush()
    }

    fn left(&self) -> io::Result<Duration> {
        let left = self.until.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(ErrorKind::TimedOut.into()) } else { Ok(left.min(self.silence)) }
    }
}
