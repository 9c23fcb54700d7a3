//! Looking up on site: the three ledgers of a point, the standards, and from a place to who answers for it.

use crate::Field;
use crate::error::FieldError;
use sanben_domain::coverage::{Uncovered, uncovered};
use sanben_domain::department::{DepartmentWork, departments};
use sanben_domain::id::{PointId, UnitId};
use sanben_domain::ledger::{BlindSpots, ProblemLedger, ResponsibilityLedger, StandardLedger, blind_spots};
use sanben_domain::location::{Whereabouts, locate_among};
use sanben_domain::place::Coordinate;
use sanben_domain::reference::{Point, Standard};
use sanben_domain::score::Period;
use sanben_domain::time::Timestamp;
use sanben_store::{MatterQuery, RecordFilter, found_in};
use serde::Serialize;
use std::collections::BTreeMap;

/// A point in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PointView {
    /// The point.
    pub point: Point,
    /// Its community's name.
    pub community: String,
    /// Who answers for it now; `None` is a blind spot.
    pub head: Option<String>,
}

/// The three ledgers (三本台账) of one point.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ledgers {
    /// The point.
    pub point: Point,
    /// 标准台账.
    pub standards: StandardLedger,
    /// 问题台账.
    pub problems: ProblemLedger,
    /// 责任台账, as it stood at the instant asked for.
    pub responsibility: ResponsibilityLedger,
}

impl Field {
    /// The points held here, by code; `text` narrows by a part of name, kind, code, community or team, or by
    /// its pinyin initials.
    ///
    /// # Errors
    /// A store error.
    pub fn points(&self, text: Option<&str>) -> Result<Vec<PointView>, FieldError> {
        let reference = self.store.reference()?;
        let now = self.now()?;
        let name = |person: &sanben_domain::reference::Assignment| {
            let known = reference.people.get(&person.person);
            known.map_or_else(|| person.person.to_string(), |person| person.name.clone())
        };
        let views = reference.points.values().map(|point| PointView {
            point: point.clone(),
            community: reference.community_of(&point.unit).map(|unit| unit.name.clone()).unwrap_or_default(),
            head: reference.head_of(&point.id, now).map(name),
        });
        let matches = |view: &PointView| {
            text.is_none_or(|text| {
                let point = &view.point;
                let team = point.team.as_ref().and_then(|team| reference.teams.get(team));
                let parts = [&point.name, &point.kind, &point.id.0, &view.community];
                parts.into_iter().chain(team.map(|team| &team.name)).any(|part| found_in(part, text))
            })
        };
        Ok(views.filter(matches).collect())
    }

    /// The standards, by code; for one point only those that hold there; `text` narrows by a part of name,
    /// clause or demand, or by its pinyin initials.
    ///
    /// # Errors
    /// [`FieldError::NotFound`] for an unknown point.
    pub fn standards(
        &self,
        point: Option<&PointId>,
        text: Option<&str>,
    ) -> Result<Vec<Standard>, FieldError> {
        let reference = self.store.reference()?;
        let kind = match point {
            Some(id) => Some(
                &reference
                    .points
                    .get(id)
                    .ok_or_else(|| FieldError::NotFound { what: "point", id: id.to_string() })?
                    .kind,
            ),
            None => None,
        };
        let holds = |standard: &&Standard| kind.is_none_or(|kind| standard.applies_to.covers(kind));
        let matches = |standard: &&Standard| {
            text.is_none_or(|text| {
                [&standard.name, &standard.clause, &standard.demand, &standard.id.0]
                    .iter()
                    .any(|part| found_in(part, text))
            })
        };
        Ok(reference.standards.values().filter(holds).filter(matches).cloned().collect())
    }

    /// From a fix to responsibility, without a network: the cell, the nearest points, who answers.
    ///
    /// # Errors
    /// [`FieldError::NothingYet`] before the first sync.
    pub fn whereabouts(&self, at: Coordinate, nearest: usize) -> Result<Whereabouts, FieldError> {
        let reference = self.store.reference()?;
        if reference.tenant.is_none() {
            return Err(FieldError::NothingYet);
        }
        let cells = self.store.cells_at(at)?;
        let points = self.store.nearest_points(at, nearest)?;
        Ok(locate_among(&reference, at, &cells, &points, nearest, self.now()?))
    }

    /// The three ledgers of a point; responsibility as it stood at `at` (now when `None`).
    ///
    /// # Errors
    /// [`FieldError::NotFound`].
    pub fn ledgers(&self, point: &PointId, at: Option<Timestamp>) -> Result<Ledgers, FieldError> {
        let reference = self.store.reference()?;
        let unknown = || FieldError::NotFound { what: "point", id: point.to_string() };
        let now = self.now()?;
        let filter = RecordFilter { point: Some(point.clone()), ..RecordFilter::default() };
        let cases = self.store.case_records(&filter)?;
        Ok(Ledgers {
            point: reference.points.get(point).cloned().ok_or_else(unknown)?,
            standards: StandardLedger::of(&reference, point, &cases).ok_or_else(unknown)?,
            problems: ProblemLedger::of(point, &cases, now),
            responsibility: ResponsibilityLedger::of(&reference, point, at.unwrap_or(now)),
        })
    }

    /// What nobody answers for.
    ///
    /// # Errors
    /// A store error.
    pub fn blind_spots(&self) -> Result<BlindSpots, FieldError> {
        Ok(blind_spots(&*self.store.reference()?, self.now()?))
    }

    /// What was handed out to each department, and how the cases stand that were found there in these days.
    ///
    /// # Errors
    /// [`FieldError::NothingYet`] before the first sync.
    pub fn departments(&self, period: Period) -> Result<BTreeMap<UnitId, DepartmentWork>, FieldError> {
        let reference = self.store.reference()?;
        let zone = reference.tenant.as_ref().ok_or(FieldError::NothingYet)?.zone;
        let filter = RecordFilter {
            reported_from: Some(zone.midnight(period.from)),
            reported_until: Some(zone.midnight(period.until)),
            ..RecordFilter::default()
        };
        Ok(departments(&reference, &self.store.case_records(&filter)?, self.now()?))
    }

    /// The nodes of the grid in which a standard asks for something that nobody found there in these days.
    ///
    /// # Errors
    /// A store error.
    pub fn uncovered(&self, period: Period) -> Result<Vec<Uncovered>, FieldError> {
        let query = MatterQuery {
            feature: Some("observation-sheet".to_owned()),
            from: Some(period.from),
            to: period.until.pred_opt(),
            ..MatterQuery::default()
        };
        Ok(uncovered(&*self.store.reference()?, period, &self.store.matter_records(&query)?))
    }
}
