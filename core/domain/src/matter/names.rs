//! What features, acts, fields, choices, steps, figures and remarks are called, in both languages: one catalogue for
//! the command line and both phones, because forms are drawn from data.
//!
//! A line is `key = text`. Keys go from the particular to the general: `shift.sign-in.who`, else `.who`. A test holds
//! the catalogues to the registry: nothing is missing and nothing is idle.

use super::Feature;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// A language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tongue {
    /// Chinese as it is written in China.
    Chinese,
    /// English.
    English,
}

type Catalogue = BTreeMap<&'static str, &'static str>;

pub(super) fn catalogue(tongue: Tongue) -> &'static Catalogue {
    static CHINESE: OnceLock<Catalogue> = OnceLock::new();
    static ENGLISH: OnceLock<Catalogue> = OnceLock::new();
    let (held, text) = match tongue {
        Tongue::Chinese => (&CHINESE, include_str!("names/zh-CN.txt")),
        Tongue::English => (&ENGLISH, include_str!("names/en.txt")),
    };
    held.get_or_init(|| {
        let lines = text.lines().filter(|line| !line.starts_with("//"));
        lines.filter_map(|line| line.split_once(" = ")).map(|(key, text)| (key.trim(), text.trim())).collect()
    })
}

/// The first key that the catalogue has; its name as it is spelled in documents when there is none.
fn first(tongue: Tongue, keys: &[String], name: &str) -> String {
    let held = catalogue(tongue);
    let text = keys.iter().find_map(|key| held.get(key.as_str()));
    text.map_or_else(|| name.to_owned(), |text| (*text).to_owned())
}

pub(super) fn act_keys(feature: &Feature, act: &str) -> [String; 2] {
    [format!("{}.{act}", feature.name), format!(".{act}.")]
}

pub(super) fn field_keys(feature: &Feature, act: &str, field: &str) -> [String; 3] {
    [format!("{}.{act}.{field}", feature.name), format!("{}..{field}", feature.name), format!(".{field}")]
}

pub(super) fn choice_keys(feature: &Feature, choice: &str) -> [String; 2] {
    [format!("{}={choice}", feature.name), format!("={choice}")]
}

pub(super) fn step_keys(feature: &Feature, step: &str) -> [String; 2] {
    [format!("{}@{step}", feature.name), format!("@{step}")]
}

/// What a feature is called.
#[must_use]
pub fn feature_name(tongue: Tongue, feature: &Feature) -> String {
    first(tongue, &[feature.name.to_owned()], feature.name)
}

/// What an act is called.
#[must_use]
pub fn act_name(tongue: Tongue, feature: &Feature, act: &str) -> String {
    first(tongue, &act_keys(feature, act), act)
}

/// What a field is called; the header's parts are fields of the opening.
#[must_use]
pub fn field_name(tongue: Tongue, feature: &Feature, act: &str, field: &str) -> String {
    first(tongue, &field_keys(feature, act, field), field)
}

/// What a field of this name is called wherever it stands; `None` for one that no form has.
#[must_use]
pub fn any_field_name(tongue: Tongue, field: &str) -> Option<&'static str> {
    catalogue(tongue).get(format!(".{field}").as_str()).copied()
}

/// What a matter is called: its title as somebody wrote it; where it has none of its own, the choice that says what it is.
#[must_use]
pub fn title_name(tongue: Tongue, feature: &Feature, title: &str) -> String {
    choice_name(tongue, feature, title)
}

/// What a choice is called.
#[must_use]
pub fn choice_name(tongue: Tongue, feature: &Feature, choice: &str) -> String {
    first(tongue, &choice_keys(feature, choice), choice)
}

/// What a step is called.
#[must_use]
pub fn step_name(tongue: Tongue, feature: &Feature, step: &str) -> String {
    first(tongue, &step_keys(feature, step), step)
}

/// What a figure is called.
#[must_use]
pub fn figure_name(tongue: Tongue, figure: &str) -> String {
    first(tongue, &[format!("%{figure}")], figure)
}

/// What a remark says.
#[must_use]
pub fn remark_name(tongue: Tongue, remark: &str) -> String {
    first(tongue, &[format!("!{remark}")], remark)
}
