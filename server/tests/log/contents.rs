//! What the log holds beside its numbers and its shares: pages, verdicts, cursors, devices, codes, photos.

use crate::scribe::{NOON, Scribe, batch, begin_life, device, document, whole, work};
use crate::store::Store;
use sanben_document::{ChangeHash, Refusal};
use sanben_domain::id::{Epoch, PersonId, PhotoHash, TenantId};
use sanben_domain::time::Timestamp;
use sanben_server::log::{
    Citation, Decision, Device, Invitation, LogError, PhotoProgress, Review, Showing, TrailRow,
};
use sanben_sync::chain::Link;
use sanben_sync::keys::PublicKey;
use sanben_sync::wire::Rejection;

every_store![
    the_trail_is_kept_in_order,
    a_page_keeps_to_its_budget,
    a_page_of_a_long_log_is_quick,
    changes_are_found_by_what_they_are,
    manifests_are_kept_as_they_were_signed,
    rejections_are_by_device,
    the_last_cursors_are_remembered,
    devices_come_and_go,
    an_invitation_is_used_once,
    photos_are_cited_and_arrive,
    names_are_in_any_script,
    the_tenant_is_kept,
    work_in_review_waits_for_a_person,
    another_life_is_chained_anew,
    nobody_waits_for_who_reads_for_long,
];

fn nobody_waits_for_who_reads_for_long(store: &Store) {
    let log = store.open();
    let (mut scribe, home) = (Scribe::new(), work("park-01"));
    let long = log.survey().unwrap();
    assert_eq!(long.head(&home).unwrap(), None);
    let mut tx = log.begin().unwrap();
    scribe.append_sized(&mut *tx, &home, document(1), 10);
    tx.commit().unwrap();
    assert_eq!(log.read().unwrap().head(&home).unwrap().map(|head| head.seq), Some(1));
    assert_eq!(long.head(&home).unwrap(), None, "it sees one instant");
}

fn the_trail_is_kept_in_order(store: &Store) {
    let log = store.open();
    assert_eq!(log.read().unwrap().trail_end().unwrap(), None);
    let row = |seq: u8| TrailRow { seq: seq.into(), link: Link([seq; 32]), bytes: vec![seq, 0xff] };
    for seq in 1..=3 {
        let mut tx = log.begin().unwrap();
        tx.append_trail(&row(seq)).unwrap();
        assert_eq!(tx.trail_end().unwrap(), Some(row(seq)));
        tx.commit().unwrap();
    }
    let mut tx = log.begin().unwrap();
    assert!(tx.append_trail(&row(2)).is_err(), "a number is given once");
    assert!(tx.commit().is_err());
    let view = store.open();
    assert_eq!(view.read().unwrap().trail().unwrap(), [row(1), row(2), row(3)]);
}

fn a_page_keeps_to_its_budget(store: &Store) {
    const OVERHEAD: usize = 160;
    let log = store.open();
    let (mut scribe, home) = (Scribe::new(), work("park-01"));
    let sizes = [10, 5000, 0, 300, 1, 70_000, 40, 40, 40];
    let mut tx = log.begin().unwrap();
    for size in sizes {
        scribe.append_sized(&mut *tx, &home, document(1), size);
    }
    tx.commit().unwrap();
    let view = log.read().unwrap();
    for budget in [0, 1, 170, 171, 5330, 5331, 80_000, usize::MAX] {
        let mut after = 0;
        while after < sizes.len() {
            let page = view.entries(&home, after as u64, budget).unwrap();
            let costs = || sizes[after..].iter().map(|size| size + OVERHEAD);
            let mut sum = 0;
            let fitting = costs().take_while(|cost| {
                sum += cost;
                sum <= budget
            });
            let expected = fitting.count().max(1);
            assert_eq!(page.len(), expected, "after {after} with {budget}");
            after += page.len();
        }
    }
    for beyond in [sizes.len() as u64, 1000, u64::MAX] {
        assert_eq!(view.entries(&home, beyond, 1000).unwrap(), []);
    }
    assert_eq!(view.entries(&work("nowhere"), 0, 1000).unwrap(), []);
}

