//! One matter: where it stands, what is open, its thread.

use super::listed::{figure_rows, step_of};
use crate::error::CommandError;
use crate::language::{Language, say};
use crate::outcome::Outcome;
use crate::table::Table;
use crate::view::{Moment, Named, Names, delivery, name_of, short};
use chrono::NaiveDate;
use sanben_domain::id::{DocumentId, EventId, MatterId, PointId};
use sanben_domain::matter::{self, Feature, Figure, MatterAct, Value};
use sanben_field::{Delivery, Field, MatterView};
use serde::Serialize;

/// A matter with its thread.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct MatterShown {
    /// The matter.
    pub(crate) id: MatterId,
    feature: String,
    step: String,
    disputed: bool,
    title: String,
    day: NaiveDate,
    home: Named,
    point: Option<Named>,
    person: Option<Named>,
    about: Option<DocumentId>,
    due: Option<Moment>,
    open: Vec<OpenLine>,
    figures: Vec<Figure>,
    remarks: Vec<&'static str>,
    belonging: Vec<MatterId>,
    next: Vec<&'static str>,
    thread: Vec<ThreadLine>,
    delivery: Delivery,
}

/// What is not done.
#[derive(Debug, Clone, Serialize)]
struct OpenLine {
    what: String,
    due: Option<Moment>,
    unit: Option<Named>,
    person: Option<Named>,
}

/// An event.
#[derive(Debug, Clone, Serialize)]
struct ThreadLine {
    event: EventId,
    at: Moment,
    by: Named,
    act: MatterAct,
    /// It has no effect: struck out, overruled, in dispute or of a later version.
    idle: bool,
    /// Two contradict each other, and this is one of them.
    disputed: bool,
    #[serde(skip)]
    shown: Vec<(String, String)>,
}

impl MatterShown {
    pub(crate) fn of(field: &Field, id: MatterId, names: &Names) -> Result<Self, CommandError> {
        let view = field.matter(id)?;
        let MatterView { record, state, figures, remarks, belonging, next, delivery } = view;
        let order = record.order();
        let disputed = |event: &EventId| {
            state.as_ref().is_some_and(|state| state.disputes.iter().any(|between| between.contains(event)))
        };
        let thread = order.sequence().iter().filter_map(|id| record.events.get(id)).map(|event| ThreadLine {
            event: event.id,
            at: names.moment(event.at.at()),
            by: names.person(&event.by),
            idle: state.as_ref().is_some_and(|state| state.idle.contains(&event.id)),
            disputed: disputed(&event.id),
            shown: said(&record.feature, &event.act, names),
            act: event.act.clone(),
        });
        let open = state.iter().flat_map(|state| &state.open).map(|open| OpenLine {
            what: open.what.clone(),
            due: open.due.map(|due| names.moment(due)),
            unit: open.unit.as_ref().map(|id| names.unit(id)),
            person: open.person.as_ref().map(|id| names.person(id)),
        });
        Ok(Self {
            id,
            step: state.as_ref().map_or("", |state| state.step).to_owned(),
            disputed: state.as_ref().is_some_and(|state| !state.disputes.is_empty()),
            title: state.as_ref().map(|state| names.title(&record.feature, &state.title)).unwrap_or_default(),
            day: record.day,
            home: names.unit(&record.home),
            point: record.point.as_ref().map(|id| names.point(id)),
            person: record.person.as_ref().map(|id| names.person(id)),
            about: record.about,
            due: state.as_ref().and_then(|state| state.due).map(|due| names.moment(due)),
            open: open.collect(),
            thread: thread.collect(),
            feature: record.feature.clone(),
            figures,
            remarks,
            belonging,
            next,
            delivery,
        })
    }
}

/// What an act says, in the order in which it was asked for.
fn said(feature: &str, act: &MatterAct, names: &Names) -> Vec<(String, String)> {
    let form = matter::feature::named(feature).and_then(|feature| feature.act(&act.name));
    let said = form.into_iter().flat_map(|form| form.in_order(act));
    said.map(|(name, value)| (name.clone(), plain(value, names))).collect()
}

