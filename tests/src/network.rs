//! The network between devices and server: it loses, cuts in both directions, damages, repeats, delays and
//! plays old answers back. It also looks at what goes through: no answer may hold what is not its reader's.

use crate::check::{Invariant, broken};
use crate::disk::Disk;
use crate::planted::{Answering, Tamper};
use crate::world::{Dice, TrueTime};
use sanben_domain::id::PersonId;
use sanben_domain::rights::scopes_of;
use sanben_domain::time::Timestamp;
use sanben_field::{Incoming, NoConnection, Outgoing, Transport};
use sanben_server::{Call, Server};
use sanben_sync::frame::unpack_after;
use sanben_sync::wire::{MAX_MESSAGE_BYTES, SERVER_HEADER, SIGNATURE_HEADER, SYNC_PATH, SyncResponse};
use std::cell::{Cell, RefCell};
use std::path::Path;

/// What becomes of one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It arrives and so does the answer.
    Fine,
    /// It never arrives.
    Lost,
    /// It takes effect, and the answer is lost: the line was cut after the commit.
    AnswerLost,
    /// It takes effect, and the answer is cut somewhere; its head arrived whole.
    AnswerCut,
    /// It takes effect, and a byte of the answer is wrong.
    AnswerDamaged,
    /// It takes effect, and the device gets the answer to an earlier request of this sync.
    AnswerOld,
    /// The server sees only its beginning.
    RequestCut,
    /// A byte of it is wrong when it arrives.
    RequestDamaged,
    /// The device gives up, and the request arrives some time later, after newer ones.
    Delayed,
    /// It takes effect twice.
    Repeated,
}

impl Fate {
    /// A fate on a network of so much trouble, percent.
    #[must_use]
    pub fn roll(dice: &Dice, trouble: usize) -> Self {
        if !dice.chance(trouble) {
            return Self::Fine;
        }
        *dice.pick(&[
            Self::Lost,
            Self::AnswerLost,
            Self::AnswerCut,
            Self::AnswerDamaged,
            Self::AnswerOld,
            Self::RequestCut,
            Self::RequestDamaged,
            Self::Delayed,
            Self::Repeated,
        ])
    }
}

/// What a round trip takes.
const ROUND_TRIP_MS: i64 = 40;
/// No sync of a run needs more requests.
const MOST_CALLS: usize = 300;

/// One connection of one device.
pub struct Wire<'a> {
    server: &'a Server,
    fate: Box<dyn Fn() -> Fate + 'a>,
    time: Option<TrueTime>,
    watched: Option<Watched<'a>>,
    tamper: Option<Answering>,
    late: RefCell<Vec<Call>>,
    fates: RefCell<String>,
    old: RefCell<Option<Incoming>>,
    calls: Cell<usize>,
}

struct Watched<'a> {
    reader: &'a PersonId,
    server_disk: &'a Disk,
    dice: Dice,
}

impl<'a> Wire<'a> {
    /// A wire on which nothing ever goes wrong.
    #[must_use]
    pub fn perfect(server: &'a Server) -> Self {
        Self {
            server,
            fate: Box::new(|| Fate::Fine),
            time: None,
            watched: None,
            tamper: None,
            late: RefCell::default(),
            fates: RefCell::default(),
            old: RefCell::default(),
            calls: Cell::default(),
        }
    }

    /// A wire with a fate for each request; a round trip takes a little of the true time.
    #[must_use]
    pub fn new(server: &'a Server, fate: Box<dyn Fn() -> Fate + 'a>, time: TrueTime) -> Self {
        Self { fate, time: Some(time), ..Self::perfect(server) }
    }

    /// Looks at every answer with the eyes of its reader, and stops answering when the server dies.
    pub fn watch(&mut self, reader: &'a PersonId, server_disk: &'a Disk, dice: Dice) {
        self.watched = Some(Watched { reader, server_disk, dice });
    }

    /// Lets a server with a planted bug answer.
    pub fn tamper(&mut self, tamper: Tamper, server_dir: &Path) {
        self.tamper = Some(Answering::new(tamper, server_dir));
    }

    /// Requests that are still on the way, and the fates so far.
    #[must_use]
    pub fn into_parts(self) -> (Vec<Call>, String) {
        (self.late.into_inner(), self.fates.into_inner())
    }

    /// The true time, where there is one.
    #[must_use]
    pub fn now(&self) -> Option<Timestamp> {
        self.time.as_ref().map(TrueTime::now)
    }

    fn roll(&self, sides: usize) -> usize {
        self.watched.as_ref().map_or(sides / 2, |watched| watched.dice.roll(sides))
    }

