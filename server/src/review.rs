//! Work that was allowed when its author acted and is not any more: a person of the desk looks at it. Taken in, it
//! enters the log as its author signed it; refused, its author learns why and decides what becomes of it.

use crate::log::{Decision, LogError, Review};
use crate::sync::enter;
use crate::tenant::{Server, ServerError};
use sanben_document::{ChangeHash, ChangeHeader};
use sanben_domain::id::{DeviceId, DocumentId, PersonId};
use sanben_domain::time::Timestamp;
use sanben_sync::manifest::{Manifest, ManifestItem};
use sanben_sync::wire::Rejection;
use std::collections::BTreeSet;

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
    /// What speaks against it.
    pub why: Rejection,
    /// When it arrived.
    pub arrived: Timestamp,
    /// Whether it was taken in, and when; `None` while nobody has decided.
    pub decided: Option<(bool, Timestamp)>,
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
        for review in view.reviews()? {
            let Some(manifest) = view.manifest(review.manifest)?.and_then(|batch| batch.signed_list()) else {
                return Err(LogError::Damaged("a manifest of work in review is missing".to_owned()).into());
            };
            let Some(item) = item_of(&manifest, &review) else { continue };
            rows.push(ReviewRow {
                change: review.change,
                document: item.document,
                person: manifest.person.clone(),
                device: review.device,
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
        let mut found = tx.reviews()?;
        found.retain(|review| !named.is_empty() && review.change.to_string().starts_with(named));
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
            for other in tx.reviews()?.into_iter().filter(|other| other.decision.is_none()) {
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
        tx.commit()?;
        self.follow();
        tracing::info!(accept, "work in review was decided");
        Ok(review.change)
    }
}

fn item_of<'a>(manifest: &'a Manifest, review: &Review) -> Option<&'a ManifestItem> {
    manifest.items.iter().find(|item| item.change == review.change)
}
