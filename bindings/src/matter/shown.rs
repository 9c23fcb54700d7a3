//! One matter with its thread, and figures.

use super::form::{ActForm, Tongue};
use super::list::{called, step, titled};
use super::value::FieldValue;
use crate::case::Delivery;
use crate::value::{Day, Uuid, instant};
use sanben_domain::id::EventId;
use sanben_domain::matter::{self, Amount, Figure, Value};
use sanben_domain::reference::Reference;
use sanben_domain::time::Timestamp;
use std::time::SystemTime;

/// A figure in words and exact.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct MatterFigure {
    /// As it is recorded.
    pub name: String,
    /// As a person reads it, with what it is of.
    pub label: String,
    /// So many; or the part of a share; or minutes.
    pub amount: i64,
    /// Of so many, for a share.
    pub whole: Option<i64>,
    /// It is a length of time in minutes.
    pub minutes: bool,
    /// A share in tenths of a percent, half up.
    pub per_mille: Option<i64>,
}

impl MatterFigure {
    pub(crate) fn of(figure: Figure, tongue: Tongue) -> Self {
        let called = matter::figure_name(tongue, &figure.name);
        let (amount, whole) = match figure.amount {
            Amount::Count(count) | Amount::Minutes(count) => (count, None),
            Amount::Share { part, whole } => (part, Some(whole)),
        };
        Self {
            label: if figure.label.is_empty() { called } else { format!("{called} {}", figure.label) },
            name: figure.name,
            amount,
            whole,
            minutes: matches!(figure.amount, Amount::Minutes(_)),
            per_mille: figure.amount.per_mille(),
        }
    }
}

/// Something of a matter that is not done.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct MatterOpen {
    /// What, in the words of whoever asked.
    pub what: String,
    /// By when.
    pub due: Option<SystemTime>,
    /// Which unit answers.
    pub unit: Option<String>,
    /// Which person answers.
    pub person: Option<String>,
}

/// A field of an event.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ShownField {
    /// As it is recorded.
    pub name: String,
    /// As a person reads it.
    pub label: String,
    /// What it holds.
    pub value: FieldValue,
    /// A choice as a person reads it.
    pub choice_label: Option<String>,
}

/// One event of the thread.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct MatterEntry {
    /// Its id.
    pub event: Uuid,
    /// Who.
    pub by: String,
    /// When, by the clock of their device.
    pub at: SystemTime,
    /// That clock is doubtful.
    pub doubtful: bool,
    /// The act; empty for one of a later version.
    pub act: String,
    /// What it is called.
    pub act_label: String,
    /// Its fields.
    pub fields: Vec<ShownField>,
    /// It has no effect: struck out, overruled, in dispute or of a later version.
    pub idle: bool,
    /// It contradicts another one.
    pub disputed: bool,
}

/// One matter with all that is shown of it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct MatterDetail {
    /// Its id.
    pub id: Uuid,
    /// The name of its feature.
    pub feature: String,
    /// What the feature is called.
    pub feature_label: String,
    /// How far it has come, in words; empty for a feature of a later version.
    pub step_label: String,
    /// Nothing more is to be done.
    pub closed: bool,
    /// What it is called.
    pub title: String,
    /// The local day it is about.
    pub day: Day,
    /// The unit it lives in.
    pub home: String,
    /// The point.
    pub point: Option<String>,
    /// The person it is about, or who has to act.
    pub person: Option<String>,
    /// The document it belongs to.
    pub about: Option<Uuid>,
    /// By when.
    pub due: Option<SystemTime>,
    /// It is past that.
    pub late: bool,
    /// What is not done, and who answers.
    pub open: Vec<MatterOpen>,
    /// Its figures, with those of what belongs to it.
    pub figures: Vec<MatterFigure>,
    /// What somebody should look at, in words.
    pub remarks: Vec<String>,
    /// Contradictions to be decided, each as its events.
    pub disputes: Vec<Vec<Uuid>>,
    /// What belongs to it.
    pub belonging: Vec<Uuid>,
    /// What this person may do to it now, with its form.
    pub next: Vec<ActForm>,
    /// Every event in causal order.
    pub thread: Vec<MatterEntry>,
    /// How far the own work on it has come.
    pub delivery: Delivery,
}

