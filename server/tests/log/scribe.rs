//! Somebody who writes made-up changes, and the proof that a log is whole.

use crate::device::bytes;
use sanben_document::ChangeHash;
use sanben_domain::id::{DeviceId, DocumentId, Epoch, UnitId};
use sanben_domain::rights::{Scope, ScopeClass};
use sanben_domain::time::Timestamp;
use sanben_server::log::{Log, NewChange, Snapshot, Transaction};
use sanben_sync::chain::Link;
use sanben_sync::keys::Signature;
use sanben_sync::manifest::Batch;
use sanben_sync::wire::EntryBody;
use serde_bytes::ByteBuf;
use sha2::{Digest, Sha256};

pub(crate) const NOON: Timestamp = Timestamp(1_773_979_200_000);

pub(crate) fn work(unit: &str) -> Scope {
    Scope { unit: UnitId::from(unit), class: ScopeClass::Work }
}

pub(crate) fn document(number: u128) -> DocumentId {
    DocumentId(uuid::Uuid::from_u128(number))
}

pub(crate) fn device(number: u128) -> DeviceId {
    DeviceId(uuid::Uuid::from_u128(number))
}

/// A batch as some device might have signed it.
pub(crate) fn batch(words: &[u8]) -> Batch {
    Batch { manifest: ByteBuf::from(words.to_vec()), signature: Signature(vec![3; 65]), changes: Vec::new() }
}

pub(crate) struct Scribe {
    pub(crate) name: Vec<u8>,
    written: u64,
}

impl Scribe {
    /// Nothing that it writes was written by another before.
    pub(crate) fn new() -> Self {
        Self::named(&[bytes::<16>().as_slice(), &std::process::id().to_be_bytes()].concat())
    }

    pub(crate) fn named(name: &[u8]) -> Self {
        Self { name: name.to_vec(), written: 0 }
    }

    /// The next change, of so many bytes.
    pub(crate) fn change(&mut self, document: DocumentId, size: usize) -> NewChange {
        self.written += 1;
        let hash = Sha256::digest([self.name.as_slice(), &self.written.to_be_bytes()].concat());
        NewChange {
            document,
            hash: ChangeHash(hash.into()),
            actor: self.name.clone(),
            actor_seq: self.written,
            manifest: batch(&self.name).hash(),
            bytes: hash.iter().copied().cycle().take(size).collect(),
        }
    }

    /// Appends a change; gives its number.
    pub(crate) fn append(&mut self, tx: &mut dyn Transaction, home: &Scope, document: DocumentId) -> u64 {
        self.append_sized(tx, home, document, 100)
    }

    pub(crate) fn append_sized(
        &mut self,
        tx: &mut dyn Transaction,
        home: &Scope,
        document: DocumentId,
        size: usize,
    ) -> u64 {
        tx.keep_manifest(device(1), &batch(&self.name)).unwrap();
        let change = self.change(document, size);
        tx.append_change(home, &change, NOON).unwrap()
    }

    /// One change in a transaction of its own.
    pub(crate) fn write(&mut self, log: &dyn Log, home: &Scope, document: DocumentId) -> u64 {
        let mut tx = log.begin().unwrap();
        let seq = self.append(&mut *tx, home, document);
        tx.commit().unwrap();
        seq
    }
}

/// Begins another life of the log, as a restored one does: the same entries, chained anew.
pub(crate) fn begin_life(tx: &mut dyn Transaction, epoch: Epoch) {
    tx.set_epoch(epoch).unwrap();
    for scope in tx.heads().unwrap().into_keys() {
        let (mut after, mut link) = (0, Link::genesis(epoch, &scope));
        loop {
            let page = tx.entries(&scope, after, 5000).unwrap();
            if page.is_empty() {
                break;
            }
            let chained = page.iter().map(|linked| {
                link = link.then(&linked.entry);
                link
            });
            let links: Vec<Link> = chained.collect();
            tx.relink(&scope, after + 1, &links).unwrap();
            after += links.len() as u64;
        }
    }
}

/// Every scope has its numbers without gaps, its chain is what its entries make it, and its head is its last
/// entry. Gives how many entries there are.
pub(crate) fn whole(view: &dyn Snapshot) -> u64 {
    let (epoch, mut entries) = (view.life().unwrap().epoch, 0);
    for (scope, head) in view.heads().unwrap() {
        assert_eq!(view.head(&scope).unwrap(), Some(head));
        let (mut seq, mut link) = (0, Link::genesis(epoch, &scope));
        loop {
            let page = view.entries(&scope, seq, 3000).unwrap();
            if page.is_empty() {
                break;
            }
            for linked in page {
                seq += 1;
                assert_eq!(linked.entry.seq, seq, "a gap in {scope}");
                link = link.then(&linked.entry);
                assert_eq!(linked.link, link, "the chain of {scope} at {seq}");
                if let EntryBody::Change { hash, document, .. } = linked.entry.body {
                    let home = view.scopes_of(document).unwrap().first() == Some(&scope);
                    assert!(!home || view.accepted(hash).unwrap() == Some(seq));
                }
            }
        }
        assert_eq!((seq, link), (head.seq, head.link), "the head of {scope}");
        entries += seq;
    }
    assert_eq!(view.counts().unwrap().entries, entries);
    entries
}
