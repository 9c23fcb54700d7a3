//! To whom a photo is opened: a hash is no permission, and neither is citing one.

use crate::device::*;
use crate::http::run;
use crate::photos::*;
use sanben_domain::id::DeviceId;
use sanben_photo::intake;
use sanben_sync::photo::{Challenge, Picture, ShownIn};

#[test]
fn a_hash_is_no_permission() {
    let (desk, photo) = (Desk::park(), photo());
    let hash = photo_hash(&photo);
    let line = run(&desk);
    let early = desk.synced(CLERK_01);
    is(&put(&line, &early, hash, 0, &photo), 403, "not-cited");
    let (device, document, _) = reported(&desk, &photo);
    assert!(standing(&put(&line, &device, hash, 0, &photo)).complete);
    let stranger = desk.synced(CLERK_02);
    for picture in [Picture::Original, Picture::Rendition, Picture::Thumbnail(ShownIn::of(document, hash))] {
        is(&get(&line, &stranger, picture, hash), 403, "not-cited");
    }
    for (method, picture) in [
        ("POST", Picture::Original),
        ("PUT", Picture::Original),
        ("PUT", Picture::Thumbnail(ShownIn::of(document, hash))),
    ] {
        is(&at(&line, &stranger, method, picture, hash, Some(0), b""), 403, "not-cited");
    }
    assert_eq!(arrived(&line, &stranger, &[hash]), [false], "and nothing is said about it");
    // Who sees it without having cited it does not deliver it either, nor vouch for how it looks.
    let head = desk.synced(HEAD_01);
    is(&put(&line, &head, hash, 0, &photo), 403, "not-cited");
    let small = intake(&photo).unwrap().thumbnail.unwrap();
    is(
        &at(&line, &head, "PUT", Picture::Thumbnail(ShownIn::of(document, hash)), hash, None, &small),
        403,
        "not-cited",
    );
    // Nor does anybody who is not enrolled.
    let mut forged = device.signed("GET", &Picture::Original.path(hash), None, Vec::new());
    forged.headers.retain(|(name, _)| name != "sanben-signature");
    is(&send(&line, &forged), 401, "bad-signature");
    let unknown = Device { identity: other_identity(&device), ..device };
    let call = unknown.signed("GET", &Picture::Original.path(hash), None, Vec::new());
    is(&send(&line, &call), 401, "unknown-device");
}

fn other_identity(device: &Device) -> sanben_sync::device::Identity {
    sanben_sync::device::Identity {
        tenant: device.identity.tenant.clone(),
        device: DeviceId::from_random(bytes()),
        person: device.identity.person.clone(),
        key: device.identity.key.clone(),
        server: device.identity.server.clone(),
    }
}

#[test]
fn citing_a_hash_that_was_seen_somewhere_does_not_open_the_photo() {
    let (desk, photo) = (Desk::park(), photo());
    let (author, document, hash) = reported(&desk, &photo);
    let line = run(&desk);
    assert!(standing(&put(&line, &author, hash, 0, &photo)).complete);

    // Somebody of another community has the hash, from a list or over a shoulder, and cites it.
    let (thief, own) = citing(&desk, CLERK_02, "park-02", "P011", &photo);
    for picture in [Picture::Original, Picture::Rendition, Picture::Thumbnail(ShownIn::of(own, hash))] {
        is(&get(&line, &thief, picture, hash), 404, "not-found");
    }
    is(&get(&line, &thief, Picture::Thumbnail(ShownIn::of(document, hash)), hash), 403, "not-cited");
    assert_eq!(arrived(&line, &thief, &[hash]), [false]);
    // Their friend who sees the report does not get it either.
    let friend = desk.synced(HEAD_02);
    is(&get(&line, &friend, Picture::Rendition, hash), 404, "not-found");

    // They cannot say that they have it.
    let asked = ask(&line, &thief, hash);
    assert_eq!((asked.complete, asked.offset, asked.received), (false, 0, None));
    for guess in [prove(&asked, b""), prove(&asked, &hash.0), prove(&asked, &photo[..photo.len() - 1])] {
        is(&at(&line, &thief, "POST", Picture::Original, hash, None, &guess), 422, "wrong-bytes");
    }
    // What was proven by others, or to another device of theirs, is no proof.
    let of_author = Challenge::to(author.identity.device, hash, &[0; 32]);
    assert_ne!(asked.challenge, Some(of_author));
    let second = desk.synced(CLERK_02);
    let elsewhere = ask(&line, &second, hash);
    assert_ne!(asked.challenge, elsewhere.challenge);
    let borrowed = prove(&elsewhere, &photo);
    is(&at(&line, &thief, "POST", Picture::Original, hash, None, &borrowed), 422, "wrong-bytes");
    is(&at(&line, &thief, "POST", Picture::Original, hash, None, b"\x07junk"), 400, "malformed");
    // Nor wait for others to send it: a piece of theirs changes nothing.
    assert!(!standing(&put(&line, &thief, hash, 0, &photo[..10])).complete);
    let last = photo.len() - 1;
    assert!(!standing(&put(&line, &thief, hash, last, &photo[last..])).complete);
    is(&get(&line, &thief, Picture::Original, hash), 404, "not-found");

    // Who really has it proves it, without sending a byte of it again.
    let honest = at(&line, &thief, "POST", Picture::Original, hash, None, &prove(&asked, &photo));
    assert!(standing(&honest).complete);
    assert_eq!(get(&line, &thief, Picture::Original, hash).body, photo);
    assert_eq!(get(&line, &friend, Picture::Rendition, hash).status, 200);
    assert_eq!(arrived(&line, &friend, &[hash]), [true]);
    assert!(ask(&line, &second, hash).complete, "the person has shown it, on whatever device");
}

