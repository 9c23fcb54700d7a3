//! The one round trip: a device's work is judged and appended, what it may see after its cursors goes back.
//!
//! All of a request is one transaction. What is answered was durable before; a request that comes twice
//! finds its changes in the log or its verdicts kept, and has no second effect.

mod ingest;
mod page;

use crate::call::{Call, Code, Fault};
use crate::log::{CursorVector, Device, Snapshot};
use crate::tenant::Server;
use ingest::{Ingested, ingest};
use page::Place;
use sanben_domain::reference::Reference;
use sanben_domain::time::Timestamp;
use sanben_sync::frame::{pack, unpack};
use sanben_sync::wire::{Cursors, MAX_MESSAGE_BYTES, SyncRequest, SyncResponse, VERSION, digest};

impl Server {
    pub(crate) fn sync(&self, call: &Call) -> Result<Vec<u8>, Fault> {
        let device = self.caller(&*self.log.read()?, call)?;
        let request: SyncRequest = unpack(&call.body, MAX_MESSAGE_BYTES)?;
        if request.v != VERSION {
            return Err(Code::Version.into());
        }
        let now = self.now();
        let empty = self.empty(now);
        if request.epoch.is_some_and(|epoch| epoch != self.epoch) {
            // The device sees from the epoch that this is not the log it knows.
            return Ok(pack(&empty));
        }
        if request.batches.is_empty() {
            self.fetch(&device, &request, empty)
        } else {
            self.exchange(&device, &request, empty)
        }
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

    /// A request without work: other requests may write meanwhile.
    fn fetch(&self, device: &Device, request: &SyncRequest, empty: SyncResponse) -> Result<Vec<u8>, Fault> {
        let (response, handed) = {
            let view = self.log.read()?;
            let Some(cursors) = cursors(&*view, device, &request.cursors)? else {
                return Ok(pack(&SyncResponse { send_cursors: true, ..empty }));
            };
            let reference = self.reference_in(&*view)?;
            self.page(&*view, device, &reference, request, cursors, Ingested::default(), empty)?
        };
        if let Some((cursors, digest)) = handed {
            let mut tx = self.log.begin()?;
            tx.hand_out(device.id, base(&request.cursors), &digest, &cursors)?;
            tx.commit()?;
        }
        Ok(pack(&response))
    }

    fn exchange(
        &self,
        device: &Device,
        request: &SyncRequest,
        empty: SyncResponse,
    ) -> Result<Vec<u8>, Fault> {
        let mut tx = self.log.begin()?;
        let Some(cursors) = cursors(&*tx, device, &request.cursors)? else {
            return Ok(pack(&SyncResponse { send_cursors: true, ..empty }));
        };
        let reference = self.reference_in(&*tx)?;
        let ingested = ingest(&mut *tx, &reference, &request.batches, empty.now)?;
        let accepted = ingested.accepted;
        let (response, handed) = self.page(&*tx, device, &reference, request, cursors, ingested, empty)?;
        if let Some((cursors, digest)) = handed {
            tx.hand_out(device.id, base(&request.cursors), &digest, &cursors)?;
        }
        tx.commit()?;
        tracing::debug!(accepted, verdicts = response.verdicts.len(), "work was judged");
        Ok(pack(&response))
    }

    /// The answer, and the cursors to remember when the device does not have them from us already.
    #[expect(clippy::too_many_arguments, reason = "everything an answer is made of, read in one place")]
    fn page(
        &self,
        view: &dyn Snapshot,
        device: &Device,
        reference: &Reference,
        request: &SyncRequest,
        cursors: CursorVector,
        ingested: Ingested,
        empty: SyncResponse,
    ) -> Result<(SyncResponse, Option<(CursorVector, Vec<u8>)>), Fault> {
        let person = reference.people.get(&device.person).ok_or(Code::UnknownPerson)?;
        let place = Place { view, epoch: self.epoch, key: &self.secret, sent: &ingested.sent };
        let page = place.page(person, reference, empty.now, cursors, request.budget)?;
        let handed = (!page.more).then(|| {
            let digest = digest(&page.cursors).into_vec();
            (page.cursors, digest)
        });
        let handed = match handed {
            Some((_, digest)) if view.handed(device.id, &digest)?.is_some() => None,
            handed => handed,
        };
        let response = SyncResponse {
            verdicts: ingested.verdicts,
            scopes: page.scopes,
            lost: page.lost,
            more: page.more,
            ..empty
        };
        Ok((response, handed))
    }
}

/// Where the device stands; `None` when its digest is not remembered.
fn cursors(view: &dyn Snapshot, device: &Device, cursors: &Cursors) -> Result<Option<CursorVector>, Fault> {
    Ok(match cursors {
        Cursors::Vector(vector) => Some(vector.clone()),
        Cursors::Digest(digest) => view.handed(device.id, digest)?,
    })
}

fn base(cursors: &Cursors) -> Option<&[u8]> {
    match cursors {
        Cursors::Vector(_) => None,
        Cursors::Digest(digest) => Some(digest),
    }
}
