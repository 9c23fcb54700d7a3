//! `cells.geojson`: the polygons of the grid, one feature each.

use super::folder::Source;
use super::known::Known;
use super::problem::Problem;
use super::remark::{Remark, Report};
use super::spelling::{self, Words};
use sanben_domain::id::{CellId, UnitId};
use sanben_domain::place::{Coordinate, Ring};
use sanben_domain::reference::{Cell, CellLevel};
use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::{self, Read};
use std::rc::Rc;

/// The file.
pub(super) const FILE: &str = "cells.geojson";

const LEVELS: Words<CellLevel> =
    &[("社区", "community", CellLevel::Community), ("单元网格", "cell", CellLevel::Cell)];

/// Reads the polygons.
pub(super) fn read(source: &Source<'_>, known: &Known, report: &mut Report) -> Vec<Cell> {
    let Source::Text(text) = source else { return Vec::new() };
    let features = match features(text) {
        Ok(features) => features,
        Err(error) => {
            report.error(Remark::file(FILE, Problem::Syntax(error.to_string())).row(error.line().max(1)));
            return Vec::new();
        }
    };
    let mut lines = BTreeMap::new();
    let mut cells = Vec::new();
    for feature in &features {
        if let Some(cell) = feature.cell(known, report) {
            if let Some(row) = lines.insert(cell.id.clone(), feature.line) {
                report.error(feature.remark(Problem::Duplicate { row }));
            }
            cells.push(cell);
        }
    }
    cells
}

/// A feature and the line it begins on.
#[derive(Debug)]
struct Feature {
    line: usize,
    value: Value,
}

impl Feature {
    /// A remark, under the id of the polygon where it has one.
    fn remark(&self, problem: Problem) -> Remark<Problem> {
        let id = self.property("id").filter(|id| !id.is_empty());
        Remark::file(FILE, problem).row(self.line).column(id.as_deref().unwrap_or("id"))
    }

    /// A property as text; some tools write codes as numbers.
    fn property(&self, name: &str) -> Option<String> {
        match self.value.get("properties")?.get(name)? {
            Value::String(text) => Some(text.trim().to_owned()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    fn read<T>(
        &self,
        name: &str,
        meaning: impl FnOnce(&str) -> Option<T>,
        problem: Problem,
        report: &mut Report,
    ) -> Option<T> {
        let Some(text) = self.property(name) else {
            report.error(Remark { column: Some(name.to_owned()), ..self.remark(Problem::Missing) });
            return None;
        };
        let meant = meaning(&text);
        if meant.is_none() {
            report.error(self.remark(problem).value(&text));
        }
        meant
    }

    fn cell(&self, known: &Known, report: &mut Report) -> Option<Cell> {
        let id = self.read("id", spelling::code, Problem::BadCode, report);
        let words = LEVELS.iter().map(|(zh, en, _)| (*zh, *en)).collect();
        let level =
            self.read("level", |text| spelling::word(text, LEVELS), Problem::UnknownWord { words }, report);
        let unit = |text: &str| spelling::code(text).filter(|code| known.units.hold(code));
        let unit = self.read("unit", unit, Problem::Unknown { file: known.units.file }, report);
        let ring = self.ring().map_err(|problem| report.error(self.remark(problem))).ok();
        Some(Cell { id: CellId(id?), level: level?, unit: UnitId(unit?), ring: ring? })
    }

    /// The one ring of the one polygon, without the repetition that closes it.
    fn ring(&self) -> Result<Ring, Problem> {
        let geometry = self.value.get("geometry").ok_or(Problem::NotOneRing)?;
        let polygon = match geometry.get("type").and_then(Value::as_str) {
            Some("Polygon") => geometry.get("coordinates"),
            Some("MultiPolygon") => geometry.get("coordinates").and_then(only),
            _ => None,
        };
        let ring = polygon.and_then(only).and_then(Value::as_array).ok_or(Problem::NotOneRing)?;
        let mut corners = ring.iter().map(corner).collect::<Result<Vec<_>, _>>()?;
        if corners.len() > 1 && corners.first() == corners.last() {
            corners.pop();
        } else {
            return Err(Problem::OpenRing);
        }
        if corners.iter().collect::<BTreeSet<_>>().len() < 3 {
            return Err(Problem::FewCorners);
        }
        Ok(Ring(corners))
    }
}

/// The one value of a list of one.
fn only(list: &Value) -> Option<&Value> {
    if let [one] = list.as_array()?.as_slice() { Some(one) } else { None }
}

/// A position of GeoJSON: longitude, latitude, and a height that nobody needs here.
fn corner(position: &Value) -> Result<Coordinate, Problem> {
    let degrees = |place: usize| position.get(place).and_then(Value::as_f64).ok_or(Problem::NotANumber);
    let (lon, lat) = (degrees(0)?, degrees(1)?);
    let most = if (-90.0..=90.0).contains(&lat) { 180 } else { 90 };
    Coordinate::from_degrees(lat, lon).ok_or(Problem::OutOfRange { least: -most, most })
}

/// The features of a collection with their lines, whatever else each may hold.
fn features(text: &str) -> serde_json::Result<Vec<Feature>> {
    let line = Rc::new(std::cell::Cell::new(1));
    let reader = LineReader { rest: text.as_bytes(), line: Rc::clone(&line) };
    let mut deserializer = serde_json::Deserializer::from_reader(reader);
    let features = deserializer.deserialize_map(Collection(&line))?;
    deserializer.end()?;
    Ok(features)
}

/// Counts lines as the parser takes bytes. The parser takes them one by one and looks one ahead, so when a
/// value begins, its first byte is the last one taken.
struct LineReader<'a> {
    rest: &'a [u8],
    line: Rc<std::cell::Cell<usize>>,
}

impl Read for LineReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let (Some((byte, rest)), Some(to)) = (self.rest.split_first(), buffer.first_mut()) else {
            return Ok(0);
        };
        *to = *byte;
        self.rest = rest;
        self.line.set(self.line.get() + usize::from(*byte == b'\n'));
        Ok(1)
    }
}

struct Collection<'a>(&'a std::cell::Cell<usize>);

impl<'de> Visitor<'de> for Collection<'_> {
    type Value = Vec<Feature>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a FeatureCollection")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Vec<Feature>, A::Error> {
        let mut features = None;
        while let Some(key) = map.next_key::<String>()? {
            if key == "features" {
                features = Some(map.next_value_seed(Features(self.0))?);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        features.ok_or_else(|| de::Error::missing_field("features"))
    }
}

struct Features<'a>(&'a std::cell::Cell<usize>);

impl<'de> DeserializeSeed<'de> for Features<'_> {
    type Value = Vec<Feature>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<Feature>, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Features<'_> {
    type Value = Vec<Feature>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of features")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<Feature>, A::Error> {
        let mut features = Vec::new();
        while let Some(feature) = list.next_element_seed(One(self.0))? {
            features.push(feature);
        }
        Ok(features)
    }
}

struct One<'a>(&'a std::cell::Cell<usize>);

impl<'de> DeserializeSeed<'de> for One<'_> {
    type Value = Feature;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Feature, D::Error> {
        let line = self.0.get();
        Ok(Feature { line, value: de::Deserialize::deserialize(deserializer)? })
    }
}
