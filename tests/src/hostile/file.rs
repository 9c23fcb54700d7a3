//! Files that people bring: photos, the office's folder, exported logs, mailbags.

use super::scene::Scene;
use crate::world::park;
use sanben_server::{check_log, import as office};
use sanben_sync::frame::{pack, unpack};
use sanben_sync::mailbag::{self, MAILBAG_PATH};
use sanben_sync::manifest::Batch;
use sanben_sync::photo::{Picture, Proof, ShownIn};
use sanben_sync::wire::MAX_MESSAGE_BYTES;
use std::path::{Path, PathBuf};

/// A mailbag as it came; and batches as somebody sealed them.
pub fn mailbag(scene: &mut Scene, bytes: &[u8]) {
    let _ = mailbag::look(bytes);
    let _ = mailbag::in_file(bytes);
    let _ = mailbag::open(bytes, &scene.server_key);
    let _ = scene.server().hand_in(bytes);
    let file = scene.folder().join("mailbag");
    std::fs::write(&file, bytes).unwrap();
    let _ = scene.field().take_mailbag(&file);
    scene.ask(&scene.signed("POST", MAILBAG_PATH, None, bytes.to_vec()));
    if let Ok(batches) = unpack::<Vec<Batch>>(&[&[0], bytes].concat(), MAX_MESSAGE_BYTES)
        && let Ok(sealed) = mailbag::seal(&batches, &scene.identity.server, [5; 32])
    {
        assert_eq!(mailbag::open(&sealed, &scene.server_key).as_ref(), Ok(&batches));
        let _ = scene.server().hand_in(&sealed);
    }
    scene.begin_again_when_grown();
}

/// Sealed and as it is inside.
#[must_use]
pub fn mailbags(scene: &Scene) -> Vec<Vec<u8>> {
    let batches = scene.asking().batches;
    let sealed = mailbag::seal(&batches, &scene.identity.server, [5; 32]).unwrap();
    vec![sealed, sanben_document::encode(&batches)]
}

/// A picture: its facts, and its rendition, which says nothing of place and time.
pub fn photo(_: &mut Scene, bytes: &[u8]) {
    use sanben_field::photo::{MAX_PIXELS, THUMBNAIL_SIDE, intake, rendition};
    let found = intake(bytes);
    if let Ok(found) = &found {
        assert!(u64::from(found.width) * u64::from(found.height) <= MAX_PIXELS);
        if let Some(small) = &found.thumbnail {
            let small = intake(small).expect("a thumbnail is a picture");
            assert!(small.width.max(small.height) <= THUMBNAIL_SIDE);
            assert!(small.taken_at.is_none() && small.place.is_none());
        }
    }
    let mut clean = Vec::new();
    if rendition(bytes, &mut clean).is_ok() {
        assert!(clean.len() <= bytes.len() + 4096, "a rendition is not larger than its photo");
        if let Ok(clean) = intake(&clean) {
            assert!(clean.taken_at.is_none() && clean.place.is_none(), "a rendition that tells");
        }
    }
}

fn fixtures() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/photo/src/fixtures");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// The pictures that other programs wrote.
#[must_use]
pub fn photos(_: &Scene) -> Vec<Vec<u8>> {
    fixtures().iter().map(|file| std::fs::read(file).unwrap()).collect()
}

/// A kind, an offset of two bytes, and what comes as a piece, a proof or a thumbnail.
pub fn piece(scene: &mut Scene, bytes: &[u8]) {
    let [kind, high, low, body @ ..] = bytes else { return };
    let offset = u64::from(u16::from_be_bytes([*high, *low]));
    let original = Picture::Original.path(scene.photo);
    let small = Picture::Thumbnail(ShownIn::of(scene.case, scene.photo)).path(scene.photo);
    let (method, path, offset) = match kind % 4 {
        0 => ("PUT", original, Some(offset)),
        1 => ("POST", original, None),
        2 => ("PUT", small, None),
        _ => ("GET", small, Some(offset)),
    };
    let reply = scene.ask(&scene.signed(method, &path, offset, body.to_vec()));
    if reply.status == 200 && kind % 4 == 2 {
        let kept = scene.ask(&scene.signed("GET", &path, None, Vec::new()));
        assert_eq!(kept.status, 200);
        let kept = sanben_field::photo::intake(&kept.body).expect("what is shown is a picture");
        assert!(kept.place.is_none() && kept.taken_at.is_none());
    }
}

/// A piece, a proof, a thumbnail.
#[must_use]
pub fn pieces(_: &Scene) -> Vec<Vec<u8>> {
    let photo = std::fs::read(park().join("photos/open-bin-upright.jpg")).unwrap();
    let small = sanben_field::photo::intake(&photo).unwrap().thumbnail.unwrap();
    let piece = |kind: u8, body: &[u8]| [&[kind, 0, 0], body].concat();
    vec![piece(0, &photo[..2000]), piece(1, &pack(&Proof([1; 32]))), piece(2, &small), piece(3, &[])]
}

const TABLES: &[&str] = &[
    "units.csv",
    "points.csv",
    "standards.csv",
    "people.csv",
    "teams.csv",
    "assignments.csv",
    "calendar.csv",
    "announcements.csv",
    "tenant.toml",
    "rules.toml",
    "cells.geojson",
];

/// The number of a file, and its content, read on top of what holds.
pub fn import(scene: &mut Scene, bytes: &[u8]) {
    let Some((first, content)) = bytes.split_first() else { return };
    let name = TABLES[usize::from(*first) % TABLES.len()];
    let folder = tempfile::tempdir_in(scene.folder()).unwrap();
    std::fs::write(folder.path().join(name), content).unwrap();
    let reference = scene.server().reference().unwrap();
    match office::read_partial(folder.path(), &reference) {
        Ok(import) => {
            for row in &import.update.rows {
                assert_eq!(sanben_document::decode(&sanben_document::encode(row)).as_ref(), Some(row));
            }
        }
        Err(errors) => assert!(!errors.to_string().is_empty()),
    }
}

/// The sample folder's files.
#[must_use]
pub fn imports(_: &Scene) -> Vec<Vec<u8>> {
    let numbered = TABLES.iter().enumerate().filter_map(|(number, name)| {
        let content = std::fs::read(park().join(name)).ok()?;
        let head: Vec<u8> = if name.ends_with("csv") {
            content.split_inclusive(|byte| *byte == b'\n').take(6).flatten().copied().collect()
        } else {
            content
        };
        Some([&[u8::try_from(number).unwrap()], head.as_slice()].concat())
    });
    numbered.collect()
}

/// An exported log, with and without the key that its reader trusts.
pub fn proof(scene: &mut Scene, mut bytes: &[u8]) {
    let mut again = bytes;
    let _ = check_log(&mut bytes, None).map(|proof| format!("{proof:?}"));
    let _ = check_log(&mut again, Some(&scene.identity.server));
}

/// The scene's own log.
#[must_use]
pub fn proofs(scene: &Scene) -> Vec<Vec<u8>> {
    let mut file = Vec::new();
    scene.server().export_log(&mut file).unwrap();
    vec![file]
}
