//! What the server refused: it waits until its author sends it again, hands it on or gives it up.

use crate::failure::{Denial, FieldFailure};
use crate::field::{Field, each};
use crate::matter::FieldFlaw;
use crate::thread::{ActKind, told};
use crate::value::{Uuid, instant};
use sanben_document::IntentBody;
use sanben_domain::id::{PersonId, PointId, StandardId};
use sanben_domain::patrol::PatrolAct;
use sanben_field::{OutboxId, TakenOver};
use sanben_sync::wire::Rejection;
use std::path::Path;
use std::time::SystemTime;

/// Why work was refused.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum RejectionReason {
    /// It is not what it should be: a fault of the program, or of the disk.
    Form {
        /// For the log.
        detail: String,
    },
    /// Its signature is not that of an enrolled device.
    Unsigned,
    /// Somebody else than its author sent it.
    NotTheAuthor,
    /// The person's role or place does not allow it.
    NotAllowed {
        /// Why not.
        why: Denial,
    },
    /// A field of a matter does not fit its form.
    Unfit {
        /// The field.
        field: String,
        /// What is wrong with it.
        why: FieldFlaw,
    },
    /// The person no longer works with these records.
    OutOfScope,
    /// Earlier work that it builds on was refused.
    DependsOnRejected,
    /// The device was taken out, or its person is not listed any more.
    Revoked,
    /// Its record was erased: nothing of it comes back in.
    Erased,
    /// A person of the desk looked at it and refused it.
    Reviewed {
        /// Their reason.
        reason: String,
    },
}

impl From<Rejection> for RejectionReason {
    fn from(rejection: Rejection) -> Self {
        match rejection {
            Rejection::Form(refusal) => Self::Form { detail: refusal.to_string() },
            Rejection::Unsigned => Self::Unsigned,
            Rejection::NotTheAuthor => Self::NotTheAuthor,
            Rejection::NotAllowed(why) => Self::NotAllowed { why },
            Rejection::Unfit { field, why } => Self::Unfit { field, why },
            Rejection::OutOfScope => Self::OutOfScope,
            Rejection::DependsOnRejected => Self::DependsOnRejected,
            Rejection::Revoked => Self::Revoked,
            Rejection::Erased => Self::Erased,
            Rejection::Reviewed { reason } => Self::Reviewed { reason },
        }
    }
}

/// A piece of refused work.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Attention {
    /// Its number: what `resend`, `correct`, `hand_on`, `export_refused` and `discard` take.
    pub id: i64,
    /// The case, patrol or contact.
    pub document: Uuid,
    /// What was meant.
    pub kind: ActKind,
    /// The words, or the reason.
    pub words: String,
    /// When it was recorded.
    pub recorded_at: SystemTime,
    /// Why it was refused.
    pub why: RejectionReason,
    /// When the answer came.
    pub rejected_at: SystemTime,
    /// To whom it was handed on meanwhile: a person's code, or empty when nobody was named.
    pub handed_on_to: Option<String>,
}

/// What is different when refused work goes out again; what is left out stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Correction {
    /// Where: of a report, a completion, a new matter, or in the field of an act on one.
    #[uniffi(default = None)]
    pub point: Option<String>,
    /// Which standard it breaks; for a report or a completion.
    #[uniffi(default = None)]
    pub standard: Option<String>,
    /// The words, or the reason of an act that gives one.
    #[uniffi(default = None)]
    pub words: Option<String>,
    /// Whom a new matter is about, or who is named in the field of an act on one.
    #[uniffi(default = None)]
    pub person: Option<String>,
}

impl From<Correction> for sanben_field::Correction {
    fn from(correction: Correction) -> Self {
        let Correction { point, standard, words, person } = correction;
        Self {
            point: point.map(PointId),
            standard: standard.map(StandardId),
            words,
            person: person.map(PersonId),
            ..Self::default()
        }
    }
}

/// What an export wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct ExportedWork {
    /// Photos that lie beside it.
    pub photos: u64,
    /// Photos that it cites and that are not on this device any more.
    pub photos_missing: u64,
}

impl From<sanben_field::ExportedWork> for ExportedWork {
    fn from(written: sanben_field::ExportedWork) -> Self {
        Self { photos: written.photos, photos_missing: written.photos_missing }
    }
}

