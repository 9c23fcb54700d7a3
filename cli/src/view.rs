//! How things are shown: with their names, in the tenant's time, and short. Outcomes are made of these, so
//! that they render without a store.

use crate::error::CommandError;
use crate::language::{Language, say};
use crate::{reading, words};
use sanben_domain::case::{Handling, Lateness, Source, Status, lateness};
use sanben_domain::id::{CaseId, EventId, PersonId, PointId, StandardId, TeamId, UnitId};
use sanben_domain::matter;
use sanben_domain::reference::{Person, Reference};
use sanben_domain::time::{Timestamp, Zone};
use sanben_field::{CaseRow, CaseSummary, Delivery, Field, FieldError};
use serde::{Serialize, Serializer};
use std::fmt;
use std::sync::Arc;

/// Something with a code and a name; in words the name, and the code where the name is not known here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Named {
    /// The code.
    pub(crate) id: String,
    /// The name; empty when this device does not hold it.
    pub(crate) name: String,
}

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.name.is_empty() { &self.id } else { &self.name })
    }
}

impl Named {
    /// Code and name, for lists from which a person picks a code.
    #[must_use]
    pub(crate) fn with_code(&self) -> String {
        if self.name.is_empty() { self.id.clone() } else { format!("{} {}", self.id, self.name) }
    }
}

/// The name, or nothing.
pub(crate) fn name_of(named: Option<&Named>) -> String {
    named.map(ToString::to_string).unwrap_or_default()
}

/// An instant in the tenant's zone: `2026-03-20 07:06` in words, RFC 3339 as data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment {
    /// The instant.
    pub(crate) at: Timestamp,
    /// The zone it is read in.
    pub(crate) zone: Zone,
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.zone.show(self.at))
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let offset = self.zone.offset_minutes;
        let (sign, minutes) = if offset < 0 { ('-', -offset) } else { ('+', offset) };
        let local = self.zone.local(self.at).format("%Y-%m-%dT%H:%M:%S%.3f");
        serializer.collect_str(&format_args!("{local}{sign}{:02}:{:02}", minutes / 60, minutes % 60))
    }
}

/// The first eight digits of an id: enough to name it again.
#[must_use]
pub(crate) fn short(id: impl fmt::Display) -> String {
    id.to_string().chars().take(8).collect()
}

/// Who has to handle a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct HandlerView {
    /// The unit; nothing where this device does not know whose the person is.
    pub(crate) unit: Option<Named>,
    /// The person in it.
    pub(crate) person: Option<Named>,
}

impl fmt::Display for HandlerView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named: Vec<_> = [&self.unit, &self.person].into_iter().flatten().map(Named::to_string).collect();
        f.write_str(&named.join(" "))
    }
}

/// The names of a tenant, as this device holds them.
#[derive(Debug, Clone)]
pub(crate) struct Names {
    /// The reference data.
    pub(crate) reference: Arc<Reference>,
    /// The tenant's zone; China's before the tenant is known.
    pub(crate) zone: Zone,
    /// Whose device it is: volunteers do not receive the staff list, and know their own name.
    pub(crate) me: Option<Person>,
}

impl Names {
    /// The names that a device holds.
    ///
    /// # Errors
    /// A store error.
    pub(crate) fn of(field: &Field) -> Result<Self, FieldError> {
        let reference = field.reference()?;
        let zone = reference.tenant.as_ref().map_or(Zone::CHINA, |tenant| tenant.zone);
        Ok(Self { reference, zone, me: field.own_person().ok() })
    }

    /// An instant.
    pub(crate) fn moment(&self, at: Timestamp) -> Moment {
        Moment { at, zone: self.zone }
    }

    /// A point.
    pub(crate) fn point(&self, id: &PointId) -> Named {
        let known = self.reference.points.get(id);
        Named { id: id.to_string(), name: known.map(|point| point.name.clone()).unwrap_or_default() }
    }

