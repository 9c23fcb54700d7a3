//! Whether a bundle still says what the log says: behind the ends it was made at, nothing was taken back, and nothing
//! was published that shows its rows in another light.

use super::{Kept, PAGE_BYTES};
use crate::log::{Head, LogError, Snapshot};
use crate::tenant::Server;
use sanben_document::decode;
use sanben_domain::reference::ReferenceUpdate;
use sanben_domain::rights::Scope;
use sanben_sync::wire::EntryBody;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::PoisonError;

/// How far the logs that a bundle is made from were seen to leave it as it is, by its name.
pub(crate) type Standing = BTreeMap<[u8; 32], Vec<(Scope, Head)>>;

impl Server {
    /// Whether a bundle may stand for the beginning of the log as it is now. Of what it was found to stand for before
    /// only the news is read.
    pub(super) fn stands(&self, view: &dyn Snapshot, kept: &Kept) -> Result<bool, LogError> {
        let name = kept.signed.name();
        let known = self.standing.lock().unwrap_or_else(PoisonError::into_inner).get(&name).cloned();
        let ends = match known.map(|ends| all_stand(view, &ends)).transpose()?.flatten() {
            Some(ends) => Some(ends),
            // Not seen before, or the log was put back to before what was seen.
            None => all_stand(view, &kept.ends())?,
        };
        let mut standing = self.standing.lock().unwrap_or_else(PoisonError::into_inner);
        let stands = ends.is_some();
        match ends {
            Some(ends) => drop(standing.insert(name, ends)),
            None => drop(standing.remove(&name)),
        }
        Ok(stands)
    }

    /// Remembers nothing of bundles that are there no more.
    pub(super) fn forget_standing(&self, left: &BTreeSet<[u8; 32]>) {
        self.standing.lock().unwrap_or_else(PoisonError::into_inner).retain(|name, _| left.contains(name));
    }
}

fn all_stand(view: &dyn Snapshot, ends: &[(Scope, Head)]) -> Result<Option<Vec<(Scope, Head)>>, LogError> {
    let mut moved = Vec::new();
    for (scope, end) in ends {
        let Some(end) = stands(view, scope, *end)? else { return Ok(None) };
        moved.push((scope.clone(), end));
    }
    Ok(Some(moved))
}

/// The present end of a scope's log, if this one is in it and nothing that came after it matters.
fn stands(view: &dyn Snapshot, scope: &Scope, end: Head) -> Result<Option<Head>, LogError> {
    if let Some(before) = end.seq.checked_sub(1)
        && view.entries(scope, before, 1)?.first().is_none_or(|entry| entry.link != end.link)
    {
        return Ok(None);
    }
    let mut reached = end;
    loop {
        let page = view.entries(scope, reached.seq, PAGE_BYTES)?;
        let Some(last) = page.last() else { return Ok(Some(reached)) };
        reached = Head { seq: last.entry.seq, link: last.link };
        if !page.iter().all(|linked| leaves(&linked.entry.body)) {
            return Ok(None);
        }
    }
}

/// Whether what bundles say stays true with an entry.
fn leaves(body: &EntryBody) -> bool {
    match body {
        EntryBody::Change { .. } | EntryBody::Echo { .. } => true,
        EntryBody::Erased { .. } | EntryBody::Note { .. } => false,
        EntryBody::Reference { update } => {
            decode::<ReferenceUpdate>(update).is_some_and(|update| update.keys().all(|key| !key.is_folded()))
        }
    }
}
