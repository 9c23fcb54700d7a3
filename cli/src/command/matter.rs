//! `field matter`: everything that is neither a case, a round nor a contact. The forms say which fields there are; their
//! names and choices may be typed as documents spell them, or as people call them in either language.

use crate::error::CommandError;
use crate::language::{Language, say};
use crate::outcome::Outcome;
use crate::table::Table;
use crate::view::{Moment, Named, Names, case_named, delivery, event_named, name_of, one_of, short};
use crate::{reading, words};
use chrono::NaiveDate;
use sanben_domain::id::{DocumentId, EventId, MatterId, PersonId, PointId, UnitId};
use sanben_domain::matter::{
    self, ActForm, Amount, Feature, FieldForm, Fields, Figure, Flaw, Flawed, MatterAct, MatterRecord, Need,
    OPEN, Shape, Value,
};
use sanben_field::{Delivery, Field, FieldError, Files, MatterQuery, MatterView, NewMatter};
use serde::Serialize;
use std::path::PathBuf;

/// What is done with matters.
#[derive(Debug, Clone, clap::Subcommand)]
pub(crate) enum MatterAsk {
    /// What there is to open, or the form of one feature.
    Forms(FormsArgs),
    /// Open one.
    Open(OpenArgs),
    /// Act on one.
    Act(MatterActArgs),
    /// The list.
    List(ListArgs),
    /// One of them.
    Show(MatterShowArgs),
    /// Figures, added up.
    Figures(ListArgs),
    /// What is missing of a schedule.
    Missing(MissingArgs),
}

/// Of which feature.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct FormsArgs {
    /// The feature.
    pub(crate) feature: Option<String>,
}

/// A new matter.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct OpenArgs {
    /// Its feature.
    pub(crate) feature: String,
    /// The fields.
    #[arg(value_name = "FIELD=VALUE")]
    pub(crate) fields: Vec<String>,
    /// The day it is about.
    #[arg(long, value_parser = reading::day)]
    pub(crate) day: Option<NaiveDate>,
    /// The point.
    #[arg(long)]
    pub(crate) point: Option<PointId>,
    /// The person.
    #[arg(long)]
    pub(crate) person: Option<PersonId>,
    /// The document it belongs to.
    #[arg(long)]
    pub(crate) about: Option<String>,
    /// The unit it lives in.
    #[arg(long)]
    pub(crate) home: Option<UnitId>,
}

/// An act.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct MatterActArgs {
    /// The matter.
    pub(crate) matter: String,
    /// The act.
    pub(crate) act: String,
    /// The fields.
    #[arg(value_name = "FIELD=VALUE")]
    pub(crate) fields: Vec<String>,
}

/// Which matters.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct ListArgs {
    /// Of this feature.
    pub(crate) feature: Option<String>,
    /// Of this day or later.
    #[arg(long, value_parser = reading::day)]
    pub(crate) from: Option<NaiveDate>,
    /// Of this day or earlier.
    #[arg(long, value_parser = reading::day)]
    pub(crate) to: Option<NaiveDate>,
    /// At this point.
    #[arg(long)]
    pub(crate) point: Option<PointId>,
    /// About this person, or for them to do.
    #[arg(long)]
    pub(crate) person: Option<PersonId>,
    /// Of this unit.
    #[arg(long)]
    pub(crate) home: Option<UnitId>,
    /// Belonging to this one.
    #[arg(long)]
    pub(crate) about: Option<String>,
    /// With something to be done.
    #[arg(long)]
    pub(crate) open: bool,
    /// A person has to decide.
    #[arg(long)]
    pub(crate) disputed: bool,
    /// With these words.
    #[arg(long)]
    pub(crate) text: Option<String>,
    /// How many.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..=200))]
    pub(crate) limit: u16,
}

/// Which one.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct MatterShowArgs {
    /// The matter.
    pub(crate) matter: String,
}

/// Of which feature and day.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct MissingArgs {
    /// The feature.
    pub(crate) feature: String,
    /// The day; today when it is not said.
    #[arg(long, value_parser = reading::day)]
    pub(crate) day: Option<NaiveDate>,
}

/// The feature that is meant.
fn feature_named(text: &str) -> Result<&'static Feature, CommandError> {
    let called = |feature: &&&Feature| {
        let names = both(|tongue| matter::feature_name(tongue, feature));
        feature.name == text.trim() || names.iter().any(|name| name.eq_ignore_ascii_case(text.trim()))
    };
    let found = matter::feature::ALL.iter().find(called).copied();
    found.ok_or_else(|| FieldError::NotFound { what: "feature", id: text.to_owned() }.into())
}

