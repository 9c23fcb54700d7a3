//! Answers, bundles and receipts that no server gives.

use super::super::message::responses;
use super::super::scene::Scene;
use super::change::{forged, updates};
use super::{Keep, cuts};
use sanben_document::{ChangeHash, ChangeHeader, encode};
use sanben_domain::id::{DocumentId, Epoch};
use sanben_domain::rights::{Scope, ScopeClass, home_scope};
use sanben_domain::time::Timestamp;
use sanben_sync::chain::{Link, SignedHead};
use sanben_sync::manifest::ManifestHash;
use sanben_sync::wire::{Entry, EntryBody, ScopeEntries, SyncResponse};
use serde_bytes::ByteBuf;

pub(super) fn response(scene: &Scene, keep: Keep<'_>) {
    let standing = scene.field().store().standing().unwrap();
    let work = home_scope(&"park-02".into());
    let stand = standing.cursors.get(&work).copied();
    let epoch = standing.epoch.unwrap();
    let plain = SyncResponse { verdicts: Vec::new(), ..scene.nothing_new() };
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
    say("another-life-every-time", SyncResponse { epoch: Epoch::from_random([1; 16]), ..plain.clone() });
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
