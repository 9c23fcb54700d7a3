//! Questions about matters of all features: lists, one with all that is shown of it, figures, what is missing.

use crate::Field;
use crate::error::FieldError;
use crate::matter::{known_feature, unknown};
use chrono::{NaiveDate, NaiveTime};
use sanben_domain::id::{DocumentId, EventId, MatterId, PointId};
use sanben_domain::matter::{
    self, ActForm, Always, Feature, Fields, Figure, MatterAct, MatterRecord, Missing, OPEN, Open, State,
    Value,
};
use sanben_domain::reference::{Person, Reference};
use sanben_domain::rights;
use sanben_domain::time::{Timestamp, Zone};
use sanben_store::{Delivery, MatterPage, MatterQuery};
use std::collections::BTreeMap;

/// A matter with all that is shown of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatterView {
    /// Its content.
    pub record: MatterRecord,
    /// What was folded from it; `None` for a feature of a later version.
    pub state: Option<State>,
    /// Its figures, with what the matters that belong to it add.
    pub figures: Vec<Figure>,
    /// Its remarks, with theirs.
    pub remarks: Vec<&'static str>,
    /// The matters that belong to it.
    pub belonging: Vec<MatterId>,
    /// What this person may do to it now.
    pub next: Vec<&'static str>,
    /// How far the own work on it has come.
    pub delivery: Delivery,
}

impl Field {
    /// A page of matters, latest opened first.
    ///
    /// # Errors
    /// A store error.
    pub fn matters(&self, query: &MatterQuery) -> Result<MatterPage, FieldError> {
        Ok(self.store().matters(query)?)
    }

    /// One matter with everything that is shown of it.
    ///
    /// # Errors
    /// [`FieldError::NotFound`].
    pub fn matter(&self, id: MatterId) -> Result<MatterView, FieldError> {
        let row = self.store().matter(id)?.ok_or_else(|| unknown(id))?;
        let reference = self.store().reference()?;
        let about = MatterQuery { about: Some(id), ..MatterQuery::default() };
        let belonging = self.store().matter_records(&about)?;
        let (mut figures, mut remarks, mut next) = (Vec::new(), Vec::new(), Vec::new());
        if let Some(state) = &row.state {
            let (more, noticed) = matter::gather(&row.record, state, &belonging);
            figures = state.figures.iter().cloned().chain(more).collect();
            remarks = state.remarks.iter().copied().chain(noticed).collect();
            next = self.next(&row.record, state, &reference)?;
        }
        Ok(MatterView {
            state: row.state,
            figures,
            remarks,
            belonging: belonging.iter().map(|(record, _)| record.id).collect(),
            next,
            delivery: row.delivery,
            record: row.record,
        })
    }

    /// The figures of all matters that a question finds, added up, with what belongs to each of them.
    ///
    /// # Errors
    /// A store error.
    pub fn matter_figures(&self, query: &MatterQuery) -> Result<Vec<Figure>, FieldError> {
        let mut figures = Vec::new();
        for (record, state) in self.store().matter_records(query)? {
            if record.feature().is_some_and(|feature| feature.gather.is_some()) {
                let about = MatterQuery { about: Some(record.id), ..MatterQuery::default() };
                figures.extend(matter::gather(&record, &state, &self.store().matter_records(&about)?).0);
            }
            figures.extend(state.figures);
        }
        Ok(matter::sum(figures))
    }

    /// What is missing of a feature's schedule on a day, of the places held here; nothing for one without a schedule.
    ///
    /// # Errors
    /// [`FieldError::NotFound`] for an unknown feature.
    pub fn missing_matters(&self, feature: &str, day: NaiveDate) -> Result<Vec<Missing>, FieldError> {
        let Some(schedule) = known_feature(feature)?.schedule else { return Ok(Vec::new()) };
        let reference = self.store().reference()?;
        let day = schedule.rhythm.day_of(day).unwrap_or(day);
        let query = MatterQuery {
            feature: Some(feature.to_owned()),
            from: Some(day),
            to: Some(day),
            ..MatterQuery::default()
        };
        let held = self.store().matter_records(&query)?.into_iter();
        let held: Vec<MatterRecord> =
            held.filter(|(_, state)| state.step != Always::WITHDRAWN).map(|(record, _)| record).collect();
        Ok(matter::missing(schedule, day, &held, &reference, self.now()?))
    }

