//! Work that was allowed when its author acted and is not any more: a person of the desk looks at it. Taken in, it
//! enters the log as its author signed it; refused, its author learns why and decides what becomes of it.

use crate::log::{Decision, LogError, Review, Snapshot};
use crate::sync::enter;
use crate::tenant::{Server, ServerError};
use crate::trail::DeskAct;
use sanben_document::{Admitted, ChangeHash, ChangeHeader, Document, Effects, NewEvent, Record, admit};
use sanben_domain::case::CaseAct;
use sanben_domain::contact::ContactAct;
use sanben_domain::id::{CaseId, DeviceId, DocumentId, PersonId, PointId};
use sanben_domain::matter::MatterAct;
use sanben_domain::patrol::PatrolAct;
use sanben_domain::time::Timestamp;
use sanben_sync::manifest::{Manifest, ManifestItem};
use sanben_sync::wire::Rejection;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Work in review, as the desk sees it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ReviewRow {
    /// The change.
    pub change: ChangeHash,
    /// Its document.
    pub document: DocumentId,
    /// Who acted.
    pub person: PersonId,
    /// On which device.
    pub device: DeviceId,
    /// What was done; empty for what builds on something that does not stand yet.
    pub acts: Vec<ReviewedAct>,
    /// The point of the case or matter, as it would stand; that of a visit is in the act.
    pub point: Option<PointId>,
    /// The case's words as they would stand, or what was written on a matter. A resident's name and number are not shown.
    pub description: String,
    /// What speaks against it.
    pub why: Rejection,
    /// When it arrived.
    pub arrived: Timestamp,
    /// Whether it was taken in, and when; `None` while nobody has decided.
    pub decided: Option<(bool, Timestamp)>,
}

/// An act of any kind of document.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewedAct {
    /// On a case.
    Case(CaseAct),
    /// In a patrol.
    Patrol(PatrolAct),
    /// In a contact.
    Contact(ContactAct),
    /// On a matter.
    Matter {
        /// Of which feature.
        feature: String,
        /// The act.
        act: MatterAct,
    },
}

/// Why nothing was decided.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    /// No work in review begins like this, or several do.
    #[error("{0} names no work in review, or more than one: give more of its name")]
    NotOne(String),
    /// Somebody decided before.
    #[error("this was decided before: it stays as it is")]
    Decided,
    /// A decision needs its reason.
    #[error("say why: its author will read it")]
    NoReason,
    /// It cannot be taken in.
    #[error("it cannot enter the log ({0:?}): refuse it, or decide first about what it builds on")]
    DoesNotFit(Rejection),
    /// The server failed.
    #[error(transparent)]
    Server(#[from] ServerError),
}

impl From<LogError> for ReviewError {
    fn from(error: LogError) -> Self {
        Self::Server(error.into())
    }
}

impl Server {
    /// Work in review, in the order in which it arrived; what was decided stays listed.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub fn reviews(&self) -> Result<Vec<ReviewRow>, ServerError> {
        let view = self.log.read()?;
        let mut rows = Vec::new();
        for InReview { review, manifest, document, would } in in_review(&*view, view.reviews()?)? {
            let (acts, point, description) = match would {
                Some(Would { acts, point, description, .. }) => (acts, point, description),
                None => (Vec::new(), None, String::new()),
            };
            rows.push(ReviewRow {
                change: review.change,
                document,
                person: manifest.person,
                device: review.device,
                acts,
                point,
                description,
                why: review.why,
                arrived: review.arrived,
                decided: review.decision.map(|decision| (decision.accepted, decision.at)),
            });
        }
        Ok(rows)
    }

    /// Decides about work in review, named by the beginning of its hash. Taken in, it is in the log when this
    /// returns; refused, so is what builds on it.
    ///
    /// # Errors
    /// [`ReviewError`]; nothing was decided then.
    pub fn decide(&self, named: &str, accept: bool, reason: &str) -> Result<ChangeHash, ReviewError> {
        if reason.trim().is_empty() {
            return Err(ReviewError::NoReason);
        }
        let now = self.now();
        let mut tx = self.log.begin()?;
        let found = if named.is_empty() { Vec::new() } else { tx.reviews_named(named)? };
        let [review] = found.as_slice() else { return Err(ReviewError::NotOne(named.to_owned())) };
        if review.decision.is_some() {
            return Err(ReviewError::Decided);
        }
        let manifest = tx.manifest(review.manifest)?.and_then(|batch| batch.signed_list());
        let found = manifest.as_ref().and_then(|manifest| Some((manifest, item_of(manifest, review)?)));
        let (manifest, item) =
            found.ok_or_else(|| LogError::Damaged("a manifest of work in review is missing".to_owned()))?;
        let decision = Decision { accepted: accept, reason: reason.to_owned(), at: now };
        if accept {
            let reference = self.reference_in(&*tx)?;
            let entered = enter(self, &mut *tx, &reference, review, manifest, item, now)?;
            entered.map_err(ReviewError::DoesNotFit)?;
        } else {
            let why = Rejection::Reviewed { reason: reason.to_owned() };
            tx.reject(review.change, review.device, review.manifest, &why, now)?;
            let mut fallen = BTreeSet::from([review.change]);
            // In the order in which they arrived: each after what it builds on.
            for other in tx.open_reviews()? {
                let builds = ChangeHeader::of(&other.bytes)
                    .is_some_and(|header| header.deps.iter().any(|dep| fallen.contains(dep)));
                if builds {
                    fallen.insert(other.change);
                    let why = Rejection::DependsOnRejected;
                    tx.reject(other.change, other.device, other.manifest, &why, now)?;
                    tx.decide(other.change, &decision)?;
                }
            }
        }
        tx.decide(review.change, &decision)?;
        let act = if accept { DeskAct::Accept } else { DeskAct::Refuse };
        self.deed(&mut *tx, act, [review.change.to_string(), item.document.to_string()], reason)?;
        tx.commit()?;
        self.follow();
        tracing::info!(accept, "work in review was decided");
        Ok(review.change)
    }
}

