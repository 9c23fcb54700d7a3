//! What a patrol has seen so far, what is still to walk, and how far a team has come.

use super::{PatrolRecord, Round, VisitResult};
use crate::case::Mark;
use crate::id::{CaseId, PatrolId, PersonId, PhotoHash, PointId, TeamId};
use crate::ledger::Folded;
use crate::place::Fix;
use crate::reference::Reference;
use crate::time::Timestamp;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A patrol as folded from its events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PatrolState {
    /// Its id.
    pub id: PatrolId,
    /// The team that walks.
    pub team: TeamId,
    /// The local day.
    pub day: NaiveDate,
    /// Which round.
    pub round: Round,
    /// When it began.
    pub started: Mark,
    /// When it ended.
    pub finished: Option<Mark>,
    /// Every visit, in causal order; a point can be visited again.
    pub visits: Vec<Visit>,
}

/// One visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// The act.
    pub mark: Mark,
    /// Which point.
    pub point: PointId,
    /// What was found.
    pub result: VisitResult,
    /// The fix at the tap.
    pub fix: Option<Fix>,
    /// Photos of the state found.
    pub photos: Vec<PhotoHash>,
}

/// Folds a patrol; with `as_of` only events recorded until then count. `None` when it never started.
#[must_use]
pub fn fold_patrol(record: &PatrolRecord, as_of: Option<Timestamp>) -> Option<PatrolState> {
    let _ = (record, as_of);
    unimplemented!()
}

/// A point on somebody's list and how it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// The point.
    pub point: PointId,
    /// The latest visit's result; `None` while it is still to do.
    pub result: Option<VisitResult>,
    /// Cases to look at there (the look-back list; empty on the morning round).
    pub cases: Vec<CaseId>,
}

impl Task {
    /// Whether the point was visited (also when it could not be entered).
    #[must_use]
    pub fn done(&self) -> bool {
        self.result.is_some()
    }
}

/// Whose list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// The points of an inspection team.
    Team(TeamId),
    /// The points a person answers for at the instant asked for.
    Head(PersonId),
}

/// 晨扫描: all points to walk with what was done so far, by point id. `patrols` may hold other teams,
/// days and rounds.
#[must_use]
pub fn morning_list(
    reference: &Reference,
    whose: &Whose,
    day: NaiveDate,
    patrols: &[PatrolState],
    now: Timestamp,
) -> Vec<Task> {
    let _ = (reference, whose, day, patrols, now);
    unimplemented!()
}

/// 17:00, 回头看: points where something was found on `day`, or where a rectification waits for its
/// look-back; done when every case was looked back at on `day` or the point was visited on the round.
#[must_use]
pub fn look_back_list(
    reference: &Reference,
    whose: &Whose,
    day: NaiveDate,
    cases: &[Folded],
    patrols: &[PatrolState],
    now: Timestamp,
) -> Vec<Task> {
    let _ = (reference, whose, day, cases, patrols, now);
    unimplemented!()
}

/// How far a round has come, in exact counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Coverage {
    /// Points on the list.
    pub points: usize,
    /// Visited, whatever the result.
    pub visited: usize,
    /// Visited and clean.
    pub clean: usize,
    /// Visited with findings.
    pub found: usize,
    /// Visited but not accessible.
    pub not_accessible: usize,
}

/// Counts a list.
#[must_use]
pub fn coverage(tasks: &[Task]) -> Coverage {
    let _ = tasks;
    unimplemented!()
}
