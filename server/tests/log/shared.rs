//! Where the changes of a document lie: shared, taken back, erased.

use crate::scribe::{NOON, Scribe, begin_life, document, whole, work};
use crate::store::Store;
use sanben_document::ChangeHash;
use sanben_domain::id::{Epoch, PersonId, PhotoHash};
use sanben_domain::rights::{Scope, ScopeClass};
use sanben_domain::time::Timestamp;
use sanben_server::log::{Citation, PhotoProgress, Transaction};
use sanben_sync::note::{Erasure, Note};
use sanben_sync::wire::EntryBody;

every_store![
    a_share_brings_the_history_and_what_comes_later,
    what_was_taken_back_goes_there_no_more_until_it_is_shared_again,
    an_erased_document_leaves_its_hashes_and_a_word,
];

fn hashes(store: &Store, scope: &Scope) -> Vec<ChangeHash> {
    let log = store.open();
    let entries = log.read().unwrap().entries(scope, 0, usize::MAX).unwrap();
    let change = |body| match body {
        EntryBody::Change { hash, .. } => hash,
        other => panic!("not a change: {other:?}"),
    };
    entries.into_iter().map(|linked| change(linked.entry.body)).collect()
}

fn a_share_brings_the_history_and_what_comes_later(store: &Store) {
    let log = store.open();
    let (mut scribe, home) = (Scribe::new(), work("park-01"));
    let shared = Scope { class: ScopeClass::Discipline, ..work("bureau") };
    for number in 0..4 {
        // Another document in between has no part in it.
        scribe.write(&*log, &home, document(1));
        scribe.write(&*log, &home, document(2 + number % 2));
    }
    for scope in [&shared, &work("firm"), &shared] {
        let mut tx = log.begin().unwrap();
        tx.share(document(1), scope, Timestamp(NOON.0 + 60_000)).unwrap();
        tx.commit().unwrap();
    }
    scribe.write(&*log, &home, document(1));
    scribe.write(&*log, &home, document(2));
    let view = log.read().unwrap();
    whole(&*view);
    assert_eq!(view.scopes_of(document(1)).unwrap(), [home.clone(), shared.clone(), work("firm")]);
    assert_eq!(view.scopes_of(document(2)).unwrap(), std::slice::from_ref(&home));
    let first = &view.entries(&home, 0, usize::MAX).unwrap()[0].entry;
    assert!(matches!(first.body, EntryBody::Change { document: of, .. } if of == document(1)));
    assert_eq!(view.begun(document(1)).unwrap(), Some(first.received), "at home, whenever it was shared");
    assert_eq!(view.begun(document(9)).unwrap(), None);
    let mine = |hash: &ChangeHash| {
        let own = view.entries(&home, 0, usize::MAX).unwrap().into_iter().map(|linked| linked.entry.body);
        own.into_iter().any(|body| matches!(body, EntryBody::Change { document: of, hash: this, .. } if this == *hash && of == document(1)))
    };
    let history: Vec<_> = hashes(store, &home).into_iter().filter(mine).collect();
    assert_eq!(history.len(), 5);
    assert_eq!(hashes(store, &shared), history);
    assert_eq!(hashes(store, &work("firm")), history);
    let received: Vec<i64> = view
        .entries(&shared, 0, usize::MAX)
        .unwrap()
        .iter()
        .map(|linked| linked.entry.received.0 - NOON.0)
        .collect();
    assert_eq!(received, [60_000, 60_000, 60_000, 60_000, 0], "received there when it was shared");
}

fn bodies(store: &Store, scope: &Scope) -> Vec<EntryBody> {
    let log = store.open();
    let entries = log.read().unwrap().entries(scope, 0, usize::MAX).unwrap();
    entries.into_iter().map(|linked| linked.entry.body).collect()
}

fn what_was_taken_back_goes_there_no_more_until_it_is_shared_again(store: &Store) {
    let log = store.open();
    let (mut scribe, home, firm) = (Scribe::new(), work("park-01"), work("firm"));
    let change = |work: &dyn Fn(&mut dyn Transaction) -> bool| {
        let mut tx = log.begin().unwrap();
        let done = work(&mut *tx);
        tx.commit().unwrap();
        done
    };
    scribe.write(&*log, &home, document(1));
    scribe.write(&*log, &home, document(1));
    let out = |scope: &Scope| change(&|tx| tx.take_back(document(1), scope, NOON).unwrap());
    assert!(!out(&firm), "it is not there yet");
    let share = || change(&|tx| tx.share(document(1), &firm, NOON).is_ok());
    share();
    assert!(!out(&home), "its home keeps it");
    assert!(out(&firm));
    assert!(!out(&firm), "once");
    scribe.write(&*log, &home, document(1));
    assert_eq!(log.read().unwrap().scopes_of(document(1)).unwrap(), std::slice::from_ref(&home));
    assert_eq!(log.read().unwrap().taken_back(document(1)).unwrap(), std::slice::from_ref(&firm));
    let there = bodies(store, &firm);
    assert_eq!(there.len(), 3, "two changes and a note, and nothing later");
    let EntryBody::Note { kind, body } = &there[2] else { panic!("not a note") };
    assert_eq!(Note::read(*kind, body), Some(Note::DocOut { document: document(1) }));
    share();
    scribe.write(&*log, &home, document(1));
    let view = log.read().unwrap();
    assert_eq!(view.taken_back(document(1)).unwrap(), []);
    assert_eq!(bodies(store, &firm).len(), 3 + 3 + 1, "its whole history again, and what comes later");
    whole(&*view);
}

