//! `field record`: a problem, in seconds and without a network. Every part may be missing.

use crate::error::CommandError;
use crate::language::{Language, say};
use crate::outcome::Outcome;
use crate::reading;
use crate::table::Table;
use crate::view::{CaseLine, Moment, Named, Names, name_of, one_of, short};
use sanben_domain::case::Source;
use sanben_domain::id::{CaseId, DraftId, PointId, StandardId};
use sanben_domain::place::Fix;
use sanben_field::{Draft, DraftField, Field, NewCase, Reported};
use serde::Serialize;
use std::path::PathBuf;

/// The problem.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct RecordArgs {
    /// The words.
    #[arg(default_value = "")]
    pub(crate) words: String,
    /// Where.
    #[arg(long)]
    pub(crate) point: Option<PointId>,
    /// Which standard it breaks.
    #[arg(long)]
    pub(crate) standard: Option<StandardId>,
    /// Photos of it.
    #[arg(long = "photo", value_name = "FILE")]
    pub(crate) photos: Vec<PathBuf>,
    /// The fix at the tap.
    #[arg(long, value_name = "LAT,LON[,ACCURACY]", value_parser = reading::fix, allow_hyphen_values = true)]
    pub(crate) at: Option<Fix>,
    /// Who found it; the usual source of the person's role when it is not said.
    #[arg(long, value_parser = reading::source)]
    pub(crate) source: Option<Source>,
    /// A kept draft to go on with, by id or prefix; what is said here replaces what it holds.
    #[arg(long, value_name = "ID")]
    pub(crate) draft: Option<String>,
}

impl RecordArgs {
    /// Whether a draft holds all that was typed; photos may be what it failed on.
    fn all_in(&self, draft: &Draft) -> bool {
        let place = draft.point == self.point && (self.at.is_none() || draft.fix == self.at);
        let all = place && draft.standard == self.standard && draft.description == self.words;
        // A draft of nothing but the photo that failed is nothing to go on with.
        let worth = !draft.photos.is_empty() || Self { photos: Vec::new(), ..self.clone() }.says_something();
        all && worth
    }

    fn says_something(&self) -> bool {
        let placed = self.point.is_some() || self.at.is_some();
        let said = self.standard.is_some() || !self.words.trim().is_empty();
        placed || said || !self.photos.is_empty()
    }
}

/// Records it.
///
/// # Errors
/// [`CommandError::NothingSaid`] when all of it is missing. As [`Field::record`]; then the draft with everything else is kept, and [`CommandError::Draft`] names it.
pub(crate) fn run(args: &RecordArgs, field: &Field) -> Result<Recorded, CommandError> {
    let reported = match &args.draft {
        Some(draft) => report(args, draft_named(field, draft)?, field),
        // Not even worth a draft.
        None if !args.says_something() => return Err(CommandError::NothingSaid),
        None => {
            let before: Vec<DraftId> = field.drafts()?.iter().map(|draft| draft.id).collect();
            let new = NewCase {
                point: args.point.clone(),
                standard: args.standard.clone(),
                description: args.words.clone(),
                fix: args.at,
                source: args.source,
                photos: args.photos.clone(),
            };
            field.record(new).map_err(|error| {
                let kept = field.drafts().unwrap_or_default();
                match kept.iter().find(|draft| !before.contains(&draft.id)) {
                    Some(draft) if args.all_in(draft) => CommandError::Draft { id: draft.id, error },
                    Some(draft) => {
                        // Rather none than one that lacks the words, because the disk was full half-way. Where
                        // it cannot be thrown away either, it stays among the drafts.
                        let _ = field.draft_discard(draft.id);
                        error.into()
                    }
                    None => error.into(),
                }
            })
        }
    }?;
    Recorded::of(field, reported)
}

fn report(args: &RecordArgs, id: DraftId, field: &Field) -> Result<Reported, CommandError> {
    let kept = |error| CommandError::Draft { id, error };
    let fields = [
        args.point.clone().map(|point| DraftField::Point(Some(point))),
        args.standard.clone().map(|standard| DraftField::Standard(Some(standard))),
        (!args.words.is_empty()).then(|| DraftField::Description(args.words.clone())),
        args.at.map(|fix| DraftField::Fix(Some(fix))),
        args.source.map(|source| DraftField::Source(Some(source))),
    ];
    for value in fields.into_iter().flatten() {
        field.draft_set(id, value).map_err(kept)?;
    }
    for file in &args.photos {
        field.draft_photo(id, file).map_err(kept)?;
    }
    field.report(id).map_err(kept)
}