    /// A unit.
    pub(crate) fn unit(&self, id: &UnitId) -> Named {
        let known = self.reference.units.get(id);
        Named { id: id.to_string(), name: known.map(|unit| unit.name.clone()).unwrap_or_default() }
    }

    /// A person.
    pub(crate) fn person(&self, id: &PersonId) -> Named {
        let me = self.me.as_ref().filter(|me| me.id == *id);
        let known = self.reference.people.get(id).or(me);
        Named { id: id.to_string(), name: known.map(|person| person.name.clone()).unwrap_or_default() }
    }

    /// The title of a matter of this feature.
    pub(crate) fn title(&self, feature: &str, title: &str) -> String {
        matter::feature::titled(feature, title, &self.reference)
    }

    /// A standard.
    pub(crate) fn standard(&self, id: &StandardId) -> Named {
        let known = self.reference.standards.get(id);
        Named { id: id.to_string(), name: known.map(|standard| standard.name.clone()).unwrap_or_default() }
    }

    /// A team.
    pub(crate) fn team(&self, id: &TeamId) -> Named {
        let known = self.reference.teams.get(id);
        Named { id: id.to_string(), name: known.map(|team| team.name.clone()).unwrap_or_default() }
    }

    /// Who handles.
    pub(crate) fn handler(&self, handler: &Handling) -> HandlerView {
        HandlerView {
            unit: handler.unit.as_ref().map(|unit| self.unit(unit)),
            person: handler.person.as_ref().map(|person| self.person(person)),
        }
    }
}

/// A case in a list.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct CaseLine {
    /// The case.
    pub(crate) id: CaseId,
    /// Where.
    pub(crate) point: Option<Named>,
    /// The community.
    pub(crate) community: Option<Named>,
    /// The standard it breaks.
    pub(crate) standard: Option<Named>,
    /// The words.
    pub(crate) description: String,
    /// Who found it.
    pub(crate) source: Source,
    /// How far it has come.
    pub(crate) status: Status,
    /// Whether a person has to decide.
    pub(crate) disputed: bool,
    /// By when.
    pub(crate) due: Option<Moment>,
    /// Whether it is late.
    pub(crate) lateness: Lateness,
    /// When it was reported.
    pub(crate) reported_at: Moment,
    /// Whether the reporter's clock is doubtful.
    pub(crate) reported_doubtful: bool,
    /// By whom.
    pub(crate) reported_by: Named,
    /// Who has to handle it.
    pub(crate) handler: Option<HandlerView>,
    /// How many times it was found.
    pub(crate) times_found: u32,
    /// How many photos it has.
    pub(crate) photos: u32,
    /// The record it was merged into.
    pub(crate) merged_into: Option<CaseId>,
    /// How far the own work on it has come.
    pub(crate) delivery: Delivery,
}

impl CaseLine {
    /// A row of the list as it stands at an instant.
    pub(crate) fn of(row: CaseSummary, names: &Names, now: Timestamp) -> Self {
        let lateness = row.lateness(now);
        Self {
            id: row.id,
            point: row.point.as_ref().map(|id| names.point(id)),
            community: row.community.as_ref().map(|id| names.unit(id)),
            standard: row.standard.as_ref().map(|id| names.standard(id)),
            description: row.description,
            source: row.source,
            status: row.status,
            disputed: row.disputed,
            due: row.due.map(|at| names.moment(at)),
            lateness,
            reported_at: names.moment(row.reported_at),
            reported_doubtful: row.reported_doubtful,
            reported_by: names.person(&row.reported_by),
            handler: row.handler.as_ref().map(|handling| names.handler(handling)),
            times_found: row.times_found,
            photos: row.photos,
            merged_into: row.merged_into,
            delivery: row.delivery,
        }
    }

