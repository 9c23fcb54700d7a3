//! Who may do what. The device asks before it records, the server asks again before it accepts.
//!
//! | act | command | discipline | inspector | head, handler | grid member | clerk | volunteer |
//! |---|---|---|---|---|---|---|---|
//! | report as own finding, comment | ✓ | ✓ | ✓ | ✓ | ✓ | ✓ | ✓ |
//! | report as finding of an inspection or check | ✓ | ✓ | ✓ | | | | |
//! | acknowledge, rectify | ✓ | | | ✓ | own unit | | |
//! | rectify on the spot | ✓ | | own team | | | | |
//! | look back, found again | ✓ | ✓ | own team | | | | |
//! | rework | ✓ | ✓ | own team | | | | |
//! | confirm, file, dispatch, close, void, extend, on account | ✓ | | | | | | |
//! | except from the same-day rule | ✓ | | own team | | | | |
//! | decide a dispute | ✓ | ✓ | | | | | |
//! | merge, unmerge | ✓ | | ✓ | | | | |
//! | amend | ✓ | | ✓ | author of the report, whatever the role | | | |
//! | escalate | ✓ | | ✓ | ✓ | | own unit | |
//! | answer an escalation | ✓ | | | | | own unit, unit asked | |
//! | see and add residents' contacts | ✓ | ✓ | ✓ | | ✓ | ✓ | |
//!
//! "Handler" is whoever the case was dispatched to, whatever their role; "head" whoever answers for the
//! point at the instant judged. A team's own points include those that no team walks, and cases without a
//! point: somebody has to look.

mod scope;

pub use scope::{
    Scope, ScopeClass, handed_by, home_scope, may_write, personal_scope, resident_scope, scopes_of,
    shared_with, work_scope, writable,
};

use crate::case::{CaseAct, CaseRecord, CaseState, Source};
use crate::contact::ContactAct;
use crate::id::PointId;
use crate::patrol::{PatrolAct, PatrolRecord};
use crate::reference::{Person, Reference, Role};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Why an act is refused. The texts name roles, never people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum Denied {
    /// The role never does this.
    #[error("this role does not take this step: hand it to somebody whose role does")]
    Role,
    /// The role does it, but not for this place.
    #[error("this place belongs to other people: hand it to its head, its team or the command post")]
    Place,
    /// The scope of the document is not held.
    #[error("this unit's records are not shared with the author: ask the command post to share them")]
    Scope,
    /// The act needs a reason and gives none.
    #[error("no reason is given: say why and try again")]
    Reason,
    /// The act is not the next step of its matter, as its author saw it.
    #[error("this is not the next step here, or not yet: look at where it stands")]
    Step,
    /// The act is of a kind this version does not know.
    #[error("this kind of act is of a later version: update and send it again")]
    Unknown,
}

