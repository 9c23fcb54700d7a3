//! The one round trip: a device's work is judged and appended, what it may see after its cursors goes back.
//!
//! All of a request is one transaction. What is answered was durable before; a request that comes twice
//! finds its changes in the log or its verdicts kept, and has no second effect.

mod ingest;
mod page;

use crate::call::{Call, Code, Fault};
use crate::log::{CursorVector, Device, LogError, Snapshot, Transaction};
use crate::tenant::Server;
use ingest::{Ingested, ingest};
use page::Place;
use sanben_domain::reference::Reference;
use sanben_domain::time::Timestamp;
use sanben_sync::frame::{pack, unpack};
use sanben_sync::wire::{Cursors, MAX_MESSAGE_BYTES, SyncRequest, SyncResponse, VERSION, digest};

/// Who asks for what, and when.
struct Asking<'a> {
    device: &'a Device,
    request: &'a SyncRequest,
    now: Timestamp,
}

/// Cursors that an answer hands out, to be remembered with it.
struct Handed {
    cursors: CursorVector,
    digest: Vec<u8>,
}

impl Server {
    pub(crate) fn sync(&self, call: &Call) -> Result<Vec<u8>, Fault> {
        let device = self.caller(&*self.log.read()?, call)?;
        let request: SyncRequest = unpack(&call.body, MAX_MESSAGE_BYTES)?;
        if request.v != VERSION {
            return Err(Code::Version.into());
        }
        let asking = Asking { device: &device, request: &request, now: self.now() };
        let response = if request.epoch.is_some_and(|epoch| epoch != self.epoch) {
            // The device sees from the epoch that this is not the log it knows.
            self.empty(asking.now)
        } else if request.batches.is_empty() {
            self.fetch(&asking)?
        } else {
            self.exchange(&asking)?
        };
        Ok(pack(&response))
    }

    fn empty(&self, now: Timestamp) -> SyncResponse {
        SyncResponse {
            v: VERSION,
            epoch: self.epoch,
            now,
            send_cursors: false,
            verdicts: Vec::new(),
            scopes: Vec::new(),
            lost: Vec::new(),
            more: false,
        }
    }

    /// A request without work: others may write meanwhile.
    fn fetch(&self, asking: &Asking<'_>) -> Result<SyncResponse, Fault> {
        let (response, handed) = {
            let view = self.log.read()?;
            let Some(cursors) = cursors(&*view, asking)? else {
                return Ok(SyncResponse { send_cursors: true, ..self.empty(asking.now) });
            };
            let reference = self.reference_in(&*view)?;
            self.page(&*view, asking, &reference, cursors, Ingested::default())?
        };
        if let Some(handed) = handed {
            let mut tx = self.log.begin()?;
            hand_out(&mut *tx, asking, &handed)?;
            tx.commit()?;
        }
        Ok(response)
    }

    fn exchange(&self, asking: &Asking<'_>) -> Result<SyncResponse, Fault> {
        let mut tx = self.log.begin()?;
        let Some(cursors) = cursors(&*tx, asking)? else {
            return Ok(SyncResponse { send_cursors: true, ..self.empty(asking.now) });
        };
        let reference = self.reference_in(&*tx)?;
        let ingested = ingest(&mut *tx, &reference, &asking.request.batches, asking.now)?;
        let accepted = ingested.accepted;
        let (response, handed) = self.page(&*tx, asking, &reference, cursors, ingested)?;
        if let Some(handed) = handed {
            hand_out(&mut *tx, asking, &handed)?;
        }
        tx.commit()?;
        if accepted > 0 {
            self.follow();
        }
        tracing::debug!(accepted, verdicts = response.verdicts.len(), "work was judged");
        Ok(response)
    }

    /// The answer, and the cursors to remember unless that was done before.
    fn page(
        &self,
        view: &dyn Snapshot,
        asking: &Asking<'_>,
        reference: &Reference,
        cursors: CursorVector,
        ingested: Ingested,
    ) -> Result<(SyncResponse, Option<Handed>), Fault> {
        let person = reference.people.get(&asking.device.person).ok_or(Code::UnknownPerson)?;
        let place = Place { view, epoch: self.epoch, key: &self.secret, sent: &ingested.sent };
        let page = place.page(person, reference, asking.now, cursors, asking.request.budget)?;
        let response = SyncResponse {
            verdicts: ingested.verdicts,
            scopes: page.scopes,
            lost: page.lost,
            more: page.more,
            ..self.empty(asking.now)
        };
        // Between two pages the device sends its cursors as they are.
        if page.more {
            return Ok((response, None));
        }
        let digest = digest(&page.cursors).into_vec();
        let known = view.handed(asking.device.id, &digest)?.is_some();
        Ok((response, (!known).then_some(Handed { cursors: page.cursors, digest })))
    }
}

fn hand_out(tx: &mut dyn Transaction, asking: &Asking<'_>, handed: &Handed) -> Result<(), LogError> {
    let base = match &asking.request.cursors {
        Cursors::Vector(_) => None,
        Cursors::Digest(digest) => Some(digest.as_ref()),
    };
    tx.hand_out(asking.device.id, base, &handed.digest, &handed.cursors)
}

/// Where the device stands; `None` when its digest is not remembered.
fn cursors(view: &dyn Snapshot, asking: &Asking<'_>) -> Result<Option<CursorVector>, LogError> {
    Ok(match &asking.request.cursors {
        Cursors::Vector(vector) => Some(vector.clone()),
        Cursors::Digest(digest) => view.handed(asking.device.id, digest)?,
    })
}
