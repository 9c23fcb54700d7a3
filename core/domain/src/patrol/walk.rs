//! What a patrol has seen so far, what is still to walk, and how far a team has come.

use super::{PatrolAct, PatrolRecord, Round, VisitResult};
use crate::case::{CaseState, Mark, Outcome, Status};
use crate::event::CausalOrder;
use crate::id::{CaseId, PatrolId, PersonId, PhotoHash, PointId, TeamId};
use crate::ledger::{Folded, merges_among};
use crate::place::Fix;
use crate::reference::Reference;
use crate::time::Timestamp;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

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
    /// Every visit, in causal order; a point can be visited again. A visit after the end still counts:
    /// somebody was there.
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
    let order = CausalOrder::of(record.events.values().map(|event| (event.id, event.seen.as_slice())));
    let events = order.sequence().iter().filter_map(|id| record.events.get(id));
    let (mut started, mut finished, mut visits) = (None, None, Vec::new());
    for event in events.filter(|event| as_of.is_none_or(|instant| event.at.at() <= instant)) {
        let mark = Mark { event: event.id, at: event.at, by: event.by.clone() };
        match &event.act {
            PatrolAct::Start => drop(started.get_or_insert(mark)),
            PatrolAct::Finish => drop(finished.get_or_insert(mark)),
            PatrolAct::Visit { point, result, fix, photos } => visits.push(Visit {
                mark,
                point: point.clone(),
                result: result.clone(),
                fix: *fix,
                photos: photos.clone(),
            }),
            PatrolAct::Unknown => {}
        }
    }
    Some(PatrolState {
        id: record.id,
        team: record.team.clone(),
        day: record.day,
        round: record.round,
        started: started?,
        finished,
        visits,
    })
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

impl Whose {
    fn points<'a>(&self, reference: &'a Reference, now: Timestamp) -> BTreeSet<&'a PointId> {
        let points = reference.points.values().filter(|point| match self {
            Self::Team(team) => point.team.as_ref() == Some(team),
            Self::Head(person) => {
                reference.head_of(&point.id, now).is_some_and(|head| head.person == *person)
            }
        });
        points.map(|point| &point.id).collect()
    }

    fn walks(&self, patrol: &PatrolState) -> bool {
        match self {
            Self::Team(team) => patrol.team == *team,
            Self::Head(_) => true,
        }
    }
}

/// What the visits of one round found at each point. Inside a patrol the latest visit of a point counts, so
/// that a slip of the finger can be put right; between patrols a finding outweighs a clean visit, and that
/// outweighs a closed gate, whoever came first.
fn results(
    whose: &Whose,
    day: NaiveDate,
    round: Round,
    patrols: &[PatrolState],
) -> BTreeMap<PointId, VisitResult> {
    let mut results: BTreeMap<PointId, VisitResult> = BTreeMap::new();
    for patrol in patrols.iter().filter(|p| p.day == day && p.round == round && whose.walks(p)) {
        let latest: BTreeMap<_, _> =
            patrol.visits.iter().map(|visit| (&visit.point, &visit.result)).collect();
        for (point, result) in latest {
            let joined = match results.remove(point) {
                Some(other) => join(other, result.clone()),
                None => result.clone(),
            };
            results.insert(point.clone(), joined);
        }
    }
    results
}

fn join(a: VisitResult, b: VisitResult) -> VisitResult {
    use VisitResult::{Clean, Found, NotAccessible};
    match (a, b) {
        (Found(a), Found(b)) => Found(a.into_iter().chain(b).collect::<BTreeSet<_>>().into_iter().collect()),
        (Found(cases), _) | (_, Found(cases)) => Found(cases),
        (Clean, _) | (_, Clean) => Clean,
        (NotAccessible(a), NotAccessible(b)) => NotAccessible(a.min(b)),
    }
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
    let mut results = results(whose, day, Round::Morning, patrols);
    let task =
        |point: &PointId| Task { point: point.clone(), result: results.remove(point), cases: Vec::new() };
    whose.points(reference, now).into_iter().map(task).collect()
}

