//! The device's side against logs that are honest, edited, cut and forged.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

use proptest::prelude::*;
use sanben_document::{Actor, Document, Intent, IntentBody};
use sanben_domain::case::Source;
use sanben_domain::id::{DeviceId, DocumentId, Epoch, EventId};
use sanben_domain::reference::ReferenceUpdate;
use sanben_domain::rights::{Scope, ScopeClass, home_scope};
use sanben_domain::time::{Stamp, Timestamp};
use sanben_sync::chain::{Link, SignedHead};
use sanben_sync::device::{Answer, AnswerError, Cursor, Identity, Page, Pending, Standing, check, request};
use sanben_sync::enrol::{Certificate, Code, Enrolled};
use sanben_sync::frame::{FrameError, pack, unpack};
use sanben_sync::keys::SecretKey;
use sanben_sync::manifest::ManifestHash;
use sanben_sync::note::{Erasure, Note};
use sanben_sync::pace::{LARGEST, Pace, SMALLEST};
use sanben_sync::wire::{
    Cursors, Entry, EntryBody, Rejection, ScopeEntries, SyncResponse, VERSION, Verdict, digest,
};
use serde_bytes::ByteBuf;
use std::collections::BTreeMap;

const EPOCH: Epoch = Epoch(uuid::Uuid::from_u128(77));
const NOW: Timestamp = Timestamp(1_773_961_200_000);

fn server() -> SecretKey {
    SecretKey::from_seed([9; 32])
}

fn identity() -> Identity {
    Identity {
        tenant: "park".into(),
        device: DeviceId::from_random([3; 16]),
        person: "U008".into(),
        key: SecretKey::from_seed([4; 32]),
        server: server().public(),
    }
}

fn scope() -> Scope {
    home_scope(&"park-02".into())
}

fn reported(number: u8) -> (DocumentId, sanben_document::LocalChange) {
    let document = DocumentId::from_random([number; 16]);
    let intent = Intent {
        v: 1,
        document,
        event: EventId::from_random([number; 16]),
        at: Stamp::exact(NOW),
        by: "U008".into(),
        seen: vec![],
        body: IntentBody::Report {
            home: "park-02".into(),
            source: Source::Own,
            point: None,
            standard: None,
            description: format!("第{number}处"),
            fix: None,
            photos: BTreeMap::new(),
        },
    };
    (document, Document::create(&intent, Actor([number; 16])).unwrap().1)
}

/// An honest log of so many changes, and the signed answer that brings it.
fn answer(count: u8) -> SyncResponse {
    let mut link = Link::genesis(EPOCH, &scope());
    let mut entries = Vec::new();
    for number in 1..=count {
        let (document, change) = reported(number);
        let manifest = ManifestHash([number; 32]);
        let body =
            EntryBody::Change { document, hash: change.hash, manifest, bytes: ByteBuf::from(change.bytes) };
        let entry = Entry { seq: u64::from(number), received: NOW.plus_ms(i64::from(number)), body };
        link = link.then(&entry);
        entries.push(entry);
    }
    let head = SignedHead::sign(EPOCH, &scope(), u64::from(count), link, &server());
    SyncResponse {
        v: VERSION,
        epoch: EPOCH,
        now: NOW,
        send_cursors: false,
        revoked: false,
        taken_over: vec![],
        verdicts: vec![],
        erased: vec![],
        scopes: vec![ScopeEntries { scope: scope(), entries, head }],
        bundles: Vec::new(),
        lost: vec![],
        more: false,
        prove: None,
    }
}