    /// The matters that this person has something to do with today, in the order in which they would take them up: what
    /// is overdue, then by the hour at which it is due or begins. It is what waits for them, their unit or the points
    /// they head; what is planned for today where they work; and what they asked for and has a term.
    ///
    /// # Errors
    /// [`FieldError::NothingYet`].
    pub fn matters_today(&self) -> Result<Vec<MatterView>, FieldError> {
        let reference = self.store().reference()?;
        let (me, now, today) = (self.me(&reference)?, self.now()?, self.today()?);
        let zone = reference.tenant.as_ref().ok_or(FieldError::NothingYet)?.zone;
        let query = MatterQuery { to: Some(today), open_only: true, ..MatterQuery::default() };
        let here = rights::work_scope(&me.unit, &reference).unit;
        let mut found = Vec::new();
        for (record, state) in self.store().matter_records(&query)? {
            let heads = || reference.head_of(record.point.as_ref()?, now).map(|head| &head.person);
            let waits = |open: &Open| match (&open.person, &open.unit) {
                (Some(person), _) => *person == me.id,
                (None, Some(unit)) => reference.is_within(&me.unit, unit),
                (None, None) => heads() == Some(&me.id),
            };
            let planned = record.day == today && record.home == here;
            let asked = state.opened.by == me.id && state.due.is_some();
            let takes_part = || -> Result<bool, FieldError> {
                let next = self.next(&record, &state, &reference)?;
                Ok(next
                    .iter()
                    .any(|act| record.feature().is_some_and(|it| it.acts.iter().any(|own| own.name == *act))))
            };
            if state.open.iter().any(waits) || asked || planned && takes_part()? {
                found.push((hour(&record, &state, zone), record.id));
            }
        }
        found.sort_unstable();
        found.into_iter().map(|(_, id)| self.matter(id)).collect()
    }

    /// The programmes that a point is in, by title.
    ///
    /// # Errors
    /// A store error.
    pub fn programmes_of(&self, point: &PointId) -> Result<Vec<String>, FieldError> {
        let query = MatterQuery { feature: Some("programme".to_owned()), ..MatterQuery::default() };
        let held = self.store().matter_records(&query)?;
        Ok(matter::feature::programmes_of(point, &held).into_iter().map(str::to_owned).collect())
    }

    /// The programmes that are held here, by title.
    ///
    /// # Errors
    /// A store error.
    pub fn programmes(&self) -> Result<Vec<(MatterId, String)>, FieldError> {
        let query = MatterQuery { feature: Some("programme".to_owned()), ..MatterQuery::default() };
        let held = self.store().matter_records(&query)?.into_iter();
        let held = held.filter(|(_, state)| state.step != Always::WITHDRAWN);
        let mut titled: Vec<_> = held.map(|(record, state)| (record.id, state.title)).collect();
        titled.sort_by(|(_, one), (_, other)| one.cmp(other));
        Ok(titled)
    }

    /// The features that this person may open a matter of.
    ///
    /// # Errors
    /// A store error; [`FieldError::NothingYet`].
    pub fn open_features(&self) -> Result<Vec<&'static Feature>, FieldError> {
        let reference = self.store().reference()?;
        let (me, at) = (self.me(&reference)?, self.stamp()?);
        let open = |feature: &&&Feature| {
            let record = blank(feature, &me);
            let act = MatterAct::new(OPEN, Fields::new());
            let headed = feature.open.by.contains(&matter::Grant::Head);
            (headed || matter::may(&me, &act, &record, None, &reference, at.at()).is_ok())
                && self.matter_home(feature, &None, None, None, &me, &reference, at).is_ok()
        };
        Ok(matter::feature::ALL.iter().filter(open).copied().collect())
    }

    fn next(
        &self,
        record: &MatterRecord,
        state: &State,
        reference: &Reference,
    ) -> Result<Vec<&'static str>, FieldError> {
        let Some(feature) = record.feature() else { return Ok(Vec::new()) };
        let (me, at) = (self.me(reference)?, self.stamp()?.at());
        let may = |form: &&ActForm| {
            // What an entry is named for is asked with one that could be named.
            let mine = record.events.values().filter(|event| event.by == me.id && event.act.name != OPEN);
            let entries: Vec<EventId> = match form.name {
                Always::DECIDE => state.disputes.iter().flatten().copied().take(1).collect(),
                Always::STRIKE => mine.map(|event| event.id).collect(),
                _ => Vec::new(),
            };
            let field = if form.name == Always::DECIDE { "upholds" } else { "entry" };
            let acts = entries.iter().map(|entry| Fields::from([(field.to_owned(), Value::Event(*entry))]));
            acts.chain([Fields::new()]).any(|fields| {
                matter::may(&me, &MatterAct::new(form.name, fields), record, Some(state), reference, at)
                    .is_ok()
            })
        };
        Ok(feature.later().filter(may).map(|form| form.name).collect())
    }
}

/// A matter of this feature that nobody has opened.
fn blank(feature: &Feature, me: &Person) -> MatterRecord {
    MatterRecord {
        id: DocumentId(uuid::Uuid::nil()),
        feature: feature.name.to_owned(),
        home: me.unit.clone(),
        class: feature.class,
        day: NaiveDate::default(),
        point: None,
        person: None,
        about: None,
        photos: BTreeMap::new(),
        events: BTreeMap::new(),
    }
}

/// When somebody has to turn to it: when it is due, else when it begins, else first thing on its day.
fn hour(record: &MatterRecord, state: &State, zone: Zone) -> Timestamp {
    let begins = record.opening().and_then(|opening| {
        ["from", "collect", "meet"].into_iter().find_map(|field| opening.act.time(field))
    });
    let begins = begins.unwrap_or(NaiveTime::MIN);
    state.due.unwrap_or_else(|| zone.at(record.day, begins))
}
