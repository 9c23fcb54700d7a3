//! Lists of matters.

use super::form::Tongue;
use crate::case::Delivery;
use crate::failure::{FieldFailure, InvalidInput};
use crate::value::{Day, Uuid, instant};
use sanben_domain::id::{DocumentId, PersonId, PointId, UnitId};
use sanben_domain::matter::{self, Feature};
use sanben_domain::reference::Reference;
use sanben_domain::time::Timestamp;
use std::time::SystemTime;

pub use sanben_field::MatterToken;

// Opaque, but text, so that a list can go on where it was after its process was put away.
uniffi::custom_type!(MatterToken, String, {
    remote,
    try_lift: |text| {
        serde_json::from_str(&text).map_err(|_| FieldFailure::invalid(InvalidInput::NotAPageToken).into())
    },
    lower: |token| serde_json::to_string(&token).unwrap_or_default(),
});

/// Which matters. Every part narrows; what is left out takes all.
#[derive(Debug, Clone, Default, PartialEq, Eq, uniffi::Record)]
pub struct MatterQuery {
    /// Of this feature.
    #[uniffi(default = None)]
    pub feature: Option<String>,
    /// Living in this unit.
    #[uniffi(default = None)]
    pub home: Option<String>,
    /// About this day or a later one.
    #[uniffi(default = None)]
    pub from: Option<Day>,
    /// About this day or an earlier one.
    #[uniffi(default = None)]
    pub to: Option<Day>,
    /// At this point.
    #[uniffi(default = None)]
    pub point: Option<String>,
    /// About this person, or for them to do.
    #[uniffi(default = None)]
    pub person: Option<String>,
    /// Belonging to this document.
    #[uniffi(default = None)]
    pub about: Option<Uuid>,
    /// With something to be done.
    #[uniffi(default = false)]
    pub open_only: bool,
    /// A person has to decide.
    #[uniffi(default = false)]
    pub disputed_only: bool,
    /// With these words.
    #[uniffi(default = None)]
    pub text: Option<String>,
    /// Rows wanted; 0 means 50, never more than 200.
    #[uniffi(default = 0)]
    pub limit: i32,
}

impl MatterQuery {
    pub(crate) fn into_core(self, after: Option<MatterToken>) -> sanben_field::MatterQuery {
        sanben_field::MatterQuery {
            feature: self.feature,
            home: self.home.map(UnitId),
            lies_in: None,
            from: self.from.map(|day| day.0),
            to: self.to.map(|day| day.0),
            point: self.point.map(PointId),
            person: self.person.map(PersonId),
            about: self.about.map(DocumentId),
            step: None,
            open_only: self.open_only,
            disputed_only: self.disputed_only,
            text: self.text,
            limit: usize::try_from(self.limit).unwrap_or(0),
            after,
        }
    }
}

/// A matter as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct MatterLine {
    /// Its id.
    pub id: Uuid,
    /// The name of its feature.
    pub feature: String,
    /// What the feature is called.
    pub feature_label: String,
    /// How far it has come, in words.
    pub step_label: String,
    /// The local day it is about.
    pub day: Day,
    /// The point.
    pub point: Option<String>,
    /// The person it is about, or who has to act.
    pub person: Option<String>,
    /// The unit it lives in.
    pub home: String,
    /// Who opened it.
    pub opener: String,
    /// What it is called.
    pub title: String,
    /// By when.
    pub due: Option<SystemTime>,
    /// It is past that.
    pub late: bool,
    /// Something is to be done.
    pub open: bool,
    /// A person has to decide.
    pub disputed: bool,
    /// How far the own work on it has come.
    pub delivery: Delivery,
}

/// One page.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct MatterPage {
    /// The rows.
    pub rows: Vec<MatterLine>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<MatterToken>,
}

pub(super) fn called(tongue: Tongue, name: &str) -> (String, Option<&'static Feature>) {
    let feature = matter::feature::named(name);
    (feature.map_or_else(|| name.to_owned(), |feature| matter::feature_name(tongue, feature)), feature)
}

/// What it is called; a title of its own as it stands.
pub(super) fn titled(
    tongue: Tongue,
    feature: Option<&Feature>,
    title: &str,
    reference: &Reference,
) -> String {
    let Some(feature) = feature else { return title.to_owned() };
    matter::title_name(tongue, feature, &matter::feature::titled(feature.name, title, reference))
}

pub(super) fn step(tongue: Tongue, feature: Option<&Feature>, step: &str) -> String {
    feature.map(|feature| matter::step_name(tongue, feature, step)).unwrap_or_default()
}

impl MatterPage {
    pub(crate) fn of(
        page: sanben_field::MatterPage,
        tongue: Tongue,
        reference: &Reference,
        now: Timestamp,
    ) -> Self {
        let rows = page.rows.into_iter().map(|row| {
            let (feature_label, feature) = called(tongue, &row.feature);
            MatterLine {
                id: row.id.0,
                feature_label,
                step_label: step(tongue, feature, &row.step),
                day: Day(row.day),
                point: row.point.map(|id| id.0),
                person: row.person.map(|id| id.0),
                home: row.home.0,
                opener: row.opener.0,
                title: titled(tongue, feature, &row.title, reference),
                late: row.open && row.due.is_some_and(|due| due < now),
                due: row.due.map(instant),
                open: row.open,
                disputed: row.disputed,
                delivery: row.delivery.into(),
                feature: row.feature,
            }
        });
        Self { rows: rows.collect(), next: page.next }
    }
}
