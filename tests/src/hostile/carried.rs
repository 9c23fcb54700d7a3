//! What goes from hand to hand, and the short answers that a device gets: at the door of a carrier, from a carrier,
//! a file with refused work, receipts, pokes.

use super::scene::Scene;
use sanben_document::{Intent, decode, encode};
use sanben_field::{CarrierLimits, Doorkeeper, HandedOnWork, Knock, TakenOver};
use sanben_sync::frame::pack;
use sanben_sync::handover::{
    Address, FOR_HEADER, HANDOVER_PATH, HandoverCode, PROOF_HEADER, Taken, Way, proof,
};
use sanben_sync::mailbag::{Carried, MAILBAG_PATH, seal};
use sanben_sync::photo::{PhotoStanding, Proof};
use sanben_sync::poke::Poked;
use sanben_sync::wire::{PHOTO_PATH, Rejection, SYNC_PATH};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use sha2::{Digest, Sha256};
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::time::Duration;

const CODE: [u8; 8] = [7; 8];

thread_local! {
    static DOOR: TcpListener = TcpListener::bind("127.0.0.1:0").unwrap();
}

/// Lets one in.
struct Once(AtomicBool);

impl Doorkeeper for Once {
    fn came(&self, _: Knock) {}

    fn stays_open(&self) -> bool {
        self.0.swap(false, SeqCst)
    }
}

/// What comes to the door of a carrier: as it came, and with the proof of somebody who knows the code.
pub fn door(scene: &mut Scene, bytes: &[u8]) {
    knock(scene, bytes);
    let body = bytes.windows(4).position(|window| window == b"\r\n\r\n").and_then(|end| bytes.get(end + 4..));
    if let Some(body) = body.filter(|_| scene.repairs) {
        knock(scene, &handed(scene, body));
    }
    scene.begin_again_when_grown();
}

/// A mailbag as a device hands it over.
fn handed(scene: &Scene, body: &[u8]) -> Vec<u8> {
    let server = &scene.identity.server;
    let shown = super::scene::hex(&proof(&HandoverCode::new(CODE), server, Way::There, body));
    let named = super::scene::hex(&server.fingerprint());
    let length = body.len();
    let head = format!(
        "POST {HANDOVER_PATH} HTTP/1.1\r\ncontent-length: {length}\r\n{FOR_HEADER}: {named}\r\n{PROOF_HEADER}: {shown}\r\n\r\n"
    );
    [head.as_bytes(), body].concat()
}

fn knock(scene: &Scene, bytes: &[u8]) {
    DOOR.with(|door| {
        // No port is free for a moment.
        let Ok(mut visitor) = TcpStream::connect(door.local_addr().unwrap()) else { return };
        visitor.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        let _ = visitor.write_all(bytes);
        let _ = visitor.shutdown(Shutdown::Write);
        let limits = CarrierLimits { mailbags: 8, ..CarrierLimits::default() };
        let once = Once(AtomicBool::new(true));
        scene.field().collect(door, &HandoverCode::new(CODE), &limits, &once).unwrap();
        let mut answer = Vec::new();
        if visitor.read_to_end(&mut answer).is_ok() && !answer.is_empty() {
            let (taken, refused) =
                (answer.starts_with(b"HTTP/1.1 200 OK\r\n"), answer.starts_with(b"HTTP/1.1 403 "));
            assert!(taken || refused, "{}", String::from_utf8_lossy(&answer));
        }
    });
}

/// Mailbags, with and without a proof.
#[must_use]
pub fn doors(scene: &Scene) -> Vec<Vec<u8>> {
    let sealed = super::file::mailbags(scene).remove(0);
    vec![
        handed(scene, &sealed),
        handed(scene, b"SANBEN MAILBAG 1\n"),
        format!("POST {HANDOVER_PATH} HTTP/1.1\r\ncontent-length: 3\r\n\r\nabc").into_bytes(),
        b"GET / HTTP/1.1\r\nhost: 10.0.0.1\r\n\r\n".to_vec(),
    ]
}

/// The answer of a carrier, as it travels.
#[derive(Serialize, Deserialize)]
struct Receipt {
    taken: ByteBuf,
    proof: ByteBuf,
}

