//! How the kept files came to be: what an enemy would make who has read this program, and holds the key of a
//! device or, against devices, that of the server. Made anew by `cargo run -p sanben-tests --bin hostile forge tests/hostile`;
//! what the fuzzer found was added by hand, and stays.

mod answer;
mod bundle;
mod carried;
mod change;
mod desk;
mod file;
mod message;

use super::scene::Scene;

/// A file: target, name, content.
pub type Kept = (&'static str, String, Vec<u8>);

/// All of them.
#[must_use]
pub fn all(scene: &Scene) -> Vec<Kept> {
    let mut kept = Vec::new();
    let messages = [message::frame, message::call, message::request, answer::response];
    let changes = [change::change, change::reference];
    let files = [file::mailbag, file::photo, file::import, file::proof, file::archive, file::listed];
    let handed = [bundle::bundle, carried::door, carried::answer, carried::work];
    let over_the_desk = [desk::recovery, desk::draw];
    for part in messages.into_iter().chain(changes).chain(files).chain(handed).chain(over_the_desk) {
        part(scene, &mut |target, name, bytes| kept.push((target, name.to_owned(), bytes)));
    }
    kept
}

type Keep<'a> = &'a mut dyn FnMut(&'static str, &str, Vec<u8>);

/// A zstd frame of so many blocks of 128 KiB, each one repeated byte: four bytes a block.
fn bomb(blocks: usize, byte: u8) -> Vec<u8> {
    let mut bytes = vec![0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38];
    for number in 1..=blocks {
        let header = u32::from(number == blocks) | 1 << 1 | (128 << 10) << 3;
        bytes.extend_from_slice(&header.to_le_bytes()[..3]);
        bytes.push(byte);
    }
    bytes
}

/// A zstd frame of these few bytes as they are.
fn one_block(bytes: &[u8]) -> Vec<u8> {
    let header = 1 | u32::try_from(bytes.len()).unwrap() << 3;
    [&[0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38], &header.to_le_bytes()[..3], bytes].concat()
}

fn framed(kind: u8, body: &[u8]) -> Vec<u8> {
    [&[kind], body].concat()
}

fn deep(open: &[u8], times: usize) -> Vec<u8> {
    open.repeat(times)
}

fn cuts(whole: &[u8], mut keep: impl FnMut(&str, Vec<u8>)) {
    for percent in [1, 10, 50, 90, 99] {
        keep(&format!("cut-at-{percent}-percent"), whole[..whole.len() * percent / 100].to_vec());
    }
}
