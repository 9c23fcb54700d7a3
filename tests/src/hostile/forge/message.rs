//! Frames, calls and requests that no device sends.

use super::super::message::{frames, requests};
use super::super::scene::Scene;
use super::change::{forged, matters};
use super::{Keep, bomb, cuts, deep, framed, one_block};
use sanben_document::{ChangeHash, ChangeHeader, encode};
use sanben_domain::id::{DeviceId, DocumentId, Epoch, TenantId};
use sanben_domain::rights::{Scope, ScopeClass, home_scope};
use sanben_sync::chain::{Link, SignedHead};
use sanben_sync::frame::pack;
use sanben_sync::keys::SecretKey;
use sanben_sync::manifest::{Batch, Manifest, ManifestItem};
use sanben_sync::wire::{Cursors, SyncRequest};
use serde_bytes::ByteBuf;

pub(super) fn frame(scene: &Scene, keep: Keep<'_>) {
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
    keep("frame", "kind-of-tomorrow", vec![5, 0xf6]);
    // Ids written short: under the limit until they are written out; the escape cut short, and one that nobody writes.
    keep("frame", "short-ids-that-grow-beyond-the-limit", pack(&vec!["00".repeat(32); 130_000]));
    let short = |kind: u8, text: &[u8]| framed(kind, &one_block(text));
    keep("frame", "short-ids-cut", short(3, &[0xc1, 1, 7, 7]));
    keep("frame", "short-ids-of-no-kind", short(3, &[0x81, 0xc1, 9, 0]));
    keep("frame", "short-ids-after-no-question", short(4, &[0xc1, 2]));
    keep("frame", "trailing-bytes", framed(0, &[0xf6, 0xf6]));
    // A kilobyte on the line, eight million on the way in, two hundred million in memory.
    let (asking, key) = (scene.asking(), &scene.identity.key);
    let manifest = asking.batches[0].claimed().unwrap();
    let batches = vec![Batch::sign(&manifest, vec![Vec::new(); 8_000_000], key)];
    keep("frame", "millions-of-empty-changes", pack(&SyncRequest { batches, ..asking }));
    let frames = frames(scene);
    let longest = frames.iter().max_by_key(|frame| frame.len()).unwrap();
    cuts(&longest[..longest.len().min(4000)], |name, bytes| keep("frame", name, bytes));
}

pub(super) fn call(scene: &Scene, keep: Keep<'_>) {
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
        encode(&sanben_sync::enrol::EnrolRequest { v: 1, secret: code.secret, device, key, again: None })
    });
}

/// A request of the device with this one batch.
fn asks(scene: &Scene, batches: Vec<Batch>) -> Vec<u8> {
    encode(&SyncRequest { batches, ..scene.asking() })
}

pub(super) fn request(scene: &Scene, keep: Keep<'_>) {
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
    for (name, document, header, bytes) in matters() {
        let change = ChangeHeader::of(&bytes).unwrap().hash;
        let home = Scope { unit: header.home, class: header.class };
        let item = ManifestItem { document, home, change, intent: [0; 32] };
        let manifest = Manifest { items: vec![item], ..manifest.clone() };
        say(&format!("matter-{name}"), vec![Batch::sign(&manifest, vec![bytes], key)]);
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
        encode(&SyncRequest { epoch: Some(Epoch::from_random([1; 16])), ..honest.clone() }),
    );
    keep("request", "of-a-later-version-of-the-protocol", encode(&SyncRequest { v: 99, ..honest.clone() }));
    let said = requests(scene).into_iter().max_by_key(Vec::len).unwrap();
    cuts(&said, |name, bytes| keep("request", name, bytes));
}