fn an_erased_document_leaves_its_hashes_and_a_word(store: &Store) {
    let log = store.open();
    let (mut scribe, home, firm, bureau) = (Scribe::new(), work("park-01"), work("firm"), work("bureau"));
    let key = sanben_sync::keys::SecretKey::from_seed([7; 32]);
    scribe.write(&*log, &home, document(1));
    scribe.write(&*log, &home, document(2));
    let photos = [PhotoHash([1; 32]), PhotoHash([2; 32])];
    let mut tx = log.begin().unwrap();
    tx.share(document(1), &firm, NOON).unwrap();
    tx.share(document(1), &bureau, NOON).unwrap();
    tx.take_back(document(1), &bureau, NOON).unwrap();
    for (photo, of) in [(photos[0], 1), (photos[1], 1), (photos[1], 2)] {
        let citation = Citation { photo, scope: home.clone(), document: document(of), bytes: 3 };
        tx.cite(&citation).unwrap();
        tx.show(photo, document(of), &PersonId::from("U008")).unwrap();
        tx.set_photo(photo, PhotoProgress { offset: 3, received: Some(NOON) }).unwrap();
    }
    tx.commit().unwrap();
    scribe.write(&*log, &home, document(1));
    let hashes: Vec<_> = hashes(store, &home);

    let erasure = Erasure::sign(document(1), NOON, &key);
    let mut tx = log.begin().unwrap();
    assert_eq!(tx.erased(document(1)).unwrap(), None);
    assert_eq!(tx.erase(&erasure, NOON).unwrap(), [photos[0]], "the other one is cited elsewhere");
    assert_eq!(tx.erase(&erasure, NOON).unwrap(), [], "twice changes nothing");
    let both = [(photos[0], document(1)), (photos[1], document(1))];
    assert_eq!(tx.photos_out().unwrap(), both, "what was made for it goes in any case");
    tx.commit().unwrap();
    let mut tx = log.begin().unwrap();
    tx.photo_is_out(photos[1], document(1)).unwrap();
    tx.photo_is_out(photos[0], document(2)).unwrap();
    tx.commit().unwrap();
    assert_eq!(log.read().unwrap().photos_out().unwrap(), both[..1]);
    assert!(log.scrub().unwrap());
    assert!(log.scrub().unwrap());

    let view = log.read().unwrap();
    whole(&*view);
    assert_eq!((view.erasures().unwrap(), view.erased(document(1)).unwrap()), (1, Some(erasure.clone())));
    assert_eq!(view.document(document(1)).unwrap(), Vec::<Vec<u8>>::new());
    assert_eq!(view.document(document(2)).unwrap().len(), 1);
    assert_eq!(view.accepted(hashes[0]).unwrap(), Some(1), "its hashes stay");
    assert_eq!((view.citations(photos[0]).unwrap().len(), view.shown(photos[0]).unwrap().len()), (0, 0));
    assert_eq!((view.citations(photos[1]).unwrap().len(), view.shown(photos[1]).unwrap().len()), (1, 1));
    assert_eq!(view.photo(photos[0]).unwrap(), PhotoProgress::default());
    for (scope, kept) in [(&home, 1), (&firm, 0), (&bureau, 0)] {
        let bodies = bodies(store, scope);
        let word = bodies.iter().filter(|body| match body {
            EntryBody::Note { kind, body } => Note::read(*kind, body) == Some(Note::Erase(erasure.clone())),
            _ => false,
        });
        assert_eq!(word.count(), 1, "the word is in {scope}, whether or not it was taken back there");
        let with_bytes = bodies.iter().filter(|body| matches!(body, EntryBody::Change { .. })).count();
        assert_eq!(with_bytes, kept, "{scope}");
    }
    drop(view);
    // The same under another life of the log.
    let mut tx = log.begin().unwrap();
    begin_life(&mut *tx, Epoch(uuid::Uuid::from_u128(99)));
    tx.commit().unwrap();
    whole(&*log.read().unwrap());
}
