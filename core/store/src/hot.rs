//! The documents that were changed last, loaded. A loaded document takes about 37 KB for 1.4 KB on disk
//! (measured), so few are kept; a cold one is loaded from its change rows.

use sanben_document::Document;
use sanben_domain::id::DocumentId;
use std::collections::HashMap;

const CAPACITY: usize = 64;

/// Loaded documents, the least recently used leaving first. Only the writer puts documents in, after its
/// commit, so that none is ever newer or older than the file.
#[derive(Debug, Default)]
pub(crate) struct Hot {
    documents: HashMap<DocumentId, (Document, u64)>,
    clock: u64,
}

impl Hot {
    /// Takes a document out to work on; it comes back by [`Hot::put`] after the commit, or not at all.
    pub(crate) fn take(&mut self, id: DocumentId) -> Option<Document> {
        self.documents.remove(&id).map(|(document, _)| document)
    }

    /// A copy.
    pub(crate) fn copy(&self, id: DocumentId) -> Option<Document> {
        self.documents.get(&id).map(|(document, _)| document.clone())
    }

    pub(crate) fn put(&mut self, id: DocumentId, document: Document) {
        self.clock += 1;
        self.documents.insert(id, (document, self.clock));
        if self.documents.len() > CAPACITY
            && let Some(oldest) = self.documents.iter().min_by_key(|(_, (_, used))| *used).map(|(id, _)| *id)
        {
            self.documents.remove(&oldest);
        }
    }
}