/// What an entry of a page costs does not grow with the log, nor with the page: nobody reads a whole log to give
/// a part of it, not even while the database knows nothing yet of a log that has just grown.
fn a_page_of_a_long_log_is_quick(store: &Store) {
    let log = store.open();
    let (mut scribe, home) = (Scribe::new(), work("park-01"));
    let mut write = |count: u64| {
        let mut tx = log.begin().unwrap();
        for number in 0..count {
            scribe.append(&mut *tx, &home, document(u128::from(number / 10)));
        }
        tx.commit().unwrap();
    };
    let cost = |after: u64, entries: u32| {
        let once = || {
            let begun = std::time::Instant::now();
            let page = log.read().unwrap().entries(&home, after, 260 * entries as usize).unwrap();
            assert_eq!(page.len(), entries as usize);
            begun.elapsed() / entries
        };
        (0..3).map(|_| once()).min().unwrap()
    };
    write(300);
    cost(0, 300);
    let small = cost(0, 300);
    write(3700);
    for (after, entries) in [(0, 300), (2000, 300), (3700, 300), (0, 4000)] {
        // A busy machine is slow now and then, a plan that reads too much every time.
        let costs: Vec<_> = std::iter::repeat_with(|| cost(after, entries)).take(8).collect();
        let quick = costs.iter().any(|now| *now < small * 5);
        assert!(quick, "an entry of {entries} after {after}: {costs:?}, of a short log: {small:?}");
    }
}

fn changes_are_found_by_what_they_are(store: &Store) {
    let log = store.open();
    let (mut scribe, home) = (Scribe::new(), work("park-01"));
    let first = scribe.change(document(1), 10);
    let mut tx = log.begin().unwrap();
    tx.keep_manifest(device(1), &batch(&scribe.name)).unwrap();
    assert_eq!(tx.accepted(first.hash).unwrap(), None);
    assert_eq!(tx.append_change(&home, &first, NOON).unwrap(), 1);
    assert_eq!(tx.accepted(first.hash).unwrap(), Some(1));
    tx.commit().unwrap();
    let view = log.read().unwrap();
    assert_eq!(view.accepted(first.hash).unwrap(), Some(1));
    assert_eq!(view.accepted(ChangeHash([9; 32])).unwrap(), None);
    assert_eq!(view.written(document(1), &first.actor, 1).unwrap(), Some(first.hash));
    assert_eq!(view.written(document(1), &first.actor, 2).unwrap(), None);
    assert_eq!(view.written(document(2), &first.actor, 1).unwrap(), None);
    assert_eq!(view.written(document(1), b"other", 1).unwrap(), None);
    assert_eq!(view.document(document(1)).unwrap(), [first.bytes]);
    assert!(view.document(document(2)).unwrap().is_empty());
}

fn manifests_are_kept_as_they_were_signed(store: &Store) {
    let log = store.open();
    let (kept, unknown) = (batch(&[0, 255, 1, 2]), batch(b"unknown"));
    for _ in 0..2 {
        let mut tx = log.begin().unwrap();
        tx.keep_manifest(device(1), &kept).unwrap();
        tx.commit().unwrap();
    }
    let view = log.read().unwrap();
    assert_eq!(view.manifest(kept.hash()).unwrap(), Some(kept));
    assert_eq!(view.manifest(unknown.hash()).unwrap(), None);
    drop(view);
    // Without its manifest a change has no author.
    let change = Scribe::new().change(document(1), 10);
    let mut tx = log.begin().unwrap();
    tx.append_change(&work("park-01"), &change, NOON).unwrap_err();
}