/// Whether a person may do this to a case at an instant. `state` is `None` for the report of a new case.
///
/// # Errors
/// Why not.
pub fn may(
    person: &Person,
    act: &CaseAct,
    record: &CaseRecord,
    state: Option<&CaseState>,
    reference: &Reference,
    at: Timestamp,
) -> Result<(), Denied> {
    if act.reason().is_some_and(|reason| reason.trim().is_empty()) {
        return Err(Denied::Reason);
    }
    let case = Case { person, record, state, reference, at };
    let role = person.role;
    let command = role == Role::Command;
    match act {
        CaseAct::Report { source: Source::Own } | CaseAct::Comment { .. } => Ok(()),
        // What others found costs the community points.
        CaseAct::Report { .. } => only(command || matches!(role, Role::Inspector | Role::Discipline)),
        CaseAct::Acknowledge { .. } => case.handles(),
        // It halves the deduction, so that only who stood there says so, never who would be charged.
        CaseAct::Rectify { on_the_spot: true, .. } if role == Role::Inspector => case.of_own_team(),
        CaseAct::Rectify { on_the_spot: true, .. } => only(command),
        CaseAct::Rectify { .. } => case.handles(),
        CaseAct::LookBack { .. } | CaseAct::FindAgain { .. } | CaseAct::Rework { .. } => match role {
            Role::Command | Role::Discipline => Ok(()),
            Role::Inspector => case.of_own_team(),
            _ => Err(Denied::Role),
        },
        CaseAct::Confirm
        | CaseAct::File
        | CaseAct::Dispatch { .. }
        | CaseAct::Close
        | CaseAct::Void { .. }
        | CaseAct::Extend { .. }
        | CaseAct::PutOnAccount { .. } => only(command),
        CaseAct::Except { .. } if role == Role::Inspector => case.of_own_team(),
        CaseAct::Except { .. } => only(command),
        CaseAct::Decide { .. } => only(command || role == Role::Discipline),
        CaseAct::MergeInto { .. } | CaseAct::Unmerge { .. } => only(command || role == Role::Inspector),
        CaseAct::Amend { .. } => {
            let author = state.is_some_and(|state| state.reported.by == person.id);
            only(author || command || role == Role::Inspector)
        }
        CaseAct::Escalate { .. } => match role {
            Role::Command | Role::Inspector => Ok(()),
            Role::Clerk if case.in_own_unit() => Ok(()),
            _ if case.is_handler() || case.is_head() => Ok(()),
            Role::Clerk | Role::PointHead => Err(Denied::Place),
            _ => Err(Denied::Role),
        },
        CaseAct::Answer { .. } => match role {
            Role::Command => Ok(()),
            Role::Clerk => (case.is_asked() || case.in_own_unit()).then_some(()).ok_or(Denied::Place),
            _ => Err(Denied::Role),
        },
        CaseAct::Unknown => Err(Denied::Unknown),
    }
}

/// Whether a correction of the point, to `point`, leaves a case on the sheet it is on: once a community answers for it, it stays with
/// that community, or is voided with a reason and reported anew. One that nobody answers for yet, because it
/// was recorded without a place, may go to any community.
///
/// # Errors
/// [`Denied::Place`] when the point is now another community's.
pub fn may_move(before: &CaseRecord, point: Option<&PointId>, reference: &Reference) -> Result<(), Denied> {
    let answers = |point: Option<&PointId>| {
        let of_point = point.and_then(|point| reference.community_of_point(point));
        of_point.or_else(|| reference.community_of(&before.home))
    };
    match (answers(before.point.as_ref()), answers(point)) {
        (Some(before), after) if after.is_none_or(|after| before.id != after.id) => Err(Denied::Place),
        _ => Ok(()),
    }
}

/// Whether a person may do this in a patrol: it is a round of their own team and their own, and the point
/// is one that the team walks, in the unit that the patrol lives in.
///
/// # Errors
/// Why not.
pub fn may_patrol(
    person: &Person,
    act: &PatrolAct,
    record: &PatrolRecord,
    reference: &Reference,
) -> Result<(), Denied> {
    let starts = record.events.values().filter(|event| matches!(event.act, PatrolAct::Start));
    if person.team.as_ref() != Some(&record.team) || !starts.into_iter().all(|start| start.by == person.id) {
        return Err(Denied::Role);
    }
    match act {
        PatrolAct::Start | PatrolAct::Finish => Ok(()),
        PatrolAct::Visit { point, .. } => {
            let walked = reference
                .points
                .get(point)
                .is_some_and(|held| held.team.as_ref().is_none_or(|team| *team == record.team));
            let home = reference.community_of(&record.home);
            let inside = home.is_none_or(|home| {
                reference.community_of_point(point).is_some_and(|unit| unit.id == home.id)
            });
            if walked && inside { Ok(()) } else { Err(Denied::Place) }
        }
        PatrolAct::Unknown => Err(Denied::Unknown),
    }
}

