//! Backups to be restored, and the list of what a server erased, which goes with them.

use super::scene::Scene;
use sanben_domain::id::DocumentId;
use sanben_domain::time::Timestamp;
use sanben_server::restore;
use sanben_sync::keys::Purpose;
use sanben_sync::note::Erasure;
use serde_bytes::ByteBuf;
use sha2::{Digest, Sha256};
use std::path::Path;
use std::sync::Arc;

/// A backup: whatever is in it, nothing is written beside the folder, and nothing stays in it after a refusal.
pub fn archive(scene: &mut Scene, bytes: &[u8]) {
    let folder = tempfile::tempdir_in(scene.folder()).unwrap();
    let (file, dir) = (folder.path().join("backup.tar"), folder.path().join("deep/down/again"));
    std::fs::create_dir_all(dir.parent().unwrap()).unwrap();
    std::fs::write(&file, bytes).unwrap();
    let clock: sanben_server::Clock = Arc::new(|| Timestamp(1_790_000_000_000));
    let random: sanben_server::Random = Arc::new(|bytes: &mut [u8]| bytes.fill(7));
    let restored = restore(&file, &dir, None, true, &clock, &random);
    assert_eq!(names(folder.path()), ["backup.tar", "deep"]);
    assert_eq!(names(&folder.path().join("deep")), ["down"]);
    let left = names(&folder.path().join("deep/down"));
    assert!(left.is_empty() || left == ["again"], "{left:?}");
    if restored.is_err() {
        assert!(names(&dir).is_empty(), "left behind: {:?}", names(&dir));
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// A backup of the scene's server.
#[must_use]
pub fn archives(scene: &Scene) -> Vec<Vec<u8>> {
    vec![scene.backup().to_vec()]
}

/// The list at the end of a backup, in an honest one and signed with the key that lies in it.
pub fn contents(scene: &mut Scene, bytes: &[u8]) {
    let honest = scene.backup();
    let (_, list) = files(honest).into_iter().find(|(name, _)| name == CONTENTS).unwrap();
    // What the server signs of a list; whoever makes a backup of their own holds its key.
    let digest: [u8; 32] = Sha256::digest(bytes).into();
    let sealed = sanben_document::encode(&("sanben backup 1", ByteBuf::from(digest)));
    let signature = scene.server_key.sign(Purpose::Head, &sealed).0;
    let mut made = honest[..list.start - 512].to_vec();
    for (name, bytes) in [(CONTENTS, bytes), ("contents.sig", &signature)] {
        made.extend(entry(name.as_bytes(), b'0', bytes));
    }
    made.extend([0; 1024]);
    archive(scene, &made);
}

const CONTENTS: &str = "contents.json";

/// The list of the scene's own backup.
#[must_use]
pub fn lists(scene: &Scene) -> Vec<Vec<u8>> {
    let honest = scene.backup();
    let found = files(honest).into_iter().find(|(name, _)| name == CONTENTS);
    found.map(|(_, place)| honest[place].to_vec()).into_iter().collect()
}

/// The files of an honest archive, and where their content is.
fn files(archive: &[u8]) -> Vec<(String, std::ops::Range<usize>)> {
    let (mut files, mut at) = (Vec::new(), 0);
    while archive[at] != 0 {
        let text = |range: std::ops::Range<usize>| {
            let field = archive[at..][range].split(|byte| *byte == 0).next().unwrap();
            std::str::from_utf8(field).unwrap().to_owned()
        };
        let size = usize::from_str_radix(&text(124..136), 8).unwrap();
        files.push((text(0..100), at + 512..at + 512 + size));
        at += 512 + size.next_multiple_of(512);
    }
    files
}

/// A file of an archive, of whatever name and kind.
#[must_use]
pub fn entry(name: &[u8], kind: u8, content: &[u8]) -> Vec<u8> {
    let size = format!("{:011o}\0", content.len());
    let mut bytes = header(name, kind, size.as_bytes().try_into().unwrap());
    bytes.extend_from_slice(content);
    bytes.resize(512 + content.len().next_multiple_of(512), 0);
    bytes
}

/// A header of a tar with whatever name, kind and size.
#[must_use]
pub fn header(name: &[u8], kind: u8, size: &[u8; 12]) -> Vec<u8> {
    let mut block = [0; 512];
    block[..name.len()].copy_from_slice(name);
    block[124..136].copy_from_slice(size);
    block[156] = kind;
    block[157..163].copy_from_slice(b"/etc/x");
    block[257..263].copy_from_slice(b"ustar\0");
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum::<u32>() + 8 * 32;
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block.to_vec()
}

/// A list of what was erased, after a restore.
pub fn erased(scene: &mut Scene, bytes: &[u8]) {
    let _ = scene.server().erase_listed(&String::from_utf8_lossy(bytes));
    assert!(scene.server().audit().unwrap().faults.is_empty(), "a list that damages the log");
}

/// Lines that the server signed, of documents that nobody has.
#[must_use]
pub fn erasures(scene: &Scene) -> Vec<Vec<u8>> {
    let line = |number: u8| {
        let document = DocumentId::from_random([number; 16]);
        let erasure = Erasure::sign(document, crate::world::MORNING, &scene.server_key);
        super::scene::hex(&sanben_document::encode(&erasure)) + "\n"
    };
    vec![line(1).into_bytes(), [line(2), line(3)].concat().into_bytes()]
}
