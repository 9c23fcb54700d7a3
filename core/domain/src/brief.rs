//! 工作简报: the work brief of a day names the department, the person and the deadline of every problem.

use crate::case::{Lateness, Merges, Status};
use crate::id::{CaseId, PersonId, PointId, StandardId, UnitId};
use crate::ledger::Folded;
use crate::reference::Reference;
use crate::time::Timestamp;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The brief of one local day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkBrief {
    /// The day.
    pub day: NaiveDate,
    /// Whether the day was over (the tenant's `day.ends_at`): only then is anybody named as overdue.
    pub closed: bool,
    /// Every problem found that day or still open, by community, point and time found.
    pub items: Vec<BriefItem>,
    /// Problems found that day.
    pub found: usize,
    /// Of those, put right by now.
    pub put_right: usize,
    /// Who is named: overdue items by the person who answers, `None` for those nobody answers for.
    pub overdue: Vec<Named>,
}

/// One problem in the brief.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BriefItem {
    /// The case.
    pub case: CaseId,
    /// The community.
    pub community: Option<UnitId>,
    /// The point.
    pub point: Option<PointId>,
    /// The standard it breaks.
    pub standard: Option<StandardId>,
    /// The words.
    pub what: String,
    /// When it was (last) found.
    pub found: Timestamp,
    /// The unit that handles it.
    pub department: Option<UnitId>,
    /// The person who handles it.
    pub person: Option<PersonId>,
    /// By when.
    pub due: Option<Timestamp>,
    /// How far it has come.
    pub status: Status,
    /// Whether a person has to decide between contradicting events.
    pub disputed: bool,
    /// Whether it is late; `Doubtful` is shown and names nobody.
    pub lateness: Lateness,
}

/// A person and the cases they are overdue with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Who answers.
    pub person: Option<PersonId>,
    /// Their overdue cases.
    pub cases: Vec<CaseId>,
}

impl WorkBrief {
    /// The brief of `day` as it stands at `now`; `None` before the tenant's settings are known. Merged
    /// duplicates are left out: the kept record speaks for them.
    #[must_use]
    pub fn of(
        reference: &Reference,
        day: NaiveDate,
        cases: &[Folded],
        merges: &Merges,
        now: Timestamp,
    ) -> Option<Self> {
        let _ = (reference, day, cases, merges, now);
        unimplemented!()
    }
}