/// What was meant, and with which words.
pub(crate) fn meant(body: &IntentBody) -> (ActKind, &str) {
    match body {
        IntentBody::Report { description, .. } => (ActKind::Report, description.as_str()),
        IntentBody::Act { act, .. } => told(act),
        IntentBody::Amend { description, .. } => (ActKind::Amend, description.as_deref().unwrap_or_default()),
        IntentBody::StartPatrol { .. } | IntentBody::Patrol { act: PatrolAct::Start } => {
            (ActKind::StartPatrol, "")
        }
        IntentBody::Patrol { act: PatrolAct::Visit { .. } } => (ActKind::Visit, ""),
        IntentBody::Patrol { act: PatrolAct::Finish } => (ActKind::FinishPatrol, ""),
        IntentBody::Patrol { act: PatrolAct::Unknown } => (ActKind::Unknown, ""),
        IntentBody::OpenMatter { act, .. } | IntentBody::Matter { act, .. } => {
            (ActKind::Matter, act.words().next().unwrap_or_default())
        }
        IntentBody::AddContact { note, .. } => (ActKind::AddContact, note.as_str()),
    }
}

impl From<sanben_field::Attention> for Attention {
    fn from(attention: sanben_field::Attention) -> Self {
        let (kind, words) = meant(&attention.intent.body);
        Self {
            id: attention.id.0,
            document: attention.document.0,
            kind,
            words: words.to_owned(),
            recorded_at: instant(attention.intent.at.at()),
            why: attention.rejection.into(),
            rejected_at: instant(attention.at),
            handed_on_to: attention
                .handed_on
                .map(|handed| handed.to.map(|to| to.to_string()).unwrap_or_default()),
        }
    }
}

#[uniffi::export]
impl Field {
    /// Own work that the server refused, oldest first.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn needs_attention(&self) -> Result<Vec<Attention>, FieldFailure> {
        self.call(|field| Ok(each(field.needs_attention()?)))
    }

    /// Sends refused work again as it is, after rights or reference data changed.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn resend(&self, attention: i64) -> Result<(), FieldFailure> {
        self.call(|field| Ok(field.resend(OutboxId(attention))?))
    }

    /// Sends refused work again, corrected.
    ///
    /// # Errors
    /// [`FieldFailure::Invalid`] when nothing is corrected or nothing can be, [`FieldFailure::Denied`],
    /// [`FieldFailure::NotFound`].
    pub fn correct(&self, attention: i64, correction: Correction) -> Result<(), FieldFailure> {
        self.call(|field| Ok(field.correct(OutboxId(attention), &correction.into())?))
    }

    /// Writes refused work with its photos into a new file for somebody who may do it; `to` is their code. It stays
    /// under "needs attention" until theirs is in the log.
    ///
    /// # Errors
    /// [`FieldFailure::Invalid`] for part of a round, [`FieldFailure::FileNotWritten`], [`FieldFailure::NotFound`].
    #[uniffi::method(default(to = None))]
    pub fn hand_on(&self, attention: i64, file: &str, to: Option<String>) -> Result<(), FieldFailure> {
        let to = to.map(PersonId);
        self.call(|field| Ok(field.hand_on(OutboxId(attention), to.as_ref(), Path::new(file))?))
    }

    /// Records what somebody handed on under this person's own name; says which case. Twice has no second effect.
    ///
    /// # Errors
    /// [`FieldFailure::Invalid`] for a file that is none, or for somebody else; [`FieldFailure::Denied`] when this
    /// person may not do it either; [`FieldFailure::NotFound`] when the case is not here.
    pub fn take_over(&self, file: &str) -> Result<Uuid, FieldFailure> {
        self.call(|field| match field.take_over(Path::new(file))? {
            TakenOver::Recorded(of) | TakenOver::Known(of) => Ok(of.0),
        })
    }

    /// Writes refused work into a new folder: `work.json` to be read, its photos, and `work.sanben` for `take_over`.
    ///
    /// # Errors
    /// [`FieldFailure::FileNotWritten`], [`FieldFailure::NotFound`].
    pub fn export_refused(&self, attention: i64, folder: &str) -> Result<ExportedWork, FieldFailure> {
        self.call(|field| Ok(field.export_refused(OutboxId(attention), Path::new(folder))?.into()))
    }

    /// Gives refused work up. It is kept with the reason.
    ///
    /// # Errors
    /// [`FieldFailure::Invalid`] without a reason.
    pub fn discard(&self, attention: i64, reason: &str) -> Result<(), FieldFailure> {
        self.call(|field| Ok(field.discard(OutboxId(attention), reason)?))
    }
}
