//! Whatever the bytes are, there is an answer, and it says what to do.

use super::*;
use proptest::prelude::*;

#[test]
fn what_is_no_photo_is_named_so() {
    for bytes in
        [b"".as_slice(), b"\xff\xd8", b"GIF89a", b"\0\0\0\x18ftypheic", b"a list of points", b"\x89PNG"]
    {
        assert_eq!(intake(bytes), Err(PhotoError::NotAPhoto));
    }
}

#[test]
fn a_photo_cut_anywhere_is_refused() {
    for (name, bytes) in FIXTURES {
        for length in (12..bytes.len()).step_by(7).chain([bytes.len() - 1]) {
            assert_eq!(intake(&bytes[..length]), Err(PhotoError::Truncated), "{name} cut to {length}");
            // A copy that was given its full length before it broke off.
            let padded = [&bytes[..length.min(bytes.len() - 9)], &[0; 500]].concat();
            assert!(intake(&padded).is_err(), "{name} cut to {length} and padded");
        }
    }
}

#[test]
fn what_a_camera_appends_is_part_of_the_photo_but_not_of_the_picture() {
    let photo = intake(fixture!("progressive-420.jpg")).unwrap();
    // So long a film that decoding both would be beyond the budget.
    let film = vec![0; 20 << 20];
    let moving = intake(&[fixture!("progressive-420.jpg"), &film].concat()).unwrap();
    assert_eq!(photo.thumbnail, moving.thumbnail);
    assert_ne!(photo.hash, moving.hash);
}

/// The position of the frame header's height, in a JPEG.
fn height_at(bytes: &[u8]) -> usize {
    bytes.windows(4).position(|w| w[0] == 0xff && (w[1] == 0xc0 || w[1] == 0xc2) && w[2] == 0).unwrap() + 5
}

#[test]
fn a_header_without_sense_is_damage() {
    let mut no_height = fixture!("baseline-422.jpg").to_vec();
    let at = height_at(&no_height);
    no_height[at..at + 2].fill(0);
    let mut no_width = fixture!("palette.png").to_vec();
    no_width[16..20].fill(0);
    let no_frame = b"\xff\xd8\xff\xfe\x00\x04hi\xff\xd9".as_slice();
    for bytes in [no_height.as_slice(), &no_width, no_frame] {
        assert_eq!(intake(bytes), Err(PhotoError::Damaged));
    }
}

#[test]
fn too_large_a_photo_is_refused_with_its_size() {
    let mut huge = fixture!("baseline-422.jpg").to_vec();
    let at = height_at(&huge);
    huge[at..at + 4].copy_from_slice(&[0x24, 0x00, 0x24, 0x00]);
    assert_eq!(intake(&huge), Err(PhotoError::TooManyPixels { pixels: 9216 * 9216 }));
    let heavy = vec![0xff; MAX_BYTES + 1];
    let error = intake(&heavy).unwrap_err();
    assert_eq!(error, PhotoError::TooManyBytes { bytes: MAX_BYTES + 1 });
    assert!(error.to_string().contains("lower resolution"));
}

#[test]
fn a_sound_photo_that_cannot_be_decoded_is_taken_without_a_thumbnail() {
    // Arithmetic coding: a frame header that says so is enough.
    let mut rare = fixture!("baseline-422.jpg").to_vec();
    let at = height_at(&rare) - 4;
    rare[at] = 0xc9;
    let photo = intake(&rare).unwrap();
    assert_eq!((photo.width, photo.height, photo.thumbnail), (203, 141, None));
}

#[test]
fn coded_data_gone_bad_still_show_what_came_before() {
    let whole = fixture!("progressive-420.jpg");
    let mut bad = whole.to_vec();
    let scan = bad.windows(2).position(|pair| pair == [0xff, 0xda]).unwrap();
    bad[scan + 80..scan + 120].fill(0x55);
    let (whole, bad) = (block_means::eighth(whole).unwrap(), block_means::eighth(&bad).unwrap());
    assert_eq!(whole.get_pixel(3, 0), bad.get_pixel(3, 0));
    assert_ne!(whole, bad);
}

