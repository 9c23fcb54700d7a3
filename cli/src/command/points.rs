//! `field points [TEXT]`: the points and who answers for them.

use crate::error::CommandError;
use crate::language::{Language, say};
use crate::outcome::Outcome;
use crate::table::Table;
use crate::view::{Named, Names, name_of};
use sanben_field::{Field, PointView};
use serde::Serialize;

/// Which points.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct PointsArgs {
    /// A part of name, kind, code or community.
    pub(crate) text: Option<String>,
}

/// Lists them, by code.
///
/// # Errors
/// A store error.
pub(crate) fn run(args: &PointsArgs, field: &Field) -> Result<Points, CommandError> {
    let names = Names::of(field)?;
    let views = field.points(args.text.as_deref())?;
    Ok(Points { points: views.into_iter().map(|view| PointLine::of(view, &names)).collect() })
}

/// The points.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Points {
    /// By code.
    pub(crate) points: Vec<PointLine>,
}

/// A point in the list.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct PointLine {
    /// Its code.
    pub(crate) id: String,
    /// Its name.
    pub(crate) name: String,
    /// Its kind.
    pub(crate) kind: String,
    /// The unit it hangs on.
    pub(crate) unit: Named,
    /// Its community's name.
    pub(crate) community: String,
    /// The team that walks it.
    pub(crate) team: Option<Named>,
    /// Who answers for it; nobody for a blind spot.
    pub(crate) head: Option<String>,
    /// Latitude, degrees.
    pub(crate) lat: f64,
    /// Longitude, degrees.
    pub(crate) lon: f64,
}

impl PointLine {
    fn of(view: PointView, names: &Names) -> Self {
        let PointView { point, community, head } = view;
        Self {
            id: point.id.to_string(),
            unit: names.unit(&point.unit),
            team: point.team.as_ref().map(|id| names.team(id)),
            lat: point.at.lat(),
            lon: point.at.lon(),
            name: point.name,
            kind: point.kind,
            community,
            head,
        }
    }
}

impl Outcome for Points {
    fn show(&self, language: Language) -> String {
        let mut table = Table::new([
            say!(language, "label-code"),
            say!(language, "label-point"),
            say!(language, "label-kind"),
            say!(language, "label-community"),
            say!(language, "label-team"),
            say!(language, "label-answers"),
        ]);
        for point in &self.points {
            let nobody = || say!(language, "nobody-answers");
            table.row([
                point.id.clone(),
                point.name.clone(),
                point.kind.clone(),
                point.community.clone(),
                name_of(point.team.as_ref()),
                point.head.clone().unwrap_or_else(nobody),
            ]);
        }
        table.lines() + &say!(language, "points-count", n = self.points.len()) + "\n"
    }
}