/// The names of the first few, and how many there are.
fn points_said(points: &[PointId], names: &Names) -> String {
    const SHOWN: usize = 5;
    let first: Vec<String> = points.iter().take(SHOWN).map(|id| names.point(id).to_string()).collect();
    let more = if points.len() > SHOWN { "…" } else { "" };
    format!("{} ({}{more})", points.len(), first.join(", "))
}

/// A value as a person reads it; choices are said in their language later.
fn plain(value: &Value, names: &Names) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Count(count) => count.to_string(),
        Value::Fraction { part, whole } => format!("{part}/{whole}"),
        Value::Day(day) => day.to_string(),
        Value::Time(time) => time.format("%H:%M").to_string(),
        Value::Person(id) => names.person(id).to_string(),
        Value::Unit(id) => names.unit(id).to_string(),
        Value::Point(id) => names.point(id).to_string(),
        Value::Points(points) => points_said(points, names),
        Value::Standard(id) => names.standard(id).to_string(),
        Value::Document(id) => short(id),
        Value::Documents(documents) => documents.len().to_string(),
        Value::Event(id) => short(id),
        Value::Choice(choice) => choice.clone(),
        Value::Photos(photos) => photos.len().to_string(),
        Value::Yes(yes) => if *yes { "✓" } else { "✗" }.to_owned(),
    }
}

impl Outcome for MatterShown {
    fn show(&self, language: Language) -> String {
        let tongue = language.tongue();
        let known = matter::feature::named(&self.feature);
        let mut table = Table::of_pairs();
        let name = known.map_or_else(|| self.feature.clone(), |known| matter::feature_name(tongue, known));
        let title =
            known.map_or_else(|| self.title.clone(), |it| matter::title_name(tongue, it, &self.title));
        table.pair(name, format!("{}  {title}", short(self.id)));
        let mut step = step_of(language, &self.feature, &self.step);
        if self.disputed {
            step = say!(language, "status-disputed", status = step);
        }
        table.pair(say!(language, "label-status"), step);
        table.pair(say!(language, "label-day"), self.day.to_string());
        table.pair(say!(language, "label-unit"), self.home.to_string());
        table.pair(say!(language, "label-point"), self.point.as_ref().map(ToString::to_string));
        table.pair(say!(language, "label-person"), self.person.as_ref().map(ToString::to_string));
        for open in &self.open {
            let due = open.due.map(|due| due.to_string()).unwrap_or_default();
            let parts = [open.what.clone(), name_of(open.unit.as_ref()), name_of(open.person.as_ref()), due];
            let said = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("  ");
            table.pair(say!(language, "label-open"), (!said.is_empty()).then_some(said));
        }
        figure_rows(language, &self.figures, &mut table);
        for remark in &self.remarks {
            table.pair(say!(language, "label-notice"), matter::remark_name(tongue, remark));
        }
        let delivered = delivery(language, &self.delivery);
        table.pair(say!(language, "label-delivery"), (!delivered.is_empty()).then_some(delivered));
        let mut text = table.lines();
        for line in &self.thread {
            text.push_str(&line.show(language, known));
        }
        text
    }
}

impl ThreadLine {
    fn show(&self, language: Language, feature: Option<&Feature>) -> String {
        let tongue = language.tongue();
        let Some(feature) = feature.filter(|known| known.act(&self.act.name).is_some()) else {
            return format!(
                "  {}  {}  {}  {}\n",
                short(self.event),
                self.at,
                self.by,
                say!(language, "act-unknown")
            );
        };
        let fields = self.shown.iter().map(|(name, value)| {
            let value = match self.act.fields.get(name) {
                Some(Value::Choice(choice)) => matter::choice_name(tongue, feature, choice),
                _ => value.clone(),
            };
            format!("{}: {value}", matter::field_name(tongue, feature, &self.act.name, name))
        });
        let fields = fields.collect::<Vec<_>>().join("; ");
        let mark = match (self.disputed, self.idle) {
            (true, _) => format!("  [{}]", say!(language, "matter-in-dispute")),
            (false, true) => format!("  [{}]", say!(language, "matter-idle")),
            (false, false) => String::new(),
        };
        let act = matter::act_name(tongue, feature, &self.act.name);
        format!("  {}  {}  {}  {act}{mark}  {fields}\n", short(self.event), self.at, self.by)
    }
}