/// Who answers, and the answer: a server to somebody who waits, a carrier, a server about a photo and a mailbag.
pub fn answer(scene: &mut Scene, bytes: &[u8]) {
    let [who, body @ ..] = bytes else { return };
    let status = if who & 0x80 == 0 { 200 } else { 403 };
    match who % 4 {
        0 => drop(scene.field().await_poke(&scene.liar(&|_| Some((status, body.to_vec()))))),
        1 => {
            let code = HandoverCode::new(CODE);
            let address = Address { base: "http://10.0.0.1:7302".to_owned(), code: code.clone() };
            let _ = scene.field().hand_over(&address, &scene.liar(&|_| Some((status, body.to_vec()))));
            let shown = proof(&code, &scene.identity.server, Way::Back, body);
            let receipt = Receipt { taken: ByteBuf::from(body), proof: ByteBuf::from(shown) };
            let _ = scene.field().hand_over(&address, &scene.liar(&|_| Some((200, pack(&receipt)))));
        }
        which => {
            if which == 3 {
                // One that the device has not heard of.
                let random = Sha256::digest(bytes).into();
                let sealed = seal(&scene.asking().batches, &scene.identity.server, random).unwrap();
                let file = scene.folder().join("mailbag");
                std::fs::write(&file, sealed).unwrap();
                scene.field().take_mailbag(&file).unwrap();
            }
            scene.sync_with(&|asked| match asked.path.as_str() {
                SYNC_PATH => Some((200, pack(&scene.nothing_new()))),
                MAILBAG_PATH => Some((status, body.to_vec())),
                path if path.starts_with(PHOTO_PATH) && which == 2 => Some((status, body.to_vec())),
                _ => None,
            });
        }
    }
    scene.begin_again_when_grown();
}

/// One of each.
#[must_use]
pub fn answers(scene: &Scene) -> Vec<Vec<u8>> {
    let taken = Taken { hash: [1; 32], new: true, at: crate::world::MORNING };
    let receipt = Receipt { taken: ByteBuf::from(encode(&taken)), proof: ByteBuf::from(vec![2; 32]) };
    let carried = Carried { hash: [3; 32], changes: 2, received: crate::world::MORNING, later: 0 };
    let standing =
        PhotoStanding { hash: scene.photo, offset: 0, complete: false, received: None, challenge: None };
    let said = |who: u8, body: &[u8]| [&[who], body].concat();
    vec![
        said(0, &pack(&Poked { sync: true })),
        said(1, &pack(&receipt)),
        said(1, &encode(&taken)),
        said(0x81, &pack(&"wrong-code")),
        said(2, &pack(&standing)),
        said(2, &pack(&Proof([1; 32]))),
        said(3, &pack(&carried)),
    ]
}

/// A file with refused work: as it came, and for this very person.
pub fn work(scene: &mut Scene, bytes: &[u8]) {
    take_over(scene, bytes);
    if let Some(mut head) = decode::<HandedOnWork>(bytes).filter(|_| scene.repairs) {
        head.v = 1;
        head.tenant = scene.identity.tenant.clone();
        head.to = None;
        take_over(scene, &file(&head, &[]));
    }
    scene.begin_again_when_grown();
}

fn take_over(scene: &Scene, bytes: &[u8]) {
    let path = scene.folder().join("work.sanben");
    std::fs::write(&path, bytes).unwrap();
    let _ = scene.field().look_at_handed_on(&path);
    if let Ok(TakenOver::Recorded(document)) = scene.field().take_over(&path) {
        // What was recorded can be read, and stands under the name of who took it over.
        let document = scene.field().store().document(document).unwrap().unwrap();
        document.record().unwrap();
    }
}

fn file(head: &HandedOnWork, photos: &[u8]) -> Vec<u8> {
    let head = encode(head);
    let length = u32::try_from(head.len()).unwrap().to_be_bytes();
    [b"sanben work 1\n".as_slice(), &length, &head, photos].concat()
}

/// Refused work of every body, as a file and as its head alone.
#[must_use]
pub fn works(scene: &Scene) -> Vec<Vec<u8>> {
    let intents = super::change::intents(scene);
    let heads = intents.iter().filter_map(|bytes| decode::<Intent>(bytes)).map(|mut intent| {
        intent.by = "U009".into();
        HandedOnWork {
            v: 1,
            tenant: scene.identity.tenant.clone(),
            intent,
            rejection: Rejection::OutOfScope,
            refused: crate::world::MORNING,
            to: None,
            photos: Vec::new(),
        }
    });
    let heads: Vec<_> = heads.collect();
    heads.iter().map(encode).chain(heads.iter().map(|head| file(head, &[]))).collect()
}
