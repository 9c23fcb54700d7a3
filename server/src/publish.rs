//! Publishing reference data: what differs from what holds now becomes entries of the log. People go into
//! the tenant's people scope, everything else into its reference scope.

use crate::earlier::Earlier;
use crate::import::Import;
use crate::log::{LogError, Snapshot};
use crate::tenant::{Server, ServerError};
use crate::trail::DeskAct;
use sanben_document::{decode, encode};
use sanben_domain::id::{Epoch, TenantId, UnitId};
use sanben_domain::reference::{Reference, ReferenceRow, ReferenceUpdate, RowKey};
use sanben_domain::rights::{Scope, ScopeClass};
use sanben_domain::time::Timestamp;
use sanben_sync::chain::Link;
use sanben_sync::manifest::Cited;
use sanben_sync::wire::EntryBody;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, PoisonError};

/// What a publication changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Published {
    /// Rows that were not there before.
    pub new: usize,
    /// Rows that replaced others.
    pub changed: usize,
    /// Rows that went.
    pub removed: usize,
    /// Rows that were the same already.
    pub same: usize,
    /// Rows that an imported folder no longer holds and that stay, because the past refers to them: a case
    /// to its point, an event to its author, a sheet to its community.
    pub kept: usize,
}

/// Why nothing was published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The first publication must say which tenant this is.
    #[error("no tenant yet: the first import must bring the tenant's settings")]
    NoTenant,
    /// The directory belongs to another tenant.
    #[error("this server's directory belongs to another tenant; use a directory of its own")]
    OtherTenant,
    /// One row is larger than a device should have to take at once.
    #[error("a row of kind {0} is too large to be sent to devices: split it")]
    TooLarge(String),
    /// A published sheet stands.
    #[error("a sheet of this period is published already: what came later is in the open period")]
    Stands,
    /// The server failed.
    #[error(transparent)]
    Server(#[from] ServerError),
}

impl From<LogError> for PublishError {
    fn from(error: LogError) -> Self {
        Self::Server(error.into())
    }
}

/// An entry of reference data holds about this many bytes: a phone on a bad network takes it in one answer.
const ENTRY_BYTES: usize = 48 * 1024;
/// No row is larger, bytes.
const MAX_ROW_BYTES: usize = 1024 * 1024;
/// Kinds to which nothing refers by key: they say what holds when, and whoever takes a line out of their
/// file corrects it.
const CORRECTED: [&str; 3] = ["assignment", "calendar-day", "cell"];
const PERSON: &str = "person";

/// The reference data as read from the log so far.
#[derive(Default)]
pub(crate) struct Known {
    read: BTreeMap<Scope, u64>,
    /// The chain there.
    links: BTreeMap<Scope, Link>,
    rows: BTreeMap<RowKey, ReferenceRow>,
    reference: Arc<Reference>,
    /// What held at earlier heads that were asked for lately.
    past: VecDeque<(BTreeMap<Scope, u64>, Arc<Reference>)>,
    /// The life of the log that it was read from.
    epoch: Option<Epoch>,
    earlier: Earlier,
}

/// How many earlier states of the reference data are kept ready.
const PAST: usize = 8;

/// The reference data as somebody knew it.
pub(crate) struct AsCited {
    /// The data.
    pub(crate) reference: Arc<Reference>,
    /// When the last of it was published.
    pub(crate) published: Timestamp,
    /// Since when something newer holds; `None` while nothing does.
    pub(crate) superseded: Option<Timestamp>,
}

/// Where reference data lies.
pub(crate) fn reference_scopes(tenant: &TenantId) -> [Scope; 2] {
    let unit = UnitId(tenant.0.clone());
    [ScopeClass::Reference, ScopeClass::People].map(|class| Scope { unit: unit.clone(), class })
}

impl Known {
    /// Reads what the log has gained since.
    fn catch_up(&mut self, view: &dyn Snapshot) -> Result<(), LogError> {
        let life = view.life()?;
        let Some(tenant) = life.tenant else { return Ok(()) };
        if self.epoch != Some(life.epoch) {
            *self = Self { epoch: Some(life.epoch), ..Self::default() };
        }
        let (mut heads, mut links) = (BTreeMap::new(), BTreeMap::new());
        for scope in reference_scopes(&tenant) {
            let Some(head) = view.head(&scope)? else { continue };
            heads.insert(scope.clone(), head.seq);
            links.insert(scope, head.link);
        }
        if !self.continued(view, &heads, &links)? {
            // The log under this process was put back to an older state.
            *self = Self { epoch: Some(life.epoch), ..Self::default() };
        }
        self.read_to(view, heads)?;
        self.links = links;
        Ok(())
    }