/// Whether somebody of this role keeps residents' contacts: sees those of the units that their role gives them,
/// and adds to them. Volunteers never do, and who answers for a point does not by that: an office reaches the
/// resident for them.
#[must_use]
pub fn keeps_contacts(role: Role) -> bool {
    match role {
        Role::Command | Role::Discipline | Role::Inspector | Role::GridMember | Role::Clerk => true,
        Role::PointHead | Role::Volunteer => false,
    }
}

/// Whether a person may do this to a resident's contact. Into which scopes they may write is asked apart.
///
/// # Errors
/// Why not.
pub fn may_contact(person: &Person, act: &ContactAct) -> Result<(), Denied> {
    match act {
        ContactAct::Add => only(keeps_contacts(person.role)),
        ContactAct::Unknown => Err(Denied::Unknown),
    }
}

/// Whether a person may have the original of a photo, with what the camera wrote into it: where it stood, when,
/// which one it was. Everybody else who sees the document gets the same picture without.
///
/// Who took it may (`own`); the command post and the discipline staff, who have to find out whether it is true; and who
/// is to answer for what it shows (the point's head, the handler), because evidence that somebody is judged by
/// is theirs to examine. A patrol's photos (`case` is `None`) are held against nobody.
#[must_use]
pub fn may_see_original(
    person: &Person,
    own: bool,
    case: Option<(&CaseRecord, &CaseState)>,
    reference: &Reference,
    at: Timestamp,
) -> bool {
    if own || matches!(person.role, Role::Command | Role::Discipline) {
        return true;
    }
    let answers = |(record, state)| {
        let case = Case { person, record, state: Some(state), reference, at };
        case.is_head() || case.is_handler()
    };
    person.role != Role::Volunteer && case.is_some_and(answers)
}

fn only(granted: bool) -> Result<(), Denied> {
    granted.then_some(()).ok_or(Denied::Role)
}

/// One person before one case.
struct Case<'a> {
    person: &'a Person,
    record: &'a CaseRecord,
    state: Option<&'a CaseState>,
    reference: &'a Reference,
    at: Timestamp,
}

impl Case<'_> {
    /// Whether it was dispatched to them, or to their unit without naming anybody.
    fn is_handler(&self) -> bool {
        let handler = self.state.and_then(|state| state.handler.as_ref());
        handler.is_some_and(|handler| match &handler.person {
            Some(named) => *named == self.person.id,
            None => handler.unit.as_ref() == Some(&self.person.unit),
        })
    }

    /// Whether they answer for the point at the instant judged.
    fn is_head(&self) -> bool {
        let head = self.record.point.as_ref().and_then(|point| self.reference.head_of(point, self.at));
        head.is_some_and(|head| head.person == self.person.id)
    }

    /// Whether it was last handed up to their unit.
    fn is_asked(&self) -> bool {
        let hops = self.state.map(|state| state.hops.as_slice()).unwrap_or_default();
        hops.iter().rev().find_map(|hop| hop.to.as_ref()).is_some_and(|asked| *asked == self.person.unit)
    }

    fn in_own_unit(&self) -> bool {
        let point = self.record.point.as_ref().and_then(|point| self.reference.points.get(point));
        let unit = point.map_or(&self.record.home, |point| &point.unit);
        self.reference.is_within(unit, &self.person.unit)
    }

    fn handles(&self) -> Result<(), Denied> {
        let granted = self.person.role == Role::Command
            || self.is_handler()
            || self.is_head()
            || (self.person.role == Role::GridMember && self.in_own_unit());
        match self.person.role {
            _ if granted => Ok(()),
            Role::PointHead | Role::GridMember => Err(Denied::Place),
            _ => Err(Denied::Role),
        }
    }

    fn of_own_team(&self) -> Result<(), Denied> {
        let point = self.record.point.as_ref().and_then(|point| self.reference.points.get(point));
        let team = point.and_then(|point| point.team.as_ref());
        match team {
            Some(team) if self.person.team.as_ref() != Some(team) => Err(Denied::Place),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