fn applied(standing: &Standing, response: SyncResponse) -> Page {
    match check(&identity(), standing, response).unwrap() {
        Answer::Apply(page) => *page,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_honest_log_is_taken_whole_and_continued() {
    let whole = applied(&Standing::default(), answer(5));
    assert_eq!(whole.changes.len(), 5);
    assert!(whole.confirmed);

    // The same log in two pieces ends at the same link.
    let first = applied(&Standing::default(), answer(2));
    let [(_, cursor, _)] = first.cursors.as_slice() else { panic!("one scope") };
    let standing = Standing {
        epoch: Some(EPOCH),
        cursors: BTreeMap::from([(scope(), *cursor)]),
        confirmed: true,
        ..Standing::default()
    };
    let mut rest = answer(5);
    rest.scopes[0].entries.drain(..2);
    assert_eq!(applied(&standing, rest).cursors, whole.cursors);
}

#[test]
fn a_log_that_was_edited_cut_or_forged_is_refused() {
    let refused = |edit: &dyn Fn(&mut SyncResponse)| {
        let mut response = answer(4);
        edit(&mut response);
        check(&identity(), &Standing::default(), response).unwrap_err()
    };
    let gap = refused(&|r| drop(r.scopes[0].entries.remove(1)));
    assert_eq!(gap, AnswerError::Gap);
    let later = refused(&|r| r.scopes[0].entries[2].received = NOW.plus_hours(9));
    assert_eq!(later, AnswerError::Forged("the chain of a scope"));
    let other_bytes = refused(&|r| {
        let (_, change) = reported(99);
        let EntryBody::Change { bytes, .. } = &mut r.scopes[0].entries[0].body else { panic!("a change") };
        *bytes = ByteBuf::from(change.bytes);
    });
    assert_eq!(other_bytes, AnswerError::Forged("a change with another hash"));
    let other_author = refused(&|r| {
        let EntryBody::Change { manifest, .. } = &mut r.scopes[0].entries[3].body else { panic!("a change") };
        *manifest = ManifestHash([0; 32]);
    });
    assert_eq!(other_author, AnswerError::Forged("the chain of a scope"));
    let stranger = refused(&|r| {
        let head = &r.scopes[0].head;
        r.scopes[0].head =
            SignedHead::sign(EPOCH, &scope(), head.seq, head.link, &SecretKey::from_seed([8; 32]));
    });
    assert_eq!(stranger, AnswerError::Forged("the head's signature"));
    assert_eq!(refused(&|r| r.v = 2), AnswerError::Version);
}

#[test]
fn a_log_that_was_rolled_back_or_replaced_is_seen() {
    let page = applied(&Standing::default(), answer(4));
    let cursors = page.cursors.iter().map(|(scope, cursor, _)| (scope.clone(), *cursor)).collect();
    let standing = Standing { epoch: Some(EPOCH), cursors, confirmed: true, ..Standing::default() };
    // The server was restored to two entries and then took a fifth one under the number three.
    let mut forked = answer(4);
    forked.scopes[0].entries.clear();
    let head = SignedHead::sign(EPOCH, &scope(), 4, Link([1; 32]), &server());
    forked.scopes[0].head = head;
    assert_eq!(check(&identity(), &standing, forked), Ok(Answer::Prove(scope())));
    let mut other_life = answer(0);
    other_life.epoch = Epoch(uuid::Uuid::from_u128(78));
    let life = other_life.epoch;
    assert_eq!(check(&identity(), &standing, other_life), Ok(Answer::NewLife(life)));
}

#[test]
fn reference_data_and_echoes_are_part_of_the_chain() {
    let (document, change) = reported(1);
    let update = ReferenceUpdate::default();
    let entries = vec![
        Entry {
            seq: 1,
            received: NOW,
            body: EntryBody::Reference { update: ByteBuf::from(sanben_document::encode(&update)) },
        },
        Entry {
            seq: 2,
            received: NOW,
            body: EntryBody::Change {
                document,
                hash: change.hash,
                manifest: ManifestHash([1; 32]),
                bytes: ByteBuf::from(change.bytes),
            },
        },
    ];
    let link = entries.iter().fold(Link::genesis(EPOCH, &scope()), Link::then);
    let mut echoed = answer(0);
    echoed.scopes[0].head = SignedHead::sign(EPOCH, &scope(), 2, link, &server());
    echoed.scopes[0].entries = entries;
    let entry = &mut echoed.scopes[0].entries[1];
    entry.body = EntryBody::Echo { document, hash: change.hash, manifest: ManifestHash([1; 32]) };
    let page = applied(&Standing::default(), echoed);
    assert_eq!(page.references, [update]);
    assert_eq!(page.changes[0].bytes, None, "the device has the bytes of its own work");
}

#[test]
fn a_device_follows_the_chain_over_notes_that_it_does_not_know() {
    let document = reported(1).0;
    let told = |notes: &[(u8, Vec<u8>)]| {
        let mut response = answer(2);
        let part = &mut response.scopes[0];
        let mut link = part.head.link;
        for (seq, (kind, body)) in (3..).zip(notes) {
            let body = EntryBody::Note { kind: *kind, body: ByteBuf::from(body.clone()) };
            let entry = Entry { seq, received: NOW, body };
            link = link.then(&entry);
            part.entries.push(entry);
        }
        part.head = SignedHead::sign(EPOCH, &scope(), part.entries.len() as u64, link, &server());
        response
    };
    let erasure = Erasure::sign(document, NOW, &server());
    let notes = [Note::Erase(erasure.clone()), Note::Later { kind: 250, body: vec![1, 2, 3] }];
    let page = applied(&Standing::default(), told(&notes.clone().map(|note| note.written())));
    assert_eq!(page.notes.iter().map(|noted| noted.note.clone()).collect::<Vec<_>>(), notes);
    assert_eq!(page.notes[1].seq, 4);

    let refused = |kind, body| check(&identity(), &Standing::default(), told(&[(kind, body)])).unwrap_err();
    let (erase, _) = Note::Erase(erasure).written();
    let forged = Erasure::sign(document, NOW, &SecretKey::from_seed([99; 32]));
    assert_eq!(
        refused(erase, sanben_document::encode(&forged)),
        AnswerError::Forged("an erasure's signature")
    );
    assert_eq!(refused(erase, vec![0xff]), AnswerError::Forged("an unreadable note"));
    assert_eq!(refused(1, Vec::new()), AnswerError::Forged("an unreadable note"), "no change in disguise");

    // Without its bytes the chain is the same.
    let mut response = answer(2);
    let whole = applied(&Standing::default(), response.clone());
    let body = &mut response.scopes[0].entries[0].body;
    let EntryBody::Change { document, hash, manifest, .. } = body.clone() else { panic!("a change") };
    *body = EntryBody::Erased { document, hash, manifest };
    let page = applied(&Standing::default(), response);
    assert_eq!((page.cursors, page.changes.len()), (whole.cursors, 1));
}

#[test]
fn what_was_erased_goes_by_the_servers_word_alone() {
    let (document, change) = reported(1);
    let refused = |erased: Vec<Erasure>| SyncResponse {
        verdicts: vec![(change.hash, Verdict::Rejected(Rejection::Erased))],
        erased,
        ..answer(1)
    };
    let word = Erasure::sign(document, NOW, &server());
    assert_eq!(
        applied(&Standing::default(), refused(vec![word.clone()])).erased,
        std::slice::from_ref(&word)
    );
    assert_eq!(applied(&Standing::default(), refused(Vec::new())).erased, [], "the verdict is no word");
    let foreign = Erasure::sign(document, NOW, &SecretKey::from_seed([99; 32]));
    let of_another = Erasure { document: reported(2).0, ..word };
    for forged in [foreign, of_another] {
        let answer = check(&identity(), &Standing::default(), refused(vec![forged]));
        assert_eq!(answer.unwrap_err(), AnswerError::Forged("an erasure's signature"));
    }
}

#[test]
fn a_request_signs_what_it_carries_and_says_little_when_nothing_is_new() {
    let cursors: BTreeMap<Scope, Cursor> = (0..200)
        .map(|n| {
            (home_scope(&format!("park-{n:03}").as_str().into()), Cursor { seq: n, link: Link([0; 32]) })
        })
        .collect();
    let standing = Standing { epoch: Some(EPOCH), cursors, confirmed: true, ..Standing::default() };
    let quiet = request(&identity(), &standing, &[], 65_536, NOW);
    assert!(pack(&quiet).len() <= 150, "{} bytes for 200 scopes", pack(&quiet).len());
    assert!(matches!(quiet.cursors, Cursors::Digest(_)));

    let pending = |number: u8, person: &str| {
        let (document, change) = reported(number);
        Pending {
            document,
            home: scope(),
            person: person.into(),
            hash: change.hash,
            bytes: change.bytes,
            cited: Vec::new(),
            intent: vec![number],
        }
    };
    let work = [pending(1, "U008"), pending(2, "U008"), pending(3, "U009")];
    let full = request(&identity(), &Standing::default(), &work, 65_536, NOW);
    assert_eq!(full.batches.len(), 2, "a manifest an acting person");
    let batch = &full.batches[0];
    assert!(batch.signed_by(&identity().key.public()));
    assert_eq!(batch.claimed().unwrap().items.len(), 2);
    let mut changed = batch.clone();
    changed.manifest[20] ^= 1;
    assert!(!changed.signed_by(&identity().key.public()));
}

#[test]
fn a_code_names_its_server_and_survives_being_read_aloud() {
    let code = Code::new([1, 200, 31, 4, 5, 6, 7, 8, 9, 10], &server().public());
    let spoken = code.to_string().to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
    assert_eq!(spoken.parse::<Code>().unwrap(), code);
    assert!("ABCDE-FGHJK".parse::<Code>().is_err());
    assert!("ÄBCDE-FGHJK-MNPQR-STVWX".parse::<Code>().is_err());

    let (device, key) = (identity().device, identity().key.public());
    let certificate = Certificate {
        tenant: "park".into(),
        device,
        key: key.clone(),
        person: "U008".into(),
        issued: NOW,
        holder: None,
    };
    let genuine = Enrolled::sign(&certificate, EPOCH, NOW, &server());
    assert_eq!(genuine.verify(&code, device, &key), Some(certificate.clone()));
    let impostor = Enrolled::sign(&certificate, EPOCH, NOW, &SecretKey::from_seed([8; 32]));
    assert_eq!(impostor.verify(&code, device, &key), None);
    let mut mixed = impostor;
    mixed.server = server().public();
    assert_eq!(mixed.verify(&code, device, &key), None, "named, but not signed by the server");
}

#[test]
fn a_bomb_is_not_inflated() {
    let bomb = zstd::bulk::compress(&vec![0_u8; 64 * 1024 * 1024], 19).unwrap();
    assert!(bomb.len() < 16 * 1024);
    let mut framed = vec![1];
    framed.extend(bomb);
    assert_eq!(unpack::<Vec<u8>>(&framed, 1024 * 1024), Err(FrameError::TooLarge));
}

#[test]
fn pace_grows_on_a_good_network_and_backs_off_on_a_bad_one() {
    let mut pace = Pace::default();
    for _ in 0..10 {
        pace = pace.succeeded();
    }
    assert_eq!((pace.budget(), pace.next_try()), (LARGEST, None));
    let mut waits = Vec::new();
    for _ in 0..20 {
        pace = pace.failed(NOW, 0);
        waits.push(pace.next_try().unwrap().since(NOW));
    }
    assert_eq!(pace.budget(), SMALLEST);
    assert!(waits.is_sorted() && waits[0] >= 1_000 && waits[19] <= 15 * 60_000, "{waits:?}");
    assert!(pace.failed(NOW, 255).next_try() > pace.failed(NOW, 0).next_try(), "a crowd is spread");
}

proptest! {
    #[test]
    fn any_bytes_are_no_message_and_no_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(unpack::<SyncResponse>(&bytes, 1 << 20).is_err());
    }

    /// A damaged answer is refused as a message or by its chain; it never changes what is applied.
    #[test]
    fn a_damaged_answer_is_never_applied_differently(position in 0usize..5_000, flip in 1u8..=255) {
        let honest = applied(&Standing::default(), answer(3));
        let mut plain = vec![0];
        plain.extend(sanben_document::encode(&answer(3)));
        let index = position % plain.len();
        plain[index] ^= flip;
        if let Ok(response) = unpack::<SyncResponse>(&plain, 1 << 20)
            && let Ok(Answer::Apply(page)) = check(&identity(), &Standing::default(), response)
        {
            // What is not covered by the chain is covered by the signature over the whole answer; the
            // changes and cursors are what must not differ.
            if !page.cursors.is_empty() {
                prop_assert_eq!(page.changes, honest.changes);
                prop_assert_eq!(page.cursors, honest.cursors);
            }
        }
    }

    #[test]
    fn a_digest_depends_on_every_cursor_and_no_order(mut seqs in proptest::collection::vec(any::<u64>(), 1..20), which: prop::sample::Index) {
        let vector = |seqs: &[u64]| -> Vec<(Scope, u64)> {
            let scope = |n: usize| Scope { unit: format!("u{n}").as_str().into(), class: ScopeClass::Work };
            seqs.iter().enumerate().map(|(n, seq)| (scope(n), *seq)).collect()
        };
        let original = vector(&seqs);
        let mut reversed = original.clone();
        reversed.reverse();
        prop_assert_eq!(digest(&original), digest(&reversed));
        let index = which.index(seqs.len());
        seqs[index] ^= 1;
        prop_assert_ne!(digest(&original), digest(&vector(&seqs)));
    }
}
