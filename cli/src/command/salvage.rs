//! `field salvage`: takes what was recorded and is not delivered out of a damaged store, which stays as it is,
//! into a list that anybody can read; and with `--into` into a fresh store, from where it is delivered.

use crate::deed::Deed;
use crate::error::CommandError;
use crate::language::{Language, say};
use crate::outcome::Outcome;
use crate::table::Table;
use crate::view::{Moment, Names, short};
use crate::words;
use sanben_document::IntentBody;
use sanben_domain::id::DocumentId;
use sanben_domain::place::Fix;
use sanben_domain::reference::Reference;
use sanben_domain::time::Zone;
use sanben_field::{BroughtIn, FieldError, Platform, Salvaged, salvage, salvaged_photo};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// In the store's folder, unless another place is named.
const LIST: &str = "salvaged.json";

/// Where to.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct SalvageArgs {
    /// A fresh store of the same person, enrolled and synced.
    #[arg(long, value_name = "STORE")]
    pub(crate) into: Option<PathBuf>,
    /// The file for the list.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// Reads what can be read, writes the list, and brings the work into the fresh store.
///
/// # Errors
/// [`CommandError::NoFolder`], [`CommandError::Write`]; as [`sanben_field::Field::bring_in`].
pub(crate) fn run(args: &SalvageArgs, store: &Path, platform: &Platform) -> Result<Rescue, CommandError> {
    if !store.is_dir() {
        return Err(CommandError::NoFolder(store.to_owned()));
    }
    let found = salvage(store).map_err(FieldError::from)?;
    let (became, names) = match &args.into {
        Some(into) if !into.is_dir() => return Err(CommandError::NoFolder(into.clone())),
        Some(into) => {
            let field = super::dispatch::open_store(into, platform)?;
            let became = field.bring_in(&found, store, None)?;
            (became.into_iter().map(Some).collect(), Names::of(&field)?)
        }
        None => (
            vec![None; found.len()],
            Names { reference: Reference::default().into(), zone: Zone::CHINA, me: None },
        ),
    };
    let settled = |work: &Salvaged| work.accepted == Some(true) || work.discarded;
    let delivered = found.iter().filter(|work| settled(work)).count();
    // A photo may be left behind by work that was delivered.
    let left = |work: &Salvaged| {
        !work.discarded && work.photos.iter().any(|hash| salvaged_photo(store, *hash).is_file())
    };
    let open = found.iter().zip(became).filter(|(work, _)| !settled(work) || left(work));
    let work: Vec<_> = open.map(|(work, became)| Item::of(work, became, store, &names)).collect();
    let file = args.out.clone().unwrap_or_else(|| store.join(LIST));
    // A damaged outbox has rows, or their changes, that cannot be read any more.
    let sound = !found.is_empty()
        && found.iter().all(|work| work.accepted.is_some() && (settled(work) || work.change.is_some()));
    let mut rescue =
        Rescue { sound, store: store.to_owned(), into: args.into.clone(), delivered, list: None, work };
    if !rescue.work.is_empty() {
        rescue.list = Some(file.clone());
        let text = serde_json::to_string_pretty(&rescue).map_err(std::io::Error::from)?;
        std::fs::write(&file, text).map_err(|error| CommandError::Write { file, error })?;
    }
    Ok(rescue)
}

/// What was saved.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Rescue {
    /// The damaged store; unchanged.
    pub(crate) store: PathBuf,
    /// The fresh one.
    pub(crate) into: Option<PathBuf>,
    /// The outbox shows no damage: perhaps the store can be opened as ever.
    pub(crate) sound: bool,
    /// How much the damaged store says was delivered or given up: it is not listed.
    pub(crate) delivered: usize,
    /// The file with this list; none when there is nothing to list.
    pub(crate) list: Option<PathBuf>,
    /// What was recorded and, as far as the damaged store knows, not delivered; in order.
    pub(crate) work: Vec<Item>,
}

/// A piece of work.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Item {
    /// The case or patrol.
    pub(crate) document: DocumentId,
    /// When it was recorded, by the device's clock.
    pub(crate) at: Moment,
    /// Who did it.
    pub(crate) person: String,
    /// What was done, as documents name it.
    pub(crate) kind: String,
    /// The words, as written.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) words: String,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) point: Option<String>,
    /// The standard.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) standard: Option<String>,
    /// The fix at the tap.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) fix: Option<Fix>,
    /// The store knows it to be delivered, but not these photos.
    pub(crate) delivered: bool,
    /// The photos that it cites and that are not known to be delivered.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) photos: Vec<Photo>,
    /// What became of it in the fresh store.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) became: Option<Became>,
    /// What was meant.
    #[serde(skip)]
    meant: IntentBody,
}