/// 17:00, 回头看: points where something was found on `day`, where a rectification waits for its look-back,
/// or where somebody looked back that day. Done when the point was visited on the look-back round, or when
/// every case there was looked back at on `day`; never while one of them waits for its look-back, but where nobody
/// could enter. No point is clean with an open case of the list.
#[must_use]
pub fn look_back_list(
    reference: &Reference,
    whose: &Whose,
    day: NaiveDate,
    cases: &[Folded],
    patrols: &[PatrolState],
    now: Timestamp,
) -> Vec<Task> {
    let Some(tenant) = &reference.tenant else { return Vec::new() };
    let on_day = |mark: &Mark| tenant.zone.day(mark.at.at()) == day;
    let merges = merges_among(cases);
    let mut at_point: BTreeMap<&PointId, Vec<ToSee>> = BTreeMap::new();
    for (record, state) in cases {
        let status = merges.status(record.id, state);
        let Some(point) = &record.point else { continue };
        let looked = looked_back(state, on_day);
        let to_see = state.findings.iter().any(on_day) || status == Status::Rectified || looked.is_some();
        if to_see && !matches!(status, Status::Merged | Status::Voided) {
            at_point.entry(point).or_default().push(ToSee { case: record.id, looked, status });
        }
    }
    let found_in_the_morning = results(whose, day, Round::Morning, patrols);
    let mut visited = results(whose, day, Round::LookBack, patrols);
    let task = |point: &PointId| {
        let of_point = at_point.get(point).map(Vec::as_slice).unwrap_or_default();
        let found = matches!(found_in_the_morning.get(point), Some(VisitResult::Found(_)));
        let cases: Vec<_> = of_point.iter().map(|seen| seen.case).collect();
        let result = visited.remove(point).or_else(|| seen_case_by_case(of_point));
        let result = result.and_then(|result| as_cases_stand(result, of_point));
        (found || !cases.is_empty()).then(|| Task { point: point.clone(), result, cases })
    };
    whose.points(reference, now).into_iter().filter_map(task).collect()
}

/// A case to look at.
struct ToSee {
    case: CaseId,
    /// How its look-back of the day ended.
    looked: Option<Outcome>,
    status: Status,
}

/// What a point's result is beside its cases: who looked at one of them, or came before another was put right, has not
/// seen them all.
fn as_cases_stand(result: VisitResult, cases: &[ToSee]) -> Option<VisitResult> {
    match result {
        VisitResult::NotAccessible(_) => Some(result),
        _ if cases.iter().any(|seen| seen.status == Status::Rectified) => None,
        VisitResult::Found(_) => Some(result),
        VisitResult::Clean => {
            let open: Vec<_> =
                cases.iter().filter(|seen| !seen.status.is_final()).map(|seen| seen.case).collect();
            Some(if open.is_empty() { VisitResult::Clean } else { VisitResult::Found(open) })
        }
    }
}

/// How the latest look-back of the day ended, if it came after the latest finding.
fn looked_back(state: &CaseState, on_day: impl Fn(&Mark) -> bool) -> Option<Outcome> {
    let latest = state.look_backs.last().filter(|looked| on_day(&looked.mark))?;
    let place = |event| state.thread.iter().position(|taken| taken.event == event);
    let found = state.findings.last().and_then(|finding| place(finding.event));
    (place(latest.mark.event) > found).then_some(latest.outcome)
}

/// The result at a point whose cases were all looked back at without a visit being recorded.
fn seen_case_by_case(cases: &[ToSee]) -> Option<VisitResult> {
    if cases.is_empty() || cases.iter().any(|seen| seen.looked.is_none()) {
        return None;
    }
    let failed = cases.iter().filter(|seen| seen.looked == Some(Outcome::Failed));
    let failed: Vec<_> = failed.map(|seen| seen.case).collect();
    Some(if failed.is_empty() { VisitResult::Clean } else { VisitResult::Found(failed) })
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
    let mut count = Coverage { points: tasks.len(), ..Coverage::default() };
    for result in tasks.iter().filter_map(|task| task.result.as_ref()) {
        count.visited += 1;
        match result {
            VisitResult::Clean => count.clean += 1,
            VisitResult::Found(_) => count.found += 1,
            VisitResult::NotAccessible(_) => count.not_accessible += 1,
        }
    }
    count
}