impl MatterDetail {
    pub(crate) fn of(
        view: sanben_field::MatterView,
        tongue: Tongue,
        reference: &Reference,
        now: Timestamp,
    ) -> Self {
        let sanben_field::MatterView { record, state, figures, remarks, belonging, next, delivery } = view;
        let (feature_label, feature) = called(tongue, &record.feature);
        let disputes: Vec<Vec<EventId>> =
            state.as_ref().map(|state| state.disputes.clone()).unwrap_or_default();
        let order = record.order();
        let thread = order.sequence().iter().filter_map(|id| record.events.get(id)).map(|event| {
            let known = feature.and_then(|feature| Some((feature, feature.act(&event.act.name)?)));
            let said = known.into_iter().flat_map(|(_, form)| form.in_order(&event.act));
            let fields = said.filter_map(|(name, value)| {
                let (feature, form) = known?;
                let choice_label = match value {
                    Value::Choice(choice) => Some(matter::choice_name(tongue, feature, choice)),
                    _ => None,
                };
                Some(ShownField {
                    name: name.clone(),
                    label: matter::field_name(tongue, feature, form.name, name),
                    value: FieldValue::of(value),
                    choice_label,
                })
            });
            MatterEntry {
                event: event.id.0,
                by: event.by.to_string(),
                at: instant(event.at.at()),
                doubtful: event.at.doubtful(),
                act: known.map(|(_, form)| form.name.to_owned()).unwrap_or_default(),
                act_label: known
                    .map(|(feature, form)| matter::act_name(tongue, feature, form.name))
                    .unwrap_or_default(),
                fields: fields.collect(),
                idle: state.as_ref().is_some_and(|state| state.idle.contains(&event.id)),
                disputed: disputes.iter().any(|between| between.contains(&event.id)),
            }
        });
        let due = state.as_ref().and_then(|state| state.due);
        let open = state.iter().flat_map(|state| &state.open).map(|open| MatterOpen {
            what: open.what.clone(),
            due: open.due.map(instant),
            unit: open.unit.as_ref().map(|id| id.0.clone()),
            person: open.person.as_ref().map(|id| id.0.clone()),
        });
        let next = next.iter().filter_map(|act| {
            let feature = feature?;
            Some(ActForm::of(feature, feature.act(act)?, tongue))
        });
        Self {
            id: record.id.0,
            feature_label,
            step_label: step(tongue, feature, state.as_ref().map_or("", |state| state.step)),
            closed: state.as_ref().is_some_and(|state| state.closed),
            title: state
                .as_ref()
                .map(|state| titled(tongue, feature, &state.title, reference))
                .unwrap_or_default(),
            day: Day(record.day),
            home: record.home.to_string(),
            point: record.point.as_ref().map(|id| id.0.clone()),
            person: record.person.as_ref().map(|id| id.0.clone()),
            about: record.about.map(|id| id.0),
            due: due.map(instant),
            late: due.is_some_and(|due| due < now),
            open: open.collect(),
            figures: figures.into_iter().map(|figure| MatterFigure::of(figure, tongue)).collect(),
            remarks: remarks.into_iter().map(|remark| matter::remark_name(tongue, remark)).collect(),
            disputes: disputes.iter().map(|between| between.iter().map(|id| id.0).collect()).collect(),
            belonging: belonging.into_iter().map(|id| id.0).collect(),
            next: next.collect(),
            thread: thread.collect(),
            delivery: delivery.into(),
            feature: record.feature.clone(),
        }
    }
}

/// Something that should be there and is not.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct MatterMissing {
    /// Of which day.
    pub day: Day,
    /// In which unit.
    pub unit: String,
    /// At which point.
    pub point: Option<String>,
}

impl From<matter::Missing> for MatterMissing {
    fn from(missing: matter::Missing) -> Self {
        let matter::Missing { day, unit, point } = missing;
        Self { day: Day(day), unit: unit.0, point: point.map(|id| id.0) }
    }
}
