//! What one change may: its form, as things are now, and as they were where its author stood.

use super::ingest::{Bench, Signed};
use crate::log::{LogError, Review};
use crate::review::guarded;
use sanben_document::{Admitted, ChangeHash, ChangeHeader, Document, Record, Refusal};
use sanben_domain::id::DocumentId;
use sanben_domain::rights::Scope;
use sanben_domain::time::Timestamp;
use sanben_sync::judge::{Author, Setting, When, allowed, form, named, part_of, waits};
use sanben_sync::manifest::{Manifest, ManifestItem};
use sanben_sync::wire::Rejection;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// A request that cites more different states of the reference data than this has to come again with the rest.
const MAX_STATES: usize = 8;

/// How a change is judged by what held where its author stood.
pub(super) struct Fair {
    pub(super) allowed: Result<(), Rejection>,
    /// Since when something newer holds, or when they acted, as far as that is known, whichever is earlier.
    pub(super) since: Timestamp,
}

/// The form of a change.
pub(super) enum Formed {
    Fine(Box<Admitted>),
    Bad(Rejection),
    /// The server cannot say now.
    Later,
}

/// What a change may.
pub(super) enum Judged {
    Enter(Box<Admitted>),
    Review(Rejection),
    Reject(Rejection),
    /// It is of a case that was erased.
    OfErased,
    Later,
}

/// A document as it would stand with what waits for a person.
#[derive(Default)]
pub(super) struct Behind {
    stands: Option<Document>,
    /// What of that was looked at.
    seen: BTreeSet<ChangeHash>,
    /// What of that does not fit, and what builds on it.
    misfits: BTreeSet<ChangeHash>,
}

