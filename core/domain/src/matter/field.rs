//! Forms of fields: what one holds, its bounds, and what can be wrong with it.

use super::Value;
use crate::case::PhotoRole;
use serde::{Deserialize, Serialize};

/// What a field holds, and its bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Words, not empty, up to so many characters.
    Text {
        /// The most characters.
        max: usize,
    },
    /// Words about somebody without their number: a row of seven or more digits is refused.
    Anonymous {
        /// The most characters.
        max: usize,
    },
    /// A whole number within bounds.
    Count {
        /// The least.
        min: i64,
        /// The most.
        max: i64,
    },
    /// An exact fraction between 0 and 1.
    Fraction,
    /// A local day.
    Day,
    /// A time of day.
    Time,
    /// A person.
    Person,
    /// A unit.
    Unit,
    /// A point.
    Point,
    /// Several points.
    Points {
        /// The most.
        max: usize,
    },
    /// A standard.
    Standard,
    /// A case or another matter.
    Document,
    /// Several of them.
    Documents {
        /// The most.
        max: usize,
    },
    /// An earlier event of the same matter.
    Event,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// Photos.
    Photos {
        /// What they show.
        role: PhotoRole,
        /// The most.
        max: usize,
    },
    /// Yes or no.
    Yes,
}

/// The form of one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldForm {
    /// Its name, kebab-case. Never changed.
    pub name: &'static str,
    /// What it holds.
    pub shape: Shape,
    /// Whether it must be there.
    pub need: bool,
    /// For a day: on which side of now it lies.
    pub side: Side,
}

/// On which side of now a day lies when it is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// On either.
    Either,
    /// It has come: something happened then. Asked by the server too.
    Happened,
    /// It is not over: until then something is to be done. Asked by the device alone.
    Due,
}

impl FieldForm {
    /// A field that must be there.
    #[must_use]
    pub const fn new(name: &'static str, shape: Shape) -> Self {
        Self { name, shape, need: true, side: Side::Either }
    }

    /// Words that must be there.
    #[must_use]
    pub const fn text(name: &'static str, max: usize) -> Self {
        Self::new(name, Shape::Text { max })
    }

    /// A number that must be there.
    #[must_use]
    pub const fn count(name: &'static str, min: i64, max: i64) -> Self {
        Self::new(name, Shape::Count { min, max })
    }

    /// The day by whose end something is to be done.
    #[must_use]
    pub const fn due(name: &'static str) -> Self {
        Self { side: Side::Due, ..Self::new(name, Shape::Day) }
    }

    /// The day on which something happened.
    #[must_use]
    pub const fn day(name: &'static str) -> Self {
        Self { side: Side::Happened, ..Self::new(name, Shape::Day) }
    }

    /// Photos of a state found.
    #[must_use]
    pub const fn photos(name: &'static str) -> Self {
        Self::new(name, Shape::Photos { role: PhotoRole::Before, max: 12 }).optional()
    }

    /// Photos of a place put right.
    #[must_use]
    pub const fn after(name: &'static str) -> Self {
        Self::new(name, Shape::Photos { role: PhotoRole::After, max: 12 }).optional()
    }

    /// The same field, which may be left out.
    #[must_use]
    pub const fn optional(self) -> Self {
        Self { need: false, ..self }
    }

    /// The same field, which must be there.
    #[must_use]
    pub const fn required(self) -> Self {
        Self { need: true, ..self }
    }

    pub(super) fn check(&self, value: &Value) -> Result<(), Flaw> {
        let within = |held: bool| if held { Ok(()) } else { Err(Flaw::Bounds) };
        let said = |text: &str, max: usize| within(!text.trim().is_empty() && text.chars().count() <= max);
        match (self.shape, value) {
            (Shape::Text { max }, Value::Text(text)) => said(text, max),
            (Shape::Anonymous { max }, Value::Text(text)) => {
                if numbered(text) {
                    return Err(Flaw::Numbered);
                }
                said(text, max)
            }
            (Shape::Count { min, max }, Value::Count(count)) => within((min..=max).contains(count)),
            (Shape::Fraction, Value::Fraction { part, whole }) => {
                within(0 <= *part && part <= whole && *whole > 0)
            }
            (Shape::Points { max }, Value::Points(points)) => within((1..=max).contains(&points.len())),
            (Shape::Documents { max }, Value::Documents(many)) => within((1..=max).contains(&many.len())),
            (Shape::Photos { max, .. }, Value::Photos(photos)) => within((1..=max).contains(&photos.len())),
            (Shape::Choice(offered), Value::Choice(choice)) => within(offered.contains(&choice.as_str())),
            (Shape::Day, Value::Day(_))
            | (Shape::Time, Value::Time(_))
            | (Shape::Person, Value::Person(_))
            | (Shape::Unit, Value::Unit(_))
            | (Shape::Point, Value::Point(_))
            | (Shape::Standard, Value::Standard(_))
            | (Shape::Document, Value::Document(_))
            | (Shape::Event, Value::Event(_))
            | (Shape::Yes, Value::Yes(_)) => Ok(()),
            _ => Err(Flaw::Shape),
        }
    }
}

/// Whether somebody's number stands in a text: seven digits in a row, however they are spaced.
fn numbered(text: &str) -> bool {
    let mut row = 0;
    text.chars().any(|c| {
        row = match c {
            _ if c.is_numeric() => row + 1,
            ' ' | '-' | '\u{3000}' => row,
            _ => 0,
        };
        row >= 7
    })
}

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum Flaw {
    /// It must be there.
    #[error("is missing")]
    Missing,
    /// The form has no such field.
    #[error("is not in the form")]
    Unknown,
    /// It holds another kind of thing.
    #[error("is of another kind")]
    Shape,
    /// Empty, too long, too small, too large, too many, or none of the choices.
    #[error("is empty, too long or out of bounds")]
    Bounds,
    /// It holds somebody's number, which has no place here.
    #[error("holds a telephone number or an identity number: leave it out")]
    Numbered,
    /// It names something that is not there.
    #[error("names something that is not there")]
    Dangling,
    /// It names something that is not among what the matter is about.
    #[error("names something that is not among what the matter is about")]
    Outside,
    /// It tells who somebody is that stays anonymous.
    #[error("has no place where somebody stays anonymous: leave it out, or do not call them anonymous")]
    Anonymous,
    /// It says that something happened on a day that has not come.
    #[error("lies in the future: write down what has happened when it has")]
    Future,
    /// It sets a term that is over already.
    #[error("is over already: give a day that is still to come")]
    Past,
    /// It does not come after what it has to follow.
    #[error("has to come later than what it follows: what goes past midnight is two, one on each day")]
    Order,
}

/// A field that does not fit its form.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[error("field `{field}` {why}")]
pub struct Flawed {
    /// Which.
    pub field: String,
    /// Why.
    pub why: Flaw,
}

impl Flawed {
    /// A field with what is wrong with it.
    #[must_use]
    pub fn new(field: &str, why: Flaw) -> Self {
        Self { field: field.to_owned(), why }
    }
}
