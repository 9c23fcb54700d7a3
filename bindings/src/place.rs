//! Looking up on site: points, standards, the three ledgers, from a place to who answers.

use crate::case::{CaseStatus, Lateness};
use crate::failure::{FieldFailure, InvalidInput};
use crate::field::{Field, each};
use crate::value::{Uuid, count, instant, timestamp};
use sanben_domain::ledger::{self, ProblemEntry};
use sanben_domain::place::{self, Coordinate};
use sanben_domain::reference;
use std::time::SystemTime;

/// In what way somebody is bound to a point.
pub type Duty = reference::Duty;

/// In what way somebody is bound to a point.
#[uniffi::remote(Enum)]
pub enum Duty {
    /// 点位负责人: answers for it.
    Head,
    /// 包联人: the contact person of a department.
    Contact,
}

/// One reading of the receiver at a tap, WGS-84.
#[derive(Debug, Clone, Copy, PartialEq, uniffi::Record)]
pub struct Fix {
    /// Degrees, positive north.
    pub latitude: f64,
    /// Degrees, positive east.
    pub longitude: f64,
    /// The receiver's own estimate of its error in metres; `None` (or a negative number) when it gave none.
    #[uniffi(default)]
    pub accuracy_metres: Option<f64>,
}

/// Degrees as the core has them.
pub(crate) fn coordinate(latitude: f64, longitude: f64) -> Result<Coordinate, FieldFailure> {
    Coordinate::from_degrees(latitude, longitude)
        .ok_or_else(|| FieldFailure::invalid(InvalidInput::NotAPlace))
}

impl Fix {
    pub(crate) fn into_core(self) -> Result<place::Fix, FieldFailure> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "finite and not negative; a cast of a float saturates"
        )]
        let whole = |metres: f64| metres.ceil() as u32;
        Ok(place::Fix {
            coordinate: coordinate(self.latitude, self.longitude)?,
            accuracy_m: self.accuracy_metres.filter(|m| m.is_finite() && *m >= 0.0).map(whole),
        })
    }
}

impl From<place::Fix> for Fix {
    fn from(fix: place::Fix) -> Self {
        Self {
            latitude: fix.coordinate.lat(),
            longitude: fix.coordinate.lon(),
            accuracy_metres: fix.accuracy_m.map(f64::from),
        }
    }
}

/// A point (点位) in a list.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct PointView {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its kind (类别).
    pub kind: String,
    /// The unit it hangs on.
    pub unit: String,
    /// Its community's name.
    pub community: String,
    /// Degrees, positive north.
    pub latitude: f64,
    /// Degrees, positive east.
    pub longitude: f64,
    /// The inspection team that walks it.
    pub team: Option<String>,
    /// The name of who answers for it now; `None` is a blind spot.
    pub head: Option<String>,
}

impl From<sanben_field::PointView> for PointView {
    fn from(view: sanben_field::PointView) -> Self {
        let point = view.point;
        Self {
            code: point.id.0,
            name: point.name,
            kind: point.kind,
            unit: point.unit.0,
            community: view.community,
            latitude: point.at.lat(),
            longitude: point.at.lon(),
            team: point.team.map(|team| team.0),
            head: view.head,
        }
    }
}

/// How long a problem may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum TimeLimit {
    /// 当日.
    SameDay,
    /// 工作小时.
    WorkingHours {
        /// How many.
        hours: i32,
    },
    /// 工作日.
    WorkingDays {
        /// How many.
        days: i32,
    },
    /// 日 of the plain calendar.
    Days {
        /// How many.
        days: i32,
    },
}

/// A standard.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Standard {
    /// Its code.
    pub code: String,
    /// The clause of the published standard.
    pub clause: String,
    /// Its short name.
    pub name: String,
    /// The full demand.
    pub demand: String,
    /// How long a problem against it may stand.
    pub limit: TimeLimit,
    /// The kinds of points it holds for; empty when it holds for all.
    pub kinds: Vec<String>,
    /// Open cases against it at the point asked for; empty where none was asked for.
    pub open_cases: Vec<Uuid>,
}