#[test]
fn scans_that_repeat_themselves_do_not_take_for_ever() {
    // A megapixel header and 200,000 refining scans without data.
    let mut bomb = fixture!("progressive-420.jpg").to_vec();
    let at = height_at(&bomb);
    bomb[at..at + 4].copy_from_slice(&[0x20, 0x00, 0x20, 0x00]);
    let end = bomb.len() - 2;
    let scan = [0xff, 0xda, 0, 12, 3, 1, 0, 2, 0, 3, 0, 0, 0, 0x10];
    let none = [0xff, 0xda, 0, 6, 0, 0, 0, 0x10];
    bomb.splice(end..end, [scan.repeat(100_000), none.repeat(100_000)].concat());
    let start = std::time::Instant::now();
    intake(&bomb).unwrap();
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}

/// A change to a file.
#[derive(Debug, Clone)]
enum Change {
    Flip(prop::sample::Index, u8),
    Set(prop::sample::Index, u8),
    Cut(prop::sample::Index),
    Repeat(prop::sample::Index, prop::sample::Index),
}

fn change() -> impl Strategy<Value = Change> {
    let index = any::<prop::sample::Index>;
    prop_oneof![
        8 => (index(), 0u8..8).prop_map(|(at, bit)| Change::Flip(at, bit)),
        8 => (index(), prop_oneof![Just(0xff), Just(0), any::<u8>()]).prop_map(|(at, byte)| Change::Set(at, byte)),
        1 => index().prop_map(Change::Cut),
        2 => (index(), index()).prop_map(|(from, to)| Change::Repeat(from, to)),
    ]
}

impl Change {
    /// Half of all changes go to the headers, where they matter most.
    fn apply(&self, bytes: &mut Vec<u8>) {
        if bytes.is_empty() {
            return;
        }
        let place = |at: &prop::sample::Index| {
            let at = at.index(2 * bytes.len());
            if at >= bytes.len() { (at - bytes.len()) % bytes.len().min(700) } else { at }
        };
        match self {
            Self::Flip(at, bit) => {
                let at = place(at);
                bytes[at] ^= 1 << bit;
            }
            Self::Set(at, byte) => {
                let at = place(at);
                bytes[at] = *byte;
            }
            Self::Cut(at) => {
                let at = place(at);
                bytes.truncate(at);
            }
            Self::Repeat(from, to) => {
                let (from, to) = (place(from), place(to));
                let piece = bytes[from.min(to)..from.max(to)].to_vec();
                bytes.splice(to..to, piece);
            }
        }
    }
}

/// Takes the bytes in without the net that catches a decoder's panic, and checks what comes out.
fn takes_in(bytes: &[u8]) {
    let Ok(survey) = Survey::of(bytes) else { return };
    let picture = thumbnail::picture(&survey);
    if let Format::Jpeg(_) = survey.format {
        let _ = block_means::eighth(bytes);
    }
    let photo = intake(bytes).unwrap();
    assert_eq!(photo.thumbnail.is_some(), picture.is_some());
    if let Some(thumbnail) = photo.thumbnail {
        let (width, height) = decode(&thumbnail).dimensions();
        assert!(width.max(height) <= THUMBNAIL_SIDE);
    }
}

proptest! {
    #[test]
    fn changed_photos_never_panic(
        which in prop::sample::select(FIXTURES), changes in prop::collection::vec(change(), 1..8),
    ) {
        let mut bytes = which.1.to_vec();
        changes.iter().for_each(|change| change.apply(&mut bytes));
        takes_in(&bytes);
    }

    #[test]
    fn arbitrary_bytes_never_panic(noise in prop::collection::vec(any::<u8>(), 0..600), kind in 0usize..3) {
        let signature = [b"".as_slice(), super::super::jpeg::SIGNATURE, super::super::png::SIGNATURE][kind];
        takes_in(&[signature, &noise].concat());
    }
}
