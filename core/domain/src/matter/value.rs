//! What stands in the fields of an act. Values are exact: no floating point, days and times of day as they are read.

use crate::id::{DocumentId, EventId, PersonId, PhotoHash, PointId, StandardId, UnitId};
use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The content of one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Value {
    /// Words.
    Text(String),
    /// A whole number.
    Count(i64),
    /// An exact fraction.
    Fraction {
        /// Above the line.
        part: i64,
        /// Below it; not zero.
        whole: i64,
    },
    /// A local day.
    Day(NaiveDate),
    /// A time of day.
    Time(NaiveTime),
    /// A person.
    Person(PersonId),
    /// A unit.
    Unit(UnitId),
    /// A point.
    Point(PointId),
    /// Several points.
    Points(Vec<PointId>),
    /// A standard.
    Standard(StandardId),
    /// A case or another matter.
    Document(DocumentId),
    /// Several of them.
    Documents(Vec<DocumentId>),
    /// An earlier event of the same matter.
    Event(EventId),
    /// One of the words that the form offers.
    Choice(String),
    /// Photos, in the matter's `photos`.
    Photos(Vec<PhotoHash>),
    /// Yes or no.
    Yes(bool),
}

/// The fields of an act by name.
pub type Fields = BTreeMap<String, Value>;

/// One act on a matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatterAct {
    /// Which act of its feature.
    pub name: String,
    /// Its fields.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: Fields,
}

impl MatterAct {
    /// An act with these fields.
    #[must_use]
    pub fn new(name: &str, fields: Fields) -> Self {
        Self { name: name.to_owned(), fields }
    }

    /// What an act reads as whose bytes a later version wrote: kept byte for byte, without effect here.
    #[must_use]
    pub fn unknown() -> Self {
        Self::new("", Fields::new())
    }

    /// The words of a text field; empty when there are none.
    #[must_use]
    pub fn text(&self, field: &str) -> &str {
        match self.fields.get(field) {
            Some(Value::Text(text)) => text,
            _ => "",
        }
    }

    /// A number; 0 when there is none.
    #[must_use]
    pub fn count(&self, field: &str) -> i64 {
        match self.fields.get(field) {
            Some(Value::Count(count)) => *count,
            _ => 0,
        }
    }

    /// Whether a field says yes.
    #[must_use]
    pub fn yes(&self, field: &str) -> bool {
        matches!(self.fields.get(field), Some(Value::Yes(true)))
    }

    /// A choice; empty when none was made.
    #[must_use]
    pub fn choice(&self, field: &str) -> &str {
        match self.fields.get(field) {
            Some(Value::Choice(choice)) => choice,
            _ => "",
        }
    }

    /// A day.
    #[must_use]
    pub fn day(&self, field: &str) -> Option<NaiveDate> {
        match self.fields.get(field) {
            Some(Value::Day(day)) => Some(*day),
            _ => None,
        }
    }

    /// A time of day.
    #[must_use]
    pub fn time(&self, field: &str) -> Option<NaiveTime> {
        match self.fields.get(field) {
            Some(Value::Time(time)) => Some(*time),
            _ => None,
        }
    }

    /// A person.
    #[must_use]
    pub fn person(&self, field: &str) -> Option<&PersonId> {
        match self.fields.get(field) {
            Some(Value::Person(person)) => Some(person),
            _ => None,
        }
    }

    /// A unit.
    #[must_use]
    pub fn unit(&self, field: &str) -> Option<&UnitId> {
        match self.fields.get(field) {
            Some(Value::Unit(unit)) => Some(unit),
            _ => None,
        }
    }

    /// A point.
    #[must_use]
    pub fn point(&self, field: &str) -> Option<&PointId> {
        match self.fields.get(field) {
            Some(Value::Point(point)) => Some(point),
            _ => None,
        }
    }

    /// Points; none when the field is empty.
    #[must_use]
    pub fn points(&self, field: &str) -> &[PointId] {
        match self.fields.get(field) {
            Some(Value::Points(points)) => points,
            _ => &[],
        }
    }

    /// A document.
    #[must_use]
    pub fn document(&self, field: &str) -> Option<DocumentId> {
        match self.fields.get(field) {
            Some(Value::Document(document)) => Some(*document),
            _ => None,
        }
    }

    /// Documents; none when the field is empty.
    #[must_use]
    pub fn documents(&self, field: &str) -> &[DocumentId] {
        match self.fields.get(field) {
            Some(Value::Documents(documents)) => documents,
            _ => &[],
        }
    }

    /// An earlier event.
    #[must_use]
    pub fn event(&self, field: &str) -> Option<EventId> {
        match self.fields.get(field) {
            Some(Value::Event(event)) => Some(*event),
            _ => None,
        }
    }

    /// All photos that it names.
    pub fn photos(&self) -> impl Iterator<Item = PhotoHash> {
        self.fields
            .values()
            .flat_map(|value| match value {
                Value::Photos(photos) => photos.as_slice(),
                _ => &[],
            })
            .copied()
    }

    /// The words that a person wrote in it.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.fields.values().filter_map(|value| match value {
            Value::Text(text) => Some(text.as_str()),
            _ => None,
        })
    }
}
