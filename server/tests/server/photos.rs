//! Photos: in pieces, resumed, wrong, fetched by who may and by who may not.

use crate::device::*;
use sanben_document::IntentBody;
use sanben_domain::id::PhotoHash;
use sanben_server::{MAX_PHOTO_BYTES, MAX_PIECE_BYTES, Reply, Server};
use sanben_sync::frame::unpack;
use sanben_sync::wire::{PHOTO_PATH, PhotoStanding};

fn photo() -> Vec<u8> {
    std::fs::read(park().join("photos/south-entrance-rubbish-before.jpg")).unwrap()
}

fn send(
    server: &Server,
    device: &Device,
    method: &str,
    hash: PhotoHash,
    offset: Option<u64>,
    body: &[u8],
) -> Reply {
    let call = device.signed(method, &format!("{PHOTO_PATH}{hash}"), offset, body.to_vec());
    let reply = server.handle(&call);
    assert!(device.believes(&call, &reply));
    reply
}

fn standing(reply: &Reply) -> PhotoStanding {
    assert_eq!(reply.status, 200, "{:?}", refusal(reply));
    unpack(&reply.body, 1024).unwrap()
}

/// A device whose accepted report cites the photo.
fn citing(desk: &Desk, photo: &[u8]) -> Device {
    let mut device = desk.synced(CLERK_01);
    let intent = device.report_intent("park-01", "P001", &[photo.to_vec()]);
    device.record(&intent);
    device.sync(&desk.server);
    device
}

#[test]
fn an_upload_goes_on_where_it_stopped() {
    let (desk, photo) = (Desk::park(), photo());
    let (device, hash) = (citing(&desk, &photo), photo_hash(&photo));
    assert_eq!(desk.server.counts().unwrap().photos_missing, 1);
    let ask = |server: &Server| standing(&send(server, &device, "POST", hash, None, b""));
    assert_eq!((ask(&desk.server).offset, ask(&desk.server).complete), (0, false));

    let third = photo.len() / 3;
    let put = |server: &Server, from: usize, to: usize| {
        send(server, &device, "PUT", hash, Some(from as u64), &photo[from..to])
    };
    assert_eq!(standing(&put(&desk.server, 0, third)).offset, third as u64);
    // The answer was lost, the piece comes again; another comes too early.
    assert_eq!(standing(&put(&desk.server, 0, third)).offset, third as u64);
    assert_eq!(standing(&put(&desk.server, third + 1, photo.len())).offset, third as u64);
    // The server is started again, and a part of a piece that was never answered lies behind the offset.
    let part = desk.dir.path().join(format!("photos/{hash}.part"));
    let mut kept = std::fs::read(&part).unwrap();
    kept.extend_from_slice(b"torn");
    std::fs::write(&part, kept).unwrap();
    let server = desk.another();
    assert_eq!(ask(&server).offset, third as u64);
    assert_eq!(standing(&put(&server, third, 2 * third)).offset, 2 * third as u64);
    let receipt = standing(&put(&server, 2 * third, photo.len()));
    assert_eq!((receipt.hash, receipt.complete), (hash, true));
    assert_eq!(receipt.received, Some(desk.now()));

    desk.wait(60_000);
    assert_eq!(ask(&server), receipt, "the receipt is repeated as it was");
    assert_eq!(standing(&put(&server, 0, third)), receipt);
    let counts = server.counts().unwrap();
    assert_eq!((counts.photos, counts.photos_missing), (1, 0));
    let head = desk.synced(HEAD_01);
    assert_eq!(send(&server, &head, "GET", hash, None, b"").body, photo);
    assert_eq!(send(&server, &head, "GET", hash, Some(100), b"").body, photo[100..]);
}

