//! How the kept files came to be: what an enemy would make who has read this program, and holds the key of a
//! device or, against devices, that of the server. Made anew by `cargo run -p sanben-tests --bin hostile forge`;
//! what the fuzzer found was added by hand, and stays.

use super::change::{changes, repaired};
use super::file::{archives, imports, mailbags, photos, proofs};
use super::message::{frames, requests, responses};
use super::scene::Scene;
use sanben_document::{Actor, ChangeHash, ChangeHeader, Intent, IntentBody, encode};
use sanben_domain::case::CaseAct;
use sanben_domain::id::{DeviceId, DocumentId, EventId, TenantId};
use sanben_domain::reference::{Cell, CellLevel, Person, ReferenceRow, ReferenceUpdate, Role};
use sanben_domain::rights::{Scope, ScopeClass, home_scope};
use sanben_domain::time::{Stamp, Timestamp};
use sanben_sync::chain::{Link, SignedHead};
use sanben_sync::keys::SecretKey;
use sanben_sync::manifest::{Batch, Manifest, ManifestHash, ManifestItem};
use sanben_sync::wire::{Cursors, Entry, EntryBody, ScopeEntries, SyncRequest, SyncResponse, VERSION};
use serde_bytes::ByteBuf;
use std::collections::BTreeMap;

