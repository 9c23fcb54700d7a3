//! `field matter draft`: a form that is filled in bit by bit and kept in between.

use super::typed::{Reader, both, document_named, feature_named, matter_named};
use super::{MatterActArgs, MatterShown, OpenArgs};
use crate::error::CommandError;
use crate::language::{Language, say};
use crate::outcome::Outcome;
use crate::reading;
use crate::table::Table;
use crate::view::{Moment, Names, one_of, short};
use sanben_domain::id::{DraftId, MatterId};
use sanben_domain::matter::{self, Fields, Value};
use sanben_field::{Field, FieldError, Files, MatterDraft};
use serde::Serialize;

/// What is done with drafts of matters.
#[derive(Debug, Clone, clap::Subcommand)]
pub(crate) enum DraftAsk {
    /// Begin the form that opens one.
    Open(OpenArgs),
    /// Begin the form of an act.
    Act(MatterActArgs),
    /// Fill in more.
    Set(SetArgs),
    /// The drafts.
    List,
    /// Open the matter, or act on it.
    Submit(DraftArgs),
    /// Throw one away.
    Discard(DraftArgs),
}

/// Which draft, and what more.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct SetArgs {
    /// The draft.
    pub(crate) draft: String,
    /// The fields; one without a value is emptied.
    #[arg(value_name = "FIELD=VALUE", required = true)]
    pub(crate) fields: Vec<String>,
}

/// Which draft.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct DraftArgs {
    /// The draft.
    pub(crate) draft: String,
}

/// Begins the form that opens a matter.
///
/// # Errors
/// As [`Field::draft_matter`]; a field that cannot be read.
pub(crate) fn open(args: &OpenArgs, field: &Field) -> Result<MatterDrafts, CommandError> {
    let feature = feature_named(&args.feature)?;
    let about = args.about.as_deref().map(|text| document_named(field, text)).transpose()?;
    let draft = field.draft_matter(feature.name)?;
    let header = [
        ("@home", args.home.clone().map(Value::Unit)),
        ("@day", args.day.map(Value::Day)),
        ("@point", args.point.clone().map(Value::Point)),
        ("@person", args.person.clone().map(Value::Person)),
        ("@about", about.map(Value::Document)),
    ];
    for (part, value) in header.iter().filter(|(_, value)| value.is_some()) {
        field.matter_draft_set(draft, part, value.as_ref())?;
    }
    fill(field, draft, &args.fields)?;
    list(field)
}

/// Begins the form of an act.
///
/// # Errors
/// As [`Field::draft_act`]; a field that cannot be read.
pub(crate) fn act(args: &MatterActArgs, field: &Field) -> Result<MatterDrafts, CommandError> {
    let matter = matter_named(field, &args.matter)?;
    let feature = feature_named(&field.matter(matter)?.record.feature)?;
    let called = |form: &&matter::ActForm| {
        let known = both(|tongue| matter::act_name(tongue, feature, form.name));
        form.name == args.act || known.iter().any(|name| name.eq_ignore_ascii_case(&args.act))
    };
    let act = feature.later().find(called).map_or(args.act.as_str(), |form| form.name);
    let draft = field.draft_act(matter, act)?;
    fill(field, draft, &args.fields)?;
    list(field)
}

/// Fills in more of one.
///
/// # Errors
/// As [`Field::matter_draft_set`]; a field that cannot be read.
pub(crate) fn set(args: &SetArgs, field: &Field) -> Result<MatterDrafts, CommandError> {
    fill(field, draft_named(field, &args.draft)?, &args.fields)?;
    list(field)
}

/// Submits one.
///
/// # Errors
/// As [`Field::submit_matter_draft`].
pub(crate) fn submit(args: &DraftArgs, field: &Field) -> Result<MatterShown, CommandError> {
    let matter = field.submit_matter_draft(draft_named(field, &args.draft)?)?;
    MatterShown::of(field, matter, &Names::of(field)?)
}

