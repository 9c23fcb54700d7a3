//! Rounds: today's list of a team, visits with a result per point, the 17:00 list made from the day's
//! findings, coverage, and the evening's brief.

use crate::Field;
use crate::error::FieldError;
use crate::invalid::Invalid;
use chrono::NaiveDate;
use sanben_document::{Intent, IntentBody};
use sanben_domain::brief::WorkBrief;
use sanben_domain::case::{Outcome, PhotoRole};
use sanben_domain::event::CausalOrder;
use sanben_domain::id::{CaseId, DocumentId, PhotoHash, PointId, TeamId, UnitId};
use sanben_domain::patrol::{
    Coverage, PatrolAct, Round, Task, VisitResult, Whose, coverage, look_back_list, morning_list,
};
use sanben_domain::place::Fix;
use sanben_domain::reference::{Person, Reference};
use sanben_domain::rights;
use sanben_domain::time::{Stamp, Timestamp};
use sanben_store::{Draft, PatrolQuery, RecordFilter};
use serde::Serialize;
use std::path::PathBuf;

/// What somebody has to do today.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TodayList {
    /// The local day.
    pub day: NaiveDate,
    /// 晨扫描: the points to walk.
    pub morning: Vec<Task>,
    /// How far the morning round has come.
    pub morning_coverage: Coverage,
    /// 回头看: the points to go back to.
    pub look_back: Vec<Task>,
    /// How far the look-back round has come.
    pub look_back_coverage: Coverage,
}

impl Field {
    /// The local day in the tenant's zone.
    ///
    /// # Errors
    /// [`FieldError::NothingYet`] before the first sync.
    pub fn today(&self) -> Result<NaiveDate, FieldError> {
        let reference = self.store.reference()?;
        let zone = reference.tenant.as_ref().ok_or(FieldError::NothingYet)?.zone;
        Ok(zone.day(self.now()?))
    }

    /// Today's lists: of the person's team, else of the points the person answers for.
    ///
    /// # Errors
    /// [`FieldError::NothingYet`].
    pub fn today_list(&self) -> Result<TodayList, FieldError> {
        let reference = self.store.reference()?;
        let me = self.me(&reference)?;
        let whose = match &me.team {
            Some(team) => Whose::Team(team.clone()),
            None => Whose::Head(me.id.clone()),
        };
        self.list_of(&whose)
    }

    /// Today's lists of a team.
    ///
    /// # Errors
    /// [`FieldError::NotFound`] for an unknown team.
    pub fn team_list(&self, team: &TeamId) -> Result<TodayList, FieldError> {
        if !self.store.reference()?.teams.contains_key(team) {
            return Err(FieldError::NotFound { what: "team", id: team.to_string() });
        }
        self.list_of(&Whose::Team(team.clone()))
    }

    fn list_of(&self, whose: &Whose) -> Result<TodayList, FieldError> {
        let reference = self.store.reference()?;
        let (day, now) = (self.today()?, self.now()?);
        let patrols = self.store.patrols(&PatrolQuery::on(day))?;
        let cases = self.store.case_records(&self.active_on(&reference, day))?;
        let morning = morning_list(&reference, whose, day, &patrols, now);
        let look_back = look_back_list(&reference, whose, day, &cases, &patrols, now);
        Ok(TodayList {
            day,
            morning_coverage: coverage(&morning),
            look_back_coverage: coverage(&look_back),
            morning,
            look_back,
        })
    }

    /// Cases found on or after a day, or still open.
    fn active_on(&self, reference: &Reference, day: NaiveDate) -> RecordFilter {
        let since = reference.tenant.as_ref().map(|tenant| tenant.zone.midnight(day));
        RecordFilter { open_or_active_since: since, ..RecordFilter::default() }
    }

    /// Notes a visit in the person's round of today; the round begins with the first visit.
    ///
    /// # Errors
    /// [`FieldError::NotFound`] for an unknown point, [`FieldError::Invalid`] for somebody without a team.
    pub fn visit(
        &self,
        round: Round,
        point: &PointId,
        result: VisitResult,
        fix: Option<Fix>,
    ) -> Result<(), FieldError> {
        self.visit_with_photos(round, point, result, fix, &[])
    }

    /// The same with photos of the state found.
    ///
    /// # Errors
    /// As [`Field::visit`]; [`FieldError::File`], [`FieldError::Photo`].
    pub fn visit_with_photos(
        &self,
        round: Round,
        point: &PointId,
        result: VisitResult,
        fix: Option<Fix>,
        files: &[PathBuf],
    ) -> Result<(), FieldError> {
        if matches!(&result, VisitResult::NotAccessible(reason) if reason.trim().is_empty()) {
            return Err(Invalid::NoReason.into());
        }
        let reference = self.store.reference()?;
        let me = self.me(&reference)?;
        if reference.points.contains_key(point) && me.team.is_some() && !walks(&me, point, &reference) {
            return Err(FieldError::Denied(rights::Denied::Place));
        }
        let mut intents = self.visit_intents(round, point, result, fix, &me, self.stamp()?, &reference)?;
        let taken: Vec<PhotoHash> = self.take_files(files, PhotoRole::Before)?.into_keys().collect();
        for intent in &mut intents {
            if let IntentBody::Patrol { act: PatrolAct::Visit { photos, .. } } = &mut intent.body {
                photos.clone_from(&taken);
            }
        }
        let recorded = self.store.record(&intents, None)?;
        self.tell(recorded.changed);
        Ok(())
    }

