//! What a case is right now: derived from its events by [`super::fold`], never stored in a document.

use super::{Handler, Outcome, Source};
use crate::id::{CaseId, EventId, PersonId, UnitId};
use crate::reference::TimeLimit;
use crate::time::{Stamp, Timestamp};
use serde::{Deserialize, Serialize};

/// How far a case has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// 已上报: reported, waiting for the first step of the tenant's workflow.
    Reported,
    /// 已核实.
    Confirmed,
    /// 已立案.
    Filed,
    /// 已派遣: somebody has to handle it.
    Dispatched,
    /// 已签收: the handler has answered "收到".
    Acknowledged,
    /// 已处置: put right, waiting for the look-back.
    Rectified,
    /// 返工: sent back, has to be handled again.
    Rework,
    /// 挂账.
    OnAccount,
    /// 核查通过: looked back and passed; waiting for closing where the tenant wants a person for it.
    Verified,
    /// 已结案.
    Closed,
    /// 已作废.
    Voided,
    /// 已并案: a duplicate of the kept record.
    Merged,
}

impl Status {
    /// Whether nothing more has to be done.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(self, Self::Closed | Self::Voided | Self::Merged)
    }
}

/// Where a due instant comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DueBasis {
    /// The time limit of the standard.
    Limit(TimeLimit),
    /// An extension, an exception to the same-day rule or an on-account date: the granting event.
    Granted(EventId),
}

/// By when a case has to be put right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Due {
    /// The last instant that is still in time.
    pub at: Timestamp,
    /// Why then.
    pub basis: DueBasis,
}

/// The term of one finding: by when it had to be put right, and how it was.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Term {
    /// By when, with every extension granted for this finding; `None` before the tenant's settings are known.
    pub due: Option<Due>,
    /// The act that put it right and still stands: the rectification, or a passed look-back without one.
    pub done: Option<Mark>,
}

/// An act that counts, with when and by whom.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Mark {
    /// The event.
    pub event: EventId,
    /// When.
    pub at: Stamp,
    /// By whom.
    pub by: PersonId,
}

/// One look-back.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct LookedBack {
    /// The act.
    pub mark: Mark,
    /// What was found.
    pub outcome: Outcome,
}

/// The problem was put right.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Rectification {
    /// The act.
    pub mark: Mark,
    /// In front of the inspector.
    pub on_the_spot: bool,
}

/// One hop of an escalation.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Hop {
    /// The act.
    pub mark: Mark,
    /// Up to this unit; `None` for the answer on its way down.
    pub to: Option<UnitId>,
}

/// Concurrent decisions that contradict each other; all are kept until a person with the right decides.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Dispute {
    /// The events that contradict, ordered by id; two or more.
    pub between: Vec<EventId>,
}

/// Why an event had no effect; it stays visible in the thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ignored {
    /// The case was already closed, voided or otherwise past this step.
    OutOfPlace,
    /// It fell when a dispute was decided.
    Overruled,
    /// It names an event or case that is not what it should be.
    DanglingReference,
    /// Its kind is of a later version.
    UnknownKind,
}

/// One event in the thread with the status after it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Taken {
    /// The event.
    pub event: EventId,
    /// The status after it.
    pub status: Status,
    /// Why it had no effect, if it had none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ignored: Option<Ignored>,
}

/// Who has to handle a case, as far as it is known here.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Handling {
    /// The unit; `None` where it is that of a person whom this device has no staff list to look up in: nobody's unit is
    /// guessed, so that no two devices name different ones.
    pub unit: Option<UnitId>,
    /// The person in it.
    pub person: Option<PersonId>,
}

impl From<Handler> for Handling {
    fn from(to: Handler) -> Self {
        Self { unit: Some(to.unit), person: to.person }
    }
}

/// A case as folded from its events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseState {
    /// How far it has come.
    pub status: Status,
    /// How far it has come as a record of its own: `status` without regard to a merge.
    pub unmerged: Status,
    /// Open disputes; while there is one the case is shown as disputed and cannot close.
    pub disputes: Vec<Dispute>,
    /// Who found it.
    pub source: Source,
    /// The report.
    pub reported: Mark,
    /// The community whose sheet it touches: the point's, else the home unit's.
    pub community: Option<UnitId>,
    /// Who answered for the point when it was reported; a later reassignment changes nothing here.
    pub answered_then: Option<PersonId>,
    /// Who has to handle it: the latest dispatch, else whoever answered for the point at the report.
    pub handler: Option<Handling>,
    /// By when.
    pub due: Option<Due>,
    /// The first finding and every "found again": each one counts on the sheet.
    pub findings: Vec<Mark>,
    /// The term of each finding, in the order of `findings`.
    pub terms: Vec<Term>,
    /// Acknowledgement by the handler.
    pub acknowledged: Option<Mark>,
    /// The rectification of the latest finding that stands; `None` again after a failed look-back or rework.
    pub rectified: Option<Rectification>,
    /// The first rectification of each finding, in the order of `findings` (same-day questions).
    pub first_rectified: Vec<Option<Rectification>>,
    /// Every look-back that counts (neither suspended by a dispute nor overruled), in thread order.
    pub look_backs: Vec<LookedBack>,
    /// When it was closed or voided, and by which event.
    pub settled: Option<Mark>,
    /// How often it was sent back (failed look-backs and reworks).
    pub sent_back: u32,
    /// Escalation and answers, in thread order.
    pub hops: Vec<Hop>,
    /// The record this one was merged into, and the merge event.
    pub merged: Option<(CaseId, EventId)>,
    /// The thread: every event in causal order.
    pub thread: Vec<Taken>,
}

impl CaseState {
    /// Whether a person has to decide between contradicting events.
    #[must_use]
    pub fn disputed(&self) -> bool {
        !self.disputes.is_empty()
    }
}

/// Whether a case was put right in time, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lateness {
    /// It has no due instant, or that has not come.
    NotDue,
    /// Put right in time.
    InTime,
    /// The due instant passed without rectification.
    Late,
    /// It would be late, but only by a clock that cannot be trusted or while a dispute is open: shown,
    /// never punished by itself.
    Doubtful,
}
