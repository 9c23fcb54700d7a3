//! Photos over a real socket: in pieces, resumed, wrong, fetched by who may and by who may not.

use crate::device::*;
use crate::http::{Running, run};
use sanben_document::IntentBody;
use sanben_domain::id::{DocumentId, PhotoHash};
use sanben_domain::patrol::{PatrolAct, VisitResult};
use sanben_photo::intake;
use sanben_server::{Call, MAX_PHOTO_BYTES, MAX_PIECE_BYTES, Reply};
use sanben_sync::frame::{pack, unpack};
use sanben_sync::photo::{
    Arrival, MAX_ASKED, MAX_THUMBNAIL_BYTES, PhotoStanding, Picture, Proof, Prover, ShownIn,
};
use sanben_sync::wire::PHOTO_PATH;
use std::io::{Read, Write};
use std::net::TcpStream;

/// The head of another community's point.
pub(crate) const HEAD_02: &str = "U060";

pub(crate) fn photo() -> Vec<u8> {
    std::fs::read(park().join("photos/south-entrance-rubbish-before.jpg")).unwrap()
}

pub(crate) fn send(line: &Running, call: &Call) -> Reply {
    crate::http::send(line.address, call)
}

pub(crate) fn at(
    line: &Running,
    device: &Device,
    method: &str,
    picture: Picture,
    hash: PhotoHash,
    offset: Option<u64>,
    body: &[u8],
) -> Reply {
    let call = device.signed(method, &picture.path(hash), offset, body.to_vec());
    let reply = send(line, &call);
    assert!(device.believes(&call, &reply), "{reply:?}");
    reply
}

pub(crate) fn ask(line: &Running, device: &Device, hash: PhotoHash) -> PhotoStanding {
    standing(&at(line, device, "POST", Picture::Original, hash, None, b""))
}

pub(crate) fn put(line: &Running, device: &Device, hash: PhotoHash, offset: usize, piece: &[u8]) -> Reply {
    at(line, device, "PUT", Picture::Original, hash, Some(offset as u64), piece)
}

pub(crate) fn get(line: &Running, device: &Device, picture: Picture, hash: PhotoHash) -> Reply {
    at(line, device, "GET", picture, hash, None, b"")
}

pub(crate) fn standing(reply: &Reply) -> PhotoStanding {
    assert_eq!(reply.status, 200, "{:?}", refusal(reply));
    unpack(&reply.body, 1024).unwrap()
}

pub(crate) fn is(reply: &Reply, status: u16, name: &str) {
    assert_eq!((reply.status, refusal(reply).1.as_str()), (status, name));
}

/// A device whose accepted report cites the photo, and the report.
pub(crate) fn citing(
    desk: &Desk,
    person: &str,
    home: &str,
    point: &str,
    photo: &[u8],
) -> (Device, DocumentId) {
    let mut device = desk.synced(person);
    let intent = device.report_intent(home, point, &[photo.to_vec()]);
    let change = device.record(&intent);
    device.sync(&desk.server);
    assert!(matches!(device.verdicts[&change], sanben_sync::wire::Verdict::Accepted { .. }));
    (device, intent.document)
}

/// The clerk of the first community reports something at a point there.
pub(crate) fn reported(desk: &Desk, photo: &[u8]) -> (Device, DocumentId, PhotoHash) {
    let (device, document) = citing(desk, CLERK_01, "park-01", "P001", photo);
    (device, document, photo_hash(photo))
}

pub(crate) fn prove(standing: &PhotoStanding, bytes: &[u8]) -> Vec<u8> {
    let mut prover = Prover::new(&standing.challenge.unwrap());
    prover.update(bytes);
    pack(&prover.finish())
}

pub(crate) fn arrived(line: &Running, device: &Device, photos: &[PhotoHash]) -> Vec<bool> {
    let call = device.signed("POST", PHOTO_PATH, None, pack(&photos));
    let reply = send(line, &call);
    assert_eq!(reply.status, 200, "{:?}", refusal(&reply));
    let arrivals: Vec<Arrival> = unpack(&reply.body, 4096).unwrap();
    assert_eq!(arrivals.iter().map(|arrival| arrival.hash).collect::<Vec<_>>(), photos);
    arrivals.iter().map(|arrival| arrival.received.is_some()).collect()
}