    /// A whole case as a row of a list.
    pub(crate) fn of_row(row: &CaseRow, names: &Names, now: Timestamp) -> Self {
        let (record, state) = (&row.record, &row.state);
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self {
            id: record.id,
            point: record.point.as_ref().map(|id| names.point(id)),
            community: state.community.as_ref().map(|id| names.unit(id)),
            standard: record.standard.as_ref().map(|id| names.standard(id)),
            description: record.description.clone(),
            source: state.source,
            status: row.status,
            disputed: state.disputed(),
            due: state.due.map(|due| names.moment(due.at)),
            lateness: lateness(state, now),
            reported_at: names.moment(state.reported.at.at()),
            reported_doubtful: state.reported.at.doubtful(),
            reported_by: names.person(&state.reported.by),
            handler: state.handler.as_ref().map(|handler| names.handler(handler)),
            times_found: count(state.findings.len()),
            photos: count(record.photos.len()),
            merged_into: state.merged.map(|(kept, _)| kept).filter(|_| row.status == Status::Merged),
            delivery: row.delivery,
        }
    }
}

/// The status in words, with what a person has to notice about it.
#[must_use]
pub(crate) fn standing(language: Language, status: Status, disputed: bool, lateness: Lateness) -> String {
    let mut text = words::status(language, status);
    if disputed {
        text = say!(language, "status-disputed", status = text);
    }
    match lateness {
        Lateness::Late | Lateness::Doubtful => format!("{text} · {}", words::lateness(language, lateness)),
        Lateness::NotDue | Lateness::InTime => text,
    }
}

/// How far own work has come, in words; empty when there is none of it here.
#[must_use]
pub(crate) fn delivery(language: Language, delivery: &Delivery) -> String {
    let mut parts = Vec::new();
    if delivery.rejected > 0 {
        parts.push(say!(language, "delivery-rejected", n = delivery.rejected));
    }
    if delivery.pending > 0 {
        parts.push(say!(language, "delivery-pending", n = delivery.pending));
    } else if delivery.accepted > 0 && delivery.rejected == 0 {
        parts.push(say!(language, "delivery-accepted"));
    }
    if delivery.photos > 0 {
        parts.push(say!(
            language,
            "delivery-photos",
            photos = delivery.photos,
            delivered = delivery.photos_delivered
        ));
    }
    parts.join(&say!(language, "between"))
}

/// The case that a whole id or a prefix of six characters or more names.
///
/// # Errors
/// [`CommandError::Prefix`] for a text that cannot be one, [`CommandError::Ambiguous`],
/// [`FieldError::NotFound`].
pub(crate) fn case_named(field: &Field, text: &str) -> Result<CaseId, CommandError> {
    if let Ok(id) = text.trim().parse() {
        return Ok(id);
    }
    let prefix = reading::id_prefix(text).ok_or_else(|| CommandError::Prefix(text.to_owned()))?;
    let found = field.store().cases_by_prefix(&prefix).map_err(FieldError::from)?;
    one_of(found, "case", text)
}

/// The event of a case that a whole id or a prefix names.
///
/// # Errors
/// As [`case_named`].
pub(crate) fn event_named(events: &[EventId], text: &str) -> Result<EventId, CommandError> {
    let prefix = reading::id_prefix(text).ok_or_else(|| CommandError::Prefix(text.to_owned()))?;
    let found = events.iter().copied().filter(|id| reading::begins_with(id, &prefix)).collect();
    one_of(found, "event", text)
}

/// The only one of these, or what is wrong with the name.
pub(crate) fn one_of<T: Copy + fmt::Display>(
    found: Vec<T>,
    what: &'static str,
    text: &str,
) -> Result<T, CommandError> {
    match found.as_slice() {
        [one] => Ok(*one),
        [] => Err(FieldError::NotFound { what, id: text.to_owned() }.into()),
        several => Err(CommandError::Ambiguous {
            text: text.to_owned(),
            meant: several.iter().map(ToString::to_string).collect(),
        }),
    }
}
