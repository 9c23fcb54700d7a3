//! Bugs on purpose: each of them has to be caught, or the fleet proves nothing.
//!
//! None of them is in the product, so that none can ever be shipped by mistake. They are planted where the
//! harness has its hands anyway: as triggers in the database of the devices or of the server (what a wrong
//! statement in the store or the log would do), in the server's answers, which are signed again with its
//! key (what wrong code in the server would answer), under SQLite, and in the randomness of devices.

use crate::check::Invariant;
use crate::world::World;
use sanben_domain::rights::{Scope, ScopeClass};
use sanben_field::Incoming;
use sanben_server::Call;
use sanben_sync::device::answer_message;
use sanben_sync::frame::{pack, unpack, unpack_after};
use sanben_sync::keys::{Purpose, SecretKey, Signature};
use sanben_sync::photo::PhotoStanding;
use sanben_sync::wire::{
    EntryBody, MAX_MESSAGE_BYTES, Rejection, SIGNATURE_HEADER, SYNC_PATH, SyncResponse, Verdict,
};
use std::path::Path;

/// A planted bug.
#[derive(Debug)]
pub struct Bug {
    /// What goes wrong.
    pub name: &'static str,
    /// Where it is planted.
    pub seam: Seam,
}

/// Where a bug is planted.
#[derive(Debug, Clone, Copy)]
pub enum Seam {
    /// In the store of every device: SQL that makes triggers.
    Device(&'static str),
    /// In the log of the server: SQL that makes triggers.
    Log(&'static str),
    /// In the server's answers.
    Wire(Tamper),
    /// The disks of the devices say "synced" and did nothing.
    DeviceDisks,
    /// The disk of the server does.
    ServerDisk,
    /// Devices draw the same random bytes at every opening.
    Randomness,
}

/// What a server with a bug makes of its answer.
#[derive(Debug, Clone, Copy)]
pub enum Tamper {
    /// To a sync; with the key that signs heads.
    Sync(fn(&mut SyncResponse, &SecretKey)),
    /// To a question about a photo.
    Photo(fn(&mut PhotoStanding)),
}

/// The server's hand: what it answers, wrongly, and signs.
pub struct Answering {
    tamper: Tamper,
    key: SecretKey,
}

impl Answering {
    pub(crate) fn new(tamper: Tamper, server_dir: &Path) -> Self {
        let seed = std::fs::read(server_dir.join("server.key")).unwrap();
        Self { tamper, key: SecretKey::from_seed(seed.try_into().unwrap()) }
    }

    pub(crate) fn answer(&self, call: &Call, answer: Incoming) -> Incoming {
        if answer.status != 200 {
            return answer;
        }
        let body = match self.tamper {
            Tamper::Sync(tamper) if call.path == SYNC_PATH => {
                let mut response: SyncResponse =
                    unpack_after(&answer.body, MAX_MESSAGE_BYTES, &call.body).unwrap();
                tamper(&mut response, &self.key);
                pack(&response)
            }
            Tamper::Photo(tamper) if call.path != SYNC_PATH => {
                // A photo itself is no standing.
                let Ok(mut standing) = unpack::<PhotoStanding>(&answer.body, MAX_MESSAGE_BYTES) else {
                    return answer;
                };
                tamper(&mut standing);
                pack(&standing)
            }
            _ => return answer,
        };
        let asked = Signature(unhex(call.header(SIGNATURE_HEADER).unwrap_or_default()));
        let signature = self.key.sign(Purpose::Answer, &answer_message(&asked, &body));
        let signature = signature.0.iter().map(|byte| format!("{byte:02x}")).collect();
        Incoming { status: 200, signature: Some(signature), server: None, body }
    }
}

fn unhex(text: &str) -> Vec<u8> {
    let pairs = text.as_bytes().chunks(2);
    pairs.filter_map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}

impl Bug {
    pub(crate) fn plant(&self, world: &mut World) {
        match self.seam {
            Seam::Device(sql) => {
                for device in &world.devices {
                    execute(&device.dir.join("sanben.db"), sql);
                }
            }
            Seam::Log(sql) => execute(&world.server_dir().join("log.db"), sql),
            Seam::Wire(_) => {}
            Seam::DeviceDisks => world.devices.iter().for_each(|device| device.disk.lie()),
            Seam::ServerDisk => world.server_disk.lie(),
            Seam::Randomness => world.repeat_randomness(),
        }
    }
}

fn execute(path: &Path, sql: &str) {
    rusqlite::Connection::open(path).and_then(|connection| connection.execute_batch(sql)).unwrap();
}

/// How a bug was caught.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caught {
    /// The seed.
    pub seed: u64,
    /// The invariant that did not hold, by name, or the beginning of another panic.
    pub by: String,
}

/// Plays seeds with a bug until one catches it.
#[must_use]
pub fn hunt(bug: &'static Bug, seeds: std::ops::Range<u64>, steps: usize) -> Option<Caught> {
    seeds.into_iter().find_map(|seed| {
        let outcome = std::panic::catch_unwind(|| crate::story::play(seed, steps, Some(bug)));
        let panic = outcome.err()?;
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        let text = text.unwrap_or_default();
        let named = text.strip_prefix('[').and_then(|rest| rest.split_once(']'));
        let by = named.map_or_else(|| format!("panic: {text}"), |(name, _)| name.to_owned());
        Some(Caught { seed, by })
    })
}

/// Whether a panic's text names an invariant.
#[must_use]
pub fn is_invariant(name: &str) -> bool {
    use Invariant::*;
    [
        Acknowledged,
        Recorded,
        Scope,
        SameTruth,
        Erased,
        Reload,
        SheetBytes,
        SheetModel,
        Reference,
        Photos,
        Fair,
        Converges,
        Told,
        Restored,
        Opens,
        Audit,
        Clock,
        Bounds,
        Repeats,
    ]
    .iter()
    .any(|invariant| format!("{invariant:?}") == name)
}

macro_rules! trigger {
    ($when:literal, $table:literal, $condition:literal, $body:literal) => {
        concat!(
            "CREATE TRIGGER planted AFTER ",
            $when,
            " ON ",
            $table,
            " WHEN ",
            $condition,
            " BEGIN ",
            $body,
            "; END"
        )
    };
}

/// All of them.
pub static BUGS: &[Bug] = &[
    // --- in the store of a device -------------------------------------------------------------------
    Bug {
        name: "every seventh row never reaches the outbox",
        seam: Seam::Device(trigger!(
            "INSERT", "outbox", "NEW.id % 7 = 0", "DELETE FROM outbox WHERE id = NEW.id"
        )),
    },
    Bug {
        name: "refused work is dropped instead of shown",
        seam: Seam::Device(trigger!(
            "UPDATE OF state", "outbox", "NEW.state = 2", "DELETE FROM outbox WHERE id = NEW.id"
        )),
    },
    Bug {
        name: "what a person gave up is not kept",
        seam: Seam::Device(trigger!(
            "UPDATE OF state", "outbox", "NEW.state = 3", "DELETE FROM outbox WHERE id = NEW.id"
        )),
    },
    Bug {
        name: "recorded counts as accepted before it was sent",
        seam: Seam::Device(trigger!(
            "INSERT", "outbox", "NEW.id % 5 = 0",
            "UPDATE outbox SET state = 1, seq = 1, at = NEW.recorded WHERE id = NEW.id"
        )),
    },
    Bug {
        name: "refused is taken for accepted",
        seam: Seam::Device(trigger!(
            "UPDATE OF state", "outbox", "NEW.state = 2",
            "UPDATE outbox SET state = 1, seq = 1 WHERE id = NEW.id"
        )),
    },
    Bug {
        name: "a lost scope takes unsent work with it",
        seam: Seam::Device(trigger!(
            "INSERT", "lost_scope", "1", "DELETE FROM outbox WHERE state IN (0, 2, 4)"
        )),
    },
    Bug {
        name: "a lost scope is kept on the device",
        seam: Seam::Device(trigger!(
            "INSERT", "lost_scope", "1", "DELETE FROM lost_scope WHERE scope = NEW.scope"
        )),
    },
    Bug {
        name: "what was erased is kept aside on the device",
        seam: Seam::Device(trigger!(
            "DELETE", "change", "EXISTS (SELECT 1 FROM erased WHERE document = OLD.document)",
            "INSERT OR IGNORE INTO past_change VALUES (OLD.document, OLD.hash, OLD.bytes)"
        )),
    },
    Bug {
        name: "an arrived change is applied but not stored",
        seam: Seam::Device(trigger!(
            "INSERT", "change", "NEW.n % 6 = 5",
            "DELETE FROM change WHERE document = NEW.document AND n = NEW.n"
        )),
    },
    Bug {
        name: "a stored change is cut short",
        seam: Seam::Device(trigger!(
            "INSERT", "change", "NEW.n % 6 = 5",
            "UPDATE change SET bytes = substr(bytes, 1, 40) WHERE document = NEW.document AND n = NEW.n"
        )),
    },
    Bug {
        name: "the cursor runs ahead of what was applied",
        seam: Seam::Device(trigger!(
            "UPDATE OF seq", "cursor", "NEW.seq % 5 = 0",
            "UPDATE cursor SET seq = seq + 1 WHERE scope = NEW.scope"
        )),
    },
    Bug {
        name: "the chain is not remembered",
        seam: Seam::Device(trigger!(
            "UPDATE OF link", "cursor", "NEW.seq % 5 = 0",
            "UPDATE cursor SET link = zeroblob(32) WHERE scope = NEW.scope"
        )),
    },
    Bug {
        name: "a photo has a receipt before it was sent",
        seam: Seam::Device(trigger!(
            "INSERT", "photo", "1", "UPDATE photo SET receipt = 1 WHERE id = NEW.id"
        )),
    },
    Bug {
        name: "a photo is not queued with its record",
        seam: Seam::Device(trigger!(
            "INSERT", "outbox_photo", "1",
            "DELETE FROM outbox_photo WHERE document = NEW.document AND hash = NEW.hash AND outbox = NEW.outbox"
        )),
    },
    Bug {
        name: "a published assignment is not taken over",
        seam: Seam::Device(trigger!(
            "INSERT", "reference_row", "NEW.kind IN ('assignment', 'announcement')",
            "DELETE FROM reference_row WHERE kind = NEW.kind AND key = NEW.key"
        )),
    },
    Bug {
        name: "a removed person stays",
        seam: Seam::Device(trigger!(
            "DELETE", "reference_row", "OLD.kind = 'person'",
            "INSERT INTO reference_row (kind, key, body) VALUES (OLD.kind, OLD.key || '-', OLD.body)"
        )),
    },
    Bug {
        name: "work is signed in another person's name",
        seam: Seam::Device(trigger!(
            "INSERT", "outbox", "NEW.id % 4 = 0", "UPDATE outbox SET person = 'U001' WHERE id = NEW.id"
        )),
    },
    Bug {
        name: "a document is filed under another unit",
        seam: Seam::Device(trigger!(
            "INSERT", "document", "1", "UPDATE document SET home = 'park-09' WHERE id = NEW.id"
        )),
    },
    Bug {
        name: "a list leaves cases out",
        seam: Seam::Device(trigger!(
            "INSERT", "case_row", "NEW.n % 5 = 0", "DELETE FROM case_row WHERE n = NEW.n"
        )),
    },
    // --- in the server's log -----------------------------------------------------------------------------
    Bug {
        name: "the log loses a change behind its entry",
        seam: Seam::Log(trigger!("INSERT", "change", "NEW.id % 9 = 0", "DELETE FROM change WHERE id = NEW.id")),
    },
    Bug {
        name: "the log skips a number",
        seam: Seam::Log(trigger!(
            "INSERT", "entry", "NEW.kind = 'change' AND NEW.seq % 11 = 0",
            "DELETE FROM entry WHERE scope = NEW.scope AND seq = NEW.seq"
        )),
    },
    Bug {
        name: "the log keeps other bytes than it judged",
        seam: Seam::Log(trigger!(
            "INSERT", "change", "NEW.id % 9 = 0",
            "UPDATE change SET bytes = substr(bytes, 1, length(bytes) - 1) || x'00' WHERE id = NEW.id"
        )),
    },
    Bug {
        name: "a receipt time is changed afterwards",
        seam: Seam::Log(trigger!(
            "INSERT", "entry", "NEW.seq % 7 = 0",
            "UPDATE entry SET received = received + 1 WHERE scope = NEW.scope AND seq = NEW.seq"
        )),
    },
    Bug {
        name: "the chain breaks at the head of a scope",
        seam: Seam::Log(trigger!(
            "UPDATE OF seq", "scope", "NEW.seq % 7 = 0",
            "UPDATE scope SET link = zeroblob(32) WHERE id = NEW.id"
        )),
    },
    Bug {
        name: "signatures of manifests are not kept",
        seam: Seam::Log(trigger!(
            "INSERT", "manifest", "1", "UPDATE manifest SET signature = zeroblob(64) WHERE id = NEW.id"
        )),
    },
    Bug {
        name: "a device is believed to be where another one is",
        seam: Seam::Log(trigger!(
            "INSERT", "handed", "1",
            "UPDATE handed SET cursors = (SELECT cursors FROM handed ORDER BY length(cursors) DESC, rowid LIMIT 1)
             WHERE device = NEW.device"
        )),
    },
    Bug {
        name: "nobody notes that a photo is cited",
        seam: Seam::Log(trigger!(
            "INSERT", "citation", "1", "DELETE FROM citation WHERE photo = NEW.photo"
        )),
    },
    Bug {
        name: "erased bytes stay in the log",
        seam: Seam::Log(trigger!(
            "UPDATE OF erased", "change", "NEW.erased = 1",
            "UPDATE change SET bytes = OLD.bytes WHERE id = NEW.id"
        )),
    },
    Bug {
        name: "a taking back is written down as something else",
        seam: Seam::Log(trigger!(
            "INSERT", "note", "1", "UPDATE note SET kind = 200 WHERE id = NEW.id AND NEW.kind = 4"
        )),
    },
    // --- in the server's answers -------------------------------------------------------------------------
    Bug {
        name: "the server says accepted to what it refused",
        seam: Seam::Wire(Tamper::Sync(|response, _| {
            for (_, verdict) in &mut response.verdicts {
                if matches!(verdict, Verdict::Rejected(_)) {
                    *verdict = Verdict::Accepted { seq: 1 };
                }
            }
        })),
    },
    Bug {
        name: "the server refuses what is well-formed",
        seam: Seam::Wire(Tamper::Sync(|response, _| {
            let mut refused = Vec::new();
            for (change, verdict) in &mut response.verdicts {
                if change.0[0] % 4 == 0 && matches!(verdict, Verdict::Accepted { .. }) {
                    *verdict = Verdict::Rejected(Rejection::Unsigned);
                    refused.push(*change);
                }
            }
        })),
    },
    Bug {
        name: "the server never decides",
        seam: Seam::Wire(Tamper::Sync(|response, _| {
            for (_, verdict) in &mut response.verdicts {
                if matches!(verdict, Verdict::Rejected(_)) {
                    *verdict = Verdict::Later;
                }
            }
        })),
    },
    Bug {
        name: "the server sends a scope that is not held",
        seam: Seam::Wire(Tamper::Sync(|response, key| {
            if !response.send_cursors {
                let scope = Scope { unit: "park-14".into(), class: ScopeClass::Discipline };
                let link = sanben_sync::chain::Link::genesis(response.epoch, &scope);
                let head = sanben_sync::chain::SignedHead::sign(response.epoch, &scope, 0, link, key);
                response.scopes.push(sanben_sync::wire::ScopeEntries { scope, entries: Vec::new(), head });
            }
        })),
    },
    Bug {
        name: "the server takes scopes away for no reason",
        seam: Seam::Wire(Tamper::Sync(|response, _| {
            response.lost.push(Scope { unit: "park-02".into(), class: ScopeClass::Work });
        })),
    },
    Bug {
        name: "the server leaves an entry out",
        seam: Seam::Wire(Tamper::Sync(|response, _| {
            for part in &mut response.scopes {
                if part.entries.len() > 2 {
                    part.entries.remove(1);
                }
            }
        })),
    },
    Bug {
        name: "the server sends entries in another order",
        seam: Seam::Wire(Tamper::Sync(|response, _| {
            response.scopes.iter_mut().for_each(|part| part.entries.reverse());
        })),
    },
    Bug {
        name: "the server keeps the bytes of others' changes to itself",
        seam: Seam::Wire(Tamper::Sync(|response, _| {
            for entry in response.scopes.iter_mut().flat_map(|part| &mut part.entries) {
                if let EntryBody::Change { document, hash, manifest, .. } = entry.body {
                    entry.body = EntryBody::Echo { document, hash, manifest };
                }
            }
        })),
    },
    Bug {
        name: "the server always has more",
        seam: Seam::Wire(Tamper::Sync(|response, _| response.more = true)),
    },
    Bug {
        name: "the server's clock is three days off",
        seam: Seam::Wire(Tamper::Sync(|response, _| response.now = response.now.plus_ms(3 * 86_400_000))),
    },
    Bug {
        name: "the server begins a new life in every answer",
        seam: Seam::Wire(Tamper::Sync(|response, _| {
            response.epoch = sanben_domain::id::Epoch::from_random([7; 16]);
        })),
    },
    Bug {
        name: "the server gives receipts for half a photo",
        seam: Seam::Wire(Tamper::Photo(|standing| standing.complete = true)),
    },
    // --- below and around --------------------------------------------------------------------------------
    Bug { name: "accepted is said before it is on the server's disk", seam: Seam::ServerDisk },
    Bug { name: "recorded is said before it is on the device's disk", seam: Seam::DeviceDisks },
    Bug { name: "a restored device writes under the actor it had", seam: Seam::Randomness },
];
