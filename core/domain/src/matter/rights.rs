//! Who may do what to a matter, and who gets it.

use super::fold::end_of;
use super::{ActForm, Always, Grant, MatterAct, MatterRecord, OPEN, Sharing, State};
use crate::id::{EventId, UnitId};
use crate::reference::{Person, Reference};
use crate::rights::{Denied, Scope, ScopeClass, home_scope, personal_scope, work_scope};
use crate::time::Timestamp;

/// Whether a person may do this to a matter at an instant, given how it stood before; `state` is `None` for the act that
/// opens it. Whether its fields fit is asked apart ([`MatterRecord::check`]).
///
/// # Errors
/// Why not.
pub fn may(
    person: &Person,
    act: &MatterAct,
    record: &MatterRecord,
    state: Option<&State>,
    reference: &Reference,
    at: Timestamp,
) -> Result<(), Denied> {
    let feature = record.feature().ok_or(Denied::Unknown)?;
    let form = feature.act(&act.name).ok_or(Denied::Unknown)?;
    if !form.by.iter().any(|grant| grant.applies(person, act, record, state, reference, at)) {
        return Err(Denied::Role);
    }
    match state {
        None if act.name == OPEN => Ok(()),
        Some(state) if act.name != OPEN => in_place(form, act, record, state, reference, at),
        _ => Err(Denied::Step),
    }
}

/// Whether the act is the next one, as its author saw the matter.
fn in_place(
    form: &ActForm,
    act: &MatterAct,
    record: &MatterRecord,
    state: &State,
    reference: &Reference,
    at: Timestamp,
) -> Result<(), Denied> {
    let next = match form.name {
        Always::COMMENT => true,
        Always::STRIKE => act.event("entry").is_some_and(|entry| {
            let struck = record.events.get(&entry).map(|event| event.act.name.as_str());
            struck.is_some_and(|name| {
                name != OPEN && name != Always::STRIKE && !record.feature().is_some_and(|it| it.stands(name))
            }) && !state.idle.contains(&entry)
        }),
        Always::WITHDRAW => !state.closed && !state.sealed,
        Always::DECIDE => act
            .event("upholds")
            .is_some_and(|upheld| state.disputes.iter().any(|between| between.contains(&upheld))),
        _ if form.at.is_empty() => !state.closed,
        _ => form.at.contains(&state.step),
    };
    if next && has_waited(record, act, Some(state), reference, at, None) { Ok(()) } else { Err(Denied::Step) }
}

/// Whether what an act has to wait for is over at an instant: an act that needs a passed term has none before.
///
/// A term that nobody else could know of does not run: where it is known when the log `received` the opening, as many
/// days have to be over since then as lie between the matter's day and the end of the term. What was received on its
/// day is not held up by that.
#[must_use]
pub fn has_waited(
    record: &MatterRecord,
    act: &MatterAct,
    state: Option<&State>,
    reference: &Reference,
    at: Timestamp,
    received: Option<Timestamp>,
) -> bool {
    if !waits(record, act) {
        return true;
    }
    let Some(due) = state.and_then(|state| state.due) else { return false };
    let term = due.since(end_of(reference, record.day)).max(0);
    due < at && received.is_none_or(|received| received.plus_ms(term) < at)
}

/// Whether an act may be done only once a term has passed.
#[must_use]
pub fn waits(record: &MatterRecord, act: &MatterAct) -> bool {
    let form = record.feature().and_then(|feature| feature.act(&act.name));
    form.is_some_and(|form| form.after_due)
}

impl Grant {
    fn applies(
        self,
        person: &Person,
        act: &MatterAct,
        record: &MatterRecord,
        state: Option<&State>,
        reference: &Reference,
        at: Timestamp,
    ) -> bool {
        match self {
            Self::Anyone => true,
            Self::Role(role) => person.role == role,
            Self::Opener => state.is_some_and(|state| state.opened.by == person.id),
            Self::Named => record.person.as_ref() == Some(&person.id),
            Self::Head => {
                let point = record.point.as_ref();
                point
                    .and_then(|point| reference.head_of(point, at))
                    .is_some_and(|head| head.person == person.id)
            }
            Self::OfUnit => record
                .opening()
                .and_then(|opening| opening.act.unit("unit"))
                .is_some_and(|unit| reference.is_within(&person.unit, unit)),
            Self::Author => author_of(record, act.event("entry")).is_some_and(|author| *author == person.id),
        }
    }
}

fn author_of(record: &MatterRecord, entry: Option<EventId>) -> Option<&crate::id::PersonId> {
    Some(&record.events.get(&entry?)?.by)
}

/// The scopes that a matter is shared into besides its home, in the order in which that came about. Whom it was shared
/// with keeps it: what they did about it stays before their eyes.
#[must_use]
pub fn shared_with(record: &MatterRecord, reference: &Reference) -> Vec<Scope> {
    let Some(feature) = record.feature() else { return Vec::new() };
    let order = record.order();
    let mut scopes = Vec::new();
    let mut add = |scope: Scope| {
        if scope != record.scope() && !scopes.contains(&scope) {
            scopes.push(scope);
        }
    };
    let work = |unit: &UnitId| reference.units.contains_key(unit).then(|| work_scope(unit, reference));
    for event in order.sequence().iter().filter_map(|id| record.events.get(id)) {
        let shares = feature.act(&event.act.name).map(|form| form.shares).unwrap_or_default();
        for sharing in shares {
            match sharing {
                Sharing::Named => {
                    let named =
                        record.person.as_ref().filter(|person| reference.people.contains_key(*person));
                    named.map(personal_scope).into_iter().for_each(&mut add);
                }
                Sharing::Unit(field) => {
                    let opening = record.opening().and_then(|opening| opening.act.unit(field));
                    event.act.unit(field).or(opening).and_then(work).into_iter().for_each(&mut add);
                }
                Sharing::Entries { act, field } => {
                    let entries = record
                        .events
                        .values()
                        .filter(|entry| entry.act.name == *act && order.saw(event.id, entry.id));
                    entries.filter_map(|entry| work(entry.act.unit(field)?)).for_each(&mut add);
                }
                Sharing::Home => add(home_scope(&record.home)),
                Sharing::Place => {
                    let point = record.point.as_ref().and_then(|point| reference.points.get(point));
                    point.and_then(|point| work(&point.unit)).into_iter().for_each(&mut add);
                }
            }
        }
    }
    // Into daily work, or to one person: what is narrower than that is never reached by sharing.
    scopes.retain(|scope| matches!(scope.class, ScopeClass::Work | ScopeClass::Personal));
    scopes
}