/// Throws one away.
///
/// # Errors
/// As [`Field::matter_draft_discard`].
pub(crate) fn discard(args: &DraftArgs, field: &Field) -> Result<MatterDrafts, CommandError> {
    field.matter_draft_discard(draft_named(field, &args.draft)?)?;
    list(field)
}

/// Lists them.
///
/// # Errors
/// A store error.
pub(crate) fn list(field: &Field) -> Result<MatterDrafts, CommandError> {
    let names = Names::of(field)?;
    let drafts = field.matter_drafts()?.into_iter().map(|draft| Line {
        id: draft.id,
        at: names.moment(draft.at),
        filled: draft.fields.keys().cloned().collect(),
        feature: draft.feature,
        act: draft.act,
        matter: draft.matter,
    });
    Ok(MatterDrafts { drafts: drafts.collect() })
}

/// Each field by itself: what can be read is kept, whatever comes after it.
fn fill(field: &Field, id: DraftId, typed: &[String]) -> Result<(), CommandError> {
    let names = Names::of(field)?;
    let MatterDraft { feature, act, matter, .. } = field.matter_draft(id)?;
    let feature = feature_named(&feature)?;
    let unknown = || FieldError::NotFound { what: "act", id: act.clone() };
    let form = feature.act(&act).ok_or_else(unknown)?;
    let record = matter.map(|matter| field.matter(matter)).transpose()?.map(|view| view.record);
    let reader = Reader { field, names: &names, feature, form, record: record.as_ref() };
    for pair in typed {
        if let Some(name) = pair.trim_end().strip_suffix(['=', '＝']) {
            field.matter_draft_set(id, reader.form_of(name.trim())?.name, None)?;
            continue;
        }
        let (fields, files): (Fields, Files) = reader.read(std::slice::from_ref(pair))?;
        for (name, value) in &fields {
            field.matter_draft_set(id, name, Some(value))?;
        }
        for (name, file) in files.iter().flat_map(|(name, files)| files.iter().map(move |file| (name, file)))
        {
            field.matter_draft_photo(id, name, file)?;
        }
    }
    Ok(())
}

fn draft_named(field: &Field, text: &str) -> Result<DraftId, CommandError> {
    let prefix = reading::id_prefix(text).ok_or_else(|| CommandError::Prefix(text.to_owned()))?;
    let drafts = field.matter_drafts()?;
    let found = drafts.iter().map(|draft| draft.id).filter(|id| reading::begins_with(id, &prefix));
    one_of(found.collect(), "draft", text)
}

/// A draft.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Line {
    id: DraftId,
    at: Moment,
    feature: String,
    act: String,
    matter: Option<MatterId>,
    filled: Vec<String>,
}

/// The drafts.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct MatterDrafts {
    drafts: Vec<Line>,
}

impl Outcome for MatterDrafts {
    fn show(&self, language: Language) -> String {
        if self.drafts.is_empty() {
            return say!(language, "drafts-none") + "\n";
        }
        let mut table = Table::new([
            say!(language, "label-draft"),
            say!(language, "label-begun"),
            say!(language, "label-what"),
            say!(language, "label-matter"),
            say!(language, "label-filled"),
        ]);
        let tongue = language.tongue();
        for line in &self.drafts {
            let feature = matter::feature::named(&line.feature);
            let what = feature.map_or_else(
                || format!("{} {}", line.feature, line.act),
                |it| {
                    format!(
                        "{} {}",
                        matter::feature_name(tongue, it),
                        matter::act_name(tongue, it, &line.act)
                    )
                },
            );
            let filled = line.filled.iter().map(|field| {
                let field = field.trim_start_matches('@');
                feature
                    .map_or_else(|| field.to_owned(), |it| matter::field_name(tongue, it, &line.act, field))
            });
            table.row([
                short(line.id),
                line.at.to_string(),
                what,
                line.matter.map(short).unwrap_or_default(),
                filled.collect::<Vec<_>>().join(", "),
            ]);
        }
        table.lines()
    }
}