/// The draft that an id or a prefix names.
///
/// # Errors
/// [`CommandError::Prefix`], [`CommandError::Ambiguous`], not found.
pub(crate) fn draft_named(field: &Field, text: &str) -> Result<DraftId, CommandError> {
    let prefix = reading::id_prefix(text).ok_or_else(|| CommandError::Prefix(text.to_owned()))?;
    let drafts = field.drafts()?;
    let found = drafts.iter().map(|draft| draft.id).filter(|id| reading::begins_with(id, &prefix));
    one_of(found.collect(), "draft", text)
}

/// A recorded problem.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Recorded {
    /// The case.
    pub(crate) case: CaseId,
    /// When it was recorded.
    pub(crate) at: Moment,
    /// Where.
    pub(crate) point: Option<Named>,
    /// The standard it breaks.
    pub(crate) standard: Option<Named>,
    /// Whether the standard holds for points of this kind; nothing where one of the two is missing.
    pub(crate) standard_applies: Option<bool>,
    /// The words.
    pub(crate) description: String,
    /// How many photos it has.
    pub(crate) photos: usize,
    /// Who answers for it; `None` where nobody does.
    pub(crate) answers: Option<Named>,
    /// By when it has to be put right.
    pub(crate) due: Option<Moment>,
    /// Records that may be the same problem.
    pub(crate) duplicates: Vec<CaseLine>,
}

impl Recorded {
    fn of(field: &Field, reported: Reported) -> Result<Self, CommandError> {
        let (row, names) = (field.case(reported.case)?, Names::of(field)?);
        let point = row.record.point.as_ref().and_then(|id| names.reference.points.get(id));
        let standard = row.record.standard.as_ref().and_then(|id| names.reference.standards.get(id));
        let standard_applies =
            point.zip(standard).map(|(point, standard)| standard.applies_to.covers(&point.kind));
        Ok(Self {
            standard_applies,
            case: reported.case,
            at: names.moment(row.state.reported.at.at()),
            point: row.record.point.as_ref().map(|id| names.point(id)),
            standard: row.record.standard.as_ref().map(|id| names.standard(id)),
            description: row.record.description.clone(),
            photos: row.record.photos.len(),
            answers: row.state.answered_then.as_ref().map(|id| names.person(id)),
            due: row.state.due.map(|due| names.moment(due.at)),
            duplicates: super::show::lines(field, &reported.duplicates, &names)?,
        })
    }
}

impl Outcome for Recorded {
    fn show(&self, language: Language) -> String {
        let mut table = Table::of_pairs();
        table.pair(say!(language, "label-recorded"), short(self.case));
        table.pair(say!(language, "label-point"), name_of(self.point.as_ref()));
        table.pair(say!(language, "label-standard"), name_of(self.standard.as_ref()));
        table.pair(say!(language, "label-words"), self.description.clone());
        table.pair(say!(language, "label-photos"), self.photos.to_string());
        table.pair(say!(language, "label-answers"), name_of(self.answers.as_ref()));
        table.pair(say!(language, "label-due"), self.due.map(|due| due.to_string()));
        let missing = [
            (self.point.is_none(), say!(language, "label-point")),
            (self.standard.is_none(), say!(language, "label-standard")),
            (self.photos == 0, say!(language, "label-photos")),
        ];
        let missing: Vec<String> = missing.into_iter().filter(|(is, _)| *is).map(|(_, what)| what).collect();
        let mut text = table.lines();
        if !missing.is_empty() {
            let what = missing.join(&say!(language, "between"));
            text.push_str(&say!(language, "record-missing", what = what, case = short(self.case)));
            text.push('\n');
        }
        if self.standard_applies == Some(false) {
            text.push_str(&say!(language, "record-standard-elsewhere", case = short(self.case)));
            text.push('\n');
        }
        if !self.duplicates.is_empty() {
            text.push_str(&say!(language, "duplicates-hint"));
            text.push('\n');
            text.push_str(&super::cases::table_of(&self.duplicates, language));
        }
        text
    }
}
