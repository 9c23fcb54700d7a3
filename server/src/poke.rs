//! Whether something waits for a device: what it asks with a poke, and what somebody who holds the question open
//! has to know to answer it later without asking the log again and again.

use crate::call::{Call, Code, Fault};
use crate::log::{LogError, Snapshot};
use crate::tenant::Server;
use crate::{call::Reply, hex};
use sanben_domain::id::{DeviceId, Epoch};
use sanben_domain::reference::Reference;
use sanben_domain::rights::{Scope, scopes_of};
use sanben_sync::frame::pack;
use sanben_sync::poke::{POKE_PATH, Poked};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A device for which there is nothing now.
pub(crate) struct Waiting {
    pub(crate) device: DeviceId,
    /// The scopes its person holds, and how far it has read them.
    stands: BTreeMap<Scope, u64>,
    /// By which these are the scopes.
    reference: Arc<Reference>,
    epoch: Epoch,
}

/// How far the log is.
pub(crate) struct News {
    heads: BTreeMap<Scope, u64>,
    reference: Arc<Reference>,
    epoch: Epoch,
}

impl Waiting {
    /// Whether the news may concern the device: then it is asked again.
    pub(crate) fn concerned(&self, news: &News) -> bool {
        news.epoch != self.epoch
            || !Arc::ptr_eq(&news.reference, &self.reference)
            || self.stands.iter().any(|(scope, stand)| news.heads.get(scope).is_some_and(|head| head > stand))
    }
}

impl Server {
    pub(crate) fn poke(&self, call: &Call) -> Result<Vec<u8>, Fault> {
        Ok(pack(&Poked { sync: self.wait_for(call)?.is_none() }))
    }

    /// Who waits when this is called; otherwise the answer.
    pub(crate) fn begin_to_wait(&self, call: &Call) -> Result<Waiting, Reply> {
        match self.wait_for(call) {
            Ok(Some(waiting)) => Ok(waiting),
            // It says why, or that there is something, and signs it.
            Ok(None) | Err(_) => Err(self.handle(call)),
        }
    }

    /// `None` when there is something for the device.
    fn wait_for(&self, call: &Call) -> Result<Option<Waiting>, Fault> {
        let view = self.log.read()?;
        let device = self.caller(&*view, call)?;
        let digest = call.path.strip_prefix(POKE_PATH).and_then(hex::read).ok_or(Code::Malformed)?;
        let Some(cursors) = view.handed(device.id, &digest)? else { return Ok(None) };
        let stands: BTreeMap<Scope, u64> = cursors.into_iter().collect();
        let reference = self.reference_in(&*view)?;
        let person = reference.people.get(&device.person);
        let held = person.map(|person| scopes_of(person, &reference, self.now())).unwrap_or_default();
        if held.len() != stands.len() || held.iter().any(|scope| !stands.contains_key(scope)) {
            return Ok(None);
        }
        let waiting = Waiting { device: device.id, stands, reference, epoch: view.life()?.epoch };
        Ok(if waiting.concerned(&self.news_in(&*view)?) { None } else { Some(waiting) })
    }

    /// How far the log is now.
    pub(crate) fn news(&self) -> Result<News, LogError> {
        self.news_in(&*self.log.read()?)
    }

    fn news_in(&self, view: &dyn Snapshot) -> Result<News, LogError> {
        let heads = view.heads()?.into_iter().map(|(scope, head)| (scope, head.seq)).collect();
        Ok(News { heads, reference: self.reference_in(view)?, epoch: view.life()?.epoch })
    }
}
