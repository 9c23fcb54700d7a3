//! From what was typed to the command's function, and what it brings back, as data and in words.

use super::{
    acknowledge, act, audit, backup, blind_spots, brief, carry, cases, complete, contact, coverage, decide,
    departments, devices, discard, drafts, draw, enroll, erase, export_log, follow, hand_on, handover,
    import, invite, ledgers, look_back, matter, merge, outbox, photo, points, ranking, record, recovery,
    rectify, remind, reminders, report, resend, restore, review, salvage, score, sheets, show, spot_check,
    standards, sync, teams, template, tidy, today, trail, unmerge, verify_log, visit, whereabouts,
};
use crate::args::{Command, CommandLine, FieldArgs, FieldCommand};
use crate::error::CommandError;
use crate::language::Language;
use crate::outcome::Outcome;
use crate::{close, help, usage};
use clap::FromArgMatches;
use sanben_field::{Field, FieldError, Http, Platform, Random, SystemRandom};
use serde_json::Value;
use std::path::Path;
use std::sync::Arc;

/// The world around a command. The demo brings a clock of its own.
#[derive(Clone)]
pub(crate) struct World {
    /// The language of help, output and errors.
    pub(crate) language: Language,
    /// Clock and randomness.
    pub(crate) platform: Platform,
}

/// What a command brought back.
#[derive(Debug, Clone)]
pub(crate) struct Done {
    /// For programs; field names are stable.
    pub(crate) json: Value,
    /// For a person; every line ends with a line feed.
    pub(crate) text: String,
}

/// The randomness of the system, in the form in which a server takes it.
#[must_use]
pub(crate) fn system_random() -> sanben_server::Random {
    Arc::new(|bytes: &mut [u8]| SystemRandom.fill(bytes))
}

/// Runs a command as if these words had been typed after the program's name.
///
/// # Errors
/// [`CommandError::Usage`] for words that make no command; whatever the command meets.
pub(crate) fn run_words(words: &[&str], world: &World) -> Result<Done, CommandError> {
    let typed = std::iter::once("sanben").chain(words.iter().copied());
    let line = help::command(world.language)
        .try_get_matches_from(typed)
        .and_then(|matches| CommandLine::from_arg_matches(&matches))
        .map_err(|error| CommandError::Usage(usage::explain(world.language, &error)))?;
    run(&line.command, world)
}

/// Runs a command that comes to an end by itself.
///
/// # Errors
/// [`CommandError::Endless`] for one that does not; whatever the command meets.
pub(crate) fn run(command: &Command, world: &World) -> Result<Done, CommandError> {
    let language = world.language;
    match command {
        Command::Import(args) => done(&import::run(args, &world.platform)?, language),
        Command::Invite(args) => done(&invite::run(args, &world.platform)?, language),
        Command::Devices(args) => done(&devices::run(args, &world.platform)?, language),
        Command::Revoke(args) => done(&devices::revoke(args, &world.platform)?, language),
        Command::RecoveryCode(args) => done(&recovery::run(args, &world.platform)?, language),
        Command::Review(args) => done(&review::run(args, &world.platform)?, language),
        Command::Carry(args) => done(&carry::hand_in(args, &world.platform)?, language),
        Command::Erase(args) => done(&erase::erase(args, &world.platform)?, language),
        Command::TakeBack(args) => done(&erase::take_back(args, &world.platform)?, language),
        Command::Score(args) => done(&sheets::run(args, &world.platform)?, language),
        Command::PublishScores(args) => done(&sheets::publish(args, &world.platform)?, language),
        Command::Template(args) => done(&template::run(args, language)?, language),
        Command::Report(args) => done(&report::run(args, &world.platform, language)?, language),
        Command::Draw(step) => done(&draw::run(step, &world.platform)?, language),
        Command::VerifyDraw(args) => done(&draw::verify(args)?, language),
        Command::Trail(args) => done(&trail::run(args, &world.platform)?, language),
        Command::Audit(args) => done(&audit::run(args, &world.platform)?, language),
        Command::Backup(args) => done(&backup::run(args, &world.platform)?, language),
        Command::Restore(args) => done(&restore::run(args, &world.platform)?, language),
        Command::ExportLog(args) => done(&export_log::run(args, &world.platform)?, language),
        Command::VerifyLog(args) => done(&verify_log::run(args)?, language),
        Command::Field(args) => run_on_device(args, world),
        Command::Serve(_) | Command::Demo(_) => Err(CommandError::Endless),
    }
}

