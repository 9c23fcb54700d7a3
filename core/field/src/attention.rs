//! What the server refused, and the four things a person can do about it: correct it and send it again, hand it on to
//! somebody who may do it ([`crate::handed_on`]), export it, or give it up with a reason. Nothing is dropped, and
//! nothing else waits for it.

use crate::Field;
use crate::error::FieldError;
use crate::handed_on::{Head, exported, fallen_with, write_work};
use crate::invalid::Invalid;
use chrono::NaiveDate;
use sanben_document::{Intent, IntentBody};
use sanben_domain::case::{CaseAct, CaseRecord};
use sanben_domain::id::{DocumentId, PersonId, PointId, StandardId};
use sanben_domain::matter::Fields;
use sanben_domain::reference::Reference;
use sanben_domain::rights;
use sanben_store::{Attention, OutboxId, StoreError};
use std::path::Path;

/// What is different when refused work goes out again; `None` leaves a part as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Correction {
    /// Where: of a report, a completion, a new matter, or in the field of an act on one.
    pub point: Option<PointId>,
    /// Which standard it breaks: of a report or a completion, or in the field of an act on a matter.
    pub standard: Option<StandardId>,
    /// The words, or the reason of an act that gives one.
    pub words: Option<String>,
    /// Whom a new matter is about, or who is named in the field of an act on one.
    pub person: Option<PersonId>,
    /// The day that a new matter is about.
    pub day: Option<NaiveDate>,
    /// The document that a new matter belongs to.
    pub about: Option<DocumentId>,
    /// Fields of an act on a matter by name, each as it should be.
    pub fields: Fields,
}

impl Correction {
    /// Something that only matters have.
    fn is_of_a_matter(&self) -> bool {
        self.person.is_some() || self.day.is_some() || self.about.is_some() || !self.fields.is_empty()
    }
}

/// What an export wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct ExportedWork {
    /// Photos that lie beside it.
    pub photos: u64,
    /// Photos that it cites and that are not on this device any more.
    pub photos_missing: u64,
}

impl Field {
    /// Work that the server rejected, waiting for the person, oldest first. What was handed on stays here until it is
    /// in the log.
    ///
    /// # Errors
    /// A store error.
    pub fn needs_attention(&self) -> Result<Vec<Attention>, FieldError> {
        Ok(self.store.needs_attention()?)
    }

    /// Sends rejected work again as it is (after rights or reference data changed).
    ///
    /// # Errors
    /// [`FieldError::NotFound`] when nothing of this number needs attention, [`FieldError::Denied`].
    pub fn resend(&self, id: OutboxId) -> Result<(), FieldError> {
        self.again(id, None)
    }

    /// Sends rejected work again, corrected. It stays the same event; a report goes to the community of its corrected
    /// point.
    ///
    /// # Errors
    /// [`Invalid::NothingCorrected`], [`Invalid::NotCorrectable`], [`Invalid::NoReason`], [`FieldError::Denied`] when
    /// the person may not do it as corrected either, [`FieldError::NotFound`]; nothing was changed then.
    pub fn correct(&self, id: OutboxId, correction: &Correction) -> Result<(), FieldError> {
        if *correction == Correction::default() {
            return Err(Invalid::NothingCorrected.into());
        }
        let row = self.refused(id)?;
        let reference = self.store.reference()?;
        let of_matter = matches!(row.intent.body, IntentBody::OpenMatter { .. } | IntentBody::Matter { .. });
        if correction.is_of_a_matter() && !of_matter {
            return Err(Invalid::NotCorrectable.into());
        }
        known(correction.point.as_ref(), correction.standard.as_ref(), &reference)?;
        let corrected = self.corrected(row.intent, correction, &reference)?;
        self.again(id, Some(corrected))
    }

    /// Gives rejected work up, with a reason; it is kept among the discarded.
    ///
    /// # Errors
    /// [`Invalid::NoReasonToDiscard`], [`FieldError::NotFound`].
    pub fn discard(&self, id: OutboxId, reason: &str) -> Result<(), FieldError> {
        if reason.trim().is_empty() {
            return Err(Invalid::NoReasonToDiscard.into());
        }
        self.refused(id)?;
        let changed = self.store.discard(id, reason, self.now()?)?;
        self.tell(changed);
        Ok(())
    }

    /// Writes refused work with its photos, and what fell with it, into a new file for somebody who may do it; `to` names them, so that
    /// nobody else takes it over by mistake. It stays under "needs attention" until theirs is in the log, which the
    /// next sync after that says.
    ///
    /// # Errors
    /// [`FieldError::NotFound`], [`Invalid::OnesOwnRound`] for part of a round, [`Invalid::ContactStays`], [`FieldError::Write`] when the file is
    /// there or cannot be made.
    pub fn hand_on(&self, id: OutboxId, to: Option<&PersonId>, file: &Path) -> Result<(), FieldError> {
        let row = self.refused(id)?;
        match row.intent.body {
            IntentBody::StartPatrol { .. } | IntentBody::Patrol { .. } => {
                return Err(Invalid::OnesOwnRound.into());
            }
            IntentBody::AddContact { .. } => return Err(Invalid::ContactStays.into()),
            IntentBody::Report { .. }
            | IntentBody::Amend { .. }
            | IntentBody::Act { .. }
            | IntentBody::OpenMatter { .. }
            | IntentBody::Matter { .. } => {}
        }
        let tenant = self.enrolment()?.tenant;
        let with = fallen_with(&row, &self.store.needs_attention()?);
        write_work(&self.store, &Head::of(&row, tenant, to.cloned()), &with, file)?;
        // Once the file is there: a file too many does no harm, a note too many would wait for nobody.
        for id in std::iter::once(id).chain(with.iter().map(|row| row.id)) {
            let changed = self.store.hand_on(id, to, self.now()?)?;
            self.tell(changed);
        }
        Ok(())
    }

