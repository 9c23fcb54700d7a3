//! The same picture from two people: a colleague sent it around, and both attach it to the same case.

use crate::device::*;
use crate::http::run;
use crate::photos::{ask, at, citing, get, is, photo, prove, put, standing};
use sanben_document::IntentBody;
use sanben_domain::case::{CaseAct, PhotoRef, PhotoRole};
use sanben_domain::id::{DocumentId, PhotoHash};
use sanben_photo::intake;
use sanben_sync::photo::{Picture, ShownIn};
use sanben_sync::wire::Verdict;

/// The device's person attaches the photo to the case, with an act that is theirs.
fn attach(device: &mut Device, document: DocumentId, photo: &[u8]) -> sanben_document::ChangeHash {
    let hash = photo_hash(photo);
    let act = match device.identity.person.as_str() {
        INSPECTOR => CaseAct::FindAgain { words: "又堆上了".to_owned(), photos: vec![hash] },
        _ => CaseAct::Comment { words: "现场照片".to_owned() },
    };
    let bytes = u64::try_from(photo.len()).unwrap();
    let cited = PhotoRef { role: PhotoRole::LookBack, width: 4, height: 3, bytes };
    let body = IntentBody::Act { act, photos: [(hash, cited)].into() };
    let intent = device.intent(document, body);
    device.record(&intent)
}

fn accepted(device: &Device, change: sanben_document::ChangeHash) -> bool {
    matches!(device.verdicts[&change], Verdict::Accepted { .. })
}

fn proves(line: &crate::http::Running, device: &Device, hash: PhotoHash, bytes: &[u8]) -> bool {
    let proof = prove(&ask(line, device, hash), bytes);
    let shown = standing(&at(line, device, "POST", Picture::Original, hash, None, &proof));
    shown.complete && shown.received.is_some()
}

#[test]
fn whoever_attaches_it_later_delivers_it_too() {
    let (desk, photo) = (Desk::park(), photo());
    let hash = photo_hash(&photo);
    let (author, document) = citing(&desk, CLERK_01, "park-01", "P001", &photo);
    let mut inspector = desk.synced(INSPECTOR);
    let again = attach(&mut inspector, document, &photo);
    inspector.sync(&desk.server);
    assert!(accepted(&inspector, again));

    let line = run(&desk);
    assert!(standing(&put(&line, &inspector, hash, 0, &photo)).complete, "whoever comes first");
    assert_eq!(get(&line, &inspector, Picture::Original, hash).body, photo);
    assert!(!ask(&line, &author, hash).complete, "that one of them has it says nothing of the other");
    assert!(proves(&line, &author, hash, &photo));
}

#[test]
fn both_deliver_it_who_attached_it_at_the_same_time() {
    let (desk, photo) = (Desk::park(), photo());
    let hash = photo_hash(&photo);
    let mut clerk = desk.synced(CLERK_01);
    let (document, _) = clerk.report("park-01", "P001");
    clerk.sync(&desk.server);
    let mut inspector = desk.synced(INSPECTOR);
    let (one, other) = (attach(&mut clerk, document, &photo), attach(&mut inspector, document, &photo));
    clerk.sync(&desk.server);
    inspector.sync(&desk.server);
    assert!(
        accepted(&clerk, one) && accepted(&inspector, other),
        "{:?} {:?}",
        clerk.verdicts,
        inspector.verdicts
    );

    let line = run(&desk);
    let half = photo.len() / 2;
    assert_eq!(standing(&put(&line, &clerk, hash, 0, &photo[..half])).offset, half as u64);
    assert!(standing(&put(&line, &inspector, hash, 0, &photo)).complete);
    assert!(proves(&line, &clerk, hash, &photo));
}

#[test]
fn whoever_only_names_it_gains_nothing_and_takes_nothing() {
    let (desk, photo) = (Desk::park(), photo());
    let hash = photo_hash(&photo);
    let (mut author, document) = citing(&desk, CLERK_01, "park-01", "P001", &photo);
    let line = run(&desk);
    assert!(standing(&put(&line, &author, hash, 0, &photo)).complete);
    let (elsewhere, _) = author.report("park-01", "P002");
    let second = attach(&mut author, elsewhere, &photo);
    author.sync(&desk.server);
    assert!(accepted(&author, second));

    let mut inspector = desk.synced(INSPECTOR);
    is(&get(&line, &inspector, Picture::Original, hash), 403, "rendition-only");
    for case in [document, elsewhere] {
        let named = attach(&mut inspector, case, &photo);
        inspector.sync(&desk.server);
        assert!(accepted(&inspector, named));
    }
    is(&get(&line, &inspector, Picture::Original, hash), 403, "rendition-only");
    let asked = ask(&line, &inspector, hash);
    assert!(!asked.complete);
    let guess = prove(&asked, &hash.0);
    is(&at(&line, &inspector, "POST", Picture::Original, hash, None, &guess), 422, "wrong-bytes");

    assert!(ask(&line, &author, hash).complete, "the author has shown it, in every case of theirs");
    for reader in [&author, &desk.synced(HEAD_01), &desk.synced(INSPECTOR)] {
        assert_eq!(get(&line, reader, Picture::Rendition, hash).status, 200);
    }
}

#[test]
fn what_the_first_says_of_its_size_does_not_stop_the_second() {
    let (desk, photo) = (Desk::park(), photo());
    let hash = photo_hash(&photo);
    let mut liar = desk.synced(CLERK_01);
    let mut intent = liar.report_intent("park-01", "P001", std::slice::from_ref(&photo));
    if let IntentBody::Report { photos, .. } = &mut intent.body {
        photos.values_mut().for_each(|cited| cited.bytes = 1);
    }
    liar.record(&intent);
    liar.sync(&desk.server);
    let mut inspector = desk.synced(INSPECTOR);
    let again = attach(&mut inspector, intent.document, &photo);
    inspector.sync(&desk.server);
    assert!(accepted(&inspector, again));

    let line = run(&desk);
    let half = photo.len() / 2;
    assert_eq!(standing(&put(&line, &inspector, hash, 0, &photo[..half])).offset, half as u64);
    assert!(!standing(&put(&line, &inspector, hash, half, &photo[half..])).complete);
    assert!(standing(&put(&line, &inspector, hash, photo.len(), b"")).complete, "this is all");
}

#[test]
fn the_small_picture_of_whoever_attached_it_first_stands() {
    let (desk, photo) = (Desk::park(), photo());
    let hash = photo_hash(&photo);
    let (author, document) = citing(&desk, CLERK_01, "park-01", "P001", &photo);
    let mut inspector = desk.synced(INSPECTOR);
    attach(&mut inspector, document, &photo);
    inspector.sync(&desk.server);
    let line = run(&desk);
    let small = Picture::Thumbnail(ShownIn::of(document, hash));
    let (own, other) = ["south-entrance-rubbish-before", "fire-lane-blocked"]
        .map(|name| {
            let bytes = std::fs::read(park().join(format!("photos/{name}.jpg"))).unwrap();
            intake(&bytes).unwrap().thumbnail.unwrap()
        })
        .into();
    let shown = |line: &crate::http::Running| get(line, &author, small, hash).body;
    assert_eq!(at(&line, &inspector, "PUT", small, hash, None, &other).status, 200);
    let of_other = shown(&line);
    assert_eq!(at(&line, &author, "PUT", small, hash, None, &own).status, 200);
    let of_author = shown(&line);
    assert_ne!(of_author, of_other);
    assert_eq!(at(&line, &inspector, "PUT", small, hash, None, &other).status, 200);
    assert_eq!(shown(&line), of_author);
}