/// All files below the server's folder of photos.
pub(crate) fn files(desk: &Desk) -> Vec<String> {
    let (mut folders, mut found) = (vec![desk.dir.path().join("photos")], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if !path.ends_with("photos/lock") {
                found.push(path.display().to_string());
            }
        }
    }
    found.sort();
    found
}

#[test]
fn an_upload_goes_on_where_it_stopped() {
    let (desk, photo) = (Desk::park(), photo());
    let (device, _, hash) = reported(&desk, &photo);
    assert_eq!(desk.server.counts().unwrap().photos_missing, 1);
    let line = run(&desk);
    assert_eq!((ask(&line, &device, hash).offset, ask(&line, &device, hash).complete), (0, false));

    let third = photo.len() / 3;
    let piece = |line: &Running, from: usize, to: usize| put(line, &device, hash, from, &photo[from..to]);
    assert_eq!(standing(&piece(&line, 0, third)).offset, third as u64);
    // The answer was lost, the piece comes again; another comes too early.
    assert_eq!(standing(&piece(&line, 0, third)).offset, third as u64);
    assert_eq!(standing(&piece(&line, third + 1, photo.len())).offset, third as u64);
    assert_eq!(standing(&piece(&line, photo.len() - 1, photo.len())).offset, third as u64);
    // The server is started again, and a part of a piece that was never answered lies behind the offset.
    drop(line);
    let arriving = format!("photos/arriving/{hash}-{}/{third}", device.identity.device);
    let arriving = desk.dir.path().join(arriving);
    let mut kept = std::fs::read(&arriving).unwrap();
    kept.extend_from_slice(b"torn");
    std::fs::write(&arriving, kept).unwrap();
    let line = run(&desk);
    assert_eq!(ask(&line, &device, hash).offset, third as u64);
    assert_eq!(standing(&piece(&line, third, 2 * third)).offset, 2 * third as u64);
    let receipt = standing(&piece(&line, 2 * third, photo.len()));
    assert_eq!((receipt.hash, receipt.complete), (hash, true));
    assert_eq!(receipt.received, Some(desk.now()));

    desk.wait(60_000);
    assert_eq!(ask(&line, &device, hash), receipt, "the receipt is repeated as it was");
    assert_eq!(standing(&piece(&line, 0, third)), receipt);
    let counts = desk.server.counts().unwrap();
    assert_eq!((counts.photos, counts.photos_missing), (1, 0));
    assert_eq!(files(&desk).len(), 1, "the photo and nothing else: {:?}", files(&desk));
    let head = desk.synced(HEAD_01);
    assert_eq!(get(&line, &head, Picture::Original, hash).body, photo);
    let rest = at(&line, &head, "GET", Picture::Original, hash, Some(100), b"");
    assert_eq!(rest.body, photo[100..]);
    assert_eq!(arrived(&line, &head, &[hash, photo_hash(b"no such")]), [true, false]);
}

#[test]
fn a_name_without_its_bytes_begins_again() {
    let (desk, photo) = (Desk::park(), photo());
    let (device, _, hash) = reported(&desk, &photo);
    let line = run(&desk);
    standing(&put(&line, &device, hash, 0, &photo[..5000]));
    // A power cut kept the name and lost what was written.
    let arriving = format!("photos/arriving/{hash}-{}/5000", device.identity.device);
    std::fs::write(desk.dir.path().join(arriving), &photo[..17]).unwrap();
    assert_eq!(ask(&line, &device, hash).offset, 0);
    assert!(standing(&put(&line, &device, hash, 0, &photo)).complete);
}

#[test]
fn wrong_bytes_are_discarded_and_the_right_ones_follow() {
    let (desk, photo) = (Desk::park(), photo());
    let (device, _, hash) = reported(&desk, &photo);
    let line = run(&desk);
    let mut wrong = photo.clone();
    wrong[1000] ^= 1;
    is(&put(&line, &device, hash, 0, &wrong), 422, "wrong-bytes");
    is(&get(&line, &device, Picture::Original, hash), 404, "not-found");
    assert_eq!((ask(&line, &device, hash).offset, files(&desk)), (0, vec![]));
    assert!(standing(&put(&line, &device, hash, 0, &photo)).complete);
}