/// Work in review, and what is known of it.
pub(crate) struct InReview {
    pub(crate) review: Review,
    manifest: Manifest,
    /// Its document.
    pub(crate) document: DocumentId,
    /// What it would do, with everything that waits before it. `None` where somebody has decided, and for what builds on
    /// something that does not stand yet.
    would: Option<Would>,
}

/// What work in review would do: not the whole record, of which each act on a long case has as much again.
struct Would {
    acts: Vec<ReviewedAct>,
    point: Option<PointId>,
    description: String,
    /// The case of a contact.
    case: Option<CaseId>,
}

impl Would {
    fn of(record: Record, effects: Effects) -> Self {
        let (mut point, mut description, mut case, mut feature) = (None, String::new(), None, None);
        match record {
            Record::Case(record) => (point, description) = (record.point, record.description),
            Record::Matter(record) => (point, feature) = (record.point, Some(record.feature)),
            Record::Contact(record) => case = Some(record.case),
            Record::Patrol(_) => {}
        }
        let acts = effects.events.into_iter().filter_map(|event| {
            Some(match event {
                NewEvent::Case(event) => ReviewedAct::Case(event.act),
                NewEvent::Patrol(event) => ReviewedAct::Patrol(event.act),
                NewEvent::Contact(event) => ReviewedAct::Contact(event.act),
                NewEvent::Matter(event) => {
                    description = event.act.words().collect::<Vec<_>>().join(" ");
                    ReviewedAct::Matter { feature: feature.clone()?, act: event.act }
                }
            })
        });
        let acts = acts.collect();
        Self { acts, point, description, case }
    }
}

impl InReview {
    /// The case of the contact that it is about.
    pub(crate) fn of_case(&self) -> Option<CaseId> {
        self.would.as_ref().and_then(|would| would.case)
    }
}

/// Looks into work in review, given in the order in which it arrived.
pub(crate) fn in_review(view: &dyn Snapshot, reviews: Vec<Review>) -> Result<Vec<InReview>, LogError> {
    let mut found = Vec::new();
    let mut documents: BTreeMap<DocumentId, Option<Document>> = BTreeMap::new();
    for review in reviews {
        let Some(manifest) = view.manifest(review.manifest)?.and_then(|batch| batch.signed_list()) else {
            return Err(LogError::Damaged("a manifest of work in review is missing".to_owned()));
        };
        let Some(document) = item_of(&manifest, &review).map(|item| item.document) else { continue };
        let mut would = None;
        if review.decision.is_none() {
            let before = match documents.entry(document) {
                Entry::Occupied(held) => held.into_mut(),
                Entry::Vacant(free) => {
                    let changes = view.document(document)?;
                    let built = Document::from_changes(changes.iter().map(Vec::as_slice));
                    free.insert(built.ok().filter(|_| !changes.is_empty()))
                }
            };
            if let Some(admitted) = guarded(document, before.as_ref(), &review.bytes) {
                *before = Some(admitted.after);
                would = Some(Would::of(admitted.record, admitted.effects));
            }
        }
        found.push(InReview { review, manifest, document, would });
    }
    Ok(found)
}

/// What a change would do; `None` when it does not fit, or makes automerge panic.
pub(crate) fn guarded(id: DocumentId, before: Option<&Document>, bytes: &[u8]) -> Option<Admitted> {
    catch_unwind(AssertUnwindSafe(|| admit(id, before, bytes))).ok()?.ok()
}

fn item_of<'a>(manifest: &'a Manifest, review: &Review) -> Option<&'a ManifestItem> {
    manifest.items.iter().find(|item| item.change == review.change)
}
