//! Bundles at a device: an offer that the server signed, and blocks of which each is what the offer names. What is in
//! them is the enemy's.

use super::message::shown;
use super::scene::Scene;
use crate::hostile::change::repaired;
use crate::world::MORNING;
use sanben_document::{Actor, Document, Intent, decode, encode};
use sanben_domain::id::DocumentId;
use sanben_domain::rights::{Scope, ScopeClass};
use sanben_store::Packed;
use sanben_sync::bundle::{BUNDLE_FORM, BUNDLE_PATH, Block, MAX_BLOCK_INFLATED, Offer, SignedOffer};
use sanben_sync::chain::{Link, SignedHead};
use sanben_sync::frame::{pack, unpack};
use sanben_sync::note::{Erasure, Note};
use sanben_sync::wire::{Entry, EntryBody, SYNC_PATH, SyncResponse};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use std::cell::Cell;
use std::collections::BTreeMap;

/// A document of a block, as it lies there: for repairing what the device compares.
#[derive(Serialize, Deserialize)]
pub(super) struct Saved {
    pub(super) id: ByteBuf,
    pub(super) kind: u8,
    pub(super) home: String,
    pub(super) save: ByteBuf,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) row: Option<ciborium::Value>,
}

/// An offer, or a block as it travels.
pub fn bundle(scene: &mut Scene, bytes: &[u8]) {
    let epoch = scene.epoch();
    if let Some(signed) = decode::<SignedOffer>(bytes) {
        let _ = signed.open(epoch, &scene.identity.server);
    }
    if let Some(mut offer) = decode::<Offer>(bytes) {
        fetch(scene, &offer, bytes);
        if scene.repairs {
            (offer.form, offer.epoch) = (BUNDLE_FORM, epoch);
            offer.head =
                SignedHead::sign(epoch, &offer.scope, offer.head.seq, offer.head.link, &scene.server_key);
            offer.gone.iter_mut().for_each(|entry| vouched(scene, entry));
            fetch(scene, &offer, bytes);
        }
        return;
    }
    fetch(scene, &offered(scene, bytes), bytes);
    if scene.repairs
        && let Ok(mut saved) = unpack::<Vec<Saved>>(bytes, MAX_BLOCK_INFLATED)
    {
        for document in &mut saved {
            document.save = ByteBuf::from(repaired(&document.save, &BTreeMap::new()));
        }
        let block = pack(&saved);
        fetch(scene, &offered(scene, &block), &block);
    }
    scene.begin_again_when_grown();
}

/// The note in an entry, with the server's own word for what it erases.
fn vouched(scene: &Scene, entry: &mut Entry) {
    if let EntryBody::Note { kind, body } = &entry.body
        && let Some(Note::Erase(erasure)) = Note::read(*kind, body)
    {
        let word = Erasure::sign(erasure.document, erasure.at, &scene.server_key);
        *entry = noted(entry.seq, &Note::Erase(word));
    }
}

/// A note as it stands in the log.
pub(super) fn noted(seq: u64, note: &Note) -> Entry {
    let (kind, body) = note.written();
    Entry { seq, received: MORNING, body: EntryBody::Note { kind, body: ByteBuf::from(body) } }
}

/// An offer of this one block, of a scope of which the device has nothing.
pub(super) fn offered(scene: &Scene, block: &[u8]) -> Offer {
    let epoch = scene.epoch();
    let known = scene.field().store().standing().unwrap().cursors.len();
    let scope = Scope { unit: format!("bundle-{known}").as_str().into(), class: ScopeClass::Work };
    let head = SignedHead::sign(epoch, &scope, 3, Link([4; 32]), &scene.server_key);
    Offer { form: BUNDLE_FORM, epoch, scope, head, gone: Vec::new(), blocks: vec![Block::of(block)] }
}

/// The device is offered this, fetches it, and looks into what came.
fn fetch(scene: &Scene, offer: &Offer, block: &[u8]) {
    let signed = SignedOffer::sign(offer, &scene.server_key);
    let first = Cell::new(true);
    scene.sync_with(&|asked| match asked.path.as_str() {
        SYNC_PATH => {
            let bundles = if first.replace(false) { vec![signed.clone()] } else { Vec::new() };
            let more = !bundles.is_empty();
            Some((200, pack(&SyncResponse { bundles, more, ..scene.nothing_new() })))
        }
        path if path.starts_with(BUNDLE_PATH) => Some((200, block.to_vec())),
        _ => None,
    });
    while scene.field().tidy(50).unwrap().more {}
    shown(scene);
    scene.trust_again();
}

/// Blocks with documents of every kind, and an offer.
#[must_use]
pub fn bundles(scene: &Scene) -> Vec<Vec<u8>> {
    let reference = scene.server().reference().unwrap();
    let held = scene.field().store().document(scene.case).unwrap().unwrap();
    let made = super::change::intents(scene).into_iter().filter_map(|bytes| {
        let intent: Intent = decode(&bytes)?;
        Document::create(&intent, Actor([5; 16])).ok().map(|(document, _)| document)
    });
    let packed: Vec<Packed> =
        [held].into_iter().chain(made).map(|document| Packed::of(&document, &reference).unwrap()).collect();
    let plain = |documents: &[Packed]| [&[0], encode(&documents).as_slice()].concat();
    let mut seeds: Vec<_> = packed.chunks(1).map(plain).collect();
    seeds.push(pack(&packed));
    let mut offer = offered(scene, &seeds[0]);
    offer.head = SignedHead::sign(offer.epoch, &offer.scope, 9, Link([7; 32]), &scene.server_key);
    seeds.push(encode(&SignedOffer::sign(&offer, &scene.server_key)));
    seeds.push(encode(&offer));
    let erased = Erasure::sign(DocumentId::from_random([9; 16]), MORNING, &scene.server_key);
    let out = Note::DocOut { document: scene.case };
    offer.gone = vec![noted(2, &Note::Erase(erased)), noted(4, &out)];
    seeds.push(encode(&offer));
    seeds
}