impl From<reference::Standard> for Standard {
    fn from(standard: reference::Standard) -> Self {
        Self {
            code: standard.id.0,
            clause: standard.clause,
            name: standard.name,
            demand: standard.demand,
            limit: match standard.limit {
                reference::TimeLimit::SameDay => TimeLimit::SameDay,
                reference::TimeLimit::WorkingHours(n) => TimeLimit::WorkingHours { hours: n.into() },
                reference::TimeLimit::WorkingDays(n) => TimeLimit::WorkingDays { days: n.into() },
                reference::TimeLimit::Days(n) => TimeLimit::Days { days: n.into() },
            },
            kinds: match standard.applies_to {
                reference::AppliesTo::All => Vec::new(),
                reference::AppliesTo::Kinds(kinds) => kinds,
            },
            open_cases: Vec::new(),
        }
    }
}

/// What is known about a place.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Whereabouts {
    /// Codes of the grid cells around it, finest first.
    pub cells: Vec<String>,
    /// The community it lies in.
    pub community: Option<String>,
    /// The nearest points, nearest first.
    pub nearest: Vec<NearPoint>,
}

/// A point nearby.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct NearPoint {
    /// Its code.
    pub point: String,
    /// How far, in metres.
    pub metres: f64,
    /// The code of who answers for it; `None` is a blind spot.
    pub head: Option<String>,
}

impl From<sanben_domain::location::Whereabouts> for Whereabouts {
    fn from(found: sanben_domain::location::Whereabouts) -> Self {
        let near = |near: sanben_domain::location::Near| NearPoint {
            point: near.point.0,
            metres: near.metres,
            head: near.head.map(|person| person.0),
        };
        Self {
            cells: found.cells.into_iter().map(|cell| cell.0).collect(),
            community: found.community.map(|unit| unit.0),
            nearest: found.nearest.into_iter().map(near).collect(),
        }
    }
}

/// The three ledgers (三本台账) of one point.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Ledgers {
    /// The point's code.
    pub point: String,
    /// Its name.
    pub name: String,
    /// 标准台账: what holds here.
    pub standards: Vec<Standard>,
    /// 问题台账: not settled yet, oldest finding first.
    pub open_problems: Vec<Problem>,
    /// 问题台账: settled, latest finding first.
    pub past_problems: Vec<Problem>,
    /// 责任台账: who answered at the instant asked for; `None` is a blind spot.
    pub head: Option<Answering>,
    /// 责任台账: contact persons at that instant.
    pub contacts: Vec<Answering>,
    /// 责任台账: everybody who ever was assigned, oldest first.
    pub history: Vec<Answering>,
}

/// One problem in a ledger.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Problem {
    /// The case.
    pub case_id: Uuid,
    /// The standard it breaks.
    pub standard: Option<String>,
    /// The words.
    pub description: String,
    /// When it was first found.
    pub found: SystemTime,
    /// How many times it was found.
    pub times_found: i64,
    /// How far it has come.
    pub status: CaseStatus,
    /// Whether a person has to decide.
    pub disputed: bool,
    /// By when.
    pub due: Option<SystemTime>,
    /// Whether it is late.
    pub lateness: Lateness,
    /// Who answered when it was found.
    pub answered_then: Option<String>,
}

/// Somebody who answers, and from when until when.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Answering {
    /// The person's code.
    pub person: String,
    /// The name; empty when this device does not hold names.
    pub name: String,
    /// The person's unit.
    pub unit: Option<String>,
    /// In what way.
    pub duty: Duty,
    /// First instant.
    pub since: SystemTime,
    /// First instant after; `None` while it lasts.
    pub until: Option<SystemTime>,
}

impl From<ProblemEntry> for Problem {
    fn from(entry: ProblemEntry) -> Self {
        Self {
            case_id: entry.case.0,
            standard: entry.standard.map(|standard| standard.0),
            description: entry.description,
            found: instant(entry.found),
            times_found: count(entry.times_found),
            status: entry.status,
            disputed: entry.disputed,
            due: entry.due.map(|due| instant(due.at)),
            lateness: entry.lateness,
            answered_then: entry.answered_then.map(|person| person.0),
        }
    }
}

impl From<ledger::Answering> for Answering {
    fn from(answering: ledger::Answering) -> Self {
        Self {
            person: answering.person.0,
            name: answering.name,
            unit: answering.unit.map(|unit| unit.0),
            duty: answering.duty,
            since: instant(answering.from),
            until: answering.until.map(instant),
        }
    }
}

