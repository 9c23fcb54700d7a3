//! What a new act is asked beside its form: whether what it names is there, whether a day on which it says something
//! happened has come, whether a term that it sets is still to come. Asked when it is recorded, and where truth needs it
//! again by the server; never by the fold: what was let in stays in, whatever becomes of a point or a person.

use super::{ActForm, Flaw, Flawed, MatterAct, MatterRecord, OPEN, Shape, Side, Value};
use crate::id::{DocumentId, PersonId, PointId};
use crate::reference::Reference;
use crate::time::{DOUBTFUL_OFFSET_MS, Stamp, Timestamp, Zone};
use chrono::Days;

/// Something that an act names and that is in no list of the office's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("field `{field}` names no {what} that there is")]
pub struct Unlisted {
    /// The field, or the part of the header.
    pub field: String,
    /// What it should be: `point`, `unit`, `standard` or `person`.
    pub what: &'static str,
    /// The code as it was given.
    pub id: String,
}

impl From<Unlisted> for Flawed {
    fn from(unlisted: Unlisted) -> Self {
        Self { field: unlisted.field, why: Flaw::Dangling }
    }
}

/// Whether the points, units, standards and people that an act names are in the reference data; for the opening also
/// those of the header. People are looked up only where the staff list is: volunteers do not have it.
///
/// # Errors
/// The first that is not.
pub fn listed(record: &MatterRecord, act: &MatterAct, reference: &Reference) -> Result<(), Unlisted> {
    let opens = act.name == OPEN;
    let header = [
        ("point", record.point.clone().map(Value::Point)),
        ("person", record.person.clone().map(Value::Person)),
    ];
    let header = header.into_iter().filter(|_| opens);
    for (field, value) in header.filter_map(|(field, value)| Some((field, value?))) {
        value.listed(field, reference)?;
    }
    act.fields.iter().try_for_each(|(field, value)| value.listed(field, reference))
}

impl Value {
    fn listed(&self, field: &str, reference: &Reference) -> Result<(), Unlisted> {
        let known = |held: bool, what, id: String| {
            if held { Ok(()) } else { Err(Unlisted { field: field.to_owned(), what, id }) }
        };
        let point = |id: &PointId| known(reference.points.contains_key(id), "point", id.to_string());
        let person = |id: &PersonId| {
            let held = reference.people.is_empty() || reference.people.contains_key(id);
            known(held, "person", id.to_string())
        };
        match self {
            Self::Point(id) => point(id),
            Self::Points(many) => many.iter().try_for_each(point),
            Self::Unit(id) => known(reference.units.contains_key(id), "unit", id.to_string()),
            Self::Standard(id) => known(reference.standards.contains_key(id), "standard", id.to_string()),
            Self::Person(id) => person(id),
            _ => Ok(()),
        }
    }
}

/// The documents that an act names, for the opening also the one it belongs to; each with its field.
pub fn named_documents<'a>(
    record: &'a MatterRecord,
    act: &'a MatterAct,
) -> impl Iterator<Item = (&'a str, DocumentId)> {
    let about = record.about.filter(|_| act.name == OPEN).map(|about| ("about", about));
    about.into_iter().chain(act.named_documents())
}

impl MatterAct {
    /// The documents that its fields name, each with its field.
    pub fn named_documents(&self) -> impl Iterator<Item = (&str, DocumentId)> {
        self.fields.iter().flat_map(|(field, value)| {
            let named = match value {
                Value::Document(one) => std::slice::from_ref(one),
                Value::Documents(many) => many.as_slice(),
                _ => &[],
            };
            named.iter().map(|document| (field.as_str(), *document))
        })
    }
}

/// Whether a new matter belongs to a document of the kind that its form asks for; `whole` is the feature of that
/// document, `None` for a case or whatever else is no matter.
///
/// # Errors
/// [`Flaw::Shape`] of the part `about`: a loan of a case.
pub fn belongs(record: &MatterRecord, act: &MatterAct, whole: Option<&str>) -> Result<(), Flawed> {
    let wanted = record.feature().and_then(|feature| feature.header.whole);
    match wanted {
        Some(wanted) if act.name == OPEN && whole != Some(wanted) => Err(Flawed::new("about", Flaw::Shape)),
        _ => Ok(()),
    }
}