/// A photo.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Photo {
    /// Its hash.
    pub(crate) hash: String,
    /// The original; none when it is gone.
    pub(crate) file: Option<PathBuf>,
}

/// What became of it in the fresh store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Became {
    /// It waits there for the next sync.
    Recorded,
    /// It was there already.
    Known,
    /// Its photos wait there for the next sync.
    Photos,
    /// It is another person's.
    OfAnother,
    /// The record it is about is not there.
    NoRecord,
}

impl Item {
    fn of(work: &Salvaged, became: Option<BroughtIn>, store: &Path, names: &Names) -> Self {
        let intent = &work.intent;
        let photo = |hash| {
            let file = salvaged_photo(store, hash);
            Photo { hash: hash.to_string(), file: file.is_file().then_some(file) }
        };
        let (kind, words, point, standard, fix) = match &intent.body {
            IntentBody::Report { description, point, standard, fix, .. } => {
                ("report", description.clone(), point.clone(), standard.clone(), *fix)
            }
            IntentBody::Amend { description, point, standard, fix, .. } => {
                ("amend", description.clone().unwrap_or_default(), point.clone(), standard.clone(), *fix)
            }
            IntentBody::Act { act, .. } => {
                let deed = Deed::of(act, names);
                (deed.kind, deed.words, None, None, None)
            }
            IntentBody::StartPatrol { .. } => ("start-patrol", String::new(), None, None, None),
            IntentBody::Patrol { .. } => ("patrol", String::new(), None, None, None),
            IntentBody::OpenMatter { act, .. } => ("open-matter", spoken(act), None, None, None),
            IntentBody::Matter { act, .. } => ("matter", spoken(act), None, None, None),
            IntentBody::AddContact { .. } => ("add-contact", String::new(), None, None, None),
        };
        Self {
            document: intent.document,
            at: names.moment(work.recorded),
            person: intent.by.to_string(),
            kind: kind.to_owned(),
            words,
            point: point.map(|id| id.to_string()),
            standard: standard.map(|id| id.to_string()),
            fix,
            delivered: work.accepted == Some(true),
            photos: work.photos.iter().copied().map(photo).collect(),
            became: became.and_then(|became| match became {
                BroughtIn::Recorded => Some(Became::Recorded),
                BroughtIn::Known => Some(Became::Known),
                BroughtIn::Photos => Some(Became::Photos),
                BroughtIn::OfAnother => Some(Became::OfAnother),
                BroughtIn::NoRecord => Some(Became::NoRecord),
                BroughtIn::GivenUp => None,
            }),
            meant: intent.body.clone(),
        }
    }

    fn state(&self, language: Language) -> String {
        match self.became {
            None if self.delivered => say!(language, "salvage-photos-left"),
            None => say!(language, "salvage-saved"),
            Some(Became::Photos) => say!(language, "salvage-photos"),
            Some(Became::Recorded) => say!(language, "salvage-recorded"),
            Some(Became::Known) => say!(language, "salvage-known"),
            Some(Became::OfAnother) => say!(language, "salvage-of-another", person = self.person.as_str()),
            Some(Became::NoRecord) => say!(language, "salvage-no-record"),
        }
    }
}

impl Outcome for Rescue {
    fn show(&self, language: Language) -> String {
        let shown = |path: &Path| path.display().to_string();
        let mut text =
            say!(language, "salvage-found", n = self.work.len(), delivered = self.delivered) + "\n";
        if self.sound {
            text.push_str(&say!(language, "salvage-sound"));
            text.push('\n');
        }
        let Some(list) = &self.list else { return text };
        let mut table = Table::new([
            say!(language, "label-time"),
            say!(language, "label-done"),
            say!(language, "label-document"),
            say!(language, "label-words"),
            say!(language, "label-photos"),
            say!(language, "label-state"),
        ]);
        for item in &self.work {
            let here = item.photos.iter().filter(|photo| photo.file.is_some()).count();
            table.row([
                item.at.to_string(),
                words::intent(language, &item.meant),
                short(item.document),
                item.words.clone(),
                format!("{here}/{}", item.photos.len()),
                item.state(language),
            ]);
        }
        text.push_str(&table.lines());
        text.push_str(&say!(language, "salvage-list", file = shown(list)));
        text.push('\n');
        let store = shown(&self.store);
        text.push_str(&match &self.into {
            None => say!(language, "salvage-next", store = store),
            Some(into) => say!(language, "salvage-next-sync", into = shown(into), store = store),
        });
        text.push('\n');
        text
    }
}

/// What somebody wrote in an act on a matter.
fn spoken(act: &sanben_domain::matter::MatterAct) -> String {
    act.words().collect::<Vec<_>>().join(" ")
}
