//! `draw freeze|commit|reveal|result` and `verify-draw FILE`: a spot check's draw in one file that travels
//! between the parties, and that anybody can check with this program or with SHA-256 alone.

use crate::error::CommandError;
use crate::language::{Language, say};
use crate::outcome::Outcome;
use chrono::NaiveDate;
use sanben_domain::draw::{Bytes32, Commitment, Draw, DrawError, Frame};
use sanben_domain::time::Zone;
use sanben_field::Platform;
use serde::Serialize;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

/// The steps of a draw.
#[derive(Debug, Clone, clap::Subcommand)]
pub(crate) enum DrawStep {
    /// The list, for good.
    Freeze(FreezeArgs),
    /// A party's commitment.
    Commit(PartyArgs),
    /// A party's nonce.
    Reveal(PartyArgs),
    /// What is drawn.
    Result(ResultArgs),
}

/// What is drawn from, and by whom.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct FreezeArgs {
    /// A text file, one item a line.
    pub(crate) list: PathBuf,
    /// What the draw is for.
    #[arg(long)]
    pub(crate) title: String,
    /// The day of the draw; today without it.
    #[arg(long, value_name = "DAY")]
    pub(crate) day: Option<NaiveDate>,
    /// Which draw of that day it is for this list.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) number: u32,
    /// How many are drawn.
    #[arg(long, value_name = "N")]
    pub(crate) draw: u32,
    /// Who takes part; two or more.
    #[arg(long = "party", value_name = "NAME", required = true)]
    pub(crate) parties: Vec<String>,
    /// The file of the draw, which is made.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: PathBuf,
}

/// One party's step.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct PartyArgs {
    /// The file of the draw.
    pub(crate) file: PathBuf,
    /// Who.
    pub(crate) party: String,
    /// The party's own file with its nonce: made by `commit`, read by `reveal`.
    #[arg(long, value_name = "FILE")]
    pub(crate) secret: PathBuf,
}

/// The last step.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct ResultArgs {
    /// The file of the draw.
    pub(crate) file: PathBuf,
}

/// What is checked.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct VerifyDrawArgs {
    /// The file of the draw.
    pub(crate) file: PathBuf,
    /// The hash as it was published when the list was frozen.
    #[arg(long, value_name = "HASH")]
    pub(crate) frozen: Option<Bytes32>,
    /// The hash as it was published when all had committed.
    #[arg(long, value_name = "HASH")]
    pub(crate) committed: Option<Bytes32>,
}

/// Takes a step.
///
/// # Errors
/// [`CommandError::Draw`], [`CommandError::Read`], [`CommandError::Write`].
pub(crate) fn run(step: &DrawStep, platform: &Platform) -> Result<Drawn, CommandError> {
    match step {
        DrawStep::Freeze(args) => freeze(args, platform),
        DrawStep::Commit(args) => commit(args, platform),
        DrawStep::Reveal(args) => {
            let mut draw = read(&args.file)?;
            let nonce = text(&args.secret)?.trim().parse();
            let nonce = nonce.map_err(|_| DrawError::WrongNonce(args.party.clone()))?;
            draw.reveal(&args.party, nonce)?;
            replace(&args.file, &draw, platform)?;
            Ok(Drawn::after(Step::Reveal, draw))
        }
        DrawStep::Result(args) => {
            let mut draw = read(&args.file)?;
            let before = draw.clone();
            let closed = draw.close();
            // A draw that is void now says so from now on, whoever finds a nonce afterwards.
            if draw != before {
                replace(&args.file, &draw, platform)?;
            }
            closed?;
            Ok(Drawn::after(Step::Result, draw))
        }
    }
}