/// Whether a new act is about one of the documents that its matter lists: a case that was not drawn is not checked.
///
/// # Errors
/// [`Flaw::Outside`] of the field.
pub fn is_among(record: &MatterRecord, act: &MatterAct) -> Result<(), Flawed> {
    let Some((field, listed)) = form_of(record, act).and_then(|form| form.among) else { return Ok(()) };
    let (Some(named), Some(opening)) = (act.document(field), record.opening()) else { return Ok(()) };
    let held = opening.act.documents(listed).contains(&named);
    if held { Ok(()) } else { Err(Flawed::new(field, Flaw::Outside)) }
}

/// Whether the days on which an act says that something happened have come. `latest` is the latest instant at
/// which it can have been done: for the device its own clock, for the server when it arrived.
///
/// A clock that runs ahead is held against nobody: a day that has come by their own clock has come. Who claims such a
/// clock signs an instant that lies after the one at which the log received it, and that stays to be seen.
///
/// # Errors
/// [`Flaw::Future`] of the first that has not.
pub fn has_come(
    record: &MatterRecord,
    act: &MatterAct,
    reference: &Reference,
    at: Stamp,
    latest: Timestamp,
) -> Result<(), Flawed> {
    let Some(form) = form_of(record, act) else { return Ok(()) };
    let zone = zone_of(reference);
    let latest = latest.max(at.at()).plus_ms(DOUBTFUL_OFFSET_MS);
    let today = zone.day(latest);
    let planned =
        if form.on_its_day { today } else { today.checked_add_days(Days::new(MOST_AHEAD)).unwrap_or(today) };
    if (form.on_its_day || act.name == OPEN) && record.day > planned {
        return Err(Flawed::new("day", Flaw::Future));
    }
    for field in form.fields.iter().filter(|field| field.side == Side::Happened) {
        if act.day(field.name).is_some_and(|day| day > today) {
            return Err(Flawed::new(field.name, Flaw::Future));
        }
    }
    Ok(())
}

/// Whether the terms that an act sets are still to come, by the clock of whoever sets them. Only the device asks: a term
/// that ran out on the way was set in good time.
///
/// # Errors
/// [`Flaw::Past`] of the first that is over.
pub fn is_ahead(
    record: &MatterRecord,
    act: &MatterAct,
    reference: &Reference,
    at: Timestamp,
) -> Result<(), Flawed> {
    let Some(form) = form_of(record, act) else { return Ok(()) };
    let today = zone_of(reference).day(at);
    let mut due = form.fields.iter().filter(|field| field.side == Side::Due);
    match due.find(|field| act.day(field.name).is_some_and(|day| day < today)) {
        Some(field) => Err(Flawed::new(field.name, Flaw::Past)),
        None => Ok(()),
    }
}

/// Whether a new act names no more points or samples than a document has room for: each has an entry of its own, and
/// something is said besides.
///
/// # Errors
/// [`Flaw::Bounds`] of the field.
pub fn takes(form: &ActForm, act: &MatterAct) -> Result<(), Flawed> {
    let many = |shape| matches!(shape, Shape::Points { .. } | Shape::Documents { .. });
    let full = form
        .fields
        .iter()
        .filter(|field| many(field.shape))
        .find(|field| act.points(field.name).len() + act.documents(field.name).len() > MOST_PLACES);
    full.map_or(Ok(()), |field| Err(Flawed::new(field.name, Flaw::Bounds)))
}

/// Nothing is planned more days ahead than this: a year has to end before the next one's work is written down.
const MOST_AHEAD: u64 = 400;

/// The most points or samples that are written into one new act.
pub(super) const MOST_PLACES: usize = 400;

fn form_of(record: &MatterRecord, act: &MatterAct) -> Option<&'static ActForm> {
    record.feature().and_then(|feature| feature.act(&act.name))
}

fn zone_of(reference: &Reference) -> Zone {
    reference.tenant.as_ref().map_or(Zone::CHINA, |tenant| tenant.zone)
}