/// A file: target, name, content.
pub type Kept = (&'static str, String, Vec<u8>);

/// All of them.
#[must_use]
pub fn all(scene: &Scene) -> Vec<Kept> {
    let mut kept = Vec::new();
    let parts = [frame, call, request, change, response, reference, mailbag, photo, import, proof, archive];
    for part in parts {
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

fn frame(scene: &Scene, keep: Keep<'_>) {
    // 1 GiB of zeros in 32 KB; of the byte that opens a CBOR array; and sizes that are only claimed.
    keep("frame", "zstd-bomb-1-gib", framed(1, &bomb(8192, 0)));
    keep("frame", "zstd-bomb-of-nested-arrays", framed(1, &bomb(60, 0x81)));
    keep("frame", "zstd-window-of-2-gib", framed(1, &[0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa8, 3, 0, 0]));
    let claimed = [0x28, 0xb5, 0x2f, 0xfd, 0xe0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f, 1, 0, 0];
    keep("frame", "zstd-claims-an-exabyte", framed(1, &claimed));
    keep("frame", "zstd-of-nothing", framed(1, &[]));
    for (name, open) in [
        ("arrays", &[0x81][..]),
        ("endless-arrays", &[0x9f]),
        ("maps", &[0xa1, 0x00]),
        ("tags", &[0xc1]),
        ("endless-texts", &[0x7f]),
    ] {
        keep("frame", &format!("cbor-nesting-30000-{name}"), framed(0, &deep(open, 30_000 / open.len())));
    }
    for (name, head) in [("array", 0x9b), ("map", 0xbb), ("bytes", 0x5b), ("text", 0x7b)] {
        let claimed = [head, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
        keep("frame", &format!("cbor-{name}-of-2-to-the-63"), framed(0, &claimed));
    }
    keep("frame", "invalid-utf8-text", framed(0, &[0x63, 0xff, 0xfe, 0xfd]));
    keep("frame", "unknown-kind", vec![2, 0xf6]);
    keep("frame", "trailing-bytes", framed(0, &[0xf6, 0xf6]));
    let frames = frames(scene);
    let longest = frames.iter().max_by_key(|frame| frame.len()).unwrap();
    cuts(&longest[..longest.len().min(4000)], |name, bytes| keep("frame", name, bytes));
}

fn call(scene: &Scene, keep: Keep<'_>) {
    let hash = scene.photo;
    let device = scene.identity.device;
    let mut say = |name: &str, method: &str, path: &str, rest: &str| {
        keep("call", name, format!("{method}\n{path}\n{rest}").into_bytes());
    };
    let none = "\n\n\n";
    say("path-to-the-key", "GET", "/v1/photos/../server.key", none);
    say("path-to-the-key-encoded", "GET", "/v1/photos/%2e%2e%2fserver.key", none);
    say("path-behind-a-photo", "GET", &format!("/v1/photos/{hash}/../../server.key"), none);
    say("path-as-a-thumbnail", "GET", &format!("/v1/photos/{hash}/thumbnail/../../../log.db"), none);
    say("path-as-arriving", "PUT", &format!("/v1/photos/arriving/{hash}"), none);
    say("path-in-capitals", "GET", &format!("/v1/photos/{}", hash.to_string().to_uppercase()), none);
    say("path-with-a-zero-byte", "GET", &format!("/v1/photos/{hash}\0.jpg"), none);
    say("path-of-a-megabyte", "GET", &format!("/v1/photos/{}", "a".repeat(20_000)), none);
    say("device-leads-away", "POST", "/v1/sync", "../../etc/passwd\n00\n\n");
    say("signature-of-half-a-byte", "POST", "/v1/sync", &format!("{device}\n0\n\n"));
    say("signature-of-nothing", "POST", "/v1/sync", &format!("{device}\n\n\n"));
    say("offset-beyond-all", "GET", &format!("/v1/photos/{hash}"), "\n\n18446744073709551615\n");
    say("offset-below-zero", "GET", &format!("/v1/photos/{hash}"), "\n\n-1\n");
    say("piece-at-the-end-of-numbers", "PUT", &format!("/v1/photos/{hash}"), "\n\n18446744073709551615\nabc");
    let mut hashes = framed(0, &[0x9a, 0x7f, 0xff, 0xff, 0xff]);
    hashes.extend_from_slice(&[0x58, 0x20]);
    keep(
        "call",
        "asks-for-two-thousand-million-photos",
        [b"POST\n/v1/photos/\n\n\n\n", hashes.as_slice()].concat(),
    );
    let nested = framed(0, &deep(&[0x81], 4000));
    keep("call", "mailbag-of-nested-arrays", [b"POST\n/v1/mailbag\n\n\n\n", nested.as_slice()].concat());
    keep("enrol", "secret-of-a-megabyte", encode(&(1, "A".repeat(30_000))));
    keep("enrol", "code-of-other-letters", "１２３４５-ABCDE-ЖЖЖЖЖ-\u{202e}ABCD".into());
    keep("enrol", "invalid-utf8", vec![0xff; 23]);
    keep("enrol", "nested-arrays", deep(&[0x81], 4000));
    keep("enrol", "key-of-no-bytes", {
        let code = sanben_sync::enrol::Code::new([3; 10], &scene.identity.server);
        let key = sanben_sync::keys::PublicKey(Vec::new());
        encode(&sanben_sync::enrol::EnrolRequest { v: 1, secret: code.secret, device, key })
    });
}

/// A change of ours with some text in it replaced, and the checksum that goes with that.
fn replaced(change: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut bytes = change.to_vec();
    let mut found = false;
    for at in 0..bytes.len().saturating_sub(from.len()) {
        if bytes[at..].starts_with(from) {
            bytes[at..at + from.len()].copy_from_slice(to);
            found = true;
        }
    }
    assert!(found, "what is to be replaced is not there");
    repaired(&bytes, &BTreeMap::new())
}

/// Changes that no honest device makes, with sound checksums.
fn forged(scene: &Scene) -> Vec<(&'static str, Vec<u8>)> {
    let store = scene.field().store();
    let held = changes(scene);
    let mut later = store.document(scene.case).unwrap().unwrap();
    let sanben_document::Record::Case(record) = later.record().unwrap() else { panic!("a case") };
    let pending = store.pending(usize::MAX).unwrap();
    let comment = &pending.iter().find(|pending| pending.document == scene.case).unwrap();
    let intent: Intent = sanben_document::decode(&comment.intent).unwrap();
    let by = |person: &str| {
        let mut others = record.events.values().filter(|event| event.id != intent.event);
        others.find(|event| event.by.as_str() == person).unwrap().id.to_string()
    };
    let (own, dispatch, new) = (by("U008"), by("U001"), intent.event.to_string());
    let (report, accepted) = (&held[0], &held[1]);
    let report = if report.windows(4).any(|bytes| bytes == b"P011") { report } else { accepted };
    let mut run = |at: Stamp, act: CaseAct, event: u8| {
        let body = IntentBody::Act { act, photos: BTreeMap::new() };
        let event = EventId::from_random([event; 16]);
        let intent = Intent { v: 1, document: scene.case, event, at, by: "U008".into(), seen: vec![], body };
        later.run(&intent, Actor([event.0.as_bytes()[1]; 16])).unwrap().bytes
    };
    let words = |words: &str| CaseAct::Comment { words: words.to_owned() };
    let now = Stamp::exact(crate::world::MORNING);
    let long = run(now, words(&"长".repeat(23_000)), 0x21);
    let reason = run(now, CaseAct::Void { reason: "不在辖区".to_owned() }, 0x24);
    let mut deflated = comment.bytes.clone();
    deflated[8] = 2;
    let mut document_chunk = comment.bytes.clone();
    document_chunk[8] = 0;
    let mut huge = comment.bytes[..9].to_vec();
    huge.extend_from_slice(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]);
    let dep = ChangeHeader::of(&comment.bytes).unwrap().deps[0];
    vec![
        ("overwritten-own-event", replaced(&comment.bytes, new.as_bytes(), own.as_bytes())),
        ("overwritten-event-of-another", replaced(&comment.bytes, new.as_bytes(), dispatch.as_bytes())),
        ("forged-author", replaced(&comment.bytes, b"U008", b"U001")),
        ("author-of-invalid-utf8", replaced(&comment.bytes, b"U008", &[0xff, 0xfe, 0xfd, 0xfc])),
        (
            "words-of-invalid-utf8",
            replaced(&comment.bytes, "还在".as_bytes(), &[0xc0, 0x80, 0xff, 0xed, 0xa0, 0x80]),
        ),
        ("report-once-more-with-other-words", replaced(report, "大片垃圾".as_bytes(), "小片垃圾".as_bytes())),
        ("another-place-under-the-same-number", replaced(report, b"P011", b"P012")),
        ("builds-on-what-nobody-has", replaced(&comment.bytes, &dep.0, &[7; 32])),
        ("builds-on-nothing", {
            let mut bytes = comment.bytes.clone();
            let at = bytes.windows(32).position(|window| window == dep.0).unwrap();
            bytes.drain(at..at + 32);
            bytes[at - 1] = 0;
            repaired(&bytes, &BTreeMap::new())
        }),
        ("text-beyond-64-kib", long),
        ("an-act-beyond-ones-rights", reason),
        ("deflated-chunk", repaired(&deflated, &BTreeMap::new())),
        ("document-chunk", repaired(&document_chunk, &BTreeMap::new())),
        ("length-beyond-all", huge),
        ("wrong-checksum", {
            let mut bytes = comment.bytes.clone();
            bytes[5] ^= 1;
            bytes
        }),
        ("two-changes-in-one", [comment.bytes.as_slice(), &comment.bytes].concat()),
        ("of-other-containers", replaced(report, b"events", b"evenst")),
        ("with-another-root", replaced(report, b"photos", b"fotosx")),
    ]
}

fn change(scene: &Scene, keep: Keep<'_>) {
    for (name, bytes) in forged(scene) {
        keep("change", name, bytes);
    }
    // Every place of a change, with a sound checksum: one byte turned.
    let comment = scene.field().store().pending(usize::MAX).unwrap().remove(0).bytes;
    for at in (9..comment.len()).step_by(comment.len() / 24 + 1) {
        let mut bytes = comment.clone();
        bytes[at] ^= 0xff;
        keep("change", &format!("byte-{at}-turned"), repaired(&bytes, &BTreeMap::new()));
    }
    cuts(&comment, |name, bytes| keep("change", name, repaired(&bytes, &BTreeMap::new())));
    keep("intent", "nested-arrays", deep(&[0x81], 4000));
    keep("intent", "invalid-utf8", {
        let mut bytes = super::change::intents(scene).remove(0);
        let at = bytes.windows(4).position(|window| window == b"U008").unwrap();
        bytes[at..at + 4].copy_from_slice(&[0xff; 4]);
        bytes
    });
    for (name, at) in [("the-end-of-time", i64::MAX), ("the-beginning-of-time", i64::MIN)] {
        let body = IntentBody::Act {
            act: CaseAct::Extend { reason: "x".to_owned(), due: Timestamp(at) },
            photos: BTreeMap::new(),
        };
        let stamp = Stamp { wall: Timestamp(at), offset_ms: Some(at), ..Stamp::exact(Timestamp(at)) };
        let (event, by) = (EventId::from_random([8; 16]), scene.identity.person.clone());
        let intent = Intent { v: 1, document: scene.case, event, at: stamp, by, seen: vec![event], body };
        keep("intent", name, encode(&intent));
        let mut document = scene.field().store().document(scene.case).unwrap().unwrap();
        let change = document.run(&intent, Actor([8; 16])).unwrap();
        keep("change", name, change.bytes);
    }
}

/// A request of the device with this one batch.
fn asks(scene: &Scene, batches: Vec<Batch>) -> Vec<u8> {
    encode(&SyncRequest { batches, ..scene.asking() })
}

fn request(scene: &Scene, keep: Keep<'_>) {
    let honest = scene.asking();
    let batch = &honest.batches[0];
    let manifest = batch.claimed().unwrap();
    let bytes: Vec<Vec<u8>> = batch.changes.iter().map(|bytes| bytes.to_vec()).collect();
    let key = &scene.identity.key;
    let sign = |change: &dyn Fn(&mut Manifest), key: &SecretKey| {
        let mut manifest = manifest.clone();
        change(&mut manifest);
        Batch::sign(&manifest, bytes.clone(), key)
    };
    let stranger = SecretKey::from_seed([66; 32]);
    let mut say = |name: &str, batches: Vec<Batch>| keep("request", name, asks(scene, batches));
    for (name, bytes) in forged(scene) {
        let header = ChangeHeader::of(&bytes);
        let change = header.map_or(ChangeHash([5; 32]), |header| header.hash);
        let item = ManifestItem {
            document: scene.case,
            home: home_scope(&"park-02".into()),
            change,
            intent: [0; 32],
        };
        let manifest = Manifest { items: vec![item], ..manifest.clone() };
        say(&format!("change-{name}"), vec![Batch::sign(&manifest, vec![bytes], key)]);
    }
    say("signed-by-a-stranger", vec![sign(&|_| {}, &stranger)]);
    say("in-another-persons-name", vec![sign(&|manifest| manifest.person = "U001".into(), key)]);
    say("from-another-device", vec![sign(&|manifest| manifest.device = DeviceId::from_random([1; 16]), key)]);
    say("of-another-tenant", vec![sign(&|manifest| manifest.tenant = TenantId::from("hightech"), key)]);
    say("of-a-later-version", vec![sign(&|manifest| manifest.v = 9, key)]);
    say(
        "under-another-scope",
        vec![sign(
            &|manifest| {
                manifest.items.iter_mut().for_each(|item| item.home = home_scope(&"park-05".into()));
            },
            key,
        )],
    );
    say(
        "under-a-scope-that-leads-away",
        vec![sign(
            &|manifest| {
                manifest
                    .items
                    .iter_mut()
                    .for_each(|item| item.home = home_scope(&"../../etc/passwd\0".into()));
            },
            key,
        )],
    );
    say(
        "under-the-staff-list",
        vec![sign(
            &|manifest| {
                let scope = Scope { unit: "park".into(), class: ScopeClass::People };
                manifest.items.iter_mut().for_each(|item| item.home = scope.clone());
            },
            key,
        )],
    );
    say(
        "as-another-document",
        vec![sign(
            &|manifest| {
                manifest.items.iter_mut().for_each(|item| item.document = DocumentId::from_random([1; 16]));
            },
            key,
        )],
    );
    say("items-without-changes", vec![Batch { changes: Vec::new(), ..batch.clone() }]);
    say(
        "more-changes-than-items",
        vec![Batch { changes: [batch.changes.clone(), batch.changes.clone()].concat(), ..batch.clone() }],
    );
    say(
        "hundreds-of-items",
        vec![{
            let items = vec![manifest.items[0].clone(); 600];
            Batch::sign(&Manifest { items, ..manifest.clone() }, vec![Vec::new(); 600], key)
        }],
    );
    say(
        "hundreds-of-batches",
        vec![
            Batch {
                signature: sanben_sync::keys::Signature(Vec::new()),
                ..Batch::sign(&Manifest { items: vec![], ..manifest.clone() }, vec![], key)
            };
            500
        ],
    );
    let mut hidden = encode(&manifest);
    hidden.extend_from_slice(&[0; 40]);
    let signature = key.sign(sanben_sync::keys::Purpose::Manifest, &hidden);
    say(
        "bytes-behind-the-manifest",
        vec![Batch { manifest: ByteBuf::from(hidden), signature, changes: batch.changes.clone() }],
    );
    let none = SyncRequest { batches: Vec::new(), ..honest.clone() };
    let scope = |number: u64| {
        (Scope { unit: format!("u{number}").as_str().into(), class: ScopeClass::Work }, number << 40)
    };
    let cursors = |cursors| encode(&SyncRequest { cursors, ..none.clone() });
    keep(
        "request",
        "cursors-of-two-thousand-scopes",
        cursors(Cursors::Vector((0..2000).map(scope).collect())),
    );
    keep(
        "request",
        "cursors-beyond-the-log",
        cursors(Cursors::Vector(vec![(home_scope(&"park-02".into()), u64::MAX)])),
    );
    keep("request", "digest-of-nothing", cursors(Cursors::Digest(ByteBuf::new())));
    keep("request", "digest-of-64-kib", cursors(Cursors::Digest(ByteBuf::from(vec![0; 65_536]))));
    let head = |seq| {
        SignedHead::sign(honest.epoch.unwrap(), &home_scope(&"park-02".into()), seq, Link([1; 32]), key)
    };
    for (name, seq) in
        [("proof-of-entry-zero", 0), ("proof-signed-by-a-device", 3), ("proof-beyond-all", u64::MAX)]
    {
        let proof = Some((home_scope(&"park-02".into()), head(seq)));
        keep("request", name, encode(&SyncRequest { proof, ..none.clone() }));
    }
    keep(
        "request",
        "asks-about-a-thousand-of-changes",
        encode(&SyncRequest { in_review: vec![ChangeHash([1; 32]); 1000], ..none.clone() }),
    );
    keep(
        "request",
        "of-another-life",
        encode(&SyncRequest {
            epoch: Some(sanben_domain::id::Epoch::from_random([1; 16])),
            ..honest.clone()
        }),
    );
    keep("request", "of-a-later-version-of-the-protocol", encode(&SyncRequest { v: 99, ..honest.clone() }));
    let said = requests(scene).into_iter().max_by_key(Vec::len).unwrap();
    cuts(&said, |name, bytes| keep("request", name, bytes));
}

fn response(scene: &Scene, keep: Keep<'_>) {
    let standing = scene.field().store().standing().unwrap();
    let work = home_scope(&"park-02".into());
    let stand = standing.cursors.get(&work).copied();
    let epoch = standing.epoch.unwrap();
    let plain = SyncResponse {
        v: VERSION,
        epoch,
        now: crate::world::MORNING,
        send_cursors: false,
        verdicts: vec![],
        revoked: false,
        taken_over: vec![],
        scopes: vec![],
        bundles: Vec::new(),
        lost: vec![],
        more: false,
    };
    // Entries that go on where the device stands, well chained and well signed.
    let goes_on = |scope: &Scope, bodies: Vec<EntryBody>| {
        let held = standing.cursors.get(scope);
        let (mut seq, mut link) = held.map_or((0, Link::genesis(epoch, scope)), |at| (at.seq, at.link));
        let mut entries = Vec::new();
        for body in bodies {
            seq += 1;
            let entry = Entry { seq, received: crate::world::MORNING, body };
            link = link.then(&entry);
            entries.push(entry);
        }
        let head = SignedHead::sign(epoch, scope, seq, link, &scene.server_key);
        ScopeEntries { scope: scope.clone(), entries, head }
    };
    let manifest = ManifestHash([1; 32]);
    let mut say = |name: &str, answer: SyncResponse| keep("response", name, encode(&answer));
    let with = |parts: Vec<ScopeEntries>| SyncResponse { scopes: parts, ..plain.clone() };
    for (name, bytes) in forged(scene) {
        let hash = ChangeHeader::of(&bytes).map_or(ChangeHash([5; 32]), |header| header.hash);
        let body = EntryBody::Change { document: scene.case, hash, manifest, bytes: ByteBuf::from(bytes) };
        say(&format!("change-{name}"), with(vec![goes_on(&work, vec![body])]));
    }
    let odd = DocumentId::from_random([3; 16]);
    say(
        "echo-of-what-nobody-sent",
        with(vec![goes_on(
            &work,
            vec![EntryBody::Echo { document: odd, hash: ChangeHash([3; 32]), manifest }],
        )]),
    );
    let pending = scene.field().store().pending(1).unwrap().remove(0);
    let relabelled = EntryBody::Change {
        document: odd,
        hash: pending.hash,
        manifest,
        bytes: ByteBuf::from(pending.bytes),
    };
    say("a-change-as-that-of-another-document", with(vec![goes_on(&work, vec![relabelled])]));
    for (name, update) in updates() {
        let update = EntryBody::Reference { update: ByteBuf::from(update) };
        let scope = Scope { unit: "park".into(), class: ScopeClass::Reference };
        say(&format!("reference-{name}"), with(vec![goes_on(&scope, vec![update])]));
    }
    let mut forked = goes_on(&work, vec![]);
    forked.head =
        SignedHead::sign(epoch, &work, stand.map_or(1, |at| at.seq), Link([9; 32]), &scene.server_key);
    say("another-log-under-the-same-number", with(vec![forked]));
    let mut gap =
        goes_on(&work, vec![EntryBody::Echo { document: odd, hash: ChangeHash([3; 32]), manifest }]);
    gap.entries[0].seq += 1;
    say("a-gap", with(vec![gap]));
    let mut last =
        goes_on(&work, vec![EntryBody::Echo { document: odd, hash: ChangeHash([3; 32]), manifest }]);
    last.entries[0].seq = u64::MAX;
    say("the-last-of-all-numbers", with(vec![last]));
    let mut unsigned = goes_on(&work, vec![]);
    unsigned.head.signature.0[9] ^= 1;
    say("a-head-that-nobody-signed", with(vec![unsigned]));
    for (name, unit) in [
        ("that-leads-away", "../../../etc/passwd"),
        ("with-a-zero-byte", "a\0b"),
        ("of-64-kib", &"x".repeat(65_536)),
    ] {
        say(&format!("a-scope-{name}"), with(vec![goes_on(&home_scope(&unit.into()), vec![])]));
    }
    say(
        "another-life-every-time",
        SyncResponse { epoch: sanben_domain::id::Epoch::from_random([1; 16]), ..plain.clone() },
    );
    say("always-asks-for-cursors", SyncResponse { send_cursors: true, ..plain.clone() });
    say("always-has-more", SyncResponse { more: true, ..plain.clone() });
    say("the-end-of-time", SyncResponse { now: Timestamp(i64::MAX), ..plain.clone() });
    say("the-beginning-of-time", SyncResponse { now: Timestamp(i64::MIN), ..plain.clone() });
    say(
        "loses-a-thousand-of-scopes",
        SyncResponse {
            lost: (0..1000).map(|n| home_scope(&format!("u{n}").as_str().into())).collect(),
            ..plain.clone()
        },
    );
    let said = responses(scene).into_iter().min_by_key(Vec::len).unwrap();
    cuts(&said, |name, bytes| keep("response", name, bytes));
}

/// Reference data that no office publishes.
fn updates() -> Vec<(&'static str, Vec<u8>)> {
    let update = |rows| encode(&ReferenceUpdate { rows, removed: Vec::new() });
    let cell = |corners: Vec<(i32, i32)>| {
        let corner = |(lat_e7, lon_e7)| sanben_domain::place::Coordinate { lat_e7, lon_e7 };
        let ring = sanben_domain::place::Ring(corners.into_iter().map(corner).collect());
        update(vec![ReferenceRow::Cell(Cell {
            id: "c".into(),
            level: CellLevel::Cell,
            unit: "park-02".into(),
            ring,
        })])
    };
    let unit = |id: &str, parent: &str| {
        ReferenceRow::Unit(sanben_domain::reference::Unit {
            id: id.into(),
            name: id.to_owned(),
            kind: sanben_domain::reference::UnitKind::Compound,
            parent: Some(parent.into()),
        })
    };
    let person = |name: String| {
        ReferenceRow::Person(Person {
            id: "U008".into(),
            name,
            role: Role::Command,
            unit: "../..".into(),
            team: None,
        })
    };
    vec![
        ("cell-without-corners", cell(vec![])),
        ("cell-with-one-corner", cell(vec![(1, 1)])),
        (
            "cell-around-everything",
            cell(vec![
                (i32::MIN, i32::MIN),
                (i32::MAX, i32::MIN),
                (i32::MAX, i32::MAX),
                (i32::MIN, i32::MAX),
            ]),
        ),
        ("units-in-a-circle", update(vec![unit("a", "b"), unit("b", "a"), unit("s", "s")])),
        ("name-of-64-kib", update(vec![person("长".repeat(22_000))])),
        ("name-of-format-characters", update(vec![person("\u{202e}\0\u{1b}[2J".to_owned())])),
        ("nested-arrays", deep(&[0x81], 4000)),
        (
            "rows-of-2-to-the-63",
            vec![0xa1, 0x64, b'r', b'o', b'w', b's', 0x9b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        ),
    ]
}

fn reference(_: &Scene, keep: Keep<'_>) {
    for (name, bytes) in updates() {
        keep("reference", name, bytes);
    }
}

fn mailbag(scene: &Scene, keep: Keep<'_>) {
    let sealed = mailbags(scene).remove(0);
    cuts(&sealed, |name, bytes| keep("mailbag", name, bytes));
    let magic = b"SANBEN MAILBAG 1\n";
    // Points of small order: the shared secret would be known to everybody.
    for (name, point) in [
        ("of-the-point-zero", [0; 32]),
        ("of-the-point-one", {
            let mut one = [0; 32];
            one[0] = 1;
            one
        }),
    ] {
        keep("mailbag", name, [magic.as_slice(), &point, &[0; 64]].concat());
    }
    keep("mailbag", "nothing-but-its-first-line", magic.to_vec());
    let stranger = SecretKey::from_seed([66; 32]).public();
    keep(
        "mailbag",
        "for-another-server",
        sanben_sync::mailbag::seal(&scene.asking().batches, &stranger, [5; 32]).unwrap(),
    );
    keep("mailbag", "nested-arrays", deep(&[0x81], 4000));
    let forged = forged(scene).remove(2).1;
    let change = ChangeHeader::of(&forged).unwrap().hash;
    let mut manifest = scene.asking().batches[0].claimed().unwrap();
    manifest.items = vec![ManifestItem {
        document: scene.case,
        home: home_scope(&"park-02".into()),
        change,
        intent: [0; 32],
    }];
    let batch = Batch::sign(&manifest, vec![forged], &scene.identity.key);
    keep("mailbag", "with-a-forged-author", encode(&vec![batch]));
}

fn photo(scene: &Scene, keep: Keep<'_>) {
    let pictures = photos(scene);
    let jpeg = pictures.iter().find(|bytes| bytes.starts_with(&[0xff, 0xd8])).unwrap();
    let png = pictures.iter().find(|bytes| bytes.starts_with(b"\x89PNG")).unwrap();
    let frame = jpeg.windows(2).position(|pair| matches!(pair, [0xff, 0xc0 | 0xc2])).unwrap();
    let sized = |height: u16, width: u16| {
        let mut bytes = jpeg.clone();
        bytes[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
        bytes[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
        bytes
    };
    let wide = |width: u32, height: u32| {
        let mut bytes = png.clone();
        bytes[16..20].copy_from_slice(&width.to_be_bytes());
        bytes[20..24].copy_from_slice(&height.to_be_bytes());
        bytes
    };
    let exif = |block: &[u8]| {
        let length = u16::try_from(block.len() + 8).unwrap().to_be_bytes();
        [&jpeg[..2], &[0xff, 0xe1], &length, b"Exif\0\0", block, &jpeg[2..]].concat()
    };
    for target in ["photo", "piece"] {
        let mut say = |name: &str, bytes: Vec<u8>| {
            // A piece is said to be a thumbnail here.
            let bytes = if target == "piece" { [&[2, 0, 0], bytes.as_slice()].concat() } else { bytes };
            keep(target, name, bytes);
        };
        say("jpeg-of-65535-squared", sized(65535, 65535));
        say("jpeg-of-8000-squared-in-two-kilobytes", sized(8000, 8000));
        say("jpeg-of-no-height", sized(0, 100));
        say("png-of-2-to-the-31-squared", wide(0x7fff_ffff, 0x7fff_ffff));
        say("png-of-8000-squared-in-two-kilobytes", wide(8000, 8000));
        say(
            "exif-that-points-at-itself",
            exif(b"II*\0\x08\0\0\0\x01\0\x69\x87\x04\0\x01\0\0\0\x08\0\0\0\0\0\0\0"),
        );
        say("exif-of-65535-entries", exif(b"II*\0\x08\0\0\0\xff\xff"));
        say("exif-that-begins-beyond-all", exif(b"MM\0*\xff\xff\xff\xff"));
        say("jpeg-of-markers-only", [&[0xff, 0xd8], [0xff, 0xd0].repeat(3000).as_slice()].concat());
        say("jpeg-of-empty-segments", [&[0xff, 0xd8], [0xff, 0xe2, 0, 2].repeat(3000).as_slice()].concat());
        say("jpeg-segment-of-no-length", vec![0xff, 0xd8, 0xff, 0xe1, 0, 0, 1, 2, 3]);
        say("heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec());
        say("svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>".to_vec());
        cuts(jpeg, |name, bytes| say(&format!("jpeg-{name}"), bytes));
        cuts(png, |name, bytes| say(&format!("png-{name}"), bytes));
    }
    keep("piece", "proof-of-nested-arrays", [&[1, 0, 0], framed(0, &deep(&[0x81], 200)).as_slice()].concat());
    keep("piece", "proof-that-is-a-bomb", [&[1, 0, 0], framed(1, &bomb(8192, 0)).as_slice()].concat());
}

fn import(scene: &Scene, keep: Keep<'_>) {
    let files = imports(scene);
    let head = |number: u8| {
        let file = files.iter().find(|file| file[0] == number).unwrap();
        file.split_inclusive(|byte| *byte == b'\n').next().unwrap().to_vec()
    };
    let mut say = |name: &str, number: u8, rest: &[u8]| {
        let first = if number < 8 { head(number) } else { vec![number] };
        keep("import", name, [first.as_slice(), rest].concat());
    };
    say("units-invalid-utf8", 0, &[0xff, 0xfe, b',', 0xc0, 0x80, b'\n']);
    say("units-that-lead-away", 0, "../../etc/passwd,名,社区,../..\n".as_bytes());
    say("units-in-a-circle", 0, "a,甲,小区,b\nb,乙,小区,a\n".as_bytes());
    say("units-of-a-thousand-columns", 0, ",".repeat(20_000).as_bytes());
    say("units-with-a-quote-that-never-ends", 0, [b"\"", "行\n".repeat(2000).as_bytes()].concat().as_slice());
    say("units-with-zero-bytes", 0, b"a\0b,\0,\0,\0\n");
    say("points-beyond-the-earth", 1, "P9,点,小区,park-02,1e400,-1e400,T1\n".as_bytes());
    say("points-nowhere", 1, "P9,点,小区,park-02,NaN,inf,T1\n".as_bytes());
    say("people-that-are-formulas", 3, "U9,=cmd|' /C calc'!A0,督导员,park,T1\n".as_bytes());
    say("assignments-beyond-time", 5, "P011,U008,点位负责人,99999-12-31,-99999-01-01\n".as_bytes());
    say("calendar-of-no-month", 6, "2026-13-40,休,x\n".as_bytes());
    say("toml-nested", 8, format!("a = {}", "[".repeat(20_000)).as_bytes());
    say("toml-dotted", 8, format!("{}x = 1", "a.".repeat(20_000)).as_bytes());
    say("toml-of-numbers-beyond-all", 8, b"offset_minutes = 99999999999999999999\n");
    say("rules-with-a-half-of-nothing", 9, b"[[rule]]\nid = \"R\"\npoints = \"1/0\"\n");
    say(
        "geojson-nested",
        10,
        format!("{{\"type\":\"FeatureCollection\",\"features\":{}", "[".repeat(20_000)).as_bytes(),
    );
    say("geojson-of-one-corner", 10, br#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":"c","unit":"park-02"},"geometry":{"type":"Polygon","coordinates":[[[1e308,-1e308]]]}}]}"#);
}

fn proof(scene: &Scene, keep: Keep<'_>) {
    let whole = proofs(scene).remove(0);
    let whole = &whole[..whole.len().min(6000)];
    cuts(whole, |name, bytes| keep("proof", name, bytes));
    let first = b"sanben log 1\n";
    keep("proof", "a-record-of-4-gib", [first.as_slice(), &[0xff; 8]].concat());
    keep("proof", "records-of-nothing", [first.as_slice(), &[0; 4000]].concat());
    keep(
        "proof",
        "nested-arrays",
        [first.as_slice(), &4000_u32.to_be_bytes(), &deep(&[0x81], 4000)].concat(),
    );
    keep("proof", "of-another-version", b"sanben log 9\n\0\0\0\0".to_vec());
}

/// A header of a tar with whatever name, kind and size.
fn header(name: &[u8], kind: u8, size: &[u8; 12]) -> Vec<u8> {
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

fn archive(scene: &Scene, keep: Keep<'_>) {
    let small = b"00000000005\0";
    let entry = |name: &[u8], kind: u8| {
        [header(name, kind, small), [b"hello".as_slice(), &[0; 507]].concat(), vec![0; 1024]].concat()
    };
    let hash = scene.photo.to_string();
    for (what, name) in [
        ("up-and-away", b"../../evil".to_vec()),
        ("to-the-root", b"/etc/evil".to_vec()),
        ("among-the-photos", b"photos/../../evil".to_vec()),
        ("behind-a-photo", format!("photos/{hash}/../../evil").into_bytes()),
        ("as-a-photo-in-capitals", format!("photos/{}", hash.to_uppercase()).into_bytes()),
        ("into-what-arrives", b"photos/arriving/x".to_vec()),
        ("of-invalid-utf8", vec![0xff, 0xfe, b'x']),
        ("of-another-system", br"photos\..\..\evil".to_vec()),
        ("into-the-replica", b"replica/sanben.db".to_vec()),
        ("of-no-name", vec![]),
    ] {
        keep("archive", &format!("name-{what}"), entry(&name, b'0'));
    }
    keep("archive", "a-link-instead-of-the-log", entry(b"log.db", b'2'));
    keep("archive", "a-hard-link-instead-of-the-key", entry(b"server.key", b'1'));
    keep("archive", "a-pipe-instead-of-the-log", entry(b"log.db", b'6'));
    keep("archive", "a-folder-instead-of-the-log", entry(b"log.db", b'5'));
    keep(
        "archive",
        "the-key-twice",
        [&entry(b"server.key", b'0')[..1024], &entry(b"server.key", b'0')].concat(),
    );
    keep(
        "archive",
        "a-size-beyond-all",
        header(b"log.db", b'0', &[0x80, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
    );
    keep("archive", "a-size-below-nothing", header(b"log.db", b'0', b"-0000000001\0"));
    keep("archive", "a-list-of-the-largest-size", header(b"contents.json", b'0', b"77777777777\0"));
    keep("archive", "a-log-that-is-none", entry(b"log.db", b'0'));
    let whole = archives(scene).remove(0);
    keep("archive", "the-beginning-of-an-honest-one", whole[..3000].to_vec());
    keep("archive", "nothing-at-all", vec![]);
    keep("archive", "zeros", vec![0; 1024]);
}