/// Checks a whole draw, as a third party would.
///
/// # Errors
/// [`CommandError::Draw`] with what does not hold, [`CommandError::Read`].
pub(crate) fn verify(args: &VerifyDrawArgs) -> Result<Drawn, CommandError> {
    let draw = read(&args.file)?;
    if args.frozen.is_some_and(|published| published != draw.frozen) {
        return Err(DrawError::WrongFrame.into());
    }
    if args.committed.is_some_and(|published| Some(published) != draw.committed()) {
        return Err(DrawError::WrongCommitted.into());
    }
    draw.verify()?;
    let alone = args.frozen.is_none() || args.committed.is_none();
    Ok(Drawn { alone, ..Drawn::after(Step::Verify, draw) })
}

fn freeze(args: &FreezeArgs, platform: &Platform) -> Result<Drawn, CommandError> {
    let list = text(&args.list)?;
    let items = list.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    let day = args.day.unwrap_or_else(|| Zone::CHINA.day(platform.clock.wall()));
    let frame = Frame {
        title: args.title.clone(),
        day: day.to_string(),
        number: args.number,
        draw: args.draw,
        parties: args.parties.clone(),
        items,
    };
    let draw = Draw::of(frame.freeze()?);
    // A frame that was published must not be frozen again over it.
    let made = create(&args.output, &bytes(&draw)?, Readers::All);
    made.map_err(|error| unwritten(&args.output, error))?;
    Ok(Drawn::after(Step::Freeze, draw))
}

fn commit(args: &PartyArgs, platform: &Platform) -> Result<Drawn, CommandError> {
    let mut draw = read(&args.file)?;
    let mut nonce = [0; 32];
    platform.random.fill(&mut nonce);
    let nonce = Bytes32(nonce);
    draw.commit(&args.party, Commitment::of(draw.frozen, nonce, &args.party))?;
    let made = create(&args.secret, format!("{nonce}\n").as_bytes(), Readers::Owner);
    made.map_err(|error| unwritten(&args.secret, error))?;
    replace(&args.file, &draw, platform)?;
    Ok(Drawn::after(Step::Commit, draw))
}

fn read(file: &Path) -> Result<Draw, CommandError> {
    let unreadable =
        |error: serde_json::Error| CommandError::Read { file: file.to_owned(), error: error.into() };
    serde_json::from_str(&text(file)?).map_err(unreadable)
}

fn text(file: &Path) -> Result<String, CommandError> {
    std::fs::read_to_string(file).map_err(|error| CommandError::Read { file: file.to_owned(), error })
}

fn bytes(draw: &Draw) -> Result<Vec<u8>, CommandError> {
    let mut bytes = serde_json::to_vec_pretty(draw).map_err(std::io::Error::from)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Who may read a file that is made.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Readers {
    /// A party's nonce.
    Owner,
    /// A draw: everything in it is public.
    All,
}

/// Makes a file and has it on the disk; there must be none yet.
fn create(file: &Path, bytes: &[u8], readers: Readers) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if readers == Readers::Owner {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    let mut made = options.open(file)?;
    made.write_all(bytes)?;
    made.sync_all()
}

/// Replaces the file whole: a cut leaves the old or the new one. The new one is written under a name that
/// nobody can have prepared.
fn replace(file: &Path, draw: &Draw, platform: &Platform) -> Result<(), CommandError> {
    let bytes = bytes(draw)?;
    let mut mark = [0; 8];
    platform.random.fill(&mut mark);
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{:016x}.new", u64::from_be_bytes(mark)));
    let beside = file.with_file_name(name);
    let written = create(&beside, &bytes, Readers::All)
        .and_then(|()| std::fs::rename(&beside, file).inspect_err(|_| drop(std::fs::remove_file(&beside))));
    // The name is kept by the folder.
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let kept = written.and_then(|()| if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) });
    kept.map_err(|error| unwritten(file, error))
}

fn unwritten(file: &Path, error: std::io::Error) -> CommandError {
    CommandError::Write { file: file.to_owned(), error }
}

#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Step {
    Freeze,
    Commit,
    Reveal,
    Result,
    Verify,
}