fn rejections_are_by_device(store: &Store) {
    let log = store.open();
    let (change, manifest) = (ChangeHash([1; 32]), batch(b"x").hash());
    let (one, other) = (Rejection::Form(Refusal::Fork), Rejection::DependsOnRejected);
    let mut tx = log.begin().unwrap();
    tx.reject(change, device(1), manifest, &one, NOON).unwrap();
    tx.reject(change, device(2), manifest, &other, NOON).unwrap();
    tx.commit().unwrap();
    let view = log.read().unwrap();
    assert_eq!(view.rejected(change, device(1)).unwrap(), Some(one));
    assert_eq!(view.rejected(change, device(2)).unwrap(), Some(other));
    assert_eq!(view.rejected(change, device(3)).unwrap(), None);
    assert_eq!(view.counts().unwrap().rejected, 1);
}

fn the_last_cursors_are_remembered(store: &Store) {
    let log = store.open();
    let cursors = |number| vec![(work("park-01"), number), (work("park-02"), 7)];
    let hand_out = |of: u128, base: Option<&[u8]>, digest: &[u8], number: u64| {
        let mut tx = log.begin().unwrap();
        tx.hand_out(device(of), base, digest, &cursors(number)).unwrap();
        tx.commit().unwrap();
    };
    hand_out(1, None, b"one", 1);
    hand_out(2, None, b"one", 9);
    hand_out(1, Some(b"one"), b"two", 2);
    let handed = |of, digest: &[u8]| log.read().unwrap().handed(device(of), digest).unwrap();
    assert_eq!(handed(1, b"one"), Some(cursors(1)), "the answer may have been lost");
    assert_eq!(handed(1, b"two"), Some(cursors(2)));
    hand_out(1, Some(b"two"), b"three", 3);
    assert_eq!(handed(1, b"one"), None);
    assert_eq!(handed(1, b"two"), Some(cursors(2)));
    hand_out(1, Some(b"three"), b"three", 4);
    assert_eq!(handed(1, b"two"), None);
    assert_eq!(handed(1, b"three"), Some(cursors(4)));
    hand_out(1, None, b"four", 5);
    assert_eq!(handed(1, b"three"), None);
    assert_eq!(handed(2, b"one"), Some(cursors(9)), "another device's");
}

fn devices_come_and_go(store: &Store) {
    let log = store.open();
    let made = |number: u128, minutes: i64| Device {
        id: device(number),
        key: PublicKey(vec![u8::try_from(number).unwrap(); 33]),
        person: PersonId::from("U007"),
        enrolled: Timestamp(NOON.0 + minutes * 60_000),
        revoked: None,
    };
    let mut tx = log.begin().unwrap();
    for device in [made(3, 2), made(2, 1), made(1, 2)] {
        tx.add_device(&device).unwrap();
    }
    tx.commit().unwrap();
    let view = log.read().unwrap();
    assert_eq!(view.devices().unwrap(), [made(2, 1), made(1, 2), made(3, 2)]);
    assert_eq!(view.device(device(3)).unwrap(), Some(made(3, 2)));
    assert_eq!(view.device(device(4)).unwrap(), None);
    drop(view);
    for later in [5, 6] {
        let mut tx = log.begin().unwrap();
        tx.revoke_device(device(3), Timestamp(later)).unwrap();
        tx.revoke_device(device(4), Timestamp(later)).unwrap();
        tx.commit().unwrap();
    }
    let view = log.read().unwrap();
    assert_eq!(view.device(device(3)).unwrap().unwrap().revoked, Some(Timestamp(5)), "the first time holds");
    assert_eq!(view.counts().unwrap().devices, 2);
    drop(view);
    let mut tx = log.begin().unwrap();
    tx.add_device(&made(1, 9)).unwrap_err();
}

