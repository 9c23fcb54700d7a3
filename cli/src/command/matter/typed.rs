//! What was typed, read by a form. Names and choices may be typed as documents spell them, or as people call them in
//! either language.

use crate::error::CommandError;
use crate::reading;
use crate::view::{Names, case_named, event_named, one_of};
use sanben_domain::id::{DocumentId, MatterId, PointId};
use sanben_domain::matter::{
    self, ActForm, Feature, FieldForm, Fields, Flaw, Flawed, MatterRecord, Shape, Value,
};
use sanben_domain::reference::Point;
use sanben_field::{Field, FieldError, Files};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// The feature that is meant.
pub(super) fn feature_named(text: &str) -> Result<&'static Feature, CommandError> {
    let called = |feature: &&&Feature| {
        let names = both(|tongue| matter::feature_name(tongue, feature));
        feature.name == text.trim() || names.iter().any(|name| name.eq_ignore_ascii_case(text.trim()))
    };
    let found = matter::feature::ALL.iter().find(called).copied();
    found.ok_or_else(|| FieldError::NotFound { what: "feature", id: text.to_owned() }.into())
}

pub(super) fn both(name: impl Fn(matter::Tongue) -> String) -> [String; 2] {
    [matter::Tongue::Chinese, matter::Tongue::English].map(name)
}

/// The matter that a whole id or a prefix names.
pub(crate) fn matter_named(field: &Field, text: &str) -> Result<MatterId, CommandError> {
    if let Ok(id) = text.trim().parse() {
        return Ok(id);
    }
    let prefix = reading::id_prefix(text).ok_or_else(|| CommandError::Prefix(text.to_owned()))?;
    let found = field.store().matters_by_prefix(&prefix).map_err(FieldError::from)?;
    one_of(found, "matter", text)
}

/// A matter or a case.
pub(crate) fn document_named(field: &Field, text: &str) -> Result<DocumentId, CommandError> {
    match matter_named(field, text) {
        Err(CommandError::Field(FieldError::NotFound { .. })) => case_named(field, text),
        found => found,
    }
}

/// Reads `FIELD=VALUE` by the form; photos are files.
pub(super) struct Reader<'a> {
    pub(super) field: &'a Field,
    pub(super) names: &'a Names,
    pub(super) feature: &'a Feature,
    pub(super) form: &'a ActForm,
    pub(super) record: Option<&'a MatterRecord>,
}

impl Reader<'_> {
    pub(super) fn read(&self, typed: &[String]) -> Result<(Fields, Files), CommandError> {
        let (mut fields, mut files) = (Fields::new(), Files::new());
        for pair in typed {
            let (name, text) = pair.split_once(['=', '＝']).ok_or_else(|| flawed(pair, Flaw::Unknown))?;
            let form = self.form_of(name.trim())?;
            if let Shape::Photos { .. } = form.shape {
                files.insert(form.name.to_owned(), text.split(',').map(PathBuf::from).collect());
                continue;
            }
            let value = self.value(form, text.trim())?.ok_or_else(|| flawed(form.name, Flaw::Shape))?;
            fields.insert(form.name.to_owned(), value);
        }
        Ok((fields, files))
    }

    pub(super) fn form_of(&self, name: &str) -> Result<&FieldForm, CommandError> {
        let called = |form: &&FieldForm| {
            let names = both(|tongue| matter::field_name(tongue, self.feature, self.form.name, form.name));
            form.name == name || names.iter().any(|known| known.eq_ignore_ascii_case(name))
        };
        self.form.fields.iter().find(called).ok_or_else(|| flawed(name, Flaw::Unknown))
    }

    /// Points, by code; a team stands for the points that it walks.
    fn points<'a>(&self, typed: impl Iterator<Item = &'a str>) -> Vec<PointId> {
        let reference = &self.names.reference;
        let mut points = Vec::new();
        for part in typed {
            let team = reference.teams.values().find(|team| team.id.0 == part || team.name == part);
            let of_team = |point: &&Point| team.is_some_and(|team| point.team.as_ref() == Some(&team.id));
            match part {
                "all" | "全部" => points.extend(reference.points.keys().cloned()),
                _ if team.is_some() => {
                    points.extend(reference.points.values().filter(of_team).map(|point| point.id.clone()));
                }
                code => points.push(code.into()),
            }
        }
        let mut named = BTreeSet::new();
        points.retain(|point| named.insert(point.clone()));
        points
    }

    /// `None` when the text is nothing of the kind.
    fn value(&self, form: &FieldForm, text: &str) -> Result<Option<Value>, CommandError> {
        let list = || text.split(',').map(str::trim).filter(|part| !part.is_empty());
        Ok(match form.shape {
            Shape::Text { .. } | Shape::Anonymous { .. } => Some(Value::Text(text.to_owned())),
            Shape::Count { .. } => text.parse().ok().map(Value::Count),
            Shape::Fraction => text.split_once('/').and_then(|(part, whole)| {
                Some(Value::Fraction { part: part.parse().ok()?, whole: whole.parse().ok()? })
            }),
            Shape::Day => reading::day(text).ok().map(Value::Day),
            Shape::Time => reading::time(text).map(Value::Time),
            Shape::Person => Some(Value::Person(text.into())),
            Shape::Unit => Some(Value::Unit(text.into())),
            Shape::Point => Some(Value::Point(text.into())),
            Shape::Points { .. } => Some(Value::Points(self.points(list()))),
            Shape::Standard => Some(Value::Standard(text.into())),
            Shape::Document => Some(Value::Document(document_named(self.field, text)?)),
            Shape::Documents { .. } => {
                let documents = list().map(|part| document_named(self.field, part));
                Some(Value::Documents(documents.collect::<Result<_, _>>()?))
            }
            Shape::Event => {
                let events = self.record.map(|record| record.events.keys().copied().collect::<Vec<_>>());
                Some(Value::Event(event_named(&events.unwrap_or_default(), text)?))
            }
            Shape::Choice(choices) => {
                let called = |choice: &&&str| {
                    let names = both(|tongue| matter::choice_name(tongue, self.feature, choice));
                    **choice == text || names.iter().any(|name| name.eq_ignore_ascii_case(text))
                };
                choices.iter().find(called).map(|choice| Value::Choice((*choice).to_owned()))
            }
            Shape::Yes => match text.to_ascii_lowercase().as_str() {
                "yes" | "true" | "是" => Some(Value::Yes(true)),
                "no" | "false" | "否" => Some(Value::Yes(false)),
                _ => None,
            },
            Shape::Photos { .. } => None,
        })
    }
}

fn flawed(field: &str, why: Flaw) -> CommandError {
    FieldError::from(Flawed::new(field, why)).into()
}