    /// Whether the log still holds everything that was read.
    fn continued(
        &self,
        view: &dyn Snapshot,
        heads: &BTreeMap<Scope, u64>,
        links: &BTreeMap<Scope, Link>,
    ) -> Result<bool, LogError> {
        for (scope, link) in &self.links {
            let read = self.read.get(scope).copied().unwrap_or_default();
            let now = if heads.get(scope) == Some(&read) {
                links.get(scope).copied()
            } else {
                view.entries(scope, read.saturating_sub(1), 1)?.first().map(|entry| entry.link)
            };
            if now != Some(*link) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn read_to(&mut self, view: &dyn Snapshot, heads: BTreeMap<Scope, u64>) -> Result<(), LogError> {
        let mut fresh = false;
        for (scope, head) in heads {
            let mut after = self.read.get(&scope).copied().unwrap_or(0);
            while after < head {
                let page = view.entries(&scope, after, ENTRY_BYTES * 16)?;
                let Some(last) = page.last() else { break };
                after = last.entry.seq;
                for linked in page.into_iter().filter(|linked| linked.entry.seq <= head) {
                    if let EntryBody::Reference { update } = linked.entry.body {
                        self.apply(decode(&update).ok_or(LogError::Newer)?);
                        fresh = true;
                    }
                }
            }
            self.read.insert(scope, after.min(head));
        }
        if fresh {
            self.reference = Arc::new(Reference::from_rows(self.rows.values().cloned()));
        }
        Ok(())
    }

    /// What held at the heads that somebody cites; `None` when they cite none of this log.
    fn cited(&mut self, view: &dyn Snapshot, cited: &[Cited]) -> Result<Option<AsCited>, LogError> {
        self.catch_up(view)?;
        // Who does not hold the people's scope is judged by it as it is.
        let mut heads = self.read.clone();
        let mut superseded: Option<Timestamp> = None;
        let mut published: Option<Timestamp> = None;
        for Cited { scope, seq, link } in cited {
            let Some(head) = heads.get_mut(scope) else { continue };
            let Some(before) = seq.checked_sub(1) else { return Ok(None) };
            let last = view.entries(scope, before, 1)?.into_iter().next();
            let Some(last) = last else { return Ok(None) };
            if last.link != *link && !self.earlier.had(view, scope, *seq, link)? {
                return Ok(None);
            }
            published = published.max(Some(last.entry.received));
            if *seq < *head {
                let next = view.entries(scope, *seq, 1)?.first().map(|next| next.entry.received);
                superseded = superseded.into_iter().chain(next).min();
                *head = *seq;
            }
        }
        let Some(published) = published else { return Ok(None) };
        if superseded.is_none() {
            return Ok(Some(AsCited { reference: Arc::clone(&self.reference), published, superseded }));
        }
        if let Some((_, reference)) = self.past.iter().find(|(held, _)| *held == heads) {
            return Ok(Some(AsCited { reference: Arc::clone(reference), published, superseded }));
        }
        let mut then = Self::default();
        then.read_to(view, heads.clone())?;
        self.past.truncate(PAST - 1);
        self.past.push_front((heads, Arc::clone(&then.reference)));
        Ok(Some(AsCited { reference: then.reference, published, superseded }))
    }

    fn apply(&mut self, update: ReferenceUpdate) {
        for key in &update.removed {
            self.rows.remove(key);
        }
        self.rows.extend(update.rows.into_iter().map(|row| (row.key(), row)));
    }

    /// What of an update is news.
    fn news(&self, update: ReferenceUpdate) -> (ReferenceUpdate, Published) {
        let rows: BTreeMap<RowKey, ReferenceRow> =
            update.rows.into_iter().map(|row| (row.key(), row)).collect();
        let mut removed: BTreeSet<RowKey> =
            update.removed.into_iter().filter(|key| self.rows.contains_key(key)).collect();
        removed.retain(|key| !rows.contains_key(key));
        let mut published = Published { removed: removed.len(), ..Published::default() };
        let mut news = Vec::new();
        for (key, row) in rows {
            match self.rows.get(&key) {
                Some(held) if *held == row => {
                    published.same += 1;
                    continue;
                }
                Some(_) => published.changed += 1,
                None => published.new += 1,
            }
            news.push(row);
        }
        // A device can do nothing before it knows its tenant.
        news.sort_by_key(|row| !matches!(row, ReferenceRow::Tenant(_)));
        (ReferenceUpdate { rows: news, removed: removed.into_iter().collect() }, published)
    }
}

/// One scope's part of an update, cut into entries.
fn entries(update: &ReferenceUpdate, people: bool) -> Result<Vec<ReferenceUpdate>, PublishError> {
    let mut entries = Vec::new();
    let (mut entry, mut size) = (ReferenceUpdate::default(), 0);
    let removed = update.removed.iter().filter(|key| (key.kind == PERSON) == people);
    entry.removed.extend(removed.cloned());
    for row in update.rows.iter().filter(|row| matches!(row, ReferenceRow::Person(_)) == people) {
        let bytes = encode(row).len();
        if bytes > MAX_ROW_BYTES {
            return Err(PublishError::TooLarge(row.key().kind));
        }
        if size > 0 && size + bytes > ENTRY_BYTES {
            entries.push(std::mem::take(&mut entry));
            size = 0;
        }
        size += bytes;
        entry.rows.push(row.clone());
    }
    if entry != ReferenceUpdate::default() {
        entries.push(entry);
    }
    Ok(entries)
}

impl Server {
    /// Publishes the rows that differ from what holds now, and removes what the update says goes.
    ///
    /// # Errors
    /// [`PublishError`]; nothing was published then.
    pub fn publish(&self, update: ReferenceUpdate) -> Result<Published, PublishError> {
        self.publish_judged(update, |_| Default::default())
    }

    /// Publishes what an office's folder says: the rows that differ. Assignments, days of the calendar and
    /// polygons that a complete folder no longer holds go, so that a corrected line replaces the wrong one;
    /// everything else that is no longer in it stays ([`Published::kept`]).
    ///
    /// # Errors
    /// [`PublishError`]; nothing was published then.
    pub fn publish_import(&self, import: &Import) -> Result<Published, PublishError> {
        let listed: BTreeSet<RowKey> = import.update.rows.iter().map(ReferenceRow::key).collect();
        self.publish_judged(import.update.clone(), |held| {
            let left_out =
                |key: &&RowKey| import.complete.contains(key.kind.as_str()) && !listed.contains(key);
            held.keys().filter(left_out).cloned().partition(|key| CORRECTED.contains(&key.kind.as_str()))
        })
    }

    /// `left_out` says which rows that hold now go and which stay although they are left out.
    fn publish_judged(
        &self,
        mut update: ReferenceUpdate,
        left_out: impl FnOnce(&BTreeMap<RowKey, ReferenceRow>) -> (Vec<RowKey>, Vec<RowKey>),
    ) -> Result<Published, PublishError> {
        let now = self.now();
        let mut tx = self.log.begin()?;
        let named = update.rows.iter().find_map(|row| match row {
            ReferenceRow::Tenant(tenant) => Some(&tenant.id),
            _ => None,
        });
        let tenant = match (tx.life()?.tenant, named) {
            (None, None) => return Err(PublishError::NoTenant),
            (Some(held), Some(named)) if held != *named => return Err(PublishError::OtherTenant),
            (Some(held), _) => held,
            (None, Some(named)) => {
                tx.set_tenant(named)?;
                named.clone()
            }
        };
        let (news, published) = {
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            known.catch_up(&*tx)?;
            let stands = |row: &&ReferenceRow| {
                matches!(row, ReferenceRow::Publication(_))
                    && known.rows.get(&row.key()).is_some_and(|held| held != *row)
            };
            if update.rows.iter().any(|row| stands(&row)) {
                return Err(PublishError::Stands);
            }
            let (gone, kept) = left_out(&known.rows);
            update.removed.extend(gone);
            let (news, published) = known.news(update);
            (news, Published { kept: kept.len(), ..published })
        };
        for scope in reference_scopes(&tenant) {
            for entry in entries(&news, scope.class == ScopeClass::People)? {
                tx.append_reference(&scope, &encode(&entry), now)?;
            }
        }
        let named: Vec<String> = news.keys().map(|key| format!("{}:{}", key.kind, key.key)).collect();
        if !named.is_empty() {
            self.deed(&mut *tx, DeskAct::Publish, named, "")?;
        }
        tx.commit()?;
        self.follow();
        tracing::info!(
            new = published.new,
            changed = published.changed,
            removed = published.removed,
            same = published.same,
            "reference data published"
        );
        Ok(published)
    }

    /// The reference data that holds now.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub fn reference(&self) -> Result<Arc<Reference>, ServerError> {
        Ok(self.reference_in(&*self.log.read()?)?)
    }

    /// The reference data as it was at the heads that an author cites; `None` when they cite none of this log.
    pub(crate) fn reference_cited(
        &self,
        view: &dyn Snapshot,
        cited: &[Cited],
    ) -> Result<Option<AsCited>, LogError> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).cited(view, cited)
    }

    pub(crate) fn reference_in(&self, view: &dyn Snapshot) -> Result<Arc<Reference>, LogError> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.catch_up(view)?;
        Ok(Arc::clone(&known.reference))
    }
}