/// Of all who try at once, one is let in.
fn an_invitation_is_used_once(store: &Store) {
    let log = store.open();
    let invitation = Invitation { person: PersonId::from("U007"), expires: NOON, used_by: None };
    let mut tx = log.begin().unwrap();
    tx.invite([4; 32], &invitation).unwrap();
    tx.commit().unwrap();
    assert_eq!(log.read().unwrap().invitation([4; 32]).unwrap(), Some(invitation));
    assert_eq!(log.read().unwrap().invitation([5; 32]).unwrap(), None);
    let enrolled: Vec<_> = std::thread::scope(|threads| {
        let tries = (1..6).map(|number| {
            threads.spawn(move || {
                let log = store.open();
                let mut tx = log.begin().unwrap();
                let free = tx.invitation([4; 32]).unwrap().unwrap().used_by.is_none();
                if free {
                    tx.use_invitation([4; 32], device(number)).unwrap();
                }
                tx.commit().unwrap();
                free.then_some(device(number))
            })
        });
        tries.collect::<Vec<_>>().into_iter().filter_map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(enrolled.len(), 1);
    let used = log.read().unwrap().invitation([4; 32]).unwrap().unwrap().used_by;
    assert_eq!(used, enrolled.first().copied());
}

fn photos_are_cited_and_arrive(store: &Store) {
    let log = store.open();
    let (mut scribe, photo) = (Scribe::new(), PhotoHash([8; 32]));
    scribe.write(&*log, &work("park-01"), document(1));
    scribe.write(&*log, &work("park-02"), document(2));
    let cited = |unit: &str, number| Citation {
        photo,
        scope: work(unit),
        document: document(number),
        bytes: 1 << 33,
    };
    let mut tx = log.begin().unwrap();
    for citation in [cited("park-02", 2), cited("park-01", 1), cited("park-02", 2), cited("nowhere", 1)] {
        tx.cite(&citation).unwrap();
    }
    tx.commit().unwrap();
    let view = log.read().unwrap();
    assert_eq!(view.citations(photo).unwrap(), [cited("park-01", 1), cited("park-02", 2)]);
    assert_eq!(view.citations(PhotoHash([9; 32])).unwrap(), []);
    assert_eq!(view.photo(photo).unwrap(), PhotoProgress::default());
    assert_eq!((view.counts().unwrap().photos, view.counts().unwrap().photos_missing), (0, 1));
    assert_eq!(view.shown(photo).unwrap(), []);
    drop(view);
    let mut tx = log.begin().unwrap();
    let (one, other) = (PersonId::from("U008"), PersonId::from("U060"));
    for (number, person) in [(2, &one), (1, &other), (1, &one), (2, &one)] {
        tx.show(photo, document(number), person).unwrap();
    }
    tx.commit().unwrap();
    let view = log.read().unwrap();
    let showing =
        |number, person: &PersonId| Showing { document: document(number), person: Some(person.clone()) };
    assert_eq!(view.shown(photo).unwrap(), [showing(1, &one), showing(1, &other), showing(2, &one)]);
    assert_eq!(view.shown(PhotoHash([9; 32])).unwrap(), []);
    drop(view);
    for progress in [
        PhotoProgress { offset: 1 << 32, received: None },
        PhotoProgress { offset: 1 << 33, received: Some(NOON) },
    ] {
        let mut tx = log.begin().unwrap();
        tx.set_photo(photo, progress).unwrap();
        tx.commit().unwrap();
        assert_eq!(log.read().unwrap().photo(photo).unwrap(), progress);
    }
    let counts = log.read().unwrap().counts().unwrap();
    assert_eq!((counts.photos, counts.photos_missing), (1, 0));
}

fn names_are_in_any_script(store: &Store) {
    let log = store.open();
    let mut scribe = Scribe::new();
    let units = ["荷花池社区", "park", "Park", "ä", "a\u{308}", "', \\ \" %", "𠮷"];
    for (number, unit) in (1..).zip(units) {
        let scope = work(unit);
        assert_eq!(scribe.write(&*log, &scope, document(number)), 1, "{unit} is a scope of its own");
        assert_eq!(log.read().unwrap().head(&scope).unwrap().unwrap().seq, 1);
    }
    whole(&*log.read().unwrap());
}

fn the_tenant_is_kept(store: &Store) {
    let log = store.open();
    let mut tx = log.begin().unwrap();
    tx.set_tenant(&TenantId::from("公园街道")).unwrap();
    tx.commit().unwrap();
    assert_eq!(store.open().read().unwrap().life().unwrap().tenant, Some(TenantId::from("公园街道")));
    // What is written by a version that knows more is not guessed at.
    let mut scribe = Scribe::new();
    scribe.write(&*log, &work("park-01"), document(1));
    let later = "UPDATE entry SET kind = 'erase'";
    store.meddle(later, later);
    let read = log.read().unwrap().entries(&work("park-01"), 0, 1000);
    assert!(matches!(read, Err(LogError::Newer)), "{read:?}");
}

fn work_in_review_waits_for_a_person(store: &Store) {
    let log = store.open();
    let set_aside = |number: u8, minutes: i64| Review {
        change: ChangeHash([number; 32]),
        device: device(number.into()),
        manifest: batch(&[number]).hash(),
        bytes: vec![number; 300],
        why: Rejection::DependsOnRejected,
        arrived: Timestamp(NOON.0 + minutes * 60_000),
        decision: None,
    };
    for review in [set_aside(2, 5), set_aside(1, 3), Review { bytes: Vec::new(), ..set_aside(2, 9) }] {
        let mut tx = log.begin().unwrap();
        tx.set_aside(&review).unwrap();
        tx.commit().unwrap();
    }
    let all = || log.read().unwrap().reviews().unwrap();
    assert_eq!(all(), [set_aside(2, 5), set_aside(1, 3)], "as they came; twice changes nothing");
    let decision = Decision { accepted: true, reason: "当时有权".to_owned(), at: NOON };
    let mut tx = log.begin().unwrap();
    tx.decide(ChangeHash([1; 32]), &decision).unwrap();
    tx.decide(ChangeHash([9; 32]), &decision).unwrap();
    tx.commit().unwrap();
    let decided = Review { decision: Some(decision), bytes: Vec::new(), ..set_aside(1, 3) };
    assert_eq!(log.read().unwrap().open_reviews().unwrap(), [set_aside(2, 5)]);
    let named = |beginning: &str| log.read().unwrap().reviews_named(beginning).unwrap();
    assert_eq!(named("0101"), std::slice::from_ref(&decided));
    assert_eq!((named("%").len(), named("03").len(), named("0").len()), (0, 0, 2));
    assert_eq!(all(), [set_aside(2, 5), decided.clone()]);
    let one = |number| log.read().unwrap().review(ChangeHash([number; 32])).unwrap();
    assert_eq!((one(1), one(2), one(9)), (Some(decided), Some(set_aside(2, 5)), None));
}

fn another_life_is_chained_anew(store: &Store) {
    let (log, other) = (store.open(), store.open());
    let mut scribe = Scribe::new();
    let mut tx = log.begin().unwrap();
    for number in 0..40 {
        scribe.append_sized(&mut *tx, &work("park-01"), document(number % 3), 400);
    }
    tx.share(document(1), &work("firm"), NOON).unwrap();
    tx.hand_out(device(1), None, b"x", &vec![(work("park-01"), 1)]).unwrap();
    tx.commit().unwrap();
    let before = log.read().unwrap().heads().unwrap();
    let epoch = Epoch(uuid::Uuid::from_u128(1234));
    let mut tx = log.begin().unwrap();
    begin_life(&mut *tx, epoch);
    whole(&*tx);
    tx.commit().unwrap();
    for log in [&log, &other] {
        let view = log.read().unwrap();
        assert_eq!(view.life().unwrap().epoch, epoch);
        assert_eq!(view.handed(device(1), b"x").unwrap(), None);
        let heads = view.heads().unwrap();
        for (scope, head) in &before {
            assert_eq!(heads[scope].seq, head.seq);
            assert_ne!(heads[scope].link, head.link);
        }
        whole(&*view);
    }
    // Whoever had it open goes on in the new life, in scopes old and new.
    scribe.write(&*other, &work("park-01"), document(1));
    scribe.write(&*other, &work("park-09"), document(9));
    whole(&*log.read().unwrap());
}