fn both(name: impl Fn(matter::Tongue) -> String) -> [String; 2] {
    [matter::Tongue::Chinese, matter::Tongue::English].map(name)
}

/// The matter that a whole id or a prefix names.
fn matter_named(field: &Field, text: &str) -> Result<MatterId, CommandError> {
    if let Ok(id) = text.trim().parse() {
        return Ok(id);
    }
    let prefix = reading::id_prefix(text).ok_or_else(|| CommandError::Prefix(text.to_owned()))?;
    let found = field.store().matters_by_prefix(&prefix).map_err(FieldError::from)?;
    one_of(found, "matter", text)
}

/// A matter or a case.
fn document_named(field: &Field, text: &str) -> Result<DocumentId, CommandError> {
    match matter_named(field, text) {
        Err(CommandError::Field(FieldError::NotFound { .. })) => case_named(field, text),
        found => found,
    }
}

/// Reads `FIELD=VALUE` by the form; photos are files.
struct Reader<'a> {
    field: &'a Field,
    names: &'a Names,
    feature: &'a Feature,
    form: &'a ActForm,
    record: Option<&'a MatterRecord>,
}

impl Reader<'_> {
    fn read(&self, typed: &[String]) -> Result<(Fields, Files), CommandError> {
        let (mut fields, mut files) = (Fields::new(), Files::new());
        for pair in typed {
            let (name, text) = pair.split_once(['=', '＝']).ok_or_else(|| flawed(pair, Flaw::Unknown))?;
            let form = self.form_of(name.trim())?;
            if let Shape::Photos { .. } = form.shape {
                files.insert(form.name.to_owned(), text.split(',').map(PathBuf::from).collect());
                continue;
            }
            let value = self.value(form, text.trim())?.ok_or_else(|| flawed(form.name, Flaw::Shape))?;
            fields.insert(form.name.to_owned(), value);
        }
        Ok((fields, files))
    }

    fn form_of(&self, name: &str) -> Result<&FieldForm, CommandError> {
        let called = |form: &&FieldForm| {
            let names = both(|tongue| matter::field_name(tongue, self.feature, self.form.name, form.name));
            form.name == name || names.iter().any(|known| known.eq_ignore_ascii_case(name))
        };
        self.form.fields.iter().find(called).ok_or_else(|| flawed(name, Flaw::Unknown))
    }

    /// `None` when the text is nothing of the kind.
    fn value(&self, form: &FieldForm, text: &str) -> Result<Option<Value>, CommandError> {
        let list = || text.split(',').map(str::trim).filter(|part| !part.is_empty());
        Ok(match form.shape {
            Shape::Text { .. } | Shape::Anonymous { .. } => Some(Value::Text(text.to_owned())),
            Shape::Count { .. } => text.parse().ok().map(Value::Count),
            Shape::Fraction => text.split_once('/').and_then(|(part, whole)| {
                Some(Value::Fraction { part: part.parse().ok()?, whole: whole.parse().ok()? })
            }),
            Shape::Day => reading::day(text).ok().map(Value::Day),
            Shape::Time => reading::time(text).map(Value::Time),
            Shape::Person => Some(Value::Person(text.into())),
            Shape::Unit => Some(Value::Unit(text.into())),
            Shape::Point => Some(Value::Point(text.into())),
            Shape::Points { .. } if text == "all" => {
                Some(Value::Points(self.names.reference.points.keys().cloned().collect()))
            }
            Shape::Points { .. } => Some(Value::Points(list().map(PointId::from).collect())),
            Shape::Standard => Some(Value::Standard(text.into())),
            Shape::Document => Some(Value::Document(document_named(self.field, text)?)),
            Shape::Documents { .. } => {
                let documents = list().map(|part| document_named(self.field, part));
                Some(Value::Documents(documents.collect::<Result<_, _>>()?))
            }
            Shape::Event => {
                let events = self.record.map(|record| record.events.keys().copied().collect::<Vec<_>>());
                Some(Value::Event(event_named(&events.unwrap_or_default(), text)?))
            }
            Shape::Choice(choices) => {
                let called = |choice: &&&str| {
                    let names = both(|tongue| matter::choice_name(tongue, self.feature, choice));
                    **choice == text || names.iter().any(|name| name.eq_ignore_ascii_case(text))
                };
                choices.iter().find(called).map(|choice| Value::Choice((*choice).to_owned()))
            }
            Shape::Yes => match text.to_ascii_lowercase().as_str() {
                "yes" | "true" | "是" => Some(Value::Yes(true)),
                "no" | "false" | "否" => Some(Value::Yes(false)),
                _ => None,
            },
            Shape::Photos { .. } => None,
        })
    }
}

fn flawed(field: &str, why: Flaw) -> CommandError {
    FieldError::from(Flawed::new(field, why)).into()
}

