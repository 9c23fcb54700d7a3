//! What the log really holds, read from its file beside the server: the harness believes neither the
//! server's answers nor its replica.

use crate::disk::Aside;
use crate::world::World;
use sanben_document::{ChangeHash, Document};
use sanben_domain::id::{DocumentId, EventId};
use sanben_domain::rights::Scope;
use sanben_server::log::{Life, Log, Sqlite};
use sanben_sync::note::Note;
use sanben_sync::wire::EntryBody;
use std::collections::{BTreeMap, BTreeSet};

/// The log, open for reading.
pub struct Truth(Sqlite, #[expect(dead_code, reason = "held while the log is open")] Aside);

impl Truth {
    /// The log of this world's server.
    #[must_use]
    pub fn of(world: &World) -> Self {
        let aside = world.server_disk.aside();
        // Only for a log that is not there; this one is.
        let life = Life { epoch: world.server().epoch().unwrap(), server: [0; 32], tenant: None };
        let log = Sqlite::open(&world.server_dir().join("log.db"), &life);
        Self(log.expect("the log can be read"), aside)
    }

    /// Whether a change is in it, by its bytes and in some scope.
    #[must_use]
    pub fn holds(&self, change: ChangeHash, document: DocumentId) -> bool {
        let view = self.0.read().unwrap();
        view.accepted(change).unwrap().is_some()
            && view.document(document).unwrap().iter().any(|bytes| {
                sanben_document::ChangeHeader::of(bytes).is_some_and(|header| header.hash == change)
            })
    }

    /// Whether an event is in a document of it.
    #[must_use]
    pub fn has_event(&self, document: DocumentId, event: EventId) -> bool {
        let changes = self.0.read().unwrap().document(document).unwrap();
        let held = Document::from_changes(changes.iter().map(Vec::as_slice)).ok();
        held.and_then(|held| held.record().ok()).is_some_and(|record| record.has_event(event))
    }

    /// The end of every scope's log.
    #[must_use]
    pub fn heads(&self) -> BTreeMap<Scope, u64> {
        let heads = self.0.read().unwrap().heads().unwrap();
        heads.into_iter().map(|(scope, head)| (scope, head.seq)).collect()
    }

    /// What was erased, with the scopes in which the log says so.
    #[must_use]
    pub fn erased(&self) -> BTreeMap<DocumentId, BTreeSet<Scope>> {
        let view = self.0.read().unwrap();
        let mut erased: BTreeMap<DocumentId, BTreeSet<Scope>> = BTreeMap::new();
        for scope in view.heads().unwrap().into_keys() {
            for linked in view.entries(&scope, 0, usize::MAX).unwrap() {
                if let EntryBody::Note { kind, body } = linked.entry.body
                    && let Some(Note::Erase(erasure)) = Note::read(kind, &body)
                {
                    erased.entry(erasure.document).or_default().insert(scope.clone());
                }
            }
        }
        erased
    }

    /// All documents, from the entries of all scopes.
    #[must_use]
    pub fn documents(&self) -> BTreeMap<DocumentId, Held> {
        let view = self.0.read().unwrap();
        let mut found: BTreeMap<DocumentId, (Parts, Vec<Vec<u8>>)> = BTreeMap::new();
        for scope in view.heads().unwrap().into_keys() {
            for linked in view.entries(&scope, 0, usize::MAX).unwrap() {
                match linked.entry.body {
                    EntryBody::Change { document, hash, bytes, .. } => {
                        let (scopes, changes) = found.entry(document).or_default();
                        if scopes.values().all(|known| !known.contains(&hash)) {
                            changes.push(bytes.into_vec());
                        }
                        scopes.entry(scope.clone()).or_default().insert(hash);
                    }
                    // Taken back; what is shared there again comes again.
                    EntryBody::Note { kind, body } => {
                        if let Some(Note::DocOut { document }) = Note::read(kind, &body)
                            && let Some((scopes, _)) = found.get_mut(&document)
                        {
                            scopes.remove(&scope);
                        }
                    }
                    _ => {}
                }
            }
        }
        let built = found.into_iter().map(|(id, (scopes, changes))| {
            let document = Document::from_changes(changes.iter().map(Vec::as_slice));
            (id, Held { scopes, document: document.expect("accepted changes make a document") })
        });
        built.collect()
    }
}

/// Which changes of a document each scope has.
pub type Parts = BTreeMap<Scope, BTreeSet<ChangeHash>>;

/// A document as the log has it.
pub struct Held {
    /// Which of its changes each scope has.
    pub scopes: Parts,
    /// All of it.
    pub document: Document,
}
