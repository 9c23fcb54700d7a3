//! `draw freeze|commit|reveal|result` and `verify-draw FILE`: a spot check's draw in one file that travels
//! between the parties, and that anybody can check with this program or with SHA-256 alone.

use crate::error::CommandError;
use crate::language::{Language, say};
use crate::outcome::Outcome;
use sanben_domain::draw::{Bytes32, Commitment, Draw, DrawError, Frame};
use sanben_field::Platform;
use serde::Serialize;
use std::fs::OpenOptions;
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
}

/// Takes a step.
///
/// # Errors
/// [`CommandError::Draw`], [`CommandError::Read`], [`CommandError::Write`].
pub(crate) fn run(step: &DrawStep, platform: &Platform) -> Result<Drawn, CommandError> {
    match step {
        DrawStep::Freeze(args) => freeze(args),
        DrawStep::Commit(args) => commit(args, platform),
        DrawStep::Reveal(args) => {
            let mut draw = read(&args.file)?;
            let nonce = text(&args.secret)?.trim().parse();
            let nonce = nonce.map_err(|_| DrawError::WrongNonce(args.party.clone()))?;
            draw.reveal(&args.party, nonce)?;
            write(&args.file, &draw)?;
            Ok(Drawn { step: Step::Reveal, draw })
        }
        DrawStep::Result(args) => {
            let mut draw = read(&args.file)?;
            draw.drawn = Some(draw.result()?);
            write(&args.file, &draw)?;
            Ok(Drawn { step: Step::Result, draw })
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
    draw.verify()?;
    Ok(Drawn { step: Step::Verify, draw })
}

fn freeze(args: &FreezeArgs) -> Result<Drawn, CommandError> {
    let list = text(&args.list)?;
    let items = list.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    let draw = Draw::of(Frame::freeze(args.title.clone(), args.draw, args.parties.clone(), items)?);
    // A frame that was published must not be frozen again over it.
    create(&args.output, &bytes(&draw)?)?;
    Ok(Drawn { step: Step::Freeze, draw })
}

fn commit(args: &PartyArgs, platform: &Platform) -> Result<Drawn, CommandError> {
    let mut draw = read(&args.file)?;
    let mut nonce = [0; 32];
    platform.random.fill(&mut nonce);
    let nonce = Bytes32(nonce);
    draw.commit(&args.party, Commitment::of(draw.frozen, nonce, &args.party))?;
    create(&args.secret, format!("{nonce}\n").as_bytes())?;
    write(&args.file, &draw)?;
    Ok(Drawn { step: Step::Commit, draw })
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

/// Makes a file that only its owner reads; there must be none yet.
fn create(file: &Path, bytes: &[u8]) -> Result<(), CommandError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(file).and_then(|mut opened| opened.write_all(bytes));
    written.map_err(|error| CommandError::Write { file: file.to_owned(), error })
}

/// Replaces the file whole: a cut leaves the old or the new one.
fn write(file: &Path, draw: &Draw) -> Result<(), CommandError> {
    let beside = file.with_extension("new");
    let written = std::fs::write(&beside, bytes(draw)?).and_then(|()| std::fs::rename(&beside, file));
    written.map_err(|error| CommandError::Write { file: file.to_owned(), error })
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
    draw: Draw,
}

impl Outcome for Drawn {
    fn show(&self, language: Language) -> String {
        let draw = &self.draw;
        let missing = |done: &dyn Fn(&String) -> bool| {
            draw.frame.parties.iter().filter(|party| !done(party)).cloned().collect::<Vec<_>>().join("、")
        };
        let mut text = match self.step {
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
        DrawError::Item(item) => say!(language, "draw-error-item", item = item.as_str()),
        DrawError::TooMany { draw, items } => {
            say!(language, "draw-error-too-many", draw = *draw, items = *items)
        }
        DrawError::NoParty(party) => say!(language, "draw-error-no-party", party = party.as_str()),
        DrawError::Twice(party) => say!(language, "draw-error-twice", party = party.as_str()),
        DrawError::NotCommitted(who) => say!(language, "draw-error-not-committed", who = who.join("、")),
        DrawError::WrongNonce(party) => say!(language, "draw-error-nonce", party = party.as_str()),
        DrawError::WrongFrame => say!(language, "draw-error-frame"),
        DrawError::Withheld(who) => say!(language, "draw-error-withheld", who = who.join("、")),
        DrawError::WrongResult => say!(language, "draw-error-result"),
        DrawError::NoResult => say!(language, "draw-error-no-result"),
    }
}