#[test]
fn what_one_device_has_sent_is_no_part_of_what_another_sends() {
    let (desk, photo) = (Desk::park(), photo());
    let (author, _, hash) = reported(&desk, &photo);
    let line = run(&desk);
    let last = photo.len() - 2;
    assert_eq!(standing(&put(&line, &author, hash, 0, &photo[..last])).offset, last as u64);
    // The end of every JPEG is the same two bytes: to send them is not to have the photo.
    let (thief, _) = citing(&desk, CLERK_02, "park-02", "P011", &photo);
    assert_eq!(ask(&line, &thief, hash).offset, 0);
    assert_eq!(standing(&put(&line, &thief, hash, last, &photo[last..])).offset, 0);
    // And what they send in its place spoils nothing.
    assert_eq!(standing(&put(&line, &thief, hash, 0, &[0; 5000])).offset, 5000);
    assert!(standing(&put(&line, &author, hash, last, &photo[last..])).complete);
    is(&get(&line, &thief, Picture::Original, hash), 404, "not-found");
}

#[test]
fn the_original_is_for_those_who_are_to_answer_for_it() {
    let (desk, photo) = (Desk::park(), photo());
    let (author, document, hash) = reported(&desk, &photo);
    let line = run(&desk);
    standing(&put(&line, &author, hash, 0, &photo));
    assert!(intake(&photo).unwrap().place.is_some(), "the sample says where it was taken");
    let (command, head, inspector) = (desk.synced(COMMAND), desk.synced(HEAD_01), desk.synced(INSPECTOR));
    for device in [&author, &command, &head] {
        assert_eq!(get(&line, device, Picture::Original, hash).body, photo);
    }
    is(&get(&line, &inspector, Picture::Original, hash), 403, "rendition-only");
    let rendition = get(&line, &inspector, Picture::Rendition, hash).body;
    let (before, after) = (intake(&photo).unwrap(), intake(&rendition).unwrap());
    assert_eq!((after.place, after.taken_at), (None, None));
    assert_eq!(
        (after.width, after.height, &after.thumbnail),
        (before.width, before.height, &before.thumbnail)
    );
    assert_eq!(get(&line, &inspector, Picture::Rendition, hash).body, rendition);
    let rest = at(&line, &inspector, "GET", Picture::Rendition, hash, Some(1000), b"");
    assert_eq!(rest.body, rendition[1000..]);
    let past = at(&line, &inspector, "GET", Picture::Rendition, hash, Some(u64::MAX), b"");
    assert_eq!((past.status, past.body.len()), (200, 0));
    // The server's own thumbnail says nothing either.
    let small =
        intake(&get(&line, &inspector, Picture::Thumbnail(ShownIn::of(document, hash)), hash).body).unwrap();
    assert_eq!((small.place, small.taken_at), (None, None));
}
