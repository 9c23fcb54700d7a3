//! `field where LAT LON`: from a place to the cell, the nearest points and who answers.

use crate::error::CommandError;
use crate::language::{Language, say};
use crate::outcome::Outcome;
use crate::reading::{self, Misread};
use crate::table::Table;
use crate::view::{Named, Names, name_of};
use sanben_domain::place::Coordinate;
use sanben_field::Field;
use serde::Serialize;

/// A place, WGS-84 degrees.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct WhereArgs {
    /// Latitude.
    #[arg(allow_hyphen_values = true, value_parser = latitude)]
    pub(crate) lat: f64,
    /// Longitude.
    #[arg(allow_hyphen_values = true, value_parser = longitude)]
    pub(crate) lon: f64,
    /// How many points.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=100))]
    pub(crate) nearest: u16,
}

fn latitude(text: &str) -> Result<f64, Misread> {
    reading::coordinate(text, "0").map(Coordinate::lat).map_err(|_| Misread::Degrees)
}

fn longitude(text: &str) -> Result<f64, Misread> {
    reading::coordinate("0", text).map(Coordinate::lon).map_err(|_| Misread::Degrees)
}

/// Says what is there.
///
/// # Errors
/// As [`Field::whereabouts`]; a place that is none.
pub(crate) fn run(args: &WhereArgs, field: &Field) -> Result<Whereabouts, CommandError> {
    let at = Coordinate::from_degrees(args.lat, args.lon).ok_or(CommandError::NoPlace)?;
    let found = field.whereabouts(at, usize::from(args.nearest))?;
    let names = Names::of(field)?;
    let near = |near: &sanben_domain::location::Near| NearView {
        point: names.point(&near.point),
        metres: near.metres,
        head: near.head.as_ref().map(|id| names.person(id)),
    };
    Ok(Whereabouts {
        lat: at.lat(),
        lon: at.lon(),
        cells: found.cells.iter().map(ToString::to_string).collect(),
        community: found.community.as_ref().map(|id| names.unit(id)),
        nearest: found.nearest.iter().map(near).collect(),
    })
}

/// What is at a place.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Whereabouts {
    /// Latitude, degrees.
    pub(crate) lat: f64,
    /// Longitude, degrees.
    pub(crate) lon: f64,
    /// The polygons around it, finest first.
    pub(crate) cells: Vec<String>,
    /// The community it lies in.
    pub(crate) community: Option<Named>,
    /// Nearest first.
    pub(crate) nearest: Vec<NearView>,
}

/// A point nearby.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct NearView {
    /// The point.
    pub(crate) point: Named,
    /// How far, metres.
    pub(crate) metres: f64,
    /// Who answers for it.
    pub(crate) head: Option<Named>,
}

impl Outcome for Whereabouts {
    fn show(&self, language: Language) -> String {
        let mut facts = Table::of_pairs();
        facts.pair(say!(language, "label-place"), format!("{:.6}, {:.6}", self.lat, self.lon));
        facts.pair(say!(language, "label-cell"), self.cells.join(", "));
        let outside = || say!(language, "where-outside");
        facts.pair(
            say!(language, "label-community"),
            self.community.as_ref().map_or_else(outside, Named::with_code),
        );
        let mut table = Table::new([
            say!(language, "label-point"),
            say!(language, "label-metres"),
            say!(language, "label-answers"),
        ]);
        for near in &self.nearest {
            let head = match &near.head {
                Some(head) => name_of(Some(head)),
                None => say!(language, "nobody-answers"),
            };
            table.row([near.point.with_code(), format!("{:.0}", near.metres), head]);
        }
        facts.lines() + "\n" + &table.lines()
    }
}
