//! `points.csv`: the points, each on a unit and with a place.

use super::known::{self, Known};
use super::problem::Doubt;
use super::remark::Report;
use super::table::{Column, ID, NAME, Row, Sheet};
use sanben_domain::id::{PointId, TeamId, UnitId};
use sanben_domain::place::Coordinate;
use sanben_domain::reference::{Cell, CellLevel, Point, Reference};
use std::collections::BTreeMap;

/// The file.
pub(super) const FILE: &str = "points.csv";
/// What the standards call such a place.
pub(super) const KIND: Column = Column::needed("类别", "kind");
const UNIT: Column = Column::needed("所属", "unit");
const LAT: Column = Column::needed("纬度", "latitude");
const LON: Column = Column::needed("经度", "longitude");
const TEAM: Column = Column::optional("督导组", "team");
/// Its columns.
pub(super) const COLUMNS: &[Column] = &[ID, NAME, KIND, UNIT, LAT, LON, TEAM];

/// Reads the points.
pub(super) fn read<'a>(sheet: &'a Sheet, known: &Known, report: &mut Report) -> Vec<(Row<'a>, Point)> {
    known::codes_once(sheet, report);
    sheet.each(report, |row, report| point(row, known, report))
}

fn point(row: &Row<'_>, known: &Known, report: &mut Report) -> Option<Point> {
    let id = row.code(ID, report);
    let name = row.text(NAME, report).map(str::to_owned);
    let kind = row.text(KIND, report).map(str::to_owned);
    let unit = row.known(UNIT, &known.units, report);
    let lat = row.degrees(LAT, 90, report);
    let lon = row.degrees(LON, 180, report);
    let team = row.optional(TEAM, |row| row.known(TEAM, &known.teams, report));
    let at = Coordinate::from_degrees(lat?, lon?)?;
    Some(Point {
        id: PointId(id?),
        name: name?,
        kind: kind?,
        unit: UnitId(unit?),
        at,
        team: team?.map(TeamId),
    })
}

/// Warns of points outside the polygon of their community, where that community has one, and of points that
/// no community's sheet would count. `whole` is the reference data as it will be.
pub(super) fn check_places(points: &[(Row<'_>, Point)], whole: &Reference, report: &mut Report) {
    let mut areas: BTreeMap<&UnitId, Vec<&Cell>> = BTreeMap::new();
    for cell in whole.cells.values().filter(|cell| cell.level == CellLevel::Community) {
        areas.entry(&cell.unit).or_default().push(cell);
    }
    for (row, point) in points {
        let Some(community) = whole.community_of(&point.unit) else {
            report.warn(row.remark(UNIT, Doubt::NoCommunity));
            continue;
        };
        let inside =
            areas.get(&community.id).map(|areas| areas.iter().any(|area| area.ring.contains(point.at)));
        if inside == Some(false) {
            report.warn(row.remark(ID, Doubt::OutsideCommunity { community: community.id.to_string() }));
        }
    }
}
