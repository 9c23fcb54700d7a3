//! Scopes: who sees what. Whoever holds a scope gets every entry of it; what must be narrower is another
//! scope. A document lives in the scope of its place for good ([`home_scope`]) and is shared into the scopes
//! of those it was handed to ([`shared_with`]).

use super::keeps_contacts;
use crate::case::{CaseAct, CaseRecord};
use crate::id::{EventId, PersonId, UnitId};
use crate::reference::{Duty, Person, Point, Reference, Role};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// The class of a scope: what must be narrower than a unit's daily work is a class of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ScopeClass {
    /// Cases and patrols.
    Work,
    /// Residents' contacts and unapproved suggestions.
    Resident,
    /// Samples, interviews.
    Discipline,
    /// Names and roles of staff.
    People,
    /// Standards, grid, points, assignments, rule sets.
    Reference,
    /// What is addressed to one person and to nobody else of their unit; the scope bears the person's code.
    Personal,
}

/// The unit of visibility: who holds a scope gets every entry of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Scope {
    /// Whose.
    pub unit: UnitId,
    /// Which class.
    pub class: ScopeClass,
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let class = match self.class {
            ScopeClass::Work => "work",
            ScopeClass::Resident => "resident",
            ScopeClass::Discipline => "discipline",
            ScopeClass::People => "people",
            ScopeClass::Reference => "reference",
            ScopeClass::Personal => "personal",
        };
        write!(f, "{}:{class}", self.unit)
    }
}

/// The scopes a person holds at an instant, in order.
///
/// Besides what follows from the role, everybody sees the daily work of the communities whose points they
/// head at that instant. A department or a firm outside every community sees what was
/// shared with it and nothing else. Nothing before the tenant's settings are known.
#[must_use]
pub fn scopes_of(person: &Person, reference: &Reference, at: Timestamp) -> Vec<Scope> {
    let Some(tenant) = &reference.tenant else { return Vec::new() };
    let root = UnitId(tenant.id.0.clone());
    let of_root = |class| Scope { unit: root.clone(), class };
    let mut scopes = BTreeSet::from([of_root(ScopeClass::Reference), personal_scope(&person.id)]);
    if person.role != Role::Volunteer {
        scopes.insert(of_root(ScopeClass::People));
    }
    let of_points = |chosen: &dyn Fn(&Point) -> bool| {
        let points = reference.points.values().filter(|point| chosen(point));
        points.map(|point| work_scope(&point.unit, reference)).collect::<Vec<_>>()
    };
    let own = work_scope(&person.unit, reference);
    let in_community = reference.community_of(&person.unit).is_some();
    let own_when = |held: bool| {
        let held = held && reference.units.contains_key(&person.unit);
        if held { vec![own.clone()] } else { Vec::new() }
    };
    let by_role: Vec<Scope> = match person.role {
        Role::Command | Role::Discipline => {
            let all = reference.units.keys().map(|unit| work_scope(unit, reference));
            all.chain([of_root(ScopeClass::Work)]).collect()
        }
        Role::Inspector => {
            let mut walked = of_points(&|point| person.team.is_some() && point.team == person.team);
            walked.push(of_root(ScopeClass::Work));
            walked
        }
        Role::Clerk => own_when(true),
        // What lies at the root is the business of the offices.
        Role::GridMember => own_when(own.unit != root),
        // Within a community a head sees what they answer for; outside, what their firm or department was handed.
        Role::PointHead => own_when(!in_community && own.unit != root),
        Role::Volunteer => own_when(in_community),
    };
    if keeps_contacts(person.role) {
        scopes.extend(by_role.iter().map(|scope| resident_scope(&scope.unit)));
    }
    scopes.extend(by_role);
    if person.role == Role::Discipline {
        scopes.insert(of_root(ScopeClass::Discipline));
    }
    scopes.extend(of_points(&|point| {
        let assignments = reference.assignments.get(&point.id).map(Vec::as_slice).unwrap_or_default();
        assignments.iter().any(|a| a.duty == Duty::Head && a.person == person.id && a.holds(at))
    }));
    scopes.into_iter().collect()
}

/// The scopes that a case is shared into besides its home, in the order in which that came about: that of
/// the community its point lies in (it may have been recorded without a place, or by somebody who does not
/// hold that community), and those of every unit it was dispatched or escalated to. Whom it was handed to
/// keeps it, unless the desk takes it back: what they did about it stays before their eyes.
#[must_use]
pub fn shared_with(record: &CaseRecord, reference: &Reference) -> Vec<Scope> {
    let point = record.point.as_ref().and_then(|point| reference.points.get(point));
    let order = record.order();
    let handed = order.sequence().iter().filter_map(|id| handed_to(record, *id));
    let units = point.map(|point| &point.unit).into_iter().chain(handed);
    let mut scopes = Vec::new();
    for unit in units.filter(|unit| reference.units.contains_key(*unit)) {
        let scope = work_scope(unit, reference);
        if scope != home_scope(&record.home) && !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    scopes
}

/// Of the scopes that a case is shared into, those that it is handed to by these events, and that of its place: where
/// it goes even if it was once taken back from there.
#[must_use]
pub fn handed_by(record: &CaseRecord, events: &BTreeSet<EventId>, reference: &Reference) -> BTreeSet<Scope> {
    let place = record.point.as_ref().and_then(|point| reference.points.get(point));
    let units = events.iter().filter_map(|id| handed_to(record, *id));
    units.chain(place.map(|point| &point.unit)).map(|unit| work_scope(unit, reference)).collect()
}

/// The unit that an event hands the case to.
fn handed_to(record: &CaseRecord, event: EventId) -> Option<&UnitId> {
    match &record.events.get(&event)?.act {
        CaseAct::Dispatch { to } => Some(&to.unit),
        CaseAct::Escalate { to, .. } => Some(to),
        _ => None,
    }
}

/// The scope in which the daily work of a unit lies: its community's, or its own when it is in none.
#[must_use]
pub fn work_scope(unit: &UnitId, reference: &Reference) -> Scope {
    home_scope(reference.community_of(unit).map_or(unit, |community| &community.id))
}

/// Whether a person may write into a scope that they hold: what the command post publishes (reference data,
/// people) is written by the command post alone.
#[must_use]
pub fn writable(person: &Person, scope: &Scope) -> bool {
    !matches!(scope.class, ScopeClass::Reference | ScopeClass::People) || person.role == Role::Command
}

/// Whether a person holds a scope and may write into it.
#[must_use]
pub fn may_write(person: &Person, scope: &Scope, reference: &Reference, at: Timestamp) -> bool {
    writable(person, scope) && scopes_of(person, reference, at).contains(scope)
}

/// The scope in which the contacts of a unit's cases lie.
#[must_use]
pub fn resident_scope(unit: &UnitId) -> Scope {
    Scope { unit: unit.clone(), class: ScopeClass::Resident }
}

/// The scope of what is addressed to a person.
#[must_use]
pub fn personal_scope(person: &PersonId) -> Scope {
    Scope { unit: UnitId(person.0.clone()), class: ScopeClass::Personal }
}

/// The scope a case or patrol lives in, for good.
#[must_use]
pub fn home_scope(home: &UnitId) -> Scope {
    Scope { unit: home.clone(), class: ScopeClass::Work }
}
