//! What somebody has to do today: the morning round and the look-back round.

use crate::failure::FieldFailure;
use crate::field::Field;
use crate::place::Fix;
use crate::value::{Day, Uuid, count};
use sanben_domain::id::CaseId;
use sanben_domain::patrol;

/// Which round of the day.
pub type Round = patrol::Round;

/// Which round of the day.
#[uniffi::remote(Enum)]
pub enum Round {
    /// 晨扫描.
    Morning,
    /// 晚督导 / 回头看.
    LookBack,
}

/// What a visit found.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum VisitResult {
    /// Nothing to complain about.
    Clean,
    /// Problems.
    Found {
        /// Each with its case.
        cases: Vec<Uuid>,
    },
    /// Could not be looked at.
    NotAccessible {
        /// Why.
        reason: String,
    },
}

/// A point on a list and how it stands.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct PointVisit {
    /// The point's code.
    pub point: String,
    /// The latest visit's result; `None` while it is still to do.
    pub result: Option<VisitResult>,
    /// Cases to look at there.
    pub cases: Vec<Uuid>,
}

/// How far a round has come, in points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct Coverage {
    /// On the list.
    pub points: i64,
    /// Visited, whatever the result.
    pub visited: i64,
    /// Visited and clean.
    pub clean: i64,
    /// Visited with findings.
    pub found: i64,
    /// Visited but not accessible.
    pub not_accessible: i64,
}

/// Today's lists.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct TodayView {
    /// The local day.
    pub day: Day,
    /// 晨扫描: the points to walk.
    pub morning: Vec<PointVisit>,
    /// How far the morning round has come.
    pub morning_coverage: Coverage,
    /// 回头看: the points to go back to.
    pub look_back: Vec<PointVisit>,
    /// How far the look-back round has come.
    pub look_back_coverage: Coverage,
}

fn ids(cases: Vec<CaseId>) -> Vec<Uuid> {
    cases.into_iter().map(|case| case.0).collect()
}

impl From<patrol::VisitResult> for VisitResult {
    fn from(result: patrol::VisitResult) -> Self {
        match result {
            patrol::VisitResult::Clean => Self::Clean,
            patrol::VisitResult::Found(cases) => Self::Found { cases: ids(cases) },
            patrol::VisitResult::NotAccessible(reason) => Self::NotAccessible { reason },
        }
    }
}

impl VisitResult {
    pub(crate) fn into_core(self) -> patrol::VisitResult {
        match self {
            Self::Clean => patrol::VisitResult::Clean,
            Self::Found { cases } => {
                patrol::VisitResult::Found(cases.into_iter().map(sanben_domain::id::DocumentId).collect())
            }
            Self::NotAccessible { reason } => patrol::VisitResult::NotAccessible(reason),
        }
    }
}

impl From<patrol::Task> for PointVisit {
    fn from(task: patrol::Task) -> Self {
        Self { point: task.point.0, result: task.result.map(Into::into), cases: ids(task.cases) }
    }
}

impl From<patrol::Coverage> for Coverage {
    fn from(coverage: patrol::Coverage) -> Self {
        Self {
            points: count(coverage.points),
            visited: count(coverage.visited),
            clean: count(coverage.clean),
            found: count(coverage.found),
            not_accessible: count(coverage.not_accessible),
        }
    }
}

impl From<sanben_field::TodayList> for TodayView {
    fn from(list: sanben_field::TodayList) -> Self {
        Self {
            day: Day(list.day),
            morning: list.morning.into_iter().map(Into::into).collect(),
            morning_coverage: list.morning_coverage.into(),
            look_back: list.look_back.into_iter().map(Into::into).collect(),
            look_back_coverage: list.look_back_coverage.into(),
        }
    }
}

#[uniffi::export]
impl Field {
    /// Notes a visit in the person's round of today; the round begins with the first visit. A problem
    /// recorded at a point of the round is a visit by itself.
    ///
    /// # Errors
    /// [`FieldFailure::NotFound`] for an unknown point, [`FieldFailure::Invalid`] for somebody without a
    /// team, [`FieldFailure::Denied`] for a point of another team.
    #[uniffi::method(default(fix = None))]
    pub fn visit(
        &self,
        round: Round,
        point: &str,
        result: VisitResult,
        fix: Option<Fix>,
    ) -> Result<(), FieldFailure> {
        self.call(|field| {
            let fix = fix.map(Fix::into_core).transpose()?;
            Ok(field.visit(round, &point.into(), result.into_core(), fix)?)
        })
    }

    /// Today's lists: of the person's team, else of the points the person answers for.
    ///
    /// # Errors
    /// [`FieldFailure::NothingYet`].
    pub fn today(&self) -> Result<TodayView, FieldFailure> {
        self.call(|field| Ok(field.today_list()?.into()))
    }
}