#[test]
fn a_thumbnail_goes_ahead_and_is_vouched_for_by_the_author_alone() {
    let (desk, photo) = (Desk::park(), photo());
    let (author, document, hash) = reported(&desk, &photo);
    let line = run(&desk);
    let small = Picture::Thumbnail(ShownIn::of(document, hash));
    let command = desk.synced(COMMAND);
    is(&get(&line, &command, small, hash), 404, "not-found");
    // A small picture of something else, with words of the camera in it, so that it can be told apart.
    let other = std::fs::read(park().join("photos/fire-lane-blocked.jpg")).unwrap();
    let ahead = intake(&other).unwrap().thumbnail.unwrap();
    let comment = [b"\xff\xfe\x00\x0a".as_slice(), b"38.30812"].concat();
    let sent = [&ahead[..2], &comment, &ahead[2..]].concat();
    assert_eq!(at(&line, &author, "PUT", small, hash, None, &sent).status, 200);
    assert_eq!(get(&line, &command, small, hash).body, ahead, "shown at once, without the words");

    // Somebody else cites the same photo and delivers another picture: it is theirs alone.
    let (liar, lie) = citing(&desk, CLERK_02, "park-02", "P011", &photo);
    is(&at(&line, &liar, "PUT", small, hash, None, &ahead), 403, "not-cited");
    let false_one = intake(&photo).unwrap().thumbnail.unwrap();
    assert_eq!(
        at(&line, &liar, "PUT", Picture::Thumbnail(ShownIn::of(lie, hash)), hash, None, &false_one).status,
        200
    );
    assert_eq!(get(&line, &command, small, hash).body, ahead);

    // The original brings the server's own.
    assert!(standing(&put(&line, &author, hash, 0, &photo)).complete);
    assert_eq!(get(&line, &command, small, hash).body, intake(&photo).unwrap().thumbnail.unwrap());
    assert_eq!(at(&line, &author, "PUT", small, hash, None, &ahead).status, 200);
    assert_eq!(get(&line, &command, small, hash).body, intake(&photo).unwrap().thumbnail.unwrap());
    // Through the other report there is still only what its author delivered.
    assert_eq!(get(&line, &command, Picture::Thumbnail(ShownIn::of(lie, hash)), hash).body, false_one);
}

#[test]
fn a_thumbnail_is_a_small_jpeg() {
    let (desk, photo) = (Desk::park(), photo());
    let (author, document, hash) = reported(&desk, &photo);
    let line = run(&desk);
    let send = |body: &[u8]| {
        at(&line, &author, "PUT", Picture::Thumbnail(ShownIn::of(document, hash)), hash, None, body)
    };
    let small = intake(&photo).unwrap().thumbnail.unwrap();
    is(&send(&photo), 413, "too-large");
    is(&send(&[small.as_slice(), &vec![0; MAX_THUMBNAIL_BYTES]].concat()), 413, "too-large");
    let png = include_bytes!("../../../core/photo/src/fixtures/palette.png");
    for wrong in [b"".as_slice(), b"<svg/>", &small[..small.len() / 2], png] {
        is(&send(wrong), 422, "wrong-bytes");
    }
    // Few bytes, many pixels.
    let mut wide = small;
    let frame = wide.windows(2).position(|bytes| bytes == [0xff, 0xc0]).unwrap();
    wide[frame + 5..frame + 9].copy_from_slice(&[0x20, 0, 0x20, 0]);
    is(&send(&wide), 422, "wrong-bytes");
    is(&get(&line, &author, Picture::Thumbnail(ShownIn::of(document, hash)), hash), 404, "not-found");
    assert_eq!(files(&desk), Vec::<String>::new());
}