    /// The work brief (工作简报) of a day.
    ///
    /// # Errors
    /// [`FieldError::NothingYet`].
    pub fn brief(&self, day: NaiveDate) -> Result<WorkBrief, FieldError> {
        let reference = self.store.reference()?;
        let cases = self.store.case_records(&self.active_on(&reference, day))?;
        WorkBrief::of(&reference, day, &cases, &self.store.merges()?, self.now()?)
            .ok_or(FieldError::NothingYet)
    }

    /// A report made at a point on the person's own round is a visit with a finding.
    pub(crate) fn found_on_patrol(
        &self,
        draft: &Draft,
        me: &Person,
        now: Stamp,
        reference: &Reference,
    ) -> Result<Vec<Intent>, FieldError> {
        let Some(point) = draft.point.as_ref().filter(|point| walks(me, point, reference)) else {
            return Ok(Vec::new());
        };
        let result = VisitResult::Found(vec![draft.id.case()]);
        self.visit_intents(round_at(now.at(), reference), point, result, draft.fix, me, now, reference)
    }

    /// A look-back at a case is a visit of the look-back round, for somebody who walks there.
    pub(crate) fn looked_back(
        &self,
        case: CaseId,
        outcome: Outcome,
        now: Stamp,
    ) -> Result<Vec<Intent>, FieldError> {
        let reference = self.store.reference()?;
        let me = self.me(&reference)?;
        let row = self.case(case)?;
        let Some(point) = row.record.point.filter(|point| walks(&me, point, &reference)) else {
            return Ok(Vec::new());
        };
        let result = match outcome {
            Outcome::Passed => VisitResult::Clean,
            Outcome::Failed => VisitResult::Found(vec![case]),
        };
        self.visit_intents(Round::LookBack, &point, result, None, &me, now, &reference)
    }

    #[expect(clippy::too_many_arguments, reason = "one visit, spelled out")]
    fn visit_intents(
        &self,
        round: Round,
        point: &PointId,
        result: VisitResult,
        fix: Option<Fix>,
        me: &Person,
        now: Stamp,
        reference: &Reference,
    ) -> Result<Vec<Intent>, FieldError> {
        if !reference.points.contains_key(point) {
            return Err(FieldError::NotFound { what: "point", id: point.to_string() });
        }
        let team = me.team.clone().ok_or(FieldError::Invalid(Invalid::NoTeam))?;
        let zone = reference.tenant.as_ref().ok_or(FieldError::NothingYet)?.zone;
        let day = zone.day(now.at());
        let home = reference.community_of_point(point).map(|unit| unit.id.clone());
        let root = || reference.tenant.as_ref().map(|tenant| UnitId(tenant.id.to_string()));
        let home = home
            .into_iter()
            .chain(root())
            .find(|unit| rights::may_write(me, &rights::home_scope(unit), reference, now.at()))
            .ok_or(FieldError::Denied(rights::Denied::Scope))?;

        // One patrol per person, community and round: it lives in the scope of the points it visits.
        let query = PatrolQuery { team: Some(team.clone()), round: Some(round), ..PatrolQuery::on(day) };
        let mut mine = None;
        for patrol in self.store.patrols(&query)? {
            if patrol.started.by == me.id
                && let Some(row) = self.store.patrol(patrol.id)?
                && row.record.home == home
            {
                mine = Some(row.record);
            }
        }
        let intent = |document, seen, body| Intent {
            v: 1,
            document,
            event: self.new_event(),
            at: now,
            by: me.id.clone(),
            seen,
            body,
        };
        let act = PatrolAct::Visit { point: point.clone(), result, fix, photos: Vec::new() };
        Ok(match mine {
            Some(record) => {
                let events = record.events.values().map(|event| (event.id, event.seen.as_slice()));
                let seen = CausalOrder::of(events).heads();
                vec![intent(record.id, seen, IntentBody::Patrol { act })]
            }
            None => {
                let id = DocumentId::from_random(self.random16());
                let start = intent(id, Vec::new(), IntentBody::StartPatrol { home, team, day, round });
                let seen = vec![start.event];
                vec![start, intent(id, seen, IntentBody::Patrol { act })]
            }
        })
    }
}

fn walks(me: &Person, point: &PointId, reference: &Reference) -> bool {
    me.team.is_some() && reference.points.get(point).is_some_and(|held| held.team == me.team)
}

/// Which round an instant belongs to: the look-back begins at the tenant's hour.
fn round_at(at: Timestamp, reference: &Reference) -> Round {
    match &reference.tenant {
        Some(tenant) if tenant.zone.local(at).time() >= tenant.day.look_back_at => Round::LookBack,
        _ => Round::Morning,
    }
}
