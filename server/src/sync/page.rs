//! What a device gets back: the entries after its cursors of the scopes its person holds now.

use super::Stand;
use crate::log::{Head, Linked, LogError, Snapshot};
use sanben_document::ChangeHash;
use sanben_domain::id::Epoch;
use sanben_domain::rights::{Scope, ScopeClass};
use sanben_sync::chain::{Link, SignedHead};
use sanben_sync::keys::SecretKey;
use sanben_sync::wire::{Entry, EntryBody, ScopeEntries, link_mark};
use serde_bytes::ByteBuf;
use std::collections::{BTreeMap, BTreeSet};

/// However much a device asks for, an answer stays well below the largest message.
const MAX_BUDGET: usize = 4 * 1024 * 1024;

/// Where entries are read and heads are signed.
pub(super) struct Place<'a> {
    pub(super) view: &'a dyn Snapshot,
    pub(super) epoch: Epoch,
    pub(super) key: &'a SecretKey,
    /// Changes whose bytes came in this very request.
    pub(super) sent: &'a BTreeSet<ChangeHash>,
}

/// What goes back.
pub(super) struct Page {
    pub(super) scopes: Vec<ScopeEntries>,
    pub(super) lost: Vec<Scope>,
    pub(super) more: bool,
    /// The device has all reference data that it holds once it has applied this.
    pub(super) with_reference: bool,
    /// Where the device stands once it has applied this, with the beginning of each chain there; those of the
    /// heads, so of use only when there is no more.
    pub(super) cursors: Vec<(Scope, u64, ByteBuf)>,
}

impl Place<'_> {
    pub(super) fn page(&self, mut held: Vec<Scope>, stand: Stand, budget: u32) -> Result<Page, LogError> {
        let links = stand.links;
        let mut stands: BTreeMap<Scope, u64> = stand.cursors.into_iter().collect();
        // What everything else is read with comes first.
        let is_reference = |scope: &Scope| matches!(scope.class, ScopeClass::Reference | ScopeClass::People);
        held.sort_by_key(|scope| !is_reference(scope));
        let lost: Vec<Scope> = stands.keys().filter(|scope| !held.contains(scope)).cloned().collect();
        stands.retain(|scope, _| held.contains(scope));
        let heads = self.view.heads()?;
        let head_of = |scope: &Scope| match heads.get(scope) {
            Some(head) => *head,
            None => Head { seq: 0, link: Link::genesis(self.epoch, scope) },
        };
        let mut left = usize::try_from(budget).unwrap_or(MAX_BUDGET).min(MAX_BUDGET);
        // A document may be in several of the scopes: its bytes go once.
        let mut sent = self.sent.clone();
        let (mut scopes, mut more, mut with_reference) = (Vec::new(), false, true);
        for scope in held {
            let head = head_of(&scope);
            let stand = stands.get(&scope).copied();
            // The same number behind another chain: the head alone goes back, and the device sees that this log
            // was rolled back.
            if stand == Some(head.seq) && links.get(&scope).is_none_or(|mark| *mark == link_mark(&head.link))
            {
                continue;
            }
            if left == 0 {
                more = true;
                with_reference &= !is_reference(&scope);
                continue;
            }
            let part = self.part(&scope, stand.unwrap_or(0), head, &mut left, &mut sent)?;
            let whole = part.head.seq >= head.seq;
            more |= !whole;
            with_reference &= whole || !is_reference(&scope);
            stands.insert(scope, part.head.seq);
            scopes.push(part);
        }
        let cursors = stands.into_iter().map(|(scope, seq)| (seq, link_mark(&head_of(&scope).link), scope));
        let cursors = cursors.map(|(seq, mark, scope)| (scope, seq, mark)).collect();
        Ok(Page { scopes, lost, more, with_reference, cursors })
    }

    fn part(
        &self,
        scope: &Scope,
        after: u64,
        head: Head,
        left: &mut usize,
        sent: &mut BTreeSet<ChangeHash>,
    ) -> Result<ScopeEntries, LogError> {
        let entries = self.view.entries(scope, after, *left)?;
        // Without entries the scope is empty, or the device knows of more than there is: then the head that
        // it gets does not continue what it holds, and it sees that this log was rolled back.
        let reached = entries.last().map_or(head, |last| Head { seq: last.entry.seq, link: last.link });
        let entries: Vec<Entry> = entries.into_iter().map(|linked| spare(linked, sent)).collect();
        let size: usize = entries.iter().map(size).sum();
        *left = left.saturating_sub(size);
        let head = SignedHead::sign(self.epoch, scope, reached.seq, reached.link, self.key);
        Ok(ScopeEntries { scope: scope.clone(), entries, head })
    }
}

/// The entry without bytes that the device has: it sent them itself, or they are in this answer already.
fn spare(linked: Linked, sent: &mut BTreeSet<ChangeHash>) -> Entry {
    match linked.entry {
        Entry { seq, received, body: EntryBody::Change { document, hash, manifest, .. } }
            if !sent.insert(hash) =>
        {
            Entry { seq, received, body: EntryBody::Echo { document, hash, manifest } }
        }
        entry => entry,
    }
}

/// About what an entry takes in the answer, bytes.
fn size(entry: &Entry) -> usize {
    const FIELDS: usize = 160;
    FIELDS
        + match &entry.body {
            EntryBody::Change { bytes, .. } => bytes.len(),
            EntryBody::Echo { .. } | EntryBody::Erased { .. } => 0,
            EntryBody::Note { body, .. } => body.len(),
            EntryBody::Reference { update } => update.len(),
        }
}