/// Opens one.
///
/// # Errors
/// As [`Field::open_matter`]; a field that cannot be read.
pub(crate) fn open(args: &OpenArgs, field: &Field) -> Result<MatterShown, CommandError> {
    let (feature, names) = (feature_named(&args.feature)?, Names::of(field)?);
    let reader = Reader { field, names: &names, feature, form: &feature.open, record: None };
    let (fields, photos) = reader.read(&args.fields)?;
    let about = args.about.as_deref().map(|text| document_named(field, text)).transpose()?;
    let id = field.open_matter(NewMatter {
        feature: feature.name.to_owned(),
        home: args.home.clone(),
        day: args.day,
        point: args.point.clone(),
        person: args.person.clone(),
        about,
        fields,
        photos,
    })?;
    MatterShown::of(field, id, &names)
}

/// Acts on one.
///
/// # Errors
/// As [`Field::act_on_matter`]; a field that cannot be read.
pub(crate) fn act(args: &MatterActArgs, field: &Field) -> Result<MatterShown, CommandError> {
    let (id, names) = (matter_named(field, &args.matter)?, Names::of(field)?);
    let record = field.matter(id)?.record;
    let feature = feature_named(&record.feature)?;
    let called = |form: &&ActForm| {
        let known = both(|tongue| matter::act_name(tongue, feature, form.name));
        form.name == args.act || known.iter().any(|name| name.eq_ignore_ascii_case(&args.act))
    };
    let form = feature.later().find(called);
    let form = form.ok_or_else(|| FieldError::NotFound { what: "act", id: args.act.clone() })?;
    let reader = Reader { field, names: &names, feature, form, record: Some(&record) };
    let (fields, photos) = reader.read(&args.fields)?;
    field.act_on_matter(id, form.name, fields, &photos)?;
    MatterShown::of(field, id, &names)
}

/// Shows one.
///
/// # Errors
/// As [`Field::matter`].
pub(crate) fn show(args: &MatterShowArgs, field: &Field) -> Result<MatterShown, CommandError> {
    MatterShown::of(field, matter_named(field, &args.matter)?, &Names::of(field)?)
}

fn query(args: &ListArgs, field: &Field) -> Result<MatterQuery, CommandError> {
    let feature = args.feature.as_deref().map(feature_named).transpose()?;
    Ok(MatterQuery {
        feature: feature.map(|feature| feature.name.to_owned()),
        home: args.home.clone(),
        from: args.from,
        to: args.to,
        point: args.point.clone(),
        person: args.person.clone(),
        about: args.about.as_deref().map(|text| document_named(field, text)).transpose()?,
        open_only: args.open,
        disputed_only: args.disputed,
        text: args.text.clone(),
        limit: usize::from(args.limit),
        ..MatterQuery::default()
    })
}

/// Lists them, latest opened first.
///
/// # Errors
/// An unknown feature, a store error.
pub(crate) fn list(args: &ListArgs, field: &Field) -> Result<MatterList, CommandError> {
    let (names, now) = (Names::of(field)?, field.now()?);
    let page = field.matters(&query(args, field)?)?;
    let rows = page.rows.into_iter().map(|row| MatterLine {
        id: row.id,
        step: row.step,
        day: row.day,
        point: row.point.as_ref().map(|id| names.point(id)),
        person: row.person.as_ref().map(|id| names.person(id)),
        home: names.unit(&row.home),
        opened_by: names.person(&row.opener),
        title: row.title,
        due: row.due.map(|due| names.moment(due)),
        late: row.open && row.due.is_some_and(|due| due < now),
        disputed: row.disputed,
        delivery: row.delivery,
        feature: row.feature,
    });
    Ok(MatterList { rows: rows.collect(), more: page.next.is_some() })
}

/// Adds their figures up.
///
/// # Errors
/// An unknown feature, a store error.
pub(crate) fn figures(args: &ListArgs, field: &Field) -> Result<Figures, CommandError> {
    Ok(Figures { figures: field.matter_figures(&query(args, field)?)? })
}

/// Names what is missing.
///
/// # Errors
/// An unknown feature, a store error.
pub(crate) fn missing(args: &MissingArgs, field: &Field) -> Result<MissingList, CommandError> {
    let names = Names::of(field)?;
    let day = match args.day {
        Some(day) => day,
        None => field.today()?,
    };
    let missing = field.missing_matters(feature_named(&args.feature)?.name, day)?.into_iter();
    let rows = missing.map(|missing| MissingLine {
        day: missing.day,
        unit: names.unit(&missing.unit),
        point: missing.point.as_ref().map(|id| names.point(id)),
    });
    Ok(MissingList { missing: rows.collect() })
}

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

