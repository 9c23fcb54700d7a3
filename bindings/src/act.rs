//! What a person can do to a case.

use crate::failure::{FieldFailure, InvalidInput};
use crate::field::{Field, allowed, each};
use crate::thread::Outcome;
use crate::value::{Uuid, timestamp};
use sanben_domain::case::{CaseAct as Act, Handler};
use sanben_domain::id::{CaseId, DocumentId, EventId};
use std::path::PathBuf;
use std::time::SystemTime;

/// One act on a case. Photos come beside it where it can have some.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum CaseAct {
    /// 核实.
    Confirm,
    /// 立案.
    File,
    /// 派遣.
    Dispatch {
        /// To which unit.
        unit: String,
        /// To whom in it.
        person: Option<String>,
    },
    /// "收到,马上落实!"
    Acknowledge {
        /// The answer.
        words: String,
    },
    /// 处置: it has been put right; photos show the place afterwards.
    Rectify {
        /// What was done.
        words: String,
        /// In front of the inspector.
        on_the_spot: bool,
    },
    /// 回头看; photos show what was seen.
    LookBack {
        /// What was found.
        outcome: Outcome,
        /// The words.
        words: String,
    },
    /// 结案.
    Close,
    /// 返工.
    Rework {
        /// Why.
        reason: String,
    },
    /// 挂账.
    PutOnAccount {
        /// Why.
        reason: String,
        /// The new due instant.
        due: SystemTime,
    },
    /// 作废.
    Void {
        /// Why.
        reason: String,
    },
    /// 延期.
    Extend {
        /// Why.
        reason: String,
        /// The new due instant.
        due: SystemTime,
    },
    /// An exception to the same-day rule.
    Except {
        /// Why.
        reason: String,
        /// The new due instant.
        due: SystemTime,
    },
    /// 层层反映.
    Escalate {
        /// To which unit.
        unit: String,
        /// Why.
        reason: String,
    },
    /// The answer of that level.
    Answer {
        /// What was decided.
        words: String,
    },
    /// Found again after it had been put right; photos show it.
    FindAgain {
        /// The words.
        words: String,
    },
    /// Settles the open dispute that this event is part of: it stands, what contradicts it falls.
    Decide {
        /// The event that stands.
        upholds: Uuid,
        /// Why.
        reason: String,
    },
    /// This record is a duplicate.
    MergeInto {
        /// The record that is kept.
        kept: Uuid,
    },
    /// The merge was a mistake.
    Unmerge {
        /// The merge event.
        merge: Uuid,
        /// Why.
        reason: String,
    },
    /// A word in the thread.
    Comment {
        /// The words.
        words: String,
    },
}

impl CaseAct {
    /// Does it, and says which event it became.
    pub(crate) fn perform(
        self,
        field: &sanben_field::Field,
        case: CaseId,
        files: &[PathBuf],
    ) -> Result<EventId, FieldFailure> {
        let act = match self {
            Self::LookBack { outcome, words } => return Ok(field.look_back(case, outcome, &words, files)?),
            Self::Decide { .. } | Self::MergeInto { .. } if !files.is_empty() => {
                return Err(FieldFailure::invalid(InvalidInput::TakesNoPhotos));
            }
            Self::Decide { upholds, reason } => return Ok(field.decide(case, EventId(upholds), &reason)?),
            Self::MergeInto { kept } => return Ok(field.merge(case, DocumentId(kept))?),
            other => other.into_core(),
        };
        Ok(field.act(case, act, files)?)
    }

    /// The act as the core has it, without photos.
    pub(crate) fn into_core(self) -> Act {
        match self {
            Self::Confirm => Act::Confirm,
            Self::File => Act::File,
            Self::Close => Act::Close,
            Self::Dispatch { unit, person } => {
                let person = person.as_deref().map(Into::into);
                Act::Dispatch { to: Handler { unit: unit.as_str().into(), person } }
            }
            Self::Acknowledge { words } => Act::Acknowledge { words },
            Self::Rectify { words, on_the_spot } => Act::Rectify { words, on_the_spot, photos: Vec::new() },
            Self::LookBack { outcome, words } => Act::LookBack { outcome, words, photos: Vec::new() },
            Self::Rework { reason } => Act::Rework { reason },
            Self::PutOnAccount { reason, due } => Act::PutOnAccount { reason, due: timestamp(due) },
            Self::Void { reason } => Act::Void { reason },
            Self::Extend { reason, due } => Act::Extend { reason, due: timestamp(due) },
            Self::Except { reason, due } => Act::Except { reason, due: timestamp(due) },
            Self::Escalate { unit, reason } => Act::Escalate { to: unit.as_str().into(), reason },
            Self::Answer { words } => Act::Answer { words },
            Self::FindAgain { words } => Act::FindAgain { words, photos: Vec::new() },
            Self::Decide { upholds, reason } => {
                Act::Decide { upholds: EventId(upholds), over: Vec::new(), reason }
            }
            Self::MergeInto { kept } => Act::MergeInto { kept: DocumentId(kept) },
            Self::Unmerge { merge, reason } => Act::Unmerge { merge: EventId(merge), reason },
            Self::Comment { words } => Act::Comment { words },
        }
    }
}

#[uniffi::export]
impl Field {
    /// Does something to a case, with photo files where the act can have some. Returns the event.
    ///
    /// # Errors
    /// [`FieldFailure::Denied`], [`FieldFailure::NotFound`], [`FieldFailure::Photo`]; nothing is recorded
    /// then.
    #[uniffi::method(default(photos = []))]
    pub fn act(&self, id: Uuid, act: CaseAct, photos: Vec<String>) -> Result<Uuid, FieldFailure> {
        self.call(|field| {
            let files: Vec<PathBuf> = each(photos);
            Ok(act.perform(field, DocumentId(id), &files)?.0)
        })
    }

    /// Whether the person's role and place allow an act on a case. Recording one that they do not is refused
    /// here already; this is for not offering it.
    ///
    /// # Errors
    /// [`FieldFailure::NotFound`].
    pub fn may(&self, id: Uuid, act: CaseAct) -> Result<bool, FieldFailure> {
        self.call(|field| allowed(field.may(DocumentId(id), &act.into_core())))
    }
}
