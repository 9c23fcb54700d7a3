//! Names of pictures, and the proof that somebody has a photo.

use proptest::prelude::*;
use sanben_domain::id::{DeviceId, DocumentId, PhotoHash};
use sanben_sync::photo::{Challenge, Picture, Proof, Prover, ShownIn};

fn hash(byte: u8) -> PhotoHash {
    PhotoHash([byte; 32])
}

#[test]
fn a_picture_lies_at_one_path_only() {
    let document = DocumentId::from_random([5; 16]);
    for picture in
        [Picture::Original, Picture::Rendition, Picture::Thumbnail(ShownIn::of(document, hash(0xab)))]
    {
        let path = picture.path(hash(0xab));
        assert_eq!(Picture::at(&path), Some((hash(0xab), picture)));
        for wrong in
            [path.to_uppercase(), format!("{path}/"), format!("{path}/.."), path.replace("ab/", "ab//")]
        {
            assert!(wrong == path || Picture::at(&wrong).is_none(), "{wrong}");
        }
        assert_eq!(Picture::at(&path.replace("abab", "ABAB")), None);
    }
    for wrong in ["", "/", "/v1/photos/", "/v1/photos/..", "/v1/photos/../log.db", "/v1/photos/%2e%2e/log.db"]
    {
        assert_eq!(Picture::at(wrong), None, "{wrong}");
    }
    for name in [
        "/original",
        "/thumbnail",
        "/thumbnail/x",
        "/rendition/x",
        "/..",
        "/../../server.key",
        "%00",
        ".part",
    ] {
        assert_eq!(Picture::at(&format!("{}{name}", Picture::Original.path(hash(1)))), None, "{name}");
    }
}

fn prove(challenge: &Challenge, pieces: &[&[u8]]) -> Proof {
    let mut prover = Prover::new(challenge);
    pieces.iter().for_each(|piece| prover.update(piece));
    prover.finish()
}

#[test]
fn a_challenge_is_for_one_device_photo_and_server() {
    let device = |byte| DeviceId::from_random([byte; 16]);
    let all = [(1, 1, 1), (2, 1, 1), (1, 2, 1), (1, 1, 2)]
        .map(|(to, of, by)| Challenge::to(device(to), hash(of), &[by; 32]).0);
    assert_eq!(all[0], Challenge::to(device(1), hash(1), &[1; 32]).0);
    assert!(all[1..].iter().all(|other| *other != all[0]));
}

proptest! {
    #[test]
    fn a_proof_needs_every_byte(bytes in prop::collection::vec(any::<u8>(), 1..300), cut in any::<prop::sample::Index>()) {
        let challenge = Challenge([7; 32]);
        let at = cut.index(bytes.len());
        let (head, tail) = bytes.split_at(at);
        prop_assert_eq!(prove(&challenge, &[head, tail]), prove(&challenge, &[&bytes]));
        let mut other = bytes.clone();
        other[at] ^= 1;
        prop_assert_ne!(prove(&challenge, &[&other]), prove(&challenge, &[&bytes]));
        prop_assert_ne!(prove(&challenge, &[head]), prove(&challenge, &[&bytes]));
        prop_assert_ne!(prove(&Challenge([8; 32]), &[&bytes]), prove(&challenge, &[&bytes]));
    }
}