/// What a command brought back, from its outcome.
pub(super) fn done(outcome: &impl Outcome, language: Language) -> Result<Done, CommandError> {
    let json = serde_json::to_value(outcome).map_err(std::io::Error::from)?;
    Ok(Done { json, text: outcome.show(language) })
}

fn run_on_device(args: &FieldArgs, world: &World) -> Result<Done, CommandError> {
    on_device(args, world).map_err(|error| with_close_codes(error, &args.store, &world.platform))
}

/// Whoever mistypes a code is told which ones are close to it.
fn with_close_codes(error: CommandError, store: &Path, platform: &Platform) -> CommandError {
    let CommandError::Field(FieldError::NotFound { what, id }) = error else { return error };
    let reference = open_store(store, platform).ok().and_then(|field| field.reference().ok());
    let close = reference.map(|held| close::close(&held, what, &id)).unwrap_or_default();
    if close.is_empty() {
        return FieldError::NotFound { what, id }.into();
    }
    CommandError::Unknown { what, id, close }
}

fn on_device(args: &FieldArgs, world: &World) -> Result<Done, CommandError> {
    let language = world.language;
    let (store, platform) = (&args.store, &world.platform);
    let field = || open_store(store, platform);
    match &args.command {
        FieldCommand::Enroll(args) => {
            done(&enroll::run(args, &new_store(store, platform)?, &Http::new(&args.url))?, language)
        }
        FieldCommand::Sync(args) if args.watch => Err(CommandError::Endless),
        FieldCommand::Sync(args) => done(&sync::run(args, &field()?)?, language),
        FieldCommand::Tidy => done(&tidy::run(&field()?)?, language),
        FieldCommand::Points(args) => done(&points::run(args, &field()?)?, language),
        FieldCommand::Teams => done(&teams::run(&field()?)?, language),
        FieldCommand::Standards(args) => done(&standards::run(args, &field()?)?, language),
        FieldCommand::Where(args) => done(&whereabouts::run(args, &field()?)?, language),
        FieldCommand::Ledgers(args) => done(&ledgers::run(args, &field()?)?, language),
        FieldCommand::BlindSpots => done(&blind_spots::run(&field()?)?, language),
        FieldCommand::Departments(args) => done(&departments::run(args, &field()?)?, language),
        FieldCommand::Coverage(args) => done(&coverage::run(args, &field()?)?, language),
        FieldCommand::Today(args) => done(&today::run(args, &field()?)?, language),
        FieldCommand::Reminders(args) => done(&reminders::run(args, &field()?)?, language),
        FieldCommand::Remind(args) => done(&remind::run(args, &field()?)?, language),
        FieldCommand::Visit(args) => done(&visit::run(args, &field()?)?, language),
        FieldCommand::Record(args) => done(&record::run(args, &field()?)?, language),
        FieldCommand::Drafts => done(&drafts::run(&field()?)?, language),
        FieldCommand::Draft { act: drafts::DraftAct::Discard(args) } => {
            done(&drafts::discard(args, &field()?)?, language)
        }
        FieldCommand::Complete(args) => done(&complete::run(args, &field()?)?, language),
        FieldCommand::Contact(args) => done(&contact::run(args, &field()?)?, language),
        FieldCommand::Cases(args) => done(&cases::run(args, &field()?)?, language),
        FieldCommand::Show(args) => done(&show::run(args, &field()?)?, language),
        FieldCommand::Acknowledge(args) => done(&acknowledge::run(args, &field()?)?, language),
        FieldCommand::Rectify(args) => done(&rectify::run(args, &field()?)?, language),
        FieldCommand::LookBack(args) => done(&look_back::run(args, &field()?)?, language),
        FieldCommand::Decide(args) => done(&decide::run(args, &field()?)?, language),
        FieldCommand::Matter { ask } => on_matters(ask, &field()?, language),
        FieldCommand::SpotCheck(args) => done(&spot_check::run(args, &field()?)?, language),
        FieldCommand::Merge(args) => done(&merge::run(args, &field()?)?, language),
        FieldCommand::Unmerge(args) => done(&unmerge::run(args, &field()?)?, language),
        FieldCommand::Act(args) => done(&act::run(args, &field()?)?, language),
        FieldCommand::Brief(args) => done(&brief::run(args, &field()?)?, language),
        FieldCommand::Score(args) => done(&score::run(args, &field()?)?, language),
        FieldCommand::Ranking(args) => done(&ranking::run(args, &field()?)?, language),
        FieldCommand::Outbox(args) => done(&outbox::run(args, &field()?)?, language),
        FieldCommand::Export(args) => done(&carry::export(args, &field()?)?, language),
        FieldCommand::Mailbag(_) => Err(CommandError::Endless),
        FieldCommand::HandIn(args) => done(&handover::give(args, &field()?)?, language),
        FieldCommand::Carry(args) => done(&carry::carry(args, &field()?)?, language),
        FieldCommand::Resend(args) => done(&resend::run(args, &field()?)?, language),
        FieldCommand::HandOn(args) => done(&hand_on::hand_on(args, &field()?)?, language),
        FieldCommand::TakeOver(args) => done(&hand_on::take_over(args, &field()?)?, language),
        FieldCommand::ExportRefused(args) => done(&hand_on::export(args, &field()?)?, language),
        FieldCommand::Discard(args) => done(&discard::run(args, &field()?)?, language),
        FieldCommand::Photo(args) => done(&photo::run(args, &field()?)?, language),
        FieldCommand::Salvage(args) => done(&salvage::run(args, store, platform)?, language),
    }
}

