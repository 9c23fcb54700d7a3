//! The forms of features: what there is to fill in.

use super::FormsArgs;
use super::typed::feature_named;
use crate::error::CommandError;
use crate::language::Language;
use crate::outcome::Outcome;
use crate::words;
use sanben_domain::matter::{self, Feature, FieldForm, Need, OPEN, Shape};
use sanben_field::Field;
use serde::Serialize;

/// Shows the forms.
///
/// # Errors
/// An unknown feature, a store error.
pub(crate) fn forms(args: &FormsArgs, field: &Field) -> Result<Forms, CommandError> {
    let features = match &args.feature {
        Some(name) => vec![feature_named(name)?],
        None => field.open_features()?,
    };
    let whole = args.feature.is_some();
    let name = |feature: &Feature| feature.name.to_owned();
    let forms = features.iter().map(|feature| FormView {
        feature: name(feature),
        header: header_of(feature),
        acts: std::iter::once(&feature.open)
            .chain(feature.later())
            .filter(|act| whole || act.name == OPEN)
            .map(|act| ActView {
                name: act.name.to_owned(),
                fields: act.fields.iter().map(FieldView::of).collect(),
            })
            .collect(),
    });
    Ok(Forms { forms: forms.collect(), whole })
}

fn header_of(feature: &Feature) -> Vec<(String, bool)> {
    let header = feature.header;
    let parts = [("point", header.point), ("person", header.person), ("about", header.about)];
    let wanted = parts.into_iter().filter(|(_, need)| *need != Need::No);
    wanted.map(|(part, need)| (part.to_owned(), need == Need::Must)).collect()
}

/// The forms of features.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Forms {
    forms: Vec<FormView>,
    #[serde(skip)]
    whole: bool,
}

/// A feature.
#[derive(Debug, Clone, Serialize)]
struct FormView {
    feature: String,
    header: Vec<(String, bool)>,
    acts: Vec<ActView>,
}

/// An act.
#[derive(Debug, Clone, Serialize)]
struct ActView {
    name: String,
    fields: Vec<FieldView>,
}

/// A field.
#[derive(Debug, Clone, Serialize)]
struct FieldView {
    name: String,
    shape: &'static str,
    required: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    choices: Vec<&'static str>,
}

impl FieldView {
    fn of(form: &FieldForm) -> Self {
        let choices = match form.shape {
            Shape::Choice(choices) => choices.to_vec(),
            _ => Vec::new(),
        };
        Self {
            name: form.name.to_owned(),
            shape: words::shape_code(form.shape),
            required: form.need,
            choices,
        }
    }
}

impl Outcome for Forms {
    fn show(&self, language: Language) -> String {
        let mut text = String::new();
        for form in &self.forms {
            let Some(feature) = matter::feature::named(&form.feature) else { continue };
            let tongue = language.tongue();
            text.push_str(&format!("{}  {}\n", form.feature, matter::feature_name(tongue, feature)));
            if !self.whole {
                continue;
            }
            for (part, required) in &form.header {
                let name = matter::field_name(tongue, feature, OPEN, part);
                text.push_str(&format!("    --{part}  {name}{}\n", star(*required)));
            }
            for act in &form.acts {
                text.push_str(&format!("  {}  {}\n", act.name, matter::act_name(tongue, feature, &act.name)));
                for field in &act.fields {
                    let name = matter::field_name(tongue, feature, &act.name, &field.name);
                    let choices: Vec<String> = field
                        .choices
                        .iter()
                        .map(|choice| format!("{choice} {}", matter::choice_name(tongue, feature, choice)))
                        .collect();
                    let what = match choices.is_empty() {
                        true => words::shape(language, field.shape),
                        false => choices.join(" | "),
                    };
                    text.push_str(&format!(
                        "    {}=…  {name}{}  ({what})\n",
                        field.name,
                        star(field.required)
                    ));
                }
            }
        }
        text
    }
}

fn star(required: bool) -> &'static str {
    if required { " *" } else { "" }
}
