//! `field drafts` and `field draft discard ID`: what was begun and is not recorded yet.

use super::record::draft_named;
use crate::error::CommandError;
use crate::language::{Language, say};
use crate::outcome::Outcome;
use crate::table::Table;
use crate::view::{Moment, Named, Names, name_of, short};
use sanben_domain::id::DraftId;
use sanben_field::{Draft, Field};
use serde::Serialize;

/// What to do with a draft; `record --draft` goes on with it.
#[derive(Debug, Clone, clap::Subcommand)]
pub(crate) enum DraftAct {
    /// Throws it away.
    Discard(DiscardDraftArgs),
}

/// Which draft.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct DiscardDraftArgs {
    /// The draft, by id or prefix.
    pub(crate) id: String,
}

/// Lists the drafts.
///
/// # Errors
/// A store error.
pub(crate) fn run(field: &Field) -> Result<Drafts, CommandError> {
    let names = Names::of(field)?;
    let drafts = field.drafts()?.iter().map(|draft| DraftView::of(draft, &names)).collect();
    Ok(Drafts { drafts })
}

/// Throws one away, and lists those that are left.
///
/// # Errors
/// As [`Field::draft_discard`].
pub(crate) fn discard(args: &DiscardDraftArgs, field: &Field) -> Result<Drafts, CommandError> {
    field.draft_discard(draft_named(field, &args.id)?)?;
    run(field)
}

/// The drafts.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Drafts {
    /// Latest first.
    pub(crate) drafts: Vec<DraftView>,
}

/// A draft.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct DraftView {
    /// The draft.
    pub(crate) id: DraftId,
    /// When it was begun.
    pub(crate) at: Moment,
    /// Where.
    pub(crate) point: Option<Named>,
    /// The standard it breaks.
    pub(crate) standard: Option<Named>,
    /// The words.
    pub(crate) description: String,
    /// How many photos it has.
    pub(crate) photos: usize,
}

impl DraftView {
    fn of(draft: &Draft, names: &Names) -> Self {
        Self {
            id: draft.id,
            at: names.moment(draft.at),
            point: draft.point.as_ref().map(|id| names.point(id)),
            standard: draft.standard.as_ref().map(|id| names.standard(id)),
            description: draft.description.clone(),
            photos: draft.photos.len(),
        }
    }
}

impl Outcome for Drafts {
    fn show(&self, language: Language) -> String {
        if self.drafts.is_empty() {
            return say!(language, "drafts-none") + "\n";
        }
        let mut table = Table::new([
            say!(language, "label-draft"),
            say!(language, "label-time"),
            say!(language, "label-point"),
            say!(language, "label-standard"),
            say!(language, "label-photos"),
            say!(language, "label-words"),
        ]);
        for draft in &self.drafts {
            table.row([
                short(draft.id),
                draft.at.to_string(),
                name_of(draft.point.as_ref()),
                name_of(draft.standard.as_ref()),
                draft.photos.to_string(),
                draft.description.clone(),
            ]);
        }
        table.lines()
    }
}
