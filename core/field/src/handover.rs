//! Handing work to a device that takes it along, over a local network without internet: what waits is sealed into
//! mailbags that only the server opens, and given to whoever shows the code ([`crate::carrier`]).
//!
//! The outbox keeps everything until the server itself answers: a carrier may be lost with what it carries. The same
//! work is sealed into the same bytes each time, so that a carrier that has a mailbag already knows it again.

use crate::Field;
use crate::error::FieldError;
use crate::invalid::Invalid;
use crate::transport::{NoConnection, Outgoing, Transport};
use sanben_document::{ChangeHash, decode, encode};
use sanben_domain::time::Timestamp;
use sanben_sync::device::{Identity, Pending, request};
use sanben_sync::frame::{pack, unpack};
use sanben_sync::handover::{
    Address, FOR_HEADER, HANDOVER_PATH, NotTaken, PROOF_HEADER, Taken, Way, proof, same,
};
use sanben_sync::mailbag::seal;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};
use std::time::Duration;

/// Changes and intents of one mailbag together, before packing, bytes: a line that is cut costs one of them.
const ROOM: usize = 192 * 1024;
/// One mailbag over a local network takes no longer.
const PATIENCE: Duration = Duration::from_secs(30);
/// Where the store remembers how what waits was sealed.
const SEALED: &str = "handover";

/// What a carrier took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct HandedOver {
    /// Mailbags that the carrier has now.
    pub mailbags: u64,
    /// Of those, it had some before.
    pub known: u64,
    /// Changes in them; each still waits here, until the server itself answers.
    pub changes: u64,
    /// Own photos that are not in them: they go with this device's own sync.
    pub photos_left: u64,
}

/// The carrier's answer: a [`Taken`] and the proof over its bytes.
#[derive(Serialize, Deserialize)]
pub(crate) struct Signed {
    pub(crate) taken: ByteBuf,
    pub(crate) proof: ByteBuf,
}

/// How some of the outbox was sealed, so that it is sealed again into the same bytes.
#[derive(Clone, Serialize, Deserialize)]
struct Sealed {
    changes: Vec<ChangeHash>,
    made: Timestamp,
    random: ByteBuf,
}

impl Field {
    /// Hands all that waits to the carrier at an address; `transport` reaches it.
    ///
    /// # Errors
    /// [`FieldError::Invalid`] when nothing waits, [`FieldError::Carrier`] when it was not taken,
    /// [`FieldError::Network`]; what was taken before stays taken.
    pub fn hand_over(&self, address: &Address, transport: &dyn Transport) -> Result<HandedOver, FieldError> {
        let identity = self.identity()?;
        let counts = self.store.counts()?;
        let mut handed = HandedOver {
            photos_left: counts.photos.saturating_sub(counts.photos_delivered),
            ..HandedOver::default()
        };
        let mailbags = self.mailbags_of_outbox(&identity)?;
        if mailbags.is_empty() {
            return Err(Invalid::NothingWaits.into());
        }
        for (changes, mailbag) in mailbags {
            let taken = give(&identity, address, transport, mailbag)?;
            handed.mailbags += 1;
            handed.known += u64::from(!taken.new);
            handed.changes += changes;
        }
        Ok(handed)
    }

    /// What waits, sealed, in the order in which the server has to see it, and how many changes are in each.
    pub(crate) fn mailbags_of_outbox(&self, identity: &Identity) -> Result<Vec<(u64, Vec<u8>)>, FieldError> {
        let (standing, pending) = (self.store.standing()?, self.store.pending(usize::MAX)?);
        let mut mailbags = Vec::new();
        for (sealed, part) in self.sealed(&pending)? {
            let batches = request(identity, &standing, &part, 0, sealed.made).batches;
            // A later program may pack the same work differently: never the same key for other bytes.
            let random = Sha256::new().chain_update(&sealed.random).chain_update(pack(&batches)).finalize();
            let mailbag = seal(&batches, &identity.server, random.into())
                .map_err(|_| FieldError::Other("the outbox cannot be sealed".to_owned()))?;
            mailbags.push((part.len() as u64, mailbag));
        }
        Ok(mailbags)
    }

    /// What waits, in parts: as they were sealed before, as far as they still wait as a whole, and the rest anew.
    fn sealed(&self, pending: &[Pending]) -> Result<Vec<(Sealed, Vec<Pending>)>, FieldError> {
        let kept =
            self.store.meta(SEALED)?.and_then(|bytes| decode::<Vec<Sealed>>(&bytes)).unwrap_or_default();
        let waits: HashMap<ChangeHash, &Pending> =
            pending.iter().map(|change| (change.hash, change)).collect();
        let mut before = HashSet::new();
        let mut parts: Vec<(Sealed, Vec<Pending>)> = Vec::new();
        for sealed in kept {
            let changes: Vec<Pending> =
                sealed.changes.iter().filter_map(|change| waits.get(change).copied().cloned()).collect();
            if changes.is_empty() {
                continue;
            }
            if changes.len() < sealed.changes.len() {
                // Later parts build on this one, which has to be sealed anew.
                break;
            }
            before.extend(sealed.changes.iter().copied());
            parts.push((sealed, changes));
        }
        let mut size = ROOM;
        for change in pending.iter().filter(|change| !before.contains(&change.hash)) {
            size += change.bytes.len() + change.intent.len();
            if size > ROOM {
                let mut random = [0; 32];
                self.platform.random.fill(&mut random);
                let (made, random) = (self.platform.clock.wall(), ByteBuf::from(random));
                parts.push((Sealed { changes: Vec::new(), made, random }, Vec::new()));
                size = change.bytes.len() + change.intent.len();
            }
            if let Some((sealed, changes)) = parts.last_mut() {
                sealed.changes.push(change.hash);
                changes.push(change.clone());
            }
        }
        let all: Vec<&Sealed> = parts.iter().map(|(sealed, _)| sealed).collect();
        self.store.set_meta(SEALED, Some(&encode(&all)))?;
        Ok(parts)
    }
}

fn give(
    identity: &Identity,
    address: &Address,
    transport: &dyn Transport,
    mailbag: Vec<u8>,
) -> Result<Taken, FieldError> {
    let hash: [u8; 32] = Sha256::digest(&mailbag).into();
    let there = proof(&address.code, &identity.server, Way::There, &mailbag);
    let headers = vec![
        (FOR_HEADER, crate::hex::write(&identity.server.fingerprint())),
        (PROOF_HEADER, crate::hex::write(&there)),
    ];
    let path = HANDOVER_PATH.to_owned();
    let call = Outgoing { method: "POST", path, headers, body: mailbag, within: Some(PATIENCE) };
    let answer = transport.call(&call)?;
    if answer.status != 200 {
        let name: String = unpack(&answer.body, 1024).unwrap_or_default();
        let why = NotTaken::ALL.into_iter().find(|why| why.name() == name);
        return Err(why.map_or_else(|| stranger().into(), FieldError::Carrier));
    }
    let signed: Signed = unpack(&answer.body, 1024).map_err(|_| stranger())?;
    let back = proof(&address.code, &identity.server, Way::Back, &signed.taken);
    let taken: Taken = decode(&signed.taken).ok_or_else(stranger)?;
    if same(&back, &signed.proof) && taken.hash == hash { Ok(taken) } else { Err(stranger().into()) }
}

fn stranger() -> NoConnection {
    NoConnection("an answer that is not from a carrier: check the address it shows".to_owned())
}
