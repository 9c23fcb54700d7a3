//! What goes into a bundle: the documents that a scope's log came to, packed into blocks.

use super::{BLOCK, FIRST_BLOCK, LEVEL, MOST_GONE, PAGE_BYTES, unusable};
use crate::log::{Head, Linked, LogError, Snapshot};
use crate::tenant::ServerError;
use sanben_document::Document;
use sanben_domain::id::DocumentId;
use sanben_domain::reference::Reference;
use sanben_domain::rights::Scope;
use sanben_store::Packed;
use sanben_sync::bundle::{Block, MAX_BLOCK_BYTES};
use sanben_sync::frame;
use sanben_sync::note::Note;
use sanben_sync::wire::{Entry, EntryBody};
use std::collections::HashMap;
use std::fs::File;
use std::io::Write;
use std::path::Path;

/// What a scope's log came to.
pub(super) struct Contents {
    /// Its documents, those that were worked on last first.
    pub(super) order: Vec<DocumentId>,
    /// What devices have to hear of that they do not read in the log.
    pub(super) gone: Vec<Entry>,
}

/// Reads a scope's log up to a head; `None` when there is something in it that no bundle can stand for, or too much
/// that is gone.
pub(super) fn contents(view: &dyn Snapshot, scope: &Scope, head: Head) -> Result<Option<Contents>, LogError> {
    let mut last: HashMap<DocumentId, u64> = HashMap::new();
    let mut gone: HashMap<DocumentId, Entry> = HashMap::new();
    let mut after = 0;
    while after < head.seq {
        let page = view.entries(scope, after, PAGE_BYTES)?;
        let Some(end) = page.last() else { return Ok(None) };
        after = end.entry.seq;
        for Linked { entry, .. } in &page {
            match &entry.body {
                EntryBody::Change { document, .. } | EntryBody::Echo { document, .. } => {
                    // It came into the scope again.
                    gone.remove(document);
                    last.insert(*document, entry.seq);
                }
                // The note that says so follows.
                EntryBody::Erased { .. } => {}
                EntryBody::Note { kind, body } => {
                    let document = match Note::read(*kind, body) {
                        Some(Note::Erase(erasure)) => erasure.document,
                        Some(Note::DocOut { document }) => document,
                        Some(Note::Later { .. }) | None => return Ok(None),
                    };
                    last.remove(&document);
                    gone.insert(document, entry.clone());
                }
                EntryBody::Reference { .. } => return Ok(None),
            }
        }
    }
    let mut order: Vec<(u64, DocumentId)> = last.into_iter().map(|(id, seq)| (seq, id)).collect();
    order.sort_unstable_by(|a, b| b.cmp(a));
    let mut gone: Vec<Entry> = gone.into_values().collect();
    gone.sort_unstable_by_key(|entry| entry.seq);
    let few = gone.len() <= MOST_GONE;
    let order = order.into_iter().map(|(_, id)| id).collect();
    Ok(few.then_some(Contents { order, gone }))
}

/// Writes the blocks, one in memory at a time; `None` when a document cannot be packed.
pub(super) fn pack_all(
    view: &dyn Snapshot,
    order: &[DocumentId],
    reference: &Reference,
    to: &Path,
) -> Result<Option<Vec<Block>>, ServerError> {
    let mut file = File::create(to).map_err(unusable)?;
    let mut blocks = Vec::new();
    let (mut held, mut size): (Vec<Packed>, usize) = (Vec::new(), 0);
    let mut left = order.iter().peekable();
    while let Some(id) = left.next() {
        let changes = view.document(*id)?;
        let document = Document::from_changes(changes.iter().map(Vec::as_slice));
        let packed = document.and_then(|document| Packed::of(&document, reference));
        let Ok(packed) = packed else { return Ok(None) };
        size += packed.size();
        held.push(packed);
        let full = if blocks.is_empty() { FIRST_BLOCK } else { BLOCK };
        if size >= full || left.peek().is_none() {
            let bytes = frame::pack_at(&held, LEVEL);
            if bytes.len() > MAX_BLOCK_BYTES {
                return Ok(None);
            }
            file.write_all(&bytes).map_err(unusable)?;
            blocks.push(Block::of(&bytes));
            (held, size) = (Vec::new(), 0);
        }
    }
    file.sync_all().map_err(unusable)?;
    Ok(Some(blocks))
}
