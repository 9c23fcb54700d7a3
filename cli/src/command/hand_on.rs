//! `field hand-on N FILE`, `field take-over FILE` and `field export-refused N FOLDER`: refused work leaves in a file,
//! and somebody who may do it takes it over under their own name.

use super::resend::refused;
use crate::error::CommandError;
use crate::language::{Language, say};
use crate::outcome::Outcome;
use crate::table::Table;
use crate::view::{Moment, Named, Names, short};
use crate::words;
use sanben_document::IntentBody;
use sanben_domain::id::{DocumentId, PersonId};
use sanben_field::{ExportedWork, Field, FieldError, TakenOver};
use sanben_sync::wire::Rejection;
use serde::Serialize;
use std::path::PathBuf;

/// Which, to whom, and where to.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct HandOnArgs {
    /// Its number in `outbox`.
    pub(crate) number: i64,
    /// The new file.
    pub(crate) file: PathBuf,
    /// For whom.
    #[arg(long, value_name = "PERSON")]
    pub(crate) to: Option<PersonId>,
}

/// Which file.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct TakeOverArgs {
    /// What `hand-on` or `export-refused` wrote.
    pub(crate) file: PathBuf,
    /// Only shows it.
    #[arg(long)]
    pub(crate) look: bool,
}

/// Which, and where to.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct ExportRefusedArgs {
    /// Its number in `outbox`.
    pub(crate) number: i64,
    /// The new folder.
    pub(crate) folder: PathBuf,
}

/// Writes the file for somebody else.
///
/// # Errors
/// [`CommandError::NoAttention`], [`FieldError::NotFound`] for an unknown person; as [`Field::hand_on`].
pub(crate) fn hand_on(args: &HandOnArgs, field: &Field) -> Result<Given, CommandError> {
    let id = refused(field, args.number)?;
    let names = Names::of(field)?;
    if let Some(to) = &args.to {
        // Who does not receive the staff list cannot be told more.
        let people = &names.reference.people;
        if !people.is_empty() && !people.contains_key(to) {
            return Err(FieldError::NotFound { what: "person", id: to.to_string() }.into());
        }
    }
    field.hand_on(id, args.to.as_ref(), &args.file)?;
    Ok(Given { file: args.file.clone(), to: args.to.as_ref().map(|to| names.person(to)) })
}

/// Takes it over, or only looks.
///
/// # Errors
/// As [`Field::take_over`].
pub(crate) fn take_over(args: &TakeOverArgs, field: &Field) -> Result<Taken, CommandError> {
    let names = Names::of(field)?;
    let work = field.look_at_handed_on(&args.file)?;
    let with = field.fell_with_handed_on(&args.file)?;
    let became = if args.look { None } else { Some(field.take_over(&args.file)?) };
    let words = match &work.intent.body {
        IntentBody::Report { description, .. } => Some(description.clone()),
        IntentBody::Amend { description, .. } => description.clone(),
        _ => None,
    };
    Ok(Taken {
        became,
        document: work.intent.document,
        from: names.person(&work.intent.by),
        recorded: names.moment(work.intent.at.at()),
        words,
        reason: work.rejection,
        photos: work.photos.len(),
        with,
        meant: work.intent.body,
    })
}

/// Writes the folder.
///
/// # Errors
/// [`CommandError::NoAttention`]; as [`Field::export_refused`].
pub(crate) fn export(args: &ExportRefusedArgs, field: &Field) -> Result<Exported, CommandError> {
    let written = field.export_refused(refused(field, args.number)?, &args.folder)?;
    Ok(Exported { folder: args.folder.clone(), written })
}

/// A file for somebody else.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Given {
    /// Where it is.
    file: PathBuf,
    /// For whom.
    to: Option<Named>,
}

impl Outcome for Given {
    fn show(&self, language: Language) -> String {
        let mut table = Table::of_pairs();
        table.pair(say!(language, "label-file"), self.file.display().to_string());
        table.pair(say!(language, "label-handed-on"), self.to.as_ref().map(Named::with_code));
        table.lines() + &say!(language, "hand-on-done") + "\n"
    }
}

/// Work of somebody else.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Taken {
    /// What became of it here; nothing when it was only looked at.
    became: Option<TakenOver>,
    /// The case.
    document: DocumentId,
    /// Who recorded it.
    from: Named,
    /// When.
    recorded: Moment,
    /// The words of a report or a completion.
    words: Option<String>,
    /// Why it was refused.
    reason: Rejection,
    /// Photos that came with it.
    photos: usize,
    /// How much comes along that fell with it.
    with: usize,
    /// What was meant.
    #[serde(skip)]
    meant: IntentBody,
}

impl Outcome for Taken {
    fn show(&self, language: Language) -> String {
        let mut table = Table::of_pairs();
        table.pair(say!(language, "label-done"), words::intent(language, &self.meant));
        table.pair(say!(language, "label-document"), short(self.document));
        table.pair(say!(language, "label-words"), self.words.clone());
        table.pair(say!(language, "label-recorded-by"), self.from.with_code());
        table.pair(say!(language, "label-recorded"), self.recorded.to_string());
        table.pair(say!(language, "label-reason"), words::rejection(language, &self.reason));
        table.pair(say!(language, "label-photos"), self.photos.to_string());
        let with = (self.with > 0).then(|| say!(language, "take-over-with", n = self.with));
        table.pair(say!(language, "label-with"), with);
        let said = match self.became {
            Some(TakenOver::Recorded(_)) => say!(language, "take-over-recorded"),
            Some(TakenOver::Known(_)) => say!(language, "take-over-known"),
            None => say!(language, "take-over-look"),
        };
        table.lines() + &said + "\n"
    }
}

/// A folder.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Exported {
    /// Where it is.
    folder: PathBuf,
    /// What is in it.
    #[serde(flatten)]
    written: ExportedWork,
}

impl Outcome for Exported {
    fn show(&self, language: Language) -> String {
        let mut table = Table::of_pairs();
        table.pair(say!(language, "label-file"), self.folder.display().to_string());
        table.pair(say!(language, "label-photos"), self.written.photos.to_string());
        let mut text = table.lines() + &say!(language, "export-refused-done") + "\n";
        if self.written.photos_missing > 0 {
            text += &say!(language, "export-refused-missing", n = self.written.photos_missing);
            text.push('\n');
        }
        text
    }
}