impl Bench<'_> {
    pub(super) fn form(&mut self, item: &ManifestItem, bytes: &[u8]) -> Result<Formed, LogError> {
        let Some(before) = self.document(item.document)? else { return Ok(Formed::Later) };
        let formed = catch_unwind(AssertUnwindSafe(|| form(item, bytes, before)));
        let admitted = match formed {
            Ok(Ok(admitted)) => admitted,
            // Never for good: a carrier may have left it out, or the log was restored and its author is on the way.
            Ok(Err(Rejection::Form(Refusal::MissingDependency))) => return Ok(Formed::Later),
            Ok(Err(rejection)) => return Ok(Formed::Bad(rejection)),
            Err(_) => {
                tracing::error!(document = %item.document, "judging a change panicked");
                return Ok(Formed::Later);
            }
        };
        let header = &admitted.header;
        if self.tx.written(item.document, &header.actor, header.seq)?.is_some() {
            return Ok(Formed::Bad(Rejection::Form(Refusal::Fork)));
        }
        Ok(Formed::Fine(Box::new(admitted)))
    }

    pub(super) fn judge(
        &mut self,
        signed: &Signed<'_>,
        item: &ManifestItem,
        bytes: &[u8],
    ) -> Result<Judged, LogError> {
        let admitted = match self.form(item, bytes)? {
            Formed::Fine(admitted) => admitted,
            Formed::Bad(rejection) => return Ok(Judged::Reject(rejection)),
            Formed::Later => return Ok(Judged::Later),
        };
        if self.is_of_erased(&admitted)? {
            return Ok(Judged::OfErased);
        }
        let Some(around) = self.around(item, &admitted)? else { return Ok(Judged::Later) };
        let before = self.documents.get(&item.document).and_then(Option::as_ref);
        let setting = around.setting(before, self.now);
        let ask = |author: &Author<'_>| {
            catch_unwind(AssertUnwindSafe(|| allowed(author, item, &admitted, before, &setting)))
        };
        let against = match &signed.author {
            Ok(author) => match ask(author) {
                Ok(Ok(())) => return Ok(Judged::Enter(admitted)),
                Ok(Err(why)) => why,
                Err(_) => return Ok(Judged::Later),
            },
            Err(why) => why.clone(),
        };
        // What was taken back out of their unit, its author may not have heard of.
        let taken_back = before.is_some() && !self.tx.taken_back(item.document)?.is_empty();
        let Some(fair) = self.fairly(signed.manifest, item, &admitted)? else { return Ok(Judged::Later) };
        let fair_ms =
            self.reference.tenant.as_ref().map_or(0, |tenant| i64::from(tenant.offline_days)) * DAY_MS;
        Ok(match (fair.allowed, &signed.author) {
            (Err(_), _) => Judged::Reject(against),
            (Ok(()), Ok(_))
                if !(taken_back && against == Rejection::OutOfScope)
                    && self.now.since(fair.since) <= fair_ms =>
            {
                Judged::Enter(admitted)
            }
            (Ok(()), _) => Judged::Review(against),
        })
    }

    /// What builds on work that waits for a person waits with it, for the same reason. Its form and its author are read as
    /// ever, on top of what waits: else whoever has another's bytes could put them aside as their own.
    pub(super) fn wait_behind(
        &mut self,
        manifest: &Manifest,
        item: &ManifestItem,
        header: &ChangeHeader,
        bytes: &[u8],
        why: Rejection,
    ) -> Result<Judged, LogError> {
        // Whatever becomes of this change, what it builds on is not put together again for the next.
        let mut behind = match self.behind.remove(&item.document) {
            Some(behind) => behind,
            None => {
                let Some(held) = self.document(item.document)? else { return Ok(Judged::Later) };
                Behind { stands: held.cloned(), ..Behind::default() }
            }
        };
        let judged = match self.stand(item.document, header, &mut behind)? {
            true => form_behind(manifest, item, bytes, &mut behind, why),
            false => Judged::Later,
        };
        self.behind.insert(item.document, behind);
        Ok(judged)
    }

    /// Brings a document to where a change begins that builds on what waits; `false` while that does not fit.
    fn stand(
        &self,
        document: DocumentId,
        header: &ChangeHeader,
        behind: &mut Behind,
    ) -> Result<bool, LogError> {
        enum Step {
            Into(ChangeHash),
            Apply(ChangeHash, Vec<u8>),
        }
        let mut steps: Vec<Step> = header.deps.iter().copied().map(Step::Into).collect();
        while let Some(step) = steps.pop() {
            match step {
                Step::Into(change) if behind.misfits.contains(&change) => return Ok(false),
                Step::Into(change) if behind.seen.insert(change) => {
                    if let Some(Review { bytes, decision: None, .. }) = self.tx.review(change)? {
                        let below = ChangeHeader::of(&bytes).map(|header| header.deps).unwrap_or_default();
                        steps.push(Step::Apply(change, bytes));
                        steps.extend(below.into_iter().map(Step::Into));
                    }
                }
                Step::Into(_) => {}
                Step::Apply(change, bytes) => match guarded(document, behind.stands.as_ref(), &bytes) {
                    Some(admitted) => behind.stands = Some(admitted.after),
                    None => {
                        // Neither it nor what was to be applied after it is looked at again for this request.
                        let unapplied = steps.into_iter().filter_map(|step| match step {
                            Step::Apply(change, _) => Some(change),
                            Step::Into(_) => None,
                        });
                        behind.misfits.extend(unapplied.chain([change]));
                        return Ok(false);
                    }
                },
            }
        }
        Ok(true)
    }

    /// Judges by what held when its author acted, as it is known now and as they knew it. `None` when the server cannot.
    pub(super) fn fairly(
        &mut self,
        manifest: &Manifest,
        item: &ManifestItem,
        admitted: &Admitted,
    ) -> Result<Option<Fair>, LogError> {
        if !self.cited.contains_key(&manifest.cited) {
            if self.cited.len() >= MAX_STATES {
                return Ok(None);
            }
            let then = self.server.reference_cited(&*self.tx, &manifest.cited)?;
            self.cited.insert(manifest.cited.clone(), then.map(Arc::new));
        }
        let then = self.cited.get(&manifest.cited).cloned().flatten();
        let when = When::of(admitted, then.as_ref().map(|then| then.published), self.now);
        // As the office corrected it since, and as its author knew it.
        let cited = then.as_ref().filter(|then| then.superseded.is_some());
        let lights = [(self.reference, None)].into_iter();
        let lights = lights.chain(cited.map(|then| (&*then.reference, then.superseded)));
        let Some(mut around) = self.around(item, admitted)? else { return Ok(None) };
        around.lies_in.extend(self.tx.taken_back(item.document)?);
        let before = self.documents.get(&item.document).and_then(Option::as_ref);
        let setting = around.setting(before, self.now);
        // The case too is as its author had it: somebody may have given it another place meanwhile.
        let stood = before.map(|document| document.at(&admitted.header.deps));
        let Ok(stood) = stood.transpose() else { return Ok(None) };
        let stood = stood.as_ref();
        let mut fair: Option<Fair> = None;
        for (reference, superseded) in lights {
            for at in when.instants(&manifest.person, reference) {
                let allowed = match Author::of(&manifest.person, reference, at) {
                    None => Err(Rejection::Revoked),
                    Some(author) => {
                        let asked = catch_unwind(AssertUnwindSafe(|| {
                            allowed(&author, item, admitted, stood, &setting)
                        }));
                        match asked {
                            Ok(allowed) => allowed,
                            Err(_) => return Ok(None),
                        }
                    }
                };
                let since = superseded.map_or(at, |superseded| superseded.min(at));
                // The latest at which they might; else how it was where its author stood.
                let better = match &fair {
                    Some(Fair { allowed: Ok(()), since: best }) => allowed.is_ok() && since > *best,
                    _ => true,
                };
                if better {
                    fair = Some(Fair { allowed, since });
                }
            }
        }
        Ok(fair)
    }

    /// What else of the log a judgement takes. `None` while the log lacks something that the change names: a carrier may
    /// have left it out, it may wait in review, or the log was restored and its author is on the way.
    fn around(&mut self, item: &ManifestItem, admitted: &Admitted) -> Result<Option<Around>, LogError> {
        for document in named(admitted) {
            if self.tx.scopes_of(document)?.is_empty() && !self.is_erased(document)? {
                return Ok(None);
            }
        }
        let whole = match part_of(admitted).map(|whole| self.document(whole)).transpose()? {
            Some(None) => return Ok(None),
            Some(Some(whole)) => whole.and_then(feature_of),
            None => None,
        };
        let lies_in = self.tx.scopes_of(item.document)?;
        let begun = if waits(admitted) { self.tx.begun(item.document)? } else { None };
        Ok(Some(Around { lies_in, begun, whole }))
    }
}

