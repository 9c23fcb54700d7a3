//! Renditions: the picture stays to the last bit, everything the camera said about it goes.

use super::*;

fn rendition_of(bytes: &[u8]) -> Vec<u8> {
    let mut clean = Vec::new();
    rendition(bytes, &mut clean).unwrap();
    clean
}

/// The EXIF block of a photo.
fn block(bytes: &[u8]) -> &[u8] {
    Survey::of(bytes).unwrap().exif.unwrap()
}

/// Whether any twelve bytes in a row of one occur in the other, as long as they say anything: a fraction has
/// eight of them, and most are zero.
fn shares(block: &[u8], clean: &[u8]) -> bool {
    let says = |said: &[u8]| said.iter().filter(|byte| **byte != 0).count() > 1;
    block.windows(12).any(|said| says(said) && clean.windows(12).any(|held| held == said))
}

#[test]
fn the_picture_is_the_same_and_its_place_and_time_are_gone() {
    for bytes in [fixture!("exif.jpg"), fixture!("exif.png")] {
        let (before, clean) = (intake(bytes).unwrap(), rendition_of(bytes));
        assert!(before.place.is_some() && before.taken_at.is_some() && before.orientation > 1);
        let after = intake(&clean).unwrap();
        assert_eq!((after.place, after.taken_at.clone()), (None, None));
        assert_eq!(
            (after.width, after.height, after.orientation),
            (before.width, before.height, before.orientation)
        );
        assert_eq!(after.thumbnail, before.thumbnail);
        assert_eq!(decode(&clean), decode(bytes));
        // The new block holds one entry; apart from it nothing of the old one is left.
        let upright = block(&clean);
        assert_eq!(upright.len(), 26);
        let at = clean.windows(upright.len()).position(|held| held == upright).unwrap();
        let picture = [&clean[..at], &clean[at + upright.len()..]].concat();
        assert!(shares(block(bytes), bytes) && !shares(block(bytes), &picture));
    }
}

#[test]
fn every_kind_of_file_keeps_its_picture() {
    for (name, bytes) in FIXTURES {
        let clean = rendition_of(bytes);
        assert_eq!(decode(&clean), decode(bytes), "{name}");
        assert_eq!(rendition_of(&clean), clean, "{name}: a rendition of a rendition is the same");
    }
}

#[test]
fn an_upright_photo_has_no_exif_at_all() {
    let bytes =
        with_exif(fixture!("baseline-422.jpg"), &exif_block(true, &[(0x0112, Value::Short(1))], &[], &[]));
    assert!(Survey::of(&bytes).unwrap().exif.is_some());
    assert!(Survey::of(&rendition_of(&bytes)).unwrap().exif.is_none());
}

fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
    [&[0xff, marker], u16::try_from(body.len() + 2).unwrap().to_be_bytes().as_slice(), body].concat()
}

fn chunk(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    // Its checksum does not matter: nobody reads it.
    [u32::try_from(body.len()).unwrap().to_be_bytes().as_slice(), kind, body, &[0; 4]].concat()
}

#[test]
fn words_are_left_out_wherever_they_stand() {
    const SECRET: &[u8] = b"Wang Xiaoming, door 3, 38.3081620 N";
    let jpeg = fixture!("progressive-444.jpg");
    let mut said = jpeg[..2].to_vec();
    for marker in (0xe0..=0xef).chain([0xfe, 0xc8, 0xf0, 0xfd]) {
        said.extend(segment(marker, SECRET));
        said.extend(segment(marker, &[b"Exif\0\0", SECRET].concat()));
        said.extend(segment(marker, &[b"http://ns.adobe.com/xap/1.0/\0", SECRET].concat()));
        said.extend(segment(marker, &[b"MPF\0", SECRET].concat()));
        said.extend(segment(marker, &[b"JFIF\0\x01\x02\0\0\x01\0\x01\x02\x02", SECRET].concat()));
        // Bytes between segments, which decoders pass over.
        said.extend(SECRET);
    }
    said.extend([&jpeg[2..], SECRET].concat());

    let png = fixture!("palette.png");
    // Behind the header, which is 13 bytes long and comes first.
    let (head, rest) = png.split_at(8 + 12 + 13);
    let mut told = head.to_vec();
    for kind in [b"tEXt", b"iTXt", b"zTXt", b"tIME", b"eXIf", b"prVt", b"dSIG"] {
        told.extend(chunk(kind, SECRET));
    }
    told.extend([rest, SECRET].concat());

    for (bytes, plain) in [(&said, jpeg), (&told, png)] {
        let clean = rendition_of(bytes);
        assert!(bytes.windows(SECRET.len()).any(|held| held == SECRET));
        assert!(!clean.windows(8).any(|held| SECRET.windows(8).any(|said| said == held)));
        assert_eq!(decode(&clean), decode(plain));
    }
}

#[test]
fn colours_are_kept() {
    let profile = [b"ICC_PROFILE\0\x01\x01".as_slice(), &[7; 400]].concat();
    let jpeg = fixture!("baseline-422.jpg");
    let bytes = [&jpeg[..2], &segment(0xe2, &profile), &jpeg[2..]].concat();
    assert!(rendition_of(&bytes).windows(profile.len()).any(|held| held == profile));
}

#[test]
fn what_is_cut_or_no_photo_has_no_rendition() {
    for (name, bytes) in FIXTURES {
        for length in (0..bytes.len()).step_by(11) {
            assert!(rendition(&bytes[..length], std::io::sink()).is_err(), "{name} cut to {length}");
        }
    }
    for bytes in [
        b"GIF89a".as_slice(),
        b"\xff\xd8\xff\xd9",
        b"\xff\xd8\xff\xe0\0\x01",
        b"\x89PNG\r\n\x1a\n\0\0\0\0IEND",
    ] {
        assert!(matches!(rendition(bytes, std::io::sink()), Err(RenditionError::Photo(_))));
    }
}

#[test]
fn a_full_disk_is_no_damage() {
    let mut room = [0; 500];
    let outcome = rendition(fixture!("rgb.jpg"), room.as_mut_slice());
    assert!(matches!(outcome, Err(RenditionError::Io(_))), "{outcome:?}");
}