impl From<sanben_field::Ledgers> for Ledgers {
    fn from(ledgers: sanben_field::Ledgers) -> Self {
        let standard = |entry: ledger::StandardEntry| Standard {
            open_cases: entry.open.into_iter().map(|case| case.0).collect(),
            ..entry.standard.into()
        };
        Self {
            point: ledgers.point.id.0,
            name: ledgers.point.name,
            standards: ledgers.standards.standards.into_iter().map(standard).collect(),
            open_problems: ledgers.problems.open.into_iter().map(Into::into).collect(),
            past_problems: ledgers.problems.past.into_iter().map(Into::into).collect(),
            head: ledgers.responsibility.head.map(Into::into),
            contacts: ledgers.responsibility.contacts.into_iter().map(Into::into).collect(),
            history: ledgers.responsibility.history.into_iter().map(Into::into).collect(),
        }
    }
}

#[uniffi::export]
impl Field {
    /// The points, by code; `text` narrows by a part of name, kind, code or community.
    ///
    /// # Errors
    /// A failure of the store.
    #[uniffi::method(default(text = None))]
    pub fn points(&self, text: Option<String>) -> Result<Vec<PointView>, FieldFailure> {
        self.call(|field| Ok(each(field.points(text.as_deref())?)))
    }

    /// The standards, by code; for one point only those that hold there.
    ///
    /// # Errors
    /// [`FieldFailure::NotFound`] for an unknown point.
    #[uniffi::method(default(point = None, text = None))]
    pub fn standards(
        &self,
        point: Option<String>,
        text: Option<String>,
    ) -> Result<Vec<Standard>, FieldFailure> {
        self.call(|field| {
            let point = point.as_deref().map(Into::into);
            Ok(each(field.standards(point.as_ref(), text.as_deref())?))
        })
    }

    /// From a place (WGS-84 degrees) to who answers: cells, community, the nearest points.
    ///
    /// # Errors
    /// [`FieldFailure::NothingYet`] before the first sync, [`FieldFailure::Invalid`].
    #[uniffi::method(default(nearest = 5))]
    pub fn whereabouts(
        &self,
        latitude: f64,
        longitude: f64,
        nearest: i32,
    ) -> Result<Whereabouts, FieldFailure> {
        self.call(|field| {
            let nearest = usize::try_from(nearest).unwrap_or(0);
            Ok(field.whereabouts(coordinate(latitude, longitude)?, nearest)?.into())
        })
    }

    /// The three ledgers of a point; who answers as it stood at `at`, now by default.
    ///
    /// # Errors
    /// [`FieldFailure::NotFound`].
    #[uniffi::method(default(at = None))]
    pub fn ledgers(&self, point: &str, at: Option<SystemTime>) -> Result<Ledgers, FieldFailure> {
        self.call(|field| Ok(field.ledgers(&point.into(), at.map(timestamp))?.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fix(accuracy: Option<f64>) -> Result<place::Fix, FieldFailure> {
        Fix { latitude: 38.308162, longitude: 116.839776, accuracy_metres: accuracy }.into_core()
    }

    #[test]
    fn a_receiver_that_knows_no_accuracy_says_so_in_several_ways() {
        for none in [None, Some(-1.0), Some(f64::NAN), Some(f64::INFINITY)] {
            assert_eq!(fix(none).unwrap().accuracy_m, None, "{none:?}");
        }
        assert_eq!(fix(Some(0.0)).unwrap().accuracy_m, Some(0));
        assert_eq!(fix(Some(3.2)).unwrap().accuracy_m, Some(4), "never better than the receiver said");
        assert_eq!(fix(Some(1e12)).unwrap().accuracy_m, Some(u32::MAX));
    }

    #[test]
    fn a_place_off_the_globe_is_refused_and_one_on_it_is_kept_to_a_centimetre() {
        for (latitude, longitude) in [(90.1, 0.0), (0.0, -180.1), (f64::NAN, 0.0), (0.0, f64::INFINITY)] {
            let fix = Fix { latitude, longitude, accuracy_metres: None };
            assert!(matches!(fix.into_core(), Err(FieldFailure::Invalid { .. })), "{latitude} {longitude}");
        }
        let back = Fix::from(fix(None).unwrap());
        assert!((back.latitude - 38.308162).abs() < 1e-7 && (back.longitude - 116.839776).abs() < 1e-7);
    }
}
