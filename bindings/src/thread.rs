//! The thread of a case: every event in causal order, told flat.

use crate::case::CaseStatus;
use crate::value::{PhotoHash, Uuid, instant};
use sanben_domain::case::{CaseAct, Taken};
use sanben_domain::event::Event;
use std::time::SystemTime;

/// What a look-back found.
pub type Outcome = sanben_domain::case::Outcome;

/// What a look-back found.
#[uniffi::remote(Enum)]
pub enum Outcome {
    /// The problem is gone.
    Passed,
    /// The problem is still there.
    Failed,
}

/// Why an event had no effect.
pub type Ignored = sanben_domain::case::Ignored;

/// Why an event had no effect; it stays visible in the thread.
#[uniffi::remote(Enum)]
pub enum Ignored {
    /// The case was already past this step.
    OutOfPlace,
    /// It fell when a dispute was decided.
    Overruled,
    /// It names an event or case that is not what it should be.
    DanglingReference,
    /// Its kind is of a later version.
    UnknownKind,
}

/// What somebody did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum ActKind {
    /// 上报.
    Report,
    /// 核实.
    Confirm,
    /// 立案.
    File,
    /// 派遣.
    Dispatch,
    /// 收到.
    Acknowledge,
    /// 处置.
    Rectify,
    /// 回头看 / 核查.
    LookBack,
    /// 结案.
    Close,
    /// 返工.
    Rework,
    /// 挂账.
    PutOnAccount,
    /// 作废.
    Void,
    /// 延期.
    Extend,
    /// An exception to the same-day rule.
    Except,
    /// 层层反映.
    Escalate,
    /// The answer of the level above.
    Answer,
    /// Found again after it had been put right.
    FindAgain,
    /// A dispute was settled.
    Decide,
    /// Merged into another record.
    MergeInto,
    /// A merge was undone.
    Unmerge,
    /// Point, standard, words, fix or photos were completed or corrected.
    Amend,
    /// A word in the thread.
    Comment,
    /// A round began.
    StartPatrol,
    /// A point was visited.
    Visit,
    /// A round ended.
    FinishPatrol,
    /// A resident's contact was added.
    AddContact,
    /// Something on a matter.
    Matter,
    /// Something of a later version.
    Unknown,
}

/// What was done and with which words; empty where the act has none.
pub(crate) fn told(act: &CaseAct) -> (ActKind, &str) {
    let kind = match act {
        CaseAct::Report { .. } => ActKind::Report,
        CaseAct::Confirm => ActKind::Confirm,
        CaseAct::File => ActKind::File,
        CaseAct::Dispatch { .. } => ActKind::Dispatch,
        CaseAct::Acknowledge { .. } => ActKind::Acknowledge,
        CaseAct::Rectify { .. } => ActKind::Rectify,
        CaseAct::LookBack { .. } => ActKind::LookBack,
        CaseAct::Close => ActKind::Close,
        CaseAct::Rework { .. } => ActKind::Rework,
        CaseAct::PutOnAccount { .. } => ActKind::PutOnAccount,
        CaseAct::Void { .. } => ActKind::Void,
        CaseAct::Extend { .. } => ActKind::Extend,
        CaseAct::Except { .. } => ActKind::Except,
        CaseAct::Escalate { .. } => ActKind::Escalate,
        CaseAct::Answer { .. } => ActKind::Answer,
        CaseAct::FindAgain { .. } => ActKind::FindAgain,
        CaseAct::Decide { .. } => ActKind::Decide,
        CaseAct::MergeInto { .. } => ActKind::MergeInto,
        CaseAct::Unmerge { .. } => ActKind::Unmerge,
        CaseAct::Amend { .. } => ActKind::Amend,
        CaseAct::Comment { .. } => ActKind::Comment,
        CaseAct::Unknown => ActKind::Unknown,
    };
    (kind, act.words().unwrap_or_default())
}

/// One event of a case. What an act does not have is empty.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ThreadEntry {
    /// The event.
    pub event: Uuid,
    /// What was done.
    pub kind: ActKind,
    /// When, as far as that is known.
    pub at: SystemTime,
    /// The clock that says so cannot be trusted.
    pub clock_doubtful: bool,
    /// By whom.
    pub person: String,
    /// The words, or the reason.
    pub words: String,
    /// What a look-back found.
    pub outcome: Option<Outcome>,
    /// Until when more time was granted.
    pub due: Option<SystemTime>,
    /// The unit it was handed to.
    pub to_unit: Option<String>,
    /// The person in it.
    pub to_person: Option<String>,
    /// The event it upholds or undoes.
    pub about: Option<Uuid>,
    /// The record it was merged into.
    pub kept: Option<Uuid>,
    /// The photos that came with it.
    pub photos: Vec<PhotoHash>,
    /// The status after it.
    pub status: CaseStatus,
    /// Why it had no effect, if it had none.
    pub ignored: Option<Ignored>,
}

impl ThreadEntry {
    pub(crate) fn of(event: &Event<CaseAct>, taken: &Taken) -> Self {
        let (kind, words) = told(&event.act);
        let mut entry = Self {
            event: event.id.0,
            kind,
            at: instant(event.at.at()),
            clock_doubtful: event.at.doubtful(),
            person: event.by.to_string(),
            words: words.to_owned(),
            outcome: None,
            due: None,
            to_unit: None,
            to_person: None,
            about: None,
            kept: None,
            photos: Vec::new(),
            status: taken.status,
            ignored: taken.ignored,
        };
        match &event.act {
            CaseAct::Dispatch { to } => {
                entry.to_unit = Some(to.unit.to_string());
                entry.to_person = to.person.as_ref().map(ToString::to_string);
            }
            CaseAct::Escalate { to, .. } => entry.to_unit = Some(to.to_string()),
            CaseAct::PutOnAccount { due, .. } | CaseAct::Extend { due, .. } | CaseAct::Except { due, .. } => {
                entry.due = Some(instant(*due));
            }
            CaseAct::LookBack { outcome, photos, .. } => {
                entry.outcome = Some(*outcome);
                entry.photos.clone_from(photos);
            }
            CaseAct::Rectify { photos, .. } | CaseAct::FindAgain { photos, .. } => {
                entry.photos.clone_from(photos);
            }
            CaseAct::Decide { upholds, .. } => entry.about = Some(upholds.0),
            CaseAct::Unmerge { merge, .. } => entry.about = Some(merge.0),
            CaseAct::MergeInto { kept } => entry.kept = Some(kept.0),
            _ => {}
        }
        entry
    }
}