    /// Nothing, when the server is dead by then.
    fn ask(&self, call: &Call) -> Result<Incoming, NoConnection> {
        let dead = || self.watched.as_ref().is_some_and(|watched| watched.server_disk.dead());
        if dead() {
            return Err(lost());
        }
        let reply = self.server.handle(call);
        if dead() {
            return Err(lost());
        }
        let answer = Incoming {
            status: reply.status,
            signature: reply.header(SIGNATURE_HEADER).map(str::to_owned),
            server: reply.header(SERVER_HEADER).map(str::to_owned),
            body: reply.body,
        };
        let answer = match &self.tamper {
            Some(tamper) => tamper.answer(call, answer),
            None => answer,
        };
        if let Some(watched) = &self.watched
            && call.path == SYNC_PATH
            && answer.status == 200
        {
            self.look(watched, &call.body, &answer.body);
        }
        Ok(answer)
    }

    /// Every scope of an answer is one that its reader holds now.
    fn look(&self, watched: &Watched<'_>, question: &[u8], body: &[u8]) {
        if body.len() > MAX_MESSAGE_BYTES {
            broken(Invariant::Bounds, "an answer is larger than a message may be");
        }
        let answer: SyncResponse =
            unpack_after(body, MAX_MESSAGE_BYTES, question).expect("an answer of the protocol");
        let (Ok(reference), Some(now)) = (self.server.reference(), self.now()) else { return };
        let held = reference.people.get(watched.reader).map(|person| scopes_of(person, &reference, now));
        for part in &answer.scopes {
            if !held.as_ref().is_some_and(|held| held.contains(&part.scope)) {
                let (reader, scope) = (watched.reader, &part.scope);
                broken(Invariant::Scope, &format!("{reader} was sent entries of {scope}"));
            }
        }
    }
}

fn lost() -> NoConnection {
    NoConnection("the simulated line was cut".to_owned())
}

impl Transport for Wire<'_> {
    fn call(&self, request: &Outgoing) -> Result<Incoming, NoConnection> {
        let headers = request.headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
        let call = Call {
            method: request.method.to_owned(),
            path: request.path.clone(),
            headers: headers.collect(),
            body: request.body.clone(),
        };
        if let Some(time) = &self.time {
            let patience = request.within.and_then(|within| i64::try_from(within.as_millis()).ok());
            time.pass(patience.map_or(ROUND_TRIP_MS, |patience| patience.min(ROUND_TRIP_MS)));
        }
        self.calls.set(self.calls.get() + 1);
        if self.calls.get() > MOST_CALLS {
            broken(Invariant::Bounds, "a sync that does not end");
        }
        let fate = match request.within {
            // Given up before the answer is here; it took effect.
            Some(within)
                if self.time.is_some()
                    && i64::try_from(within.as_millis()).is_ok_and(|ms| ms < ROUND_TRIP_MS) =>
            {
                Fate::AnswerLost
            }
            _ => (self.fate)(),
        };
        self.fates.borrow_mut().push_str(&format!("{fate:?} "));
        match fate {
            Fate::Fine => {
                let answer = self.ask(&call)?;
                *self.old.borrow_mut() = Some(answer.clone());
                Ok(answer)
            }
            Fate::Lost => Err(lost()),
            Fate::AnswerLost => {
                self.ask(&call)?;
                Err(lost())
            }
            Fate::AnswerCut => {
                let mut answer = self.ask(&call)?;
                answer.body.truncate(self.roll(answer.body.len()));
                Ok(answer)
            }
            Fate::AnswerDamaged => {
                let mut answer = self.ask(&call)?;
                damage(&mut answer.body, self.roll(usize::MAX));
                Ok(answer)
            }
            Fate::AnswerOld => {
                let answer = self.ask(&call)?;
                Ok(self.old.borrow().as_ref().map_or(answer, Clone::clone))
            }
            Fate::RequestCut => {
                let end = self.roll(call.body.len());
                let cut = Call { body: call.body.get(..end).unwrap_or_default().to_vec(), ..call };
                self.ask(&cut)?;
                Err(lost())
            }
            Fate::RequestDamaged => {
                let mut call = call;
                damage(&mut call.body, self.roll(usize::MAX));
                self.ask(&call)
            }
            Fate::Delayed => {
                self.late.borrow_mut().push(call);
                Err(lost())
            }
            Fate::Repeated => {
                self.ask(&call)?;
                self.ask(&call)
            }
        }
    }
}

fn damage(body: &mut [u8], at: usize) {
    let len = body.len().max(1);
    if let Some(byte) = body.get_mut(at % len) {
        *byte ^= 0x40;
    }
}
