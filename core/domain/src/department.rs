//! 包联部门 (11): the departments that the points were handed out to, what each holds now, and how the cases stand that
//! were found at its points. A case belongs to who held its point when it was found: handing a point over moves none.

use crate::case::Status;
use crate::id::{CaseId, PersonId, PointId, UnitId};
use crate::ledger::{Folded, merges_among};
use crate::rate::Handled;
use crate::reference::{Duty, Reference, UnitKind};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// One department.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct DepartmentWork {
    /// The points that its contact persons hold.
    pub points: BTreeSet<PointId>,
    /// Its contact persons, by whom it holds them.
    pub contacts: BTreeSet<PersonId>,
    /// What was found at points that were its own at that time; without what was voided or merged.
    pub cases: Vec<CaseId>,
    /// Those of them that are not settled.
    pub open: usize,
    /// How they were handled.
    pub handled: Handled,
}

/// Every department, and whoever else is a contact: also those that nothing was handed out to.
#[must_use]
pub fn departments(
    reference: &Reference,
    cases: &[Folded],
    now: Timestamp,
) -> BTreeMap<UnitId, DepartmentWork> {
    let mut works: BTreeMap<UnitId, DepartmentWork> = BTreeMap::new();
    for unit in reference.units.values().filter(|unit| unit.kind == UnitKind::Department) {
        works.entry(unit.id.clone()).or_default();
    }
    for point in reference.points.keys() {
        for (unit, contact) in contacts_of(reference, point, now) {
            let work = works.entry(unit.clone()).or_default();
            work.points.insert(point.clone());
            work.contacts.insert(contact.clone());
        }
    }
    let merges = merges_among(cases);
    for (record, state) in cases {
        let status = merges.status(record.id, state);
        let (Some(point), false) = (&record.point, matches!(status, Status::Voided | Status::Merged)) else {
            continue;
        };
        let holders = contacts_of(reference, point, state.reported.at.at()).map(|(unit, _)| unit);
        for unit in holders.collect::<BTreeSet<_>>() {
            let work = works.entry(unit.clone()).or_default();
            work.cases.push(record.id);
            work.open += usize::from(!status.is_final());
            work.handled.count(state, now);
        }
    }
    works
}

/// Who is the contact for a point at an instant, with their unit; nobody where names are not held.
fn contacts_of<'a>(
    reference: &'a Reference,
    point: &PointId,
    at: Timestamp,
) -> impl Iterator<Item = (&'a UnitId, &'a PersonId)> {
    let assigned = reference.assignments.get(point).map(Vec::as_slice).unwrap_or_default();
    let contacts = assigned.iter().filter(move |it| it.duty == Duty::Contact && it.holds(at));
    contacts.filter_map(|it| Some((&reference.people.get(&it.person)?.unit, &it.person)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{HEAD, INSPECTOR, SOUTH_GATE, Story, at, march20, park, passed, rectify};
    use crate::rate::Rate;
    use crate::reference::{Assignment, Person, ReferenceRow, Role, Unit};

    /// 22 departments, of which one holds the entrance until March and another from then on.
    fn zone() -> Reference {
        let mut zone = park();
        zone.units.retain(|_, unit| unit.kind != UnitKind::Department);
        for number in 1..=22 {
            let (id, kind) = (UnitId(format!("dept-{number:02}")), UnitKind::Department);
            zone.put(ReferenceRow::Unit(Unit { name: id.to_string(), id: id.clone(), kind, parent: None }));
            let (person, role) = (PersonId(format!("contact-{number:02}")), Role::PointHead);
            zone.put(ReferenceRow::Person(Person {
                name: person.to_string(),
                id: person,
                role,
                unit: id,
                team: None,
            }));
        }
        let handover = at(3, 1, 0, 0);
        let held = [("contact-01", at(1, 1, 0, 0), Some(handover)), ("contact-02", handover, None)];
        for (person, from, until) in held {
            let (point, person, duty) = (SOUTH_GATE.into(), person.into(), Duty::Contact);
            zone.put(ReferenceRow::Assignment(Assignment { point, person, duty, from, until }));
        }
        zone
    }

    #[test]
    fn every_one_of_22_departments_is_there_and_a_case_stays_with_who_held_the_point_then() {
        let zone = zone();
        let before = Story::found(1, SOUTH_GATE, "S01", at(2, 27, 7, 0));
        let mut since = Story::found(2, SOUTH_GATE, "S01", march20(7, 0));
        since.tell(HEAD, march20(9, 0), rectify());
        since.tell(INSPECTOR, march20(17, 0), passed());
        let cases = [before.folded(&zone), since.folded(&zone)];
        let works = departments(&zone, &cases, march20(19, 0));
        assert_eq!(works.len(), 22);
        let of = |code: &str| &works[&UnitId::from(code)];
        let (gave, took) = (of("dept-01"), of("dept-02"));
        assert_eq!((gave.points.len(), gave.cases.as_slice(), gave.open), (0, &[before.id()][..], 1));
        assert_eq!((took.points.len(), took.cases.as_slice(), took.open), (1, &[since.id()][..], 0));
        assert_eq!(took.contacts, BTreeSet::from(["contact-02".into()]));
        assert_eq!(took.handled.on_time, Rate { part: 1, whole: 1 });
        assert_eq!(gave.handled.on_time, Rate { part: 0, whole: 1 });
        assert_eq!(*of("dept-22"), DepartmentWork::default(), "named, though nothing was handed out to it");
    }
}
