//! Forms with their texts.

use sanben_domain::matter::{self, Feature, Need, OPEN, Shape};

/// A language.
pub type Tongue = matter::Tongue;

/// A language.
#[uniffi::remote(Enum)]
pub enum Tongue {
    /// Chinese as it is written in China.
    Chinese,
    /// English.
    English,
}

/// What is wrong with a field.
pub type FieldFlaw = matter::Flaw;

/// What is wrong with a field.
#[uniffi::remote(Enum)]
pub enum FieldFlaw {
    /// It must be there.
    Missing,
    /// The form has no such field.
    Unknown,
    /// It holds another kind of thing.
    Shape,
    /// Empty, too long, too small, too large, too many, or none of the choices.
    Bounds,
    /// It holds somebody's number.
    Numbered,
    /// It names something that is not there.
    Dangling,
    /// It names something that is not among what the matter is about.
    Outside,
    /// It tells who somebody is that stays anonymous.
    Anonymous,
    /// It says that something happened on a day that has not come.
    Future,
    /// It sets a term that is over already.
    Past,
    /// It does not come after what it has to follow.
    Order,
}

/// One of the words that a form offers.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Choice {
    /// As it is recorded.
    pub name: String,
    /// As a person reads it.
    pub label: String,
}

/// What a field holds, and its bounds.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum FieldShape {
    /// Words.
    Text {
        /// The most characters.
        max: i32,
    },
    /// A whole number.
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
    Points,
    /// A standard.
    Standard,
    /// A case or another matter.
    Document,
    /// Several of them.
    Documents,
    /// An earlier event of the same matter.
    Event,
    /// One of these.
    Choice {
        /// What there is to choose.
        choices: Vec<Choice>,
    },
    /// Photos, as files.
    Photos {
        /// The most.
        max: i32,
    },
    /// Yes or no.
    Yes,
}

/// The form of one field.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct FieldForm {
    /// As it is recorded.
    pub name: String,
    /// As a person reads it.
    pub label: String,
    /// What it holds.
    pub shape: FieldShape,
    /// Whether it must be there.
    pub required: bool,
}

/// The form of one act.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ActForm {
    /// As it is recorded.
    pub name: String,
    /// As a person reads it.
    pub label: String,
    /// Its fields, in the order in which they are asked for.
    pub fields: Vec<FieldForm>,
}

/// A part of the header that a matter takes: `point`, `person` or `about`.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct HeaderPart {
    /// Which.
    pub name: String,
    /// As a person reads it.
    pub label: String,
    /// Whether it must be there.
    pub required: bool,
}

/// A feature with its form.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct FeatureForm {
    /// As it is recorded.
    pub name: String,
    /// As a person reads it.
    pub label: String,
    /// What stands in the header.
    pub header: Vec<HeaderPart>,
    /// How one begins.
    pub open: ActForm,
}

impl FeatureForm {
    pub(crate) fn of(feature: &Feature, tongue: Tongue) -> Self {
        let header = feature.header;
        let parts = [("point", header.point), ("person", header.person), ("about", header.about)];
        let parts = parts.into_iter().filter(|(_, need)| *need != Need::No).map(|(name, need)| HeaderPart {
            name: name.to_owned(),
            label: matter::field_name(tongue, feature, OPEN, name),
            required: need == Need::Must,
        });
        Self {
            name: feature.name.to_owned(),
            label: matter::feature_name(tongue, feature),
            header: parts.collect(),
            open: ActForm::of(feature, &feature.open, tongue),
        }
    }
}

impl ActForm {
    pub(super) fn of(feature: &Feature, form: &matter::ActForm, tongue: Tongue) -> Self {
        let fields = form.fields.iter().map(|field| FieldForm {
            name: field.name.to_owned(),
            label: matter::field_name(tongue, feature, form.name, field.name),
            shape: shape(feature, field.shape, tongue),
            required: field.need,
        });
        Self {
            name: form.name.to_owned(),
            label: matter::act_name(tongue, feature, form.name),
            fields: fields.collect(),
        }
    }
}

fn shape(feature: &Feature, shape: Shape, tongue: Tongue) -> FieldShape {
    let most = |max: usize| i32::try_from(max).unwrap_or(i32::MAX);
    match shape {
        Shape::Text { max } | Shape::Anonymous { max } => FieldShape::Text { max: most(max) },
        Shape::Count { min, max } => FieldShape::Count { min, max },
        Shape::Fraction => FieldShape::Fraction,
        Shape::Day => FieldShape::Day,
        Shape::Time => FieldShape::Time,
        Shape::Person => FieldShape::Person,
        Shape::Unit => FieldShape::Unit,
        Shape::Point => FieldShape::Point,
        Shape::Points { .. } => FieldShape::Points,
        Shape::Standard => FieldShape::Standard,
        Shape::Document => FieldShape::Document,
        Shape::Documents { .. } => FieldShape::Documents,
        Shape::Event => FieldShape::Event,
        Shape::Choice(choices) => {
            let choice = |name: &&'static str| Choice {
                name: (*name).to_owned(),
                label: matter::choice_name(tongue, feature, name),
            };
            FieldShape::Choice { choices: choices.iter().map(choice).collect() }
        }
        Shape::Photos { max, .. } => FieldShape::Photos { max: most(max) },
        Shape::Yes => FieldShape::Yes,
    }
}