#[test]
fn more_than_was_cited_is_refused() {
    let (desk, photo) = (Desk::park(), photo());
    let (device, _, hash) = reported(&desk, &photo);
    let line = run(&desk);
    let longer = [photo.as_slice(), b"x"].concat();
    is(&put(&line, &device, hash, 0, &longer), 413, "too-large");
    is(&put(&line, &device, hash, 0, &vec![0; MAX_PIECE_BYTES + 1]), 413, "too-large");
    is(&at(&line, &device, "PUT", Picture::Original, hash, None, &photo), 400, "malformed");
    for offset in ["-1", "1e3", "18446744073709551616", "", "0x10"] {
        let mut call = device.signed("PUT", &Picture::Original.path(hash), None, photo.clone());
        call.headers.push(("sanben-offset".to_owned(), offset.to_owned()));
        let status = send(&line, &call).status;
        assert!(status == 401 || status == 400, "{offset}: {status}");
    }
    assert_eq!(standing(&put(&line, &device, hash, usize::MAX, b"x")).offset, 0);
    is(&at(&line, &device, "DELETE", Picture::Original, hash, None, b""), 405, "wrong-method");
    is(&at(&line, &device, "PUT", Picture::Rendition, hash, Some(0), &photo), 405, "wrong-method");
    let many = vec![hash; MAX_ASKED + 1];
    let call = device.signed("POST", PHOTO_PATH, None, pack(&many));
    is(&send(&line, &call), 413, "too-large");
    assert_eq!(files(&desk), Vec::<String>::new());
}

#[test]
fn a_citation_beyond_all_measure_hinders_nobody() {
    let (desk, photo) = (Desk::park(), photo());
    let (device, _, hash) = reported(&desk, &photo);
    let mut other = desk.synced(CLERK_01);
    let mut intent = other.report_intent("park-01", "P002", std::slice::from_ref(&photo));
    let IntentBody::Report { photos, .. } = &mut intent.body else { panic!("not a report") };
    photos.get_mut(&hash).unwrap().bytes = MAX_PHOTO_BYTES + 1;
    other.record(&intent);
    other.sync(&desk.server);
    assert!(standing(&put(&run(&desk), &device, hash, 0, &photo)).complete);
}

#[test]
fn no_receipt_without_the_bytes() {
    let (desk, photo) = (Desk::park(), photo());
    let (device, _, hash) = reported(&desk, &photo);
    let line = run(&desk);
    assert!(standing(&put(&line, &device, hash, 0, &photo)).complete);
    // The log was restored with a folder of photos that is older.
    let whole = desk.dir.path().join(format!("photos/{hash}"));
    std::fs::remove_file(&whole).unwrap();
    let now = ask(&line, &device, hash);
    assert_eq!((now.complete, now.offset), (false, 0));
    assert!(standing(&put(&line, &device, hash, 0, &photo)).complete);
    // And the other way round: the file has its name, and a crash came before the log heard of it.
    let log = rusqlite::Connection::open(desk.dir.path().join("log.db")).unwrap();
    log.execute("UPDATE photo SET kept = 10, received = NULL", []).unwrap();
    assert!(ask(&line, &device, hash).complete);
    assert_eq!(desk.server.counts().unwrap().photos, 1);
}

#[test]
fn a_visit_does_not_say_how_large_its_photos_are() {
    let (desk, photo) = (Desk::park(), photo());
    let hash = photo_hash(&photo);
    let mut inspector = desk.synced(INSPECTOR);
    let round = inspector.start_round();
    let visit =
        PatrolAct::Visit { point: "P001".into(), result: VisitResult::Clean, fix: None, photos: vec![hash] };
    let visit = inspector.intent(round, IntentBody::Patrol { act: visit });
    let visit = inspector.record(&visit);
    inspector.sync(&desk.server);
    assert!(matches!(inspector.verdicts[&visit], sanben_sync::wire::Verdict::Accepted { .. }));

    let line = run(&desk);
    let half = photo.len() / 2;
    standing(&put(&line, &inspector, hash, 0, &photo[..half]));
    is(&put(&line, &inspector, hash, half, b""), 422, "wrong-bytes");
    assert_eq!(ask(&line, &inspector, hash).offset, 0, "that was not all");
    assert!(!standing(&put(&line, &inspector, hash, 0, &photo)).complete, "there may be more");
    assert!(standing(&put(&line, &inspector, hash, photo.len(), b"")).complete);
    let clerk = desk.synced(CLERK_01);
    is(&get(&line, &clerk, Picture::Original, hash), 403, "rendition-only");
    assert_eq!(get(&line, &clerk, Picture::Rendition, hash).status, 200);
    assert_eq!(get(&line, &desk.synced(COMMAND), Picture::Original, hash).body, photo);
}

