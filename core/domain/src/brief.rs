//! 工作简报: the work brief of a day names the department, the person and the deadline of every problem.

use crate::case::{CaseRecord, CaseState, Lateness, Merges, Status, lateness_at};
use crate::id::{CaseId, PersonId, PointId, StandardId, UnitId};
use crate::ledger::Folded;
use crate::reference::Reference;
use crate::time::Timestamp;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The brief of one local day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkBrief {
    /// The day.
    pub day: NaiveDate,
    /// Whether the day was over (the tenant's `day.ends_at`): only then is anybody named as overdue.
    pub closed: bool,
    /// Every problem found that day or still open, by community, point and time found.
    pub items: Vec<BriefItem>,
    /// Cases with a finding that day.
    pub found: usize,
    /// Of those, put right by now (awaiting the look-back or looked back at).
    pub put_right: usize,
    /// Who is named: overdue items by department and person.
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

/// Who is overdue, and with what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// The unit that handles it; `None` where nobody answers.
    pub department: Option<UnitId>,
    /// The person in it, when one was named.
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
        let tenant = reference.tenant.as_ref()?;
        let day_of = |at: Timestamp| tenant.zone.day(at);
        let closed = now > tenant.zone.at(day, tenant.day.ends_at);
        let found_on_day =
            |state: &CaseState| state.findings.iter().any(|finding| day_of(finding.at.at()) == day);

        let mut items = Vec::new();
        let (mut found, mut put_right) = (0, 0);
        for (record, state) in cases {
            let status = merges.status(record.id, state);
            let known = day_of(state.reported.at.at()) <= day;
            if !known || matches!(status, Status::Merged | Status::Voided) {
                continue;
            }
            if found_on_day(state) {
                found += 1;
                put_right += usize::from(state.terms.last().is_some_and(|term| term.done.is_some()));
            } else if status.is_final() {
                continue;
            }
            items.push(item(record, state, status, now));
        }
        items.sort_by(|a, b| {
            let key = |item: &BriefItem| (item.community.clone(), item.point.clone(), item.found, item.case);
            key(a).cmp(&key(b))
        });
        let overdue = if closed { named(&items) } else { Vec::new() };
        Some(Self { day, closed, items, found, put_right, overdue })
    }
}

fn item(record: &CaseRecord, state: &CaseState, status: Status, now: Timestamp) -> BriefItem {
    BriefItem {
        case: record.id,
        community: state.community.clone(),
        point: record.point.clone(),
        standard: record.standard.clone(),
        what: record.description.clone(),
        found: state.findings.last().unwrap_or(&state.reported).at.at(),
        department: state.handler.as_ref().and_then(|handler| handler.unit.clone()),
        person: state.handler.as_ref().and_then(|handler| handler.person.clone()),
        due: state.due.map(|due| due.at),
        status,
        disputed: state.disputed(),
        lateness: lateness_at(status, state, now),
    }
}

/// The late items by who answers for them, in order.
fn named(items: &[BriefItem]) -> Vec<Named> {
    let mut by_name: BTreeMap<_, Vec<CaseId>> = BTreeMap::new();
    for item in items.iter().filter(|item| item.lateness == Lateness::Late) {
        by_name.entry((item.department.clone(), item.person.clone())).or_default().push(item.case);
    }
    let name = |((department, person), cases)| Named { department, person, cases };
    by_name.into_iter().map(name).collect()
}

#[cfg(test)]
mod tests;