fn on_matter_drafts(
    ask: &matter::draft::DraftAsk,
    field: &Field,
    language: Language,
) -> Result<Done, CommandError> {
    use matter::draft::{self, DraftAsk};
    match ask {
        DraftAsk::Open(args) => done(&draft::open(args, field)?, language),
        DraftAsk::Act(args) => done(&draft::act(args, field)?, language),
        DraftAsk::Set(args) => done(&draft::set(args, field)?, language),
        DraftAsk::List => done(&draft::list(field)?, language),
        DraftAsk::Submit(args) => done(&draft::submit(args, field)?, language),
        DraftAsk::Discard(args) => done(&draft::discard(args, field)?, language),
    }
}

fn on_matters(ask: &matter::MatterAsk, field: &Field, language: Language) -> Result<Done, CommandError> {
    use matter::MatterAsk;
    match ask {
        MatterAsk::Forms(args) => done(&matter::forms(args, field)?, language),
        MatterAsk::Open(args) => done(&matter::open(args, field)?, language),
        MatterAsk::Act(args) => done(&matter::act(args, field)?, language),
        MatterAsk::List(args) => done(&matter::list(args, field)?, language),
        MatterAsk::Show(args) => done(&matter::show(args, field)?, language),
        MatterAsk::Figures(args) => done(&matter::figures(args, field)?, language),
        MatterAsk::Missing(args) => done(&matter::missing(args, field)?, language),
        MatterAsk::Draft { ask } => on_matter_drafts(ask, field, language),
    }
}

/// Runs a command of a device that does not come to an end by itself; `None` for one that does.
///
/// # Errors
/// Whatever the command meets.
pub(crate) fn stay(args: &FieldArgs, json: bool, world: &World) -> Option<Result<(), CommandError>> {
    let field = || open_store(&args.store, &world.platform);
    match &args.command {
        FieldCommand::Sync(args) if args.watch => {
            Some(field().and_then(|field| follow::run(args, field, json, world)))
        }
        FieldCommand::Mailbag(args) => {
            Some(field().and_then(|field| handover::collect(args, &field, json, world)))
        }
        _ => None,
    }
}

/// Opens the store of a folder. A mistyped folder must not become an empty store.
///
/// # Errors
/// [`FieldError::NotEnrolled`] where there is none, [`CommandError::Store`], as [`Field::open`].
pub(super) fn open_store(dir: &Path, platform: &Platform) -> Result<Field, CommandError> {
    let holds = |name| dir.join(name).exists();
    if !dir.exists() || (dir.is_dir() && !holds("sanben.db") && !holds("installation")) {
        return Err(FieldError::NotEnrolled.into());
    }
    new_store(dir, platform)
}

/// The same, making it when it is missing: for an enrolment.
fn new_store(dir: &Path, platform: &Platform) -> Result<Field, CommandError> {
    Field::open(dir, platform.clone()).map_err(|error| match error {
        // Whatever else fails before anything was asked of the store is the folder's fault.
        FieldError::Other(why) => CommandError::Store { dir: dir.to_owned(), why },
        FieldError::Corrupt(why) if why.contains("not a store of this program") => {
            CommandError::Store { dir: dir.to_owned(), why }
        }
        error => error.into(),
    })
}
