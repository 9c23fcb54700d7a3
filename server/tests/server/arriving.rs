//! What arrives of photos and is never finished: given up after a while, and never without bound.

use crate::device::*;
use sanben_document::IntentBody;
use sanben_domain::id::PhotoHash;
use sanben_server::{Call, MAX_UNFINISHED, Reply};
use sanben_sync::frame::unpack;
use sanben_sync::photo::{PhotoStanding, Picture};
use std::fs::File;
use std::time::{Duration, SystemTime};

fn photo(n: u8) -> Vec<u8> {
    let mut bytes = std::fs::read(park().join("photos/south-entrance-rubbish-before.jpg")).unwrap();
    bytes.push(n);
    bytes
}

fn put(desk: &Desk, device: &Device, hash: PhotoHash, offset: usize, piece: &[u8]) -> Reply {
    let path = Picture::Original.path(hash);
    let call: Call = device.signed("PUT", &path, Some(offset as u64), piece.to_vec());
    desk.server.handle(&call)
}

fn offset(reply: &Reply) -> u64 {
    assert_eq!(reply.status, 200, "{:?}", refusal(reply));
    unpack::<PhotoStanding>(&reply.body, 1024).unwrap().offset
}

/// A device whose accepted report cites these photos.
fn citing(desk: &Desk, photos: &[Vec<u8>]) -> Device {
    let mut device = desk.synced(CLERK_01);
    let intent = device.report_intent("park-01", "P001", photos);
    assert!(matches!(&intent.body, IntentBody::Report { photos: cited, .. } if cited.len() == photos.len()));
    device.record(&intent);
    device.sync(&desk.server);
    device
}

#[test]
fn what_nobody_went_on_with_is_given_up_and_can_be_begun_again() {
    let desk = Desk::park();
    let photos = [photo(1), photo(2), photo(3)];
    let device = citing(&desk, &photos);
    let hashes = photos.each_ref().map(|photo| photo_hash(photo));
    for (photo, hash) in photos.iter().zip(hashes).take(2) {
        assert_eq!(offset(&put(&desk, &device, hash, 0, &photo[..1000])), 1000);
    }
    let begun = |hash: PhotoHash| {
        desk.dir.path().join("photos/arriving").join(format!("{hash}-{}", device.identity.device))
    };
    let day = Duration::from_secs(24 * 60 * 60);
    let touched = |hash, days: u32| {
        File::open(begun(hash)).unwrap().set_modified(SystemTime::now() - day * days).unwrap();
    };
    touched(hashes[0], 15);
    touched(hashes[1], 13);
    assert_eq!(offset(&put(&desk, &device, hashes[2], 0, &photos[2][..1000])), 1000);
    assert!(!begun(hashes[0]).exists(), "given up");
    assert!(begun(hashes[1]).exists(), "it may still be gone on with");
    assert_eq!(offset(&put(&desk, &device, hashes[1], 1000, &photos[1][1000..2000])), 2000);
    // The server says where to go on: at the beginning.
    assert_eq!(offset(&put(&desk, &device, hashes[0], 1000, &photos[0][1000..2000])), 0);
    let whole = put(&desk, &device, hashes[0], 0, &photos[0]);
    assert!(unpack::<PhotoStanding>(&whole.body, 1024).unwrap().complete);
}

#[test]
fn one_device_does_not_begin_without_end() {
    let desk = Desk::park();
    let photos = [photo(1), photo(2)];
    let (device, other) = (citing(&desk, &photos), citing(&desk, &[photo(2)]));
    let hashes = photos.each_ref().map(|photo| photo_hash(photo));
    assert_eq!(offset(&put(&desk, &device, hashes[0], 0, &photos[0][..1000])), 1000);
    // As if as much had arrived of it: a sparse file.
    let begun =
        desk.dir.path().join("photos/arriving").join(format!("{}-{}", hashes[0], device.identity.device));
    File::options().write(true).open(begun.join("1000")).unwrap().set_len(MAX_UNFINISHED).unwrap();
    let refused = put(&desk, &device, hashes[1], 0, &photos[1][..1000]);
    assert_eq!(refusal(&refused), (429, "too-much-unfinished".to_owned()));
    assert_eq!(offset(&put(&desk, &other, hashes[1], 0, &photos[1][..1000])), 1000, "nobody else is held up");
    // What was begun can be finished, and then there is room.
    let rest = put(&desk, &device, hashes[0], 1000, &photos[0][1000..]);
    assert!(unpack::<PhotoStanding>(&rest.body, 1024).unwrap().complete);
    assert_eq!(offset(&put(&desk, &device, hashes[1], 0, &photos[1][..1000])), 1000);
}

#[test]
fn what_the_server_could_not_keep_is_not_sent_again() {
    let desk = Desk::park();
    let photos = [photo(1)];
    let (device, hash) = (citing(&desk, &photos), photo_hash(&photos[0]));
    // Something has its name: the server cannot give it to what has come.
    let in_the_way = desk.dir.path().join("photos").join(hash.to_string());
    std::fs::create_dir(&in_the_way).unwrap();
    assert_eq!(put(&desk, &device, hash, 0, &photos[0]).status, 500);
    std::fs::remove_dir(&in_the_way).unwrap();
    let end = photos[0].len();
    let path = Picture::Original.path(hash);
    let asked = desk.server.handle(&device.signed("POST", &path, None, Vec::new()));
    assert_eq!(offset(&asked), end as u64, "all of it is there");
    let finished = put(&desk, &device, hash, end, b"");
    assert!(unpack::<PhotoStanding>(&finished.body, 1024).unwrap().complete);
}

#[test]
fn what_a_process_that_died_left_beside_its_pictures_goes_when_a_server_serves() {
    let desk = Desk::park();
    let folder = desk.dir.path().join("photos/thumbnails");
    std::fs::create_dir_all(&folder).unwrap();
    let name = photo_hash(&photo(1)).to_string();
    let [made, left, fresh] =
        [name.clone(), format!("{name}.00ab"), format!("{name}.00cd")].map(|name| folder.join(name));
    for file in [&made, &left, &fresh] {
        std::fs::write(file, b"half").unwrap();
    }
    let hours = Duration::from_secs(2 * 60 * 60);
    for file in [&made, &left] {
        File::options().write(true).open(file).unwrap().set_modified(SystemTime::now() - hours).unwrap();
    }
    desk.another().clear_half_made_pictures();
    assert_eq!([made, left, fresh].map(|file| file.exists()), [true, false, true]);
}
