//! The network between devices and server: it loses, cuts in both directions, damages, repeats and delays.

use crate::world::{Dice, TrueTime};
use sanben_domain::time::Timestamp;
use sanben_field::{Incoming, NoConnection, Outgoing, Transport};
use sanben_server::{Call, Server};
use std::cell::RefCell;

/// What becomes of one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It arrives and so does the answer.
    Fine,
    /// It never arrives.
    Lost,
    /// It takes effect, and the answer is lost: the line was cut after the commit.
    AnswerLost,
    /// It takes effect, and the answer is cut in the middle; its head arrived whole.
    AnswerCut,
    /// It takes effect, and a byte of the answer is wrong.
    AnswerDamaged,
    /// The server sees only its beginning.
    RequestCut,
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
            Self::RequestCut,
            Self::Delayed,
            Self::Repeated,
        ])
    }
}

/// One connection of one device.
pub struct Wire<'a> {
    server: &'a Server,
    fate: Box<dyn Fn() -> Fate + 'a>,
    time: Option<TrueTime>,
    late: RefCell<Vec<Call>>,
    fates: RefCell<String>,
}

impl<'a> Wire<'a> {
    /// A wire on which nothing ever goes wrong.
    #[must_use]
    pub fn perfect(server: &'a Server) -> Self {
        let (late, fates) = (RefCell::default(), RefCell::default());
        Self { server, fate: Box::new(|| Fate::Fine), time: None, late, fates }
    }

    /// A wire with a fate for each request; a round trip takes a little of the true time.
    #[must_use]
    pub fn new(server: &'a Server, fate: Box<dyn Fn() -> Fate + 'a>, time: TrueTime) -> Self {
        Self { server, fate, time: Some(time), late: RefCell::default(), fates: RefCell::default() }
    }

    /// Requests that are still on the way, and the fates so far, a letter each.
    #[must_use]
    pub fn into_parts(self) -> (Vec<Call>, String) {
        (self.late.into_inner(), self.fates.into_inner())
    }

    /// The true time, where there is one.
    #[must_use]
    pub fn now(&self) -> Option<Timestamp> {
        self.time.as_ref().map(TrueTime::now)
    }
}

impl Transport for Wire<'_> {
    fn call(&self, request: &Outgoing) -> Result<Incoming, NoConnection> {
        let lost = || NoConnection("the simulated line was cut".to_owned());
        let headers = request.headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
        let call = Call {
            method: request.method.to_owned(),
            path: request.path.clone(),
            headers: headers.collect(),
            body: request.body.clone(),
        };
        if let Some(time) = &self.time {
            time.pass(40);
        }
        let fate = (self.fate)();
        self.fates.borrow_mut().push_str(&format!("{fate:?} "));
        let ask = |call: &Call| {
            let reply = self.server.handle(call);
            Incoming {
                status: reply.status,
                signature: reply.header("sanben-signature").map(str::to_owned),
                body: reply.body,
            }
        };
        match fate {
            Fate::Fine => Ok(ask(&call)),
            Fate::Lost => Err(lost()),
            Fate::AnswerLost => {
                ask(&call);
                Err(lost())
            }
            Fate::AnswerCut => {
                let mut answer = ask(&call);
                answer.body.truncate(answer.body.len() / 2);
                Ok(answer)
            }
            Fate::AnswerDamaged => {
                let mut answer = ask(&call);
                let middle = answer.body.len() / 2;
                if let Some(byte) = answer.body.get_mut(middle) {
                    *byte ^= 0x40;
                }
                Ok(answer)
            }
            Fate::RequestCut => {
                let half = call.body.len() / 2;
                let cut = Call { body: call.body.get(..half).unwrap_or_default().to_vec(), ..call };
                ask(&cut);
                Err(lost())
            }
            Fate::Delayed => {
                self.late.borrow_mut().push(call);
                Err(lost())
            }
            Fate::Repeated => {
                ask(&call);
                Ok(ask(&call))
            }
        }
    }
}
