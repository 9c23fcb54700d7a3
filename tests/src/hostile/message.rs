//! Requests and answers. A fuzzer that cannot repair a checksum, a chain or a signature dies at the first check,
//! so everything is read twice: as it came, and with all of that repaired by somebody who holds the keys.

use super::scene::{Scene, hex};
use crate::hostile::change::repaired;
use sanben_document::{ChangeHash, ChangeHeader, decode, encode};
use sanben_domain::id::PhotoHash;
use sanben_server::Call;
use sanben_sync::chain::{Link, SignedHead};
use sanben_sync::enrol::{Code, EnrolRequest, EnrolResponse};
use sanben_sync::frame::{pack, unpack, unpack_after};
use sanben_sync::handover::Address;
use sanben_sync::manifest::Batch;
use sanben_sync::photo::{Arrival, PhotoStanding, Proof};
use sanben_sync::wire::{
    ENROL_PATH, EntryBody, MAX_MESSAGE_BYTES, PHOTO_PATH, SIGNATURE_HEADER, SYNC_PATH, SyncRequest,
    SyncResponse,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_bytes::ByteBuf;
use std::collections::BTreeMap;

/// What is read is written and read again as the same.
fn again<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(bytes: &[u8]) {
    if let Ok(message) = unpack::<T>(bytes, MAX_MESSAGE_BYTES) {
        assert_eq!(unpack::<T>(&pack(&message), usize::MAX).as_ref(), Ok(&message));
    }
}

/// A frame, as every kind of message.
pub fn frame(_: &mut Scene, bytes: &[u8]) {
    again::<SyncRequest>(bytes);
    again::<SyncResponse>(bytes);
    again::<EnrolRequest>(bytes);
    again::<EnrolResponse>(bytes);
    again::<Vec<Batch>>(bytes);
    again::<Vec<PhotoHash>>(bytes);
    again::<Vec<Arrival>>(bytes);
    again::<PhotoStanding>(bytes);
    again::<Proof>(bytes);
    again::<String>(bytes);
}

/// Everything that was said.
#[must_use]
pub fn frames(scene: &Scene) -> Vec<Vec<u8>> {
    scene.spoken.iter().flat_map(|(call, reply)| [call.body.clone(), reply.body.clone()]).collect()
}

/// CBOR of a request.
pub fn request(scene: &mut Scene, bytes: &[u8]) {
    let plain = [&[0], bytes].concat();
    scene.ask(&scene.signed("POST", SYNC_PATH, None, plain));
    let Some(mut asked) = decode::<SyncRequest>(bytes).filter(|_| scene.repairs) else { return };
    asked.epoch = Some(scene.server().epoch().unwrap());
    for batch in &mut asked.batches {
        resign(scene, batch);
    }
    scene.ask(&scene.signed("POST", SYNC_PATH, None, pack(&asked)));
    let counts = scene.server().counts().unwrap();
    if counts.changes > scene.accepted {
        // Something was rightly accepted: all of it can be read again.
        let audit = scene.server().audit().unwrap();
        assert!(audit.faults.is_empty(), "accepted, and the log is not whole: {:?}", audit.faults);
        scene.server().replica().unwrap();
    }
    scene.begin_again_when_grown();
}

/// Repairs the checksums of the changes, names them as they are now, and signs.
fn resign(scene: &Scene, batch: &mut Batch) {
    let Some(mut manifest) = batch.signed_list() else { return };
    let mut named: BTreeMap<ChangeHash, ChangeHash> = BTreeMap::new();
    let mut changes = Vec::new();
    for (item, bytes) in manifest.items.iter_mut().zip(&batch.changes) {
        let bytes = repaired(bytes, &named);
        if let Some(header) = ChangeHeader::of(&bytes) {
            named.insert(item.change, header.hash);
            item.change = header.hash;
        }
        changes.push(bytes);
    }
    manifest.device = scene.identity.device;
    manifest.tenant = scene.identity.tenant.clone();
    *batch = Batch::sign(&manifest, changes, &scene.identity.key);
}

/// What the device said, and what it would say now.
#[must_use]
pub fn requests(scene: &Scene) -> Vec<Vec<u8>> {
    let said = scene.spoken.iter().filter(|(call, _)| call.path == SYNC_PATH);
    let said = said.filter_map(|(call, _)| unpack::<SyncRequest>(&call.body, MAX_MESSAGE_BYTES).ok());
    said.chain([scene.asking()]).map(|request| encode(&request)).collect()
}

/// CBOR of an answer.
pub fn response(scene: &mut Scene, bytes: &[u8]) {
    scene.answer(&[&[0], bytes].concat());
    if let Some(answer) = decode::<SyncResponse>(bytes).filter(|_| scene.repairs) {
        answer_repaired(scene, answer);
    }
    shown(scene);
    scene.begin_again_when_grown();
}

/// Whatever the device took in, it can show.
pub(super) fn shown(scene: &Scene) {
    let field = scene.field();
    let page = field.cases(&sanben_field::CaseQuery { limit: 200, ..Default::default() }).unwrap();
    for row in page.rows {
        field.case(row.id).unwrap();
        field.store().document(row.id).unwrap().unwrap().record().unwrap();
    }
    field.store().quarantined().unwrap();
    field.reference().unwrap();
}

fn answer_repaired(scene: &Scene, mut answer: SyncResponse) {
    let standing = scene.field().store().standing().unwrap();
    answer.epoch = standing.epoch.unwrap_or(answer.epoch);
    for part in &mut answer.scopes {
        let held = standing.cursors.get(&part.scope);
        let (mut seq, mut link) =
            held.map_or((0, Link::genesis(answer.epoch, &part.scope)), |cursor| (cursor.seq, cursor.link));
        for entry in &mut part.entries {
            seq += 1;
            entry.seq = seq;
            if let EntryBody::Change { hash, bytes, .. } = &mut entry.body {
                let whole = repaired(bytes, &BTreeMap::new());
                *hash = ChangeHeader::of(&whole).map_or(*hash, |header| header.hash);
                *bytes = ByteBuf::from(whole);
            }
            link = link.then(entry);
        }
        part.head = SignedHead::sign(answer.epoch, &part.scope, seq, link, &scene.server_key);
    }
    scene.answer(&pack(&answer));
}

/// What the server answered.
#[must_use]
pub fn responses(scene: &Scene) -> Vec<Vec<u8>> {
    let said = scene.spoken.iter().filter(|(call, _)| call.path == SYNC_PATH);
    let said = said.filter_map(|(call, reply)| {
        unpack_after::<SyncResponse>(&reply.body, MAX_MESSAGE_BYTES, &call.body).ok()
    });
    said.map(|answer| encode(&answer)).collect()
}

/// Lines of method, path, device, signature and offset, and then the body.
pub fn call(scene: &mut Scene, bytes: &[u8]) {
    let mut parts = bytes.splitn(6, |byte| *byte == b'\n');
    let mut line = || String::from_utf8_lossy(parts.next().unwrap_or_default()).into_owned();
    let (method, path) = (line(), line());
    let names = [
        sanben_sync::wire::DEVICE_HEADER,
        sanben_sync::wire::SIGNATURE_HEADER,
        sanben_sync::wire::OFFSET_HEADER,
    ];
    let headers: Vec<_> = names.map(|name| (name.to_owned(), line())).into();
    let body = parts.next().unwrap_or_default().to_vec();
    let offset = headers[2].1.parse().ok();
    scene.ask(&scene.signed(&method, &path, offset, body.clone()));
    scene.ask(&Call { method, path, headers, body });
}

/// Calls as they came.
#[must_use]
pub fn calls(scene: &Scene) -> Vec<Vec<u8>> {
    let photo = |path: &str| format!("GET\n{PHOTO_PATH}{}{path}\n\n\n0\n", scene.photo).into_bytes();
    let said = scene.spoken.iter().map(|(call, _)| {
        let header = |name| call.header(name).unwrap_or_default().to_owned();
        let (device, signature) = (header("sanben-device"), header("sanben-signature"));
        let head = format!("{}\n{}\n{device}\n{signature}\n\n", call.method, call.path);
        [head.into_bytes(), call.body.clone()].concat()
    });
    let digest = hex(&scene.field().store().standing().unwrap().digest());
    let others = ["/v1/poke/".to_owned() + &digest, format!("/v1/bundles/{}/0", "00".repeat(32))];
    let others = others.map(|path| format!("GET\n{path}\n\n\n\n").into_bytes());
    said.chain(others)
        .chain([photo(""), photo("/rendition"), photo("/thumbnail/00000000000000000000000000000000")])
        .collect()
}

/// A code as somebody typed it, a request, an answer.
pub fn enrol(scene: &mut Scene, bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(code) = text.parse::<Code>()
    {
        assert_eq!(code.to_string().parse::<Code>().as_ref(), Ok(&code));
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        // An address as somebody typed it: of a server, of a carrier.
        drop(sanben_field::Http::new(text));
        if let Ok(address) = text.parse::<Address>() {
            assert_eq!(address.to_string().parse::<Address>().as_ref(), Ok(&address));
        }
    }
    let body = [&[0], bytes].concat();
    let call = Call { method: "POST".to_owned(), path: ENROL_PATH.to_owned(), headers: Vec::new(), body };
    scene.ask(&call);
    if let Some(request) = decode::<EnrolRequest>(bytes).filter(|_| scene.repairs) {
        let key = &scene.identity.key;
        let (body, signature) = EnrolRequest { key: key.public(), ..request }.sign(key);
        let headers = vec![(SIGNATURE_HEADER.to_owned(), hex(&signature.0))];
        scene.ask(&Call { headers, body, ..call });
    }
    if let Some(EnrolResponse::Enrolled(enrolled)) = decode(bytes) {
        let code = Code::new([7; 10], &scene.server_key.public());
        let _ = enrolled.verify(&code, scene.identity.device, &scene.identity.key.public());
    }
}

/// A code, a request and an answer.
#[must_use]
pub fn enrolments(scene: &Scene) -> Vec<Vec<u8>> {
    let code = Code::new([3; 10], &scene.server_key.public());
    let request = EnrolRequest {
        v: 1,
        secret: code.secret.clone(),
        device: scene.identity.device,
        key: scene.identity.key.public(),
        again: None,
    };
    let server = format!("https://10.0.0.5:7300/#sha256={}", hex(&[7; 32])).into_bytes();
    let carrier = b"http://192.168.1.20:7302/#ABCD-EFGH".to_vec();
    vec![code.to_string().into_bytes(), encode(&request), server, carrier]
}
