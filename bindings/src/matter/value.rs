//! What stands in fields, and a matter as it is opened.

use crate::failure::{FieldFailure, InvalidInput};
use crate::value::{Day, PhotoHash, Uuid};
use sanben_domain::id::{DocumentId, EventId, PersonId, PointId, UnitId};
use sanben_domain::matter::{self, Value};
use std::collections::HashMap;
use std::path::PathBuf;

/// The content of one field.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum FieldValue {
    /// Words.
    Text {
        /// They.
        text: String,
    },
    /// A whole number.
    Count {
        /// It.
        count: i64,
    },
    /// An exact fraction.
    Fraction {
        /// Above the line.
        part: i64,
        /// Below it.
        whole: i64,
    },
    /// A local day.
    Day {
        /// It.
        day: Day,
    },
    /// A time of day, `06:00`.
    Time {
        /// It.
        time: String,
    },
    /// A person.
    Person {
        /// Their code.
        code: String,
    },
    /// A unit.
    Unit {
        /// Its code.
        code: String,
    },
    /// A point.
    Point {
        /// Its code.
        code: String,
    },
    /// Several points.
    Points {
        /// Their codes.
        codes: Vec<String>,
    },
    /// A standard.
    Standard {
        /// Its code.
        code: String,
    },
    /// A case or another matter.
    Document {
        /// Its id.
        id: Uuid,
    },
    /// Several of them.
    Documents {
        /// Their ids.
        ids: Vec<Uuid>,
    },
    /// An earlier event of the same matter.
    Event {
        /// Its id.
        id: Uuid,
    },
    /// One of the words that the form offers.
    Choice {
        /// As it is recorded.
        name: String,
    },
    /// Photos that are recorded; new ones are given as files.
    Photos {
        /// Their hashes.
        hashes: Vec<PhotoHash>,
    },
    /// Yes or no.
    Yes {
        /// Which.
        yes: bool,
    },
}

impl FieldValue {
    pub(super) fn into_core(self) -> Result<Value, FieldFailure> {
        Ok(match self {
            Self::Text { text } => Value::Text(text),
            Self::Count { count } => Value::Count(count),
            Self::Fraction { part, whole } => Value::Fraction { part, whole },
            Self::Day { day } => Value::Day(day.0),
            Self::Time { time } => {
                let read = chrono::NaiveTime::parse_from_str(&time, "%H:%M");
                Value::Time(read.map_err(|_| FieldFailure::invalid(InvalidInput::NotADay))?)
            }
            Self::Person { code } => Value::Person(code.as_str().into()),
            Self::Unit { code } => Value::Unit(code.as_str().into()),
            Self::Point { code } => Value::Point(code.as_str().into()),
            Self::Points { codes } => Value::Points(codes.iter().map(|code| code.as_str().into()).collect()),
            Self::Standard { code } => Value::Standard(code.as_str().into()),
            Self::Document { id } => Value::Document(DocumentId(id)),
            Self::Documents { ids } => Value::Documents(ids.into_iter().map(DocumentId).collect()),
            Self::Event { id } => Value::Event(EventId(id)),
            Self::Choice { name } => Value::Choice(name),
            Self::Photos { hashes } => Value::Photos(hashes),
            Self::Yes { yes } => Value::Yes(yes),
        })
    }

    pub(super) fn of(value: &Value) -> Self {
        match value {
            Value::Text(text) => Self::Text { text: text.clone() },
            Value::Count(count) => Self::Count { count: *count },
            Value::Fraction { part, whole } => Self::Fraction { part: *part, whole: *whole },
            Value::Day(day) => Self::Day { day: Day(*day) },
            Value::Time(time) => Self::Time { time: time.format("%H:%M").to_string() },
            Value::Person(id) => Self::Person { code: id.to_string() },
            Value::Unit(id) => Self::Unit { code: id.to_string() },
            Value::Point(id) => Self::Point { code: id.to_string() },
            Value::Points(ids) => Self::Points { codes: ids.iter().map(ToString::to_string).collect() },
            Value::Standard(id) => Self::Standard { code: id.to_string() },
            Value::Document(id) => Self::Document { id: id.0 },
            Value::Documents(ids) => Self::Documents { ids: ids.iter().map(|id| id.0).collect() },
            Value::Event(id) => Self::Event { id: id.0 },
            Value::Choice(name) => Self::Choice { name: name.clone() },
            Value::Photos(hashes) => Self::Photos { hashes: hashes.clone() },
            Value::Yes(yes) => Self::Yes { yes: *yes },
        }
    }
}

/// The fields of an act as the core has them.
pub(super) fn fields(fields: HashMap<String, FieldValue>) -> Result<matter::Fields, FieldFailure> {
    fields.into_iter().map(|(name, value)| Ok((name, value.into_core()?))).collect()
}

/// Photo files by field.
pub(super) fn files(photos: HashMap<String, Vec<String>>) -> sanben_field::Files {
    photos.into_iter().map(|(name, files)| (name, files.into_iter().map(PathBuf::from).collect())).collect()
}

/// A matter as it is opened.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct NewMatter {
    /// The name of its feature.
    pub feature: String,
    /// The fields of its opening.
    pub fields: HashMap<String, FieldValue>,
    /// Photo files by field.
    #[uniffi(default)]
    pub photos: HashMap<String, Vec<String>>,
    /// The local day it is about; today when left out.
    #[uniffi(default = None)]
    pub day: Option<Day>,
    /// The point.
    #[uniffi(default = None)]
    pub point: Option<String>,
    /// The person it is about, or who has to act.
    #[uniffi(default = None)]
    pub person: Option<String>,
    /// The case or matter it belongs to.
    #[uniffi(default = None)]
    pub about: Option<Uuid>,
    /// The unit it lives in; its form suggests one.
    #[uniffi(default = None)]
    pub home: Option<String>,
}

impl NewMatter {
    pub(crate) fn into_core(self) -> Result<sanben_field::NewMatter, FieldFailure> {
        Ok(sanben_field::NewMatter {
            feature: self.feature,
            home: self.home.map(UnitId),
            day: self.day.map(|day| day.0),
            point: self.point.map(PointId),
            person: self.person.map(PersonId),
            about: self.about.map(DocumentId),
            fields: fields(self.fields)?,
            photos: files(self.photos),
        })
    }
}