#[test]
fn wrong_bytes_are_discarded_and_the_right_ones_follow() {
    let (desk, photo) = (Desk::park(), photo());
    let (device, hash) = (citing(&desk, &photo), photo_hash(&photo));
    let mut wrong = photo.clone();
    wrong[1000] ^= 1;
    let reply = send(&desk.server, &device, "PUT", hash, Some(0), &wrong);
    assert_eq!(refusal(&reply), (422, "wrong-bytes".to_owned()));
    assert_eq!(refusal(&send(&desk.server, &device, "GET", hash, None, b"")), (404, "not-found".to_owned()));
    assert_eq!(standing(&send(&desk.server, &device, "POST", hash, None, b"")).offset, 0);
    assert!(standing(&send(&desk.server, &device, "PUT", hash, Some(0), &photo)).complete);
}

#[test]
fn a_hash_is_no_permission() {
    let (desk, photo) = (Desk::park(), photo());
    let hash = photo_hash(&photo);
    let not_cited = (403, "not-cited".to_owned());
    let early = desk.synced(CLERK_01);
    assert_eq!(refusal(&send(&desk.server, &early, "PUT", hash, Some(0), &photo)), not_cited);
    let device = citing(&desk, &photo);
    assert!(standing(&send(&desk.server, &device, "PUT", hash, Some(0), &photo)).complete);
    let stranger = desk.synced(CLERK_02);
    for method in ["GET", "POST", "PUT"] {
        assert_eq!(
            refusal(&send(&desk.server, &stranger, method, hash, Some(0), b"")),
            not_cited,
            "{method}"
        );
    }
}

#[test]
fn more_than_was_cited_is_refused() {
    let (desk, photo) = (Desk::park(), photo());
    let (device, hash) = (citing(&desk, &photo), photo_hash(&photo));
    let longer = [photo.as_slice(), b"x"].concat();
    let too_large = (413, "too-large".to_owned());
    assert_eq!(refusal(&send(&desk.server, &device, "PUT", hash, Some(0), &longer)), too_large);
    let piece = vec![0; MAX_PIECE_BYTES + 1];
    assert_eq!(refusal(&send(&desk.server, &device, "PUT", hash, Some(0), &piece)), too_large);
    assert_eq!(
        refusal(&send(&desk.server, &device, "PUT", hash, None, &photo)),
        (400, "malformed".to_owned())
    );
}

#[test]
fn a_citation_beyond_all_measure_hinders_nobody() {
    let (desk, photo) = (Desk::park(), photo());
    let (device, hash) = (citing(&desk, &photo), photo_hash(&photo));
    let mut other = desk.synced(CLERK_01);
    let mut intent = other.report_intent("park-01", "P002", std::slice::from_ref(&photo));
    let IntentBody::Report { photos, .. } = &mut intent.body else { panic!("not a report") };
    photos.get_mut(&hash).unwrap().bytes = MAX_PHOTO_BYTES + 1;
    other.record(&intent);
    other.sync(&desk.server);
    assert!(standing(&send(&desk.server, &device, "PUT", hash, Some(0), &photo)).complete);
}

#[test]
fn no_receipt_without_the_bytes() {
    let (desk, photo) = (Desk::park(), photo());
    let (device, hash) = (citing(&desk, &photo), photo_hash(&photo));
    assert!(standing(&send(&desk.server, &device, "PUT", hash, Some(0), &photo)).complete);
    // The log was restored with a folder of photos that is older.
    let whole = desk.dir.path().join(format!("photos/{hash}"));
    std::fs::remove_file(&whole).unwrap();
    let now = standing(&send(&desk.server, &device, "POST", hash, None, b""));
    assert_eq!((now.complete, now.offset), (false, 0));
    assert!(standing(&send(&desk.server, &device, "PUT", hash, Some(0), &photo)).complete);
    // And the other way round: the file has its name, and a crash came before the log heard of it.
    let log = rusqlite::Connection::open(desk.dir.path().join("log.db")).unwrap();
    log.execute("UPDATE photo SET kept = 10, received = NULL", []).unwrap();
    assert!(standing(&send(&desk.server, &device, "POST", hash, None, b"")).complete);
    assert_eq!(desk.server.counts().unwrap().photos, 1);
}