/// A draw after a step.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Drawn {
    step: Step,
    pub(crate) draw: Draw,
    /// To be published when all have committed, before anybody reveals.
    #[serde(skip_serializing_if = "Option::is_none")]
    committed: Option<Bytes32>,
    /// The file was checked against itself: not both published hashes were given.
    pub(crate) alone: bool,
}

impl Drawn {
    fn after(step: Step, draw: Draw) -> Self {
        Self { step, committed: draw.committed(), draw, alone: false }
    }
}

impl Outcome for Drawn {
    fn show(&self, language: Language) -> String {
        let draw = &self.draw;
        let missing = |done: &dyn Fn(&String) -> bool| {
            draw.frame.parties.iter().filter(|party| !done(party)).cloned().collect::<Vec<_>>().join("、")
        };
        let committed = self.committed.map(|hash| hash.to_string());
        let mut text = match self.step {
            Step::Commit if committed.is_some() => say!(language, "draw-commitments"),
            Step::Freeze => {
                let (n, hash) = (draw.frame.items.len(), draw.frozen.to_string());
                say!(language, "draw-frozen", n = n, hash = hash)
            }
            Step::Commit => {
                let missing = missing(&|party| draw.commitments.contains_key(party));
                say!(language, "draw-committed", missing = missing)
            }
            Step::Reveal => {
                let missing = missing(&|party| draw.nonces.contains_key(party));
                say!(language, "draw-revealed", missing = missing)
            }
            Step::Result => say!(language, "draw-drawn", title = draw.frame.title.clone()),
            Step::Verify => say!(language, "draw-holds", hash = draw.frozen.to_string()),
        };
        text.push('\n');
        if let (Step::Commit, Some(_)) = (self.step, &committed) {
            for party in &draw.frame.parties {
                let commitment = draw.commitments.get(party).map(|commitment| commitment.0.to_string());
                text.push_str(&format!("  {}  {party}\n", commitment.unwrap_or_default()));
            }
        }
        if let (Step::Commit | Step::Result | Step::Verify, Some(hash)) = (self.step, committed) {
            let line = match self.step {
                Step::Commit => say!(language, "draw-all-committed", hash = hash),
                _ => say!(language, "draw-committed-hash", hash = hash),
            };
            text.push_str(&format!("{line}\n"));
        }
        if self.alone {
            text.push_str(&format!("{}\n", say!(language, "draw-alone")));
        }
        if matches!(self.step, Step::Result | Step::Verify) {
            for (place, item) in draw.drawn.iter().flatten().enumerate() {
                text.push_str(&format!("{:>4}  {item}\n", place + 1));
            }
        }
        text
    }
}

/// Why a step was not taken, or what does not hold.
#[must_use]
pub(crate) fn explain(language: Language, error: &DrawError) -> String {
    match error {
        DrawError::Parties => say!(language, "draw-error-parties"),
        // Spelt out: what cannot be seen might move the cursor.
        DrawError::Unseen(text) => {
            say!(language, "draw-error-unseen", text = text.escape_debug().to_string())
        }
        DrawError::Item(item) => say!(language, "draw-error-item", item = item.as_str()),
        DrawError::TooMany { draw, items } => {
            say!(language, "draw-error-too-many", draw = *draw, items = *items)
        }
        DrawError::NoParty(party) => say!(language, "draw-error-no-party", party = party.as_str()),
        DrawError::Twice(party) => say!(language, "draw-error-twice", party = party.as_str()),
        DrawError::NotCommitted(who) => say!(language, "draw-error-not-committed", who = who.join("、")),
        DrawError::WrongNonce(party) => say!(language, "draw-error-nonce", party = party.as_str()),
        DrawError::WrongFrame => say!(language, "draw-error-frame"),
        DrawError::WrongCommitted => say!(language, "draw-error-committed"),
        DrawError::Withheld(who) => say!(language, "draw-error-withheld", who = who.join("、")),
        DrawError::WrongResult => say!(language, "draw-error-result"),
        DrawError::NoResult => say!(language, "draw-error-no-result"),
    }
}
