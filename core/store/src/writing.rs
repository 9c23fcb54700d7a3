//! One write transaction: the documents it works on, what it has to fold again, and what it touched.
//!
//! Documents are taken out of the hot set and put back after the commit. When the transaction fails they are
//! forgotten and loaded again from the rows, which the failure left as they were.

use crate::columns::{KINDS, number};
use crate::error::StoreError;
use crate::hot::Hot;
use crate::installation::Actors;
use crate::project;
use crate::reference::{self, Refold};
use crate::store::Changed;
use crate::{case_words, merging, resting};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use sanben_document::{Actor, ChangeHash, Document, LocalChange};
use sanben_domain::id::DocumentId;
use sanben_domain::reference::Reference;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::Arc;

/// A transaction under way.
pub(crate) struct Writing<'a> {
    tx: Transaction<'a>,
    hot: &'a mut Hot,
    actors: &'a mut Actors,
    documents: BTreeMap<DocumentId, Document>,
    dirty: BTreeSet<DocumentId>,
    reference: Option<Arc<Reference>>,
    /// Cases that the changed reference data may show in another light.
    pub(crate) refold: Refold,
    /// Texts go into the word index before the next search instead of now.
    pub(crate) words_later: bool,
    /// A case was merged, or a merge undone.
    pub(crate) merges_moved: bool,
    /// What was touched so far.
    pub(crate) changed: Changed,
    /// Files that nobody cites any more once this is committed.
    pub(crate) obsolete: Vec<PathBuf>,
}

impl Deref for Writing<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.tx
    }
}

impl<'a> Writing<'a> {
    pub(crate) fn begin(
        connection: &'a mut Connection,
        hot: &'a mut Hot,
        actors: &'a mut Actors,
        reference: Option<Arc<Reference>>,
    ) -> Result<Self, StoreError> {
        // IMMEDIATE: a transaction that reads first and then writes would otherwise fail half-way.
        let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        Ok(Self {
            tx,
            hot,
            actors,
            documents: BTreeMap::new(),
            dirty: BTreeSet::new(),
            reference,
            refold: Refold::default(),
            words_later: false,
            merges_moved: false,
            changed: Changed::default(),
            obsolete: Vec::new(),
        })
    }

    /// The document, loaded; `None` when it is not here.
    pub(crate) fn document(&mut self, id: DocumentId) -> Result<Option<&mut Document>, StoreError> {
        if !self.documents.contains_key(&id) {
            let document = match self.hot.take(id) {
                Some(document) => Some(document),
                None => load(&self.tx, id)?,
            };
            if let Some(document) = document {
                self.documents.insert(id, document);
            }
        }
        Ok(self.documents.get_mut(&id))
    }

    /// Takes a new or rebuilt document in.
    pub(crate) fn put_document(&mut self, id: DocumentId, document: Document) -> Result<(), StoreError> {
        let record = document.content()?;
        self.prepare_cached("INSERT OR IGNORE INTO document VALUES (?1, ?2, ?3)")?.execute((
            id.0.as_bytes(),
            number(KINDS, record.kind()),
            record.home().as_str(),
        ))?;
        self.documents.insert(id, document);
        self.dirty.insert(id);
        Ok(())
    }

    /// Forgets a document and everything folded from it. Its own work in the outbox stays.
    pub(crate) fn drop_document(&mut self, id: DocumentId) -> Result<(), StoreError> {
        self.documents.remove(&id);
        self.hot.take(id);
        self.dirty.remove(&id);
        self.prepare_cached("DELETE FROM change WHERE document = ?1")?.execute([id.0.as_bytes()])?;
        self.prepare_cached("DELETE FROM saved WHERE document = ?1")?.execute([id.0.as_bytes()])?;
        self.prepare_cached("DELETE FROM document WHERE id = ?1")?.execute([id.0.as_bytes()])?;
        project::remove(self, id)
    }

    /// Keeps a change of a document that has it applied already.
    pub(crate) fn keep_change(
        &mut self,
        document: DocumentId,
        hash: ChangeHash,
        bytes: &[u8],
    ) -> Result<(), StoreError> {
        resting::unpack(self, document)?;
        self.prepare_cached(
            "INSERT INTO change (document, n, hash, bytes)
             SELECT ?1, coalesce(max(n), 0) + 1, ?2, ?3 FROM change WHERE document = ?1",
        )?
        .execute((document.0.as_bytes(), hash.0, bytes))?;
        self.dirty.insert(document);
        Ok(())
    }

    /// The same for a change made here.
    pub(crate) fn keep_local(
        &mut self,
        document: DocumentId,
        change: &LocalChange,
    ) -> Result<(), StoreError> {
        self.keep_change(document, change.hash, &change.bytes)
    }

    /// Who writes now.
    pub(crate) fn actor(&self) -> Actor {
        self.actors.current
    }

    /// From here on another actor writes: the old one's numbers may have been used by rejected changes.
    pub(crate) fn rotate_actor(&mut self) {
        self.actors.rotate();
    }

    /// Reference data as it is in this transaction.
    pub(crate) fn reference(&mut self) -> Result<Arc<Reference>, StoreError> {
        if let Some(reference) = &self.reference {
            return Ok(Arc::clone(reference));
        }
        let reference = Arc::new(reference::load(&self.tx)?);
        self.reference = Some(Arc::clone(&reference));
        Ok(reference)
    }

    /// Reference rows were changed.
    pub(crate) fn reference_moved(&mut self) {
        self.reference = None;
        self.changed.reference = true;
    }

    /// Folds what was touched and says what changed. The last step of a transaction.
    pub(crate) fn finish(&mut self) -> Result<Changed, StoreError> {
        project::refold(self)?;
        for id in std::mem::take(&mut self.dirty) {
            let record = self.document(id)?.map(|document| document.content()).transpose()?;
            if let Some(record) = record {
                project::project(self, &record)?;
            }
        }
        merging::settle_merges(self)?;
        if !self.words_later {
            case_words::read_words(self)?;
        }
        Ok(std::mem::take(&mut self.changed))
    }

    /// Makes it durable; gives the reference data that holds from here on.
    pub(crate) fn commit(self) -> Result<Option<Arc<Reference>>, StoreError> {
        self.tx.commit()?;
        for (id, document) in self.documents {
            self.hot.put(id, document);
        }
        for file in &self.obsolete {
            // A file that stays behind costs room and nothing else.
            let _ = std::fs::remove_file(file);
        }
        Ok(self.reference)
    }
}

/// Loads a document from its change rows, or from its save.
pub(crate) fn load(connection: &Connection, id: DocumentId) -> Result<Option<Document>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT bytes FROM change WHERE document = ?1 ORDER BY n")?;
    let chunks: Vec<Vec<u8>> =
        statement.query_map([id.0.as_bytes()], |row| row.get(0))?.collect::<Result<_, _>>()?;
    if chunks.is_empty() {
        return resting::saved(connection, id);
    }
    Document::from_changes(chunks.iter().map(Vec::as_slice))
        .map(Some)
        .map_err(|_| StoreError::Corrupt("the changes of a document no longer fit together".to_owned()))
}

/// Whether a change is here.
pub(crate) fn holds(
    connection: &Connection,
    document: DocumentId,
    hash: ChangeHash,
) -> Result<bool, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT 1 FROM change WHERE document = ?1 AND hash = ?2")?;
    if statement.exists((document.0.as_bytes(), hash.0))? {
        return Ok(true);
    }
    resting::save_holds(connection, document, hash)
}
