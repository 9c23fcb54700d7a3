//! Changes and what is in them.

use super::scene::Scene;
use crate::world::MORNING;
use sanben_document::{Actor, ChangeHash, Document, Intent, IntentBody, Record, admit, decode, encode};
use sanben_domain::case::{CaseAct, fold};
use sanben_domain::matter;
use sanben_domain::reference::{Reference, ReferenceUpdate};
use sanben_domain::rights::{scopes_of, shared_with};
use sanben_sync::frame::unpack_after;
use sanben_sync::wire::{EntryBody, MAX_MESSAGE_BYTES, SYNC_PATH, SyncResponse};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];

/// The chunk with names of changes replaced, its length as it is, and the checksum that goes with that.
#[must_use]
pub fn repaired(bytes: &[u8], renamed: &BTreeMap<ChangeHash, ChangeHash>) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for (old, new) in renamed {
        while old != new
            && let Some(at) = bytes.windows(32).position(|window| window == old.0)
        {
            bytes[at..at + 32].copy_from_slice(&new.0);
        }
    }
    // Magic (4), checksum (4), kind (1), length (LEB128), content.
    let (Some(kind), Some(rest)) = (bytes.get(8).copied(), bytes.get(9..)) else { return bytes };
    let prefix = rest.iter().take_while(|byte| **byte & 0x80 != 0).count() + 1;
    let content = rest.get(prefix..).unwrap_or_default();
    let mut hashed = vec![kind];
    let mut length = content.len();
    while length >= 0x80 {
        hashed.push(u8::try_from(length & 0x7f).unwrap() | 0x80);
        length >>= 7;
    }
    hashed.push(u8::try_from(length).unwrap());
    hashed.extend_from_slice(content);
    let checksum = Sha256::digest(&hashed);
    [MAGIC.as_slice(), &checksum[..4], &hashed].concat()
}

/// A chunk before the judge: as the first of a document, and on top of one.
pub fn change(scene: &mut Scene, bytes: &[u8]) {
    let document = scene.field().store().document(scene.case).unwrap().unwrap();
    for bytes in [bytes.to_vec(), repaired(bytes, &BTreeMap::new())] {
        for before in [None, Some(&document)] {
            let Ok(admitted) = admit(scene.case, before, &bytes) else { continue };
            // What the judge lets in is the same after saving, and can be shown.
            let record = admitted.after.record().unwrap();
            assert_eq!(record, admitted.record);
            let reference = scene.server().reference().unwrap();
            if let Record::Case(case) = &record {
                let _ = fold(case, &reference, None);
                let _ = shared_with(case, &reference);
            }
            if let Record::Matter(matter) = &record {
                let _ = matter::fold(matter, &reference);
                let _ = matter::shared_with(matter, &reference);
            }
            let mut copy = match before {
                None => Document::from_changes([bytes.as_slice()]).unwrap(),
                Some(document) => {
                    let mut copy = document.clone();
                    copy.apply(&bytes).unwrap();
                    copy
                }
            };
            assert_eq!(copy.heads(), admitted.after.heads());
            assert_eq!(copy.record().unwrap(), record);
            // And somebody can go on from there.
            let body = IntentBody::Act {
                act: CaseAct::Comment { words: "见".to_owned() },
                photos: BTreeMap::new(),
            };
            if matches!(record, Record::Case(_)) {
                let _ = copy.run(&sample(scene, body), Actor([9; 16]));
            }
        }
    }
}

fn sample(scene: &Scene, body: IntentBody) -> Intent {
    Intent {
        v: 1,
        document: scene.case,
        event: sanben_domain::id::EventId::from_random([9; 16]),
        at: sanben_domain::time::Stamp::exact(MORNING),
        by: scene.identity.person.clone(),
        seen: Vec::new(),
        body,
    }
}

/// Every change that the server sent.
#[must_use]
pub fn changes(scene: &Scene) -> Vec<Vec<u8>> {
    let pending = scene.field().store().pending(usize::MAX).unwrap();
    bodies(scene)
        .into_iter()
        .filter_map(|body| match body {
            EntryBody::Change { bytes, .. } => Some(bytes.into_vec()),
            _ => None,
        })
        .chain(pending.into_iter().map(|pending| pending.bytes))
        .collect()
}

fn bodies(scene: &Scene) -> Vec<EntryBody> {
    let said = scene.spoken.iter().filter(|(call, _)| call.path == SYNC_PATH);
    let said = said.filter_map(|(call, reply)| {
        unpack_after::<SyncResponse>(&reply.body, MAX_MESSAGE_BYTES, &call.body).ok()
    });
    let entries = said.flat_map(|answer| answer.scopes).flat_map(|part| part.entries);
    entries.map(|entry| entry.body).collect()
}

/// CBOR of an intent, as salvage and outboxes hold them.
pub fn intent(scene: &mut Scene, bytes: &[u8]) {
    let Some(intent) = decode::<Intent>(bytes) else { return };
    assert_eq!(decode::<Intent>(&encode(&intent)).as_ref(), Some(&intent));
    if let Ok((document, change)) = Document::create(&intent, Actor([3; 16])) {
        assert_eq!(Document::from_changes([change.bytes.as_slice()]).unwrap().heads(), document.heads());
    }
    let mut document = scene.field().store().document(scene.case).unwrap().unwrap();
    let _ = document.run(&Intent { document: scene.case, ..intent }, Actor([3; 16]));
    document.record().unwrap();
}

/// Intents of every body.
#[must_use]
pub fn intents(scene: &Scene) -> Vec<Vec<u8>> {
    let pending = scene.field().store().pending(usize::MAX).unwrap();
    let acts = [
        CaseAct::Close,
        CaseAct::Void { reason: "不在辖区".to_owned() },
        CaseAct::Escalate { to: "park".into(), reason: "需协调".to_owned() },
    ];
    let acts = acts.map(|act| encode(&sample(scene, IntentBody::Act { act, photos: BTreeMap::new() })));
    pending.into_iter().map(|pending| pending.intent).chain(acts).collect()
}

/// CBOR of a reference update: what it says becomes what a device asks.
pub fn reference(scene: &mut Scene, bytes: &[u8]) {
    let Some(update) = decode::<ReferenceUpdate>(bytes) else { return };
    assert_eq!(decode::<ReferenceUpdate>(&encode(&update)).as_ref(), Some(&update));
    let reference = Reference::from_rows(update.rows);
    for person in reference.people.values() {
        let _ = scopes_of(person, &reference, MORNING);
    }
    for point in reference.points.keys() {
        let _ = (reference.head_of(point, MORNING), reference.community_of_point(point));
    }
    for cell in reference.cells.values() {
        let _ = cell.ring.bounds();
        let first = cell.ring.0.first();
        let _ = first.map(|corner| reference.cells_at(*corner).len());
    }
    let _ = reference.rule_set_at(MORNING);
    if let Ok(row) = scene.field().case(scene.case) {
        let _ = fold(&row.record, &reference, None);
    }
}

/// The reference data that the server sent.
#[must_use]
pub fn references(scene: &Scene) -> Vec<Vec<u8>> {
    let first = crate::world::park();
    let import = sanben_server::import::read(&first).unwrap().update;
    let sent = bodies(scene).into_iter().filter_map(|body| match body {
        EntryBody::Reference { update } => Some(update.into_vec()),
        _ => None,
    });
    let rows = import
        .rows
        .chunks(40)
        .map(|rows| encode(&ReferenceUpdate { rows: rows.to_vec(), removed: Vec::new() }));
    sent.chain(rows).collect()
}
