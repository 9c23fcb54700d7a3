//! Bytes from outside, brought to everything that reads them: what is fuzzed, and what is kept of it.
//!
//! A [`Target`] is one reader with the promise that it keeps: it never panics, and what it takes in can be read
//! again. The fuzzer in `tests/fuzz` drives them; the files in `tests/hostile/TARGET/` are brought to them by
//! every plain test run, in a process whose memory is watched, and none of them may leave anything in the log.
//!
//! - [`scene`]: a server with a log and a device with unsent work, made the same every time.
//! - [`message`]: requests and answers, plain and with checksums, chains and signatures repaired.
//! - [`change`]: changes with repaired checksums, before the judge and on a device.
//! - [`bundle`]: what a new device begins with.
//! - [`carried`]: what goes from hand to hand, and short answers to a device.
//! - [`mod@file`]: photos, the office's folder, exported logs, mailbags.
//! - [`archive`]: backups, and the list of what was erased.
//! - [`desk`]: the way back for a forgotten PIN, and the file of a draw.
//! - [`forge`]: how the kept files were made.

pub mod archive;
pub mod bundle;
pub mod carried;
pub mod change;
pub mod desk;
pub mod file;
pub mod forge;
pub mod message;
pub mod scene;

use scene::Scene;

/// One reader of outside bytes.
#[derive(Clone, Copy)]
pub struct Target {
    /// Its name, also that of its folder of kept files.
    pub name: &'static str,
    /// What it reads.
    pub about: &'static str,
    /// Reads; panics when a promise is broken.
    pub read: fn(&mut Scene, &[u8]),
    /// Honest bytes to begin from.
    pub seeds: fn(&Scene) -> Vec<Vec<u8>>,
}

/// All of them.
pub const TARGETS: &[Target] = &[
    Target { name: "frame", about: "a frame: inflating, CBOR", read: message::frame, seeds: message::frames },
    Target {
        name: "request",
        about: "a sync request at the server, plain and repaired",
        read: message::request,
        seeds: message::requests,
    },
    Target {
        name: "response",
        about: "an answer at a device: checked and applied, plain and repaired",
        read: message::response,
        seeds: message::responses,
    },
    Target {
        name: "call",
        about: "method, path, headers and body of any call",
        read: message::call,
        seeds: message::calls,
    },
    Target {
        name: "enrol",
        about: "a code as typed, an enrolment request, an answer to it",
        read: message::enrol,
        seeds: message::enrolments,
    },
    Target {
        name: "change",
        about: "a change with a repaired checksum before the judge",
        read: change::change,
        seeds: change::changes,
    },
    Target {
        name: "intent",
        about: "an intent run on a document",
        read: change::intent,
        seeds: change::intents,
    },
    Target {
        name: "reference",
        about: "a reference update, and every question asked of it",
        read: change::reference,
        seeds: change::references,
    },
    Target {
        name: "mailbag",
        about: "a mailbag, sealed and unsealed",
        read: file::mailbag,
        seeds: file::mailbags,
    },
    Target {
        name: "photo",
        about: "facts, thumbnail and rendition of a picture",
        read: file::photo,
        seeds: file::photos,
    },
    Target {
        name: "piece",
        about: "a piece, a proof or a thumbnail of a cited photo at the server",
        read: file::piece,
        seeds: file::pieces,
    },
    Target {
        name: "import",
        about: "a file of the office's folder",
        read: file::import,
        seeds: file::imports,
    },
    Target {
        name: "proof",
        about: "an exported log in a third party's hands",
        read: file::proof,
        seeds: file::proofs,
    },
    Target {
        name: "archive",
        about: "a backup to be restored",
        read: archive::archive,
        seeds: archive::archives,
    },
    Target {
        name: "contents",
        about: "the list in a backup that its maker signed",
        read: archive::contents,
        seeds: archive::lists,
    },
    Target {
        name: "erased",
        about: "a list of what was erased, after a restore",
        read: archive::erased,
        seeds: archive::erasures,
    },
    Target {
        name: "bundle",
        about: "an offer and a block of a bundle at a device",
        read: bundle::bundle,
        seeds: bundle::bundles,
    },
    Target {
        name: "door",
        about: "whatever comes to the door of a carrier",
        read: carried::door,
        seeds: carried::doors,
    },
    Target {
        name: "answer",
        about: "a poke, a carrier's receipt, answers about photos and mailbags",
        read: carried::answer,
        seeds: carried::answers,
    },
    Target {
        name: "work",
        about: "a file with refused work that is to be taken over",
        read: carried::work,
        seeds: carried::works,
    },
    Target {
        name: "recovery",
        about: "what is asked and answered, shown and read out for a forgotten PIN",
        read: desk::recovery,
        seeds: desk::recoveries,
    },
    Target {
        name: "draw",
        about: "the file of a draw in a third party's hands",
        read: desk::draw,
        seeds: desk::draws,
    },
];

/// The target of a name.
#[must_use]
pub fn target(name: &str) -> Option<Target> {
    TARGETS.iter().copied().find(|target| target.name == name)
}
