//! `field matter`: everything that is neither a case, a round nor a contact. The forms say which fields there are
//! (`forms`); what was typed is read by them (`typed`); one matter and lists of them are shown in `shown`, `listed`.

pub(crate) mod draft;
mod forms;
mod listed;
mod shown;
mod typed;

pub(crate) use forms::forms;
pub(crate) use listed::{Figures, MatterLine, MatterList, MissingList, table_of};
pub(crate) use shown::MatterShown;

use crate::error::CommandError;
use crate::reading;
use crate::view::Names;
use chrono::NaiveDate;
use listed::MissingLine;
use sanben_document::IntentBody;
use sanben_domain::id::{PersonId, PointId, UnitId};
use sanben_domain::matter::{self, ActForm, Fields};
use sanben_field::{Field, FieldError, Invalid, MatterQuery, NewMatter, OutboxId};
use typed::{Reader, both, feature_named};
pub(crate) use typed::{document_named, matter_named};

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
    /// A form that is filled in bit by bit.
    Draft {
        /// What is done with it.
        #[command(subcommand)]
        ask: draft::DraftAsk,
    },
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

/// Fields of a refused act on a matter, read by its form; photos cannot be put in afterwards.
///
/// # Errors
/// A field that cannot be read; [`Invalid::NotCorrectable`] for what is no work on a matter.
pub(crate) fn refused_fields(field: &Field, id: OutboxId, typed: &[String]) -> Result<Fields, CommandError> {
    let names = Names::of(field)?;
    let refused = field.needs_attention()?.into_iter().find(|row| row.id == id);
    let not_correctable = || CommandError::from(FieldError::from(Invalid::NotCorrectable));
    let intent = refused.ok_or_else(not_correctable)?.intent;
    let (feature, act, record) = match intent.body {
        IntentBody::OpenMatter { header, act, .. } => (header.feature, act, None),
        IntentBody::Matter { act, .. } => {
            let record = field.matter(intent.document)?.record;
            (record.feature.clone(), act, Some(record))
        }
        _ => return Err(not_correctable()),
    };
    let feature = feature_named(&feature)?;
    let form = feature.act(&act.name).ok_or_else(not_correctable)?;
    let reader = Reader { field, names: &names, feature, form, record: record.as_ref() };
    let (fields, photos) = reader.read(typed)?;
    if photos.is_empty() { Ok(fields) } else { Err(not_correctable()) }
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
        title: names.title(&row.feature, &row.title),
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