/// What becomes of a change behind what waits, where that stands.
fn form_behind(
    manifest: &Manifest,
    item: &ManifestItem,
    bytes: &[u8],
    behind: &mut Behind,
    why: Rejection,
) -> Judged {
    let formed = catch_unwind(AssertUnwindSafe(|| form(item, bytes, behind.stands.as_ref())));
    match formed {
        Ok(Ok(admitted)) => {
            if !admitted.effects.events.iter().all(|event| *event.by() == manifest.person) {
                return Judged::Reject(Rejection::NotTheAuthor);
            }
            behind.stands = Some(admitted.after);
            behind.seen.insert(item.change);
            Judged::Review(why)
        }
        Ok(Err(Rejection::Form(Refusal::MissingDependency))) => Judged::Later,
        Ok(Err(why)) => Judged::Reject(why),
        Err(_) => {
            tracing::error!(document = %item.document, "judging a change panicked");
            Judged::Later
        }
    }
}

/// What the log says about a change beside its document.
struct Around {
    lies_in: Vec<Scope>,
    begun: Option<Timestamp>,
    whole: Option<String>,
}

impl Around {
    fn setting<'a>(&'a self, before: Option<&'a Document>, arrived: Timestamp) -> Setting<'a> {
        let Self { lies_in, begun, whole } = self;
        Setting { before, lies_in, begun: *begun, arrived, whole: whole.as_deref() }
    }
}

fn feature_of(document: &Document) -> Option<String> {
    match &*document.content().ok()? {
        Record::Matter(matter) => Some(matter.feature.clone()),
        Record::Case(_) | Record::Patrol(_) | Record::Contact(_) => None,
    }
}