/// A list.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct MatterList {
    rows: Vec<MatterLine>,
    more: bool,
}

/// A row of it.
#[derive(Debug, Clone, Serialize)]
struct MatterLine {
    id: MatterId,
    feature: String,
    step: String,
    day: NaiveDate,
    point: Option<Named>,
    person: Option<Named>,
    home: Named,
    opened_by: Named,
    title: String,
    due: Option<Moment>,
    late: bool,
    disputed: bool,
    delivery: Delivery,
}

fn step_of(language: Language, feature: &str, step: &str) -> String {
    let known = matter::feature::named(feature);
    known.map_or_else(
        || say!(language, "matter-later"),
        |known| matter::step_name(language.tongue(), known, step),
    )
}

impl Outcome for MatterList {
    fn show(&self, language: Language) -> String {
        let mut table = Table::new([
            say!(language, "label-id"),
            say!(language, "label-feature"),
            say!(language, "label-status"),
            say!(language, "label-day"),
            say!(language, "label-point"),
            say!(language, "label-title"),
            say!(language, "label-due"),
            say!(language, "label-delivery"),
        ]);
        for row in &self.rows {
            let name = matter::feature::named(&row.feature)
                .map_or_else(|| row.feature.clone(), |known| matter::feature_name(language.tongue(), known));
            let mut step = step_of(language, &row.feature, &row.step);
            if row.disputed {
                step = say!(language, "status-disputed", status = step);
            }
            if row.late {
                step = format!("{step} · {}", say!(language, "matter-late"));
            }
            table.row([
                short(row.id),
                name,
                step,
                row.day.to_string(),
                name_of(row.point.as_ref()),
                row.title.clone(),
                row.due.map(|due| due.to_string()).unwrap_or_default(),
                delivery(language, &row.delivery),
            ]);
        }
        let mut text = table.lines();
        if self.rows.is_empty() {
            text = say!(language, "matter-none") + "\n";
        }
        if self.more {
            text.push_str(&(say!(language, "matter-more") + "\n"));
        }
        text
    }
}

/// Figures.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Figures {
    figures: Vec<Figure>,
}

/// A figure in words: a number, hours, or a share with its percentage.
fn amount(language: Language, amount: Amount) -> String {
    match amount {
        Amount::Count(count) => count.to_string(),
        Amount::Minutes(minutes) => {
            say!(
                language,
                "matter-hours",
                hours = (minutes / 60).to_string(),
                minutes = (minutes % 60).to_string()
            )
        }
        Amount::Share { part, whole } => {
            let percent = amount_percent(amount).map(|percent| format!("  {percent}")).unwrap_or_default();
            format!("{part}/{whole}{percent}")
        }
    }
}

/// With one decimal, half up: as offices print it.
fn amount_percent(amount: Amount) -> Option<String> {
    amount.per_mille().map(|tenths| format!("{}.{}%", tenths / 10, tenths % 10))
}

fn figure_rows(language: Language, figures: &[Figure], table: &mut Table) {
    for figure in figures {
        let name = matter::figure_name(language.tongue(), &figure.name);
        let name = if figure.label.is_empty() { name } else { format!("{name} {}", figure.label) };
        table.pair(name, amount(language, figure.amount));
    }
}

impl Outcome for Figures {
    fn show(&self, language: Language) -> String {
        let mut table = Table::of_pairs();
        figure_rows(language, &self.figures, &mut table);
        if self.figures.is_empty() { say!(language, "matter-none") + "\n" } else { table.lines() }
    }
}

/// What is missing.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct MissingList {
    missing: Vec<MissingLine>,
}

/// One of it.
#[derive(Debug, Clone, Serialize)]
struct MissingLine {
    day: NaiveDate,
    unit: Named,
    point: Option<Named>,
}

impl Outcome for MissingList {
    fn show(&self, language: Language) -> String {
        let mut table = Table::new([
            say!(language, "label-day"),
            say!(language, "label-unit"),
            say!(language, "label-point"),
        ]);
        for row in &self.missing {
            let point = row.point.as_ref().map(Named::with_code).unwrap_or_default();
            table.row([row.day.to_string(), row.unit.with_code(), point]);
        }
        say!(language, "matter-missing", n = self.missing.len()) + "\n" + &table.lines()
    }
}

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
    fn of(field: &Field, id: MatterId, names: &Names) -> Result<Self, CommandError> {
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
            shown: event.act.fields.iter().map(|(name, value)| (name.clone(), plain(value, names))).collect(),
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
            title: state.as_ref().map(|state| state.title.clone()).unwrap_or_default(),
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
        Value::Points(points) => points.len().to_string(),
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
        table.pair(name, format!("{}  {}", short(self.id), self.title));
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
