//! What a person can do to a case. Each variant is one kind of immutable event; kinds are only ever added.

use crate::id::{CaseId, EventId, PersonId, PhotoHash, UnitId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// The steps of the flow (CJ/T 315); a tenant uses some of them ([`crate::reference::Workflow`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// 上报.
    Report,
    /// 核实.
    Confirm,
    /// 立案.
    File,
    /// 派遣.
    Dispatch,
    /// 处置.
    Handle,
    /// 核查.
    Verify,
    /// 结案.
    Close,
}

/// Who found the problem: the level decides what it costs on the sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// The community's own people: no deduction, it is their daily work.
    Own,
    /// 街道督导: a subdistrict inspection.
    Subdistrict,
    /// 区检查: a district check.
    District,
    /// 市检查: a city check.
    City,
    /// 数字城管: a digital-city-management case.
    DigitalCity,
}

/// Who has to handle a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handler {
    /// The unit that answers.
    pub unit: UnitId,
    /// The person in it, when named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
}

/// What a look-back found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The problem is gone.
    Passed,
    /// The problem is still there.
    Failed,
}

/// A register of a case that can be completed or corrected later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Field {
    /// The point.
    Point,
    /// The standard it breaks.
    Standard,
    /// The words.
    Description,
    /// The fix.
    Fix,
}

/// One act on a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CaseAct {
    /// 上报: the problem was found. The first event of every case.
    Report {
        /// Who found it.
        source: Source,
    },
    /// 核实: somebody checked that it is one.
    Confirm,
    /// 立案: it is taken on.
    File,
    /// 派遣: handed to the unit that answers.
    Dispatch {
        /// To whom.
        to: Handler,
    },
    /// "收到,马上落实!": the point's owner has read it.
    Acknowledge {
        /// The answer as written in the thread.
        words: String,
    },
    /// 处置: it has been put right, with after-photos.
    Rectify {
        /// What was done.
        words: String,
        /// After-photos, in the case's `photos`.
        photos: Vec<PhotoHash>,
        /// Put right in front of the inspector.
        on_the_spot: bool,
    },
    /// 核查 / 回头看: somebody went back and looked.
    LookBack {
        /// What they found.
        outcome: Outcome,
        /// Their words.
        words: String,
        /// Photos, in the case's `photos`.
        photos: Vec<PhotoHash>,
    },
    /// 结案.
    Close,
    /// 返工: sent back to the handler.
    Rework {
        /// Why.
        reason: String,
    },
    /// 挂账: accepted, cannot be fixed now.
    PutOnAccount {
        /// Why.
        reason: String,
        /// The new due instant.
        due: Timestamp,
    },
    /// 作废: not a problem, or not ours.
    Void {
        /// Why.
        reason: String,
    },
    /// 延期: more time.
    Extend {
        /// Why.
        reason: String,
        /// The new due instant.
        due: Timestamp,
    },
    /// An exception to the same-day rule.
    Except {
        /// Why it cannot be done today.
        reason: String,
        /// The new due instant.
        due: Timestamp,
    },
    /// 层层反映: handed up to a level that can decide.
    Escalate {
        /// To whom.
        to: UnitId,
        /// Why.
        reason: String,
    },
    /// The answer of that level, on its way down.
    Answer {
        /// What was decided.
        words: String,
    },
    /// The same problem was found again after it had been put right.
    FindAgain {
        /// The words.
        words: String,
        /// Photos, in the case's `photos`.
        photos: Vec<PhotoHash>,
    },
    /// A person with the right settles a dispute.
    Decide {
        /// The event that stands.
        upholds: EventId,
        /// The events that fall.
        over: Vec<EventId>,
        /// Why.
        reason: String,
    },
    /// This record is a duplicate; the kept record names the problem.
    MergeInto {
        /// The record that is kept.
        kept: CaseId,
    },
    /// The merge was a mistake.
    Unmerge {
        /// The merge event that is undone.
        merge: EventId,
        /// Why.
        reason: String,
    },
    /// Registers were completed or corrected, visibly.
    Amend {
        /// Which.
        fields: Vec<Field>,
    },
    /// A word in the thread.
    Comment {
        /// The words.
        words: String,
    },
    /// An act of a later version: kept byte for byte, shown as unknown, without effect here.
    #[serde(skip)]
    Unknown,
}

/// The reason in an act, shared or to be changed: the one list of who gives one.
macro_rules! reason {
    ($act:expr) => {
        match $act {
            Self::Rework { reason }
            | Self::PutOnAccount { reason, .. }
            | Self::Void { reason }
            | Self::Extend { reason, .. }
            | Self::Except { reason, .. }
            | Self::Escalate { reason, .. }
            | Self::Decide { reason, .. }
            | Self::Unmerge { reason, .. } => Some(reason),
            _ => None,
        }
    };
}

/// What is said in an act, its reason too, shared or to be changed.
macro_rules! said {
    ($act:expr) => {
        match $act {
            Self::Acknowledge { words }
            | Self::Rectify { words, .. }
            | Self::LookBack { words, .. }
            | Self::Answer { words }
            | Self::FindAgain { words, .. }
            | Self::Comment { words } => Some(words),
            other => reason!(other),
        }
    };
}

impl CaseAct {
    /// What a person says in it, the reason of acts that give one; `None` for acts without words.
    #[must_use]
    pub fn words(&self) -> Option<&str> {
        said!(self).map(String::as_str)
    }

    /// The same, to be said otherwise.
    pub fn words_mut(&mut self) -> Option<&mut String> {
        said!(self)
    }

    /// The reason that this act has to give; `None` for acts that need none. Who sends back, postpones,
    /// voids or overrules says why.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        reason!(self).map(String::as_str)
    }

    /// The photos that it speaks of, which are in the case's `photos`.
    #[must_use]
    pub fn photos(&self) -> &[PhotoHash] {
        match self {
            Self::Rectify { photos, .. } | Self::LookBack { photos, .. } | Self::FindAgain { photos, .. } => {
                photos
            }
            _ => &[],
        }
    }
}