#[test]
fn what_is_no_picture_is_kept_and_has_no_rendition() {
    let (desk, junk) = (Desk::park(), b"\xff\xd8\xff not a picture at all".to_vec());
    let (author, document, hash) = reported(&desk, &junk);
    let line = run(&desk);
    assert!(standing(&put(&line, &author, hash, 0, &junk)).complete);
    assert_eq!(get(&line, &author, Picture::Original, hash).body, junk);
    for picture in [Picture::Rendition, Picture::Thumbnail(ShownIn::of(document, hash))] {
        for _ in 0..2 {
            is(&get(&line, &author, picture, hash), 404, "not-found");
        }
    }
}

/// The whole answer to a request that is written as it stands.
fn raw(line: &Running, request: &str) -> Vec<u8> {
    let mut stream = TcpStream::connect(line.address).unwrap();
    stream.set_read_timeout(Some(std::time::Duration::from_secs(10))).unwrap();
    write!(stream, "{request}\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    answer
}

#[test]
fn no_name_leads_out_of_the_folder() {
    let (desk, photo) = (Desk::park(), photo());
    let (device, document, hash) = reported(&desk, &photo);
    let line = run(&desk);
    standing(&put(&line, &device, hash, 0, &photo));
    let key = std::fs::read(desk.dir.path().join("server.key")).unwrap();
    let before = files(&desk);
    let names = [
        "../server.key".to_owned(),
        "../../../../etc/passwd".to_owned(),
        "%2e%2e/server.key".to_owned(),
        "..%2fserver.key".to_owned(),
        "%2e%2e%2fserver.key%00".to_owned(),
        format!("{hash}/../../server.key"),
        format!("{hash}/thumbnail/../../../server.key"),
        format!("{hash}/thumbnail/{document}/../../../../server.key"),
        format!("{hash}.part"),
        format!("{hash}/"),
        format!("{hash}%00"),
        format!("//{hash}"),
        format!("./{hash}"),
        format!("{hash}-{}", device.identity.device),
        hash.to_string().to_uppercase(),
        hash.to_string()[1..].to_owned(),
        "arriving".to_owned(),
        "\u{202e}".to_owned(),
    ];
    for name in names {
        let path = format!("{PHOTO_PATH}{name}");
        for method in ["GET", "PUT", "POST"] {
            // As it stands, without a signature; then signed, past the client's own tidying of paths.
            let answer = raw(&line, &format!("{method} {path} HTTP/1.1\r\ncontent-length: 0"));
            assert!(!answer.starts_with(b"HTTP/1.1 200"), "{method} {path}");
            assert!(!answer.windows(key.len()).any(|held| held == key), "{method} {path}");
            let call = device.signed(method, &path, Some(0), Vec::new());
            let reply = desk.server.handle(&call);
            assert_ne!(reply.status, 200, "{method} {path}");
            assert!(reply.status < 500, "{method} {path}");
        }
    }
    assert_eq!(files(&desk), before);
}

#[test]
fn a_proof_is_over_the_challenge_and_every_byte() {
    // A proof that somebody overheard is good for nothing but the device it was made by.
    let (desk, photo) = (Desk::park(), photo());
    let (author, _, hash) = reported(&desk, &photo);
    let line = run(&desk);
    standing(&put(&line, &author, hash, 0, &photo));
    let (second, _) = citing(&desk, CLERK_02, "park-02", "P011", &photo);
    let zero = pack(&Proof([0; 32]));
    is(&at(&line, &second, "POST", Picture::Original, hash, None, &zero), 422, "wrong-bytes");
    let asked = ask(&line, &second, hash);
    assert_eq!(asked, ask(&line, &second, hash), "the server remembers nothing in between");
}