    /// Writes refused work into a new folder: `work.json` to be read by people and programs, its photos under their
    /// hashes, and `work.sanben`, which [`Field::take_over`] reads on another device.
    ///
    /// # Errors
    /// [`FieldError::NotFound`], [`Invalid::ContactStays`], [`FieldError::Write`] when the folder is there or cannot be made.
    pub fn export_refused(&self, id: OutboxId, folder: &Path) -> Result<ExportedWork, FieldError> {
        let row = self.refused(id)?;
        if matches!(row.intent.body, IntentBody::AddContact { .. }) {
            return Err(Invalid::ContactStays.into());
        }
        std::fs::create_dir(folder).map_err(FieldError::Write)?;
        let with = fallen_with(&row, &self.store.needs_attention()?);
        let head = Head::of(&row, self.enrolment()?.tenant, None);
        exported(&self.store, &row, (&head, &with), &*self.store.reference()?, folder)
    }

    fn again(&self, id: OutboxId, corrected: Option<Intent>) -> Result<(), FieldError> {
        let recorded = self.store.resend(id, corrected).map_err(|error| no_attention(error, id))?;
        self.tell(recorded.changed);
        Ok(())
    }

    fn refused(&self, id: OutboxId) -> Result<Attention, FieldError> {
        let found = self.store.needs_attention()?.into_iter().find(|row| row.id == id);
        found.ok_or_else(|| no_attention(StoreError::NoAttention, id))
    }

    fn corrected(
        &self,
        intent: Intent,
        correction: &Correction,
        reference: &Reference,
    ) -> Result<Intent, FieldError> {
        let placed = correction.point.is_some() || correction.standard.is_some();
        let me = self.me(reference)?;
        let at = self.stamp()?.at();
        let body = match intent.body {
            IntentBody::Report { home, source, point, standard, description, fix, photos } => {
                let point = correction.point.clone().or(point);
                let home = if correction.point.is_some() {
                    crate::record::home_of(point.as_ref(), fix, &me, reference, at)
                        .ok_or(FieldError::NothingYet)?
                } else {
                    home
                };
                let standard = correction.standard.clone().or(standard);
                let description = correction.words.clone().unwrap_or(description);
                IntentBody::Report { home, source, point, standard, description, fix, photos }
            }
            IntentBody::Amend { point, standard, description, fix, photos } => {
                let (point, standard) =
                    (correction.point.clone().or(point), correction.standard.clone().or(standard));
                if let Some(row) = self.store.case(intent.document)? {
                    self.may_move(&row.record, point.as_ref(), reference)?;
                }
                IntentBody::Amend {
                    point,
                    standard,
                    description: correction.words.clone().or(description),
                    fix,
                    photos,
                }
            }
            IntentBody::Act { act, photos } => {
                let words = correction.words.as_deref().filter(|_| !placed).ok_or(Invalid::NotCorrectable)?;
                let act = said(act, words)?;
                if let Some(row) = self.store.case(intent.document)? {
                    rights::may(&me, &act, &row.record, Some(&row.state), reference, at)?;
                }
                IntentBody::Act { act, photos }
            }
            IntentBody::StartPatrol { .. } | IntentBody::Patrol { .. } | IntentBody::AddContact { .. } => {
                return Err(Invalid::NotCorrectable.into());
            }
            body @ (IntentBody::OpenMatter { .. } | IntentBody::Matter { .. }) => {
                self.corrected_matter((intent.document, intent.at), body, correction, &me, reference)?
            }
        };
        Ok(Intent { body, ..intent })
    }

    pub(crate) fn may_move(
        &self,
        before: &CaseRecord,
        point: Option<&PointId>,
        reference: &Reference,
    ) -> Result<(), FieldError> {
        if point.is_some() && rights::may_move(before, point, reference).is_err() {
            return Err(Invalid::PointElsewhere.into());
        }
        Ok(())
    }
}

fn no_attention(error: StoreError, id: OutboxId) -> FieldError {
    match error {
        StoreError::NoAttention => FieldError::NotFound { what: "refused work", id: id.0.to_string() },
        other => other.into(),
    }
}

/// Whether point and standard are held here.
pub(crate) fn known(
    point: Option<&PointId>,
    standard: Option<&StandardId>,
    reference: &Reference,
) -> Result<(), FieldError> {
    if let Some(point) = point.filter(|point| !reference.points.contains_key(*point)) {
        return Err(FieldError::NotFound { what: "point", id: point.to_string() });
    }
    if let Some(standard) = standard.filter(|standard| !reference.standards.contains_key(*standard)) {
        return Err(FieldError::NotFound { what: "standard", id: standard.to_string() });
    }
    Ok(())
}

/// The act with other words, or another reason.
fn said(mut act: CaseAct, new: &str) -> Result<CaseAct, Invalid> {
    let reasoned = act.reason().is_some();
    let spoken = act.words_mut().ok_or(Invalid::NotCorrectable)?;
    if new.trim().is_empty() && reasoned {
        return Err(Invalid::NoReason);
    }
    new.clone_into(spoken);
    Ok(act)
}
