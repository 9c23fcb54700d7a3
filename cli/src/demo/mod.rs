//! `sanben demo`: a day in the park subdistrict, with an hour in the high-tech zone, played on a simulated clock
//! by real servers and real devices, told so that a person understands what they see.
//!
//! The scenes type the commands of this program and look at what comes back; nothing puts state anywhere
//! by another way. Each scene says what must be so, and the play fails where it is not: without one of its
//! syncs it does not come to an end.

mod clock;
mod day;
mod evening;
mod morning;
mod office;
mod proxy;
mod stage;
mod tenants;
mod truth;
mod week;

use crate::cause;
use crate::language::{Language, say};
use serde_json::json;
use stage::{Failure, Stage};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

/// What the demo is asked for.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct DemoArgs {
    /// Keep server and stores in this folder, which must be empty or new.
    #[arg(long, value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
    /// Every row of the field's list, over a week, instead of the day.
    #[arg(long)]
    pub(crate) week: bool,
    /// The folder with the reference data; that of the high-tech zone lies beside it.
    #[arg(long, value_name = "DIR", default_value = "data/park")]
    pub(crate) data: PathBuf,
}

/// Who takes part: command post, three inspectors of the first team, and four heads of points.
const COMMAND: &str = "U001";
const INSPECTOR: &str = "U008";
const COLLEAGUE: &str = "U009";
const AWAY: &str = "U010";
const ENTRANCE_HEAD: &str = "U060";
const STREET_HEAD: &str = "U062";
const MARKET_HEAD: &str = "U165";
/// The bus company's man: its stops lie in the high-tech zone too.
const BUS_HEAD: &str = "U064";
const EVERYBODY: [&str; 8] =
    [COMMAND, INSPECTOR, COLLEAGUE, AWAY, ENTRANCE_HEAD, STREET_HEAD, MARKET_HEAD, BUS_HEAD];

/// Where it happens.
const COMMUNITY: &str = "park-02";
const ENTRANCE: &str = "P011";
const DORMITORY: &str = "P013";
const STREET: &str = "P014";
const MARKET: &str = "P015";
const BUS_STOP: &str = "P016";

/// The cases of the day, by id.
#[derive(Debug, Default)]
struct Cases {
    rubbish: String,
    rubbish_again: String,
    paving: String,
    bicycles: String,
    bin: String,
    market: String,
    /// The sheet's total before anything happened.
    morning_total: String,
}

/// Plays the day. Exit status 1 when something that must be so is not.
pub(crate) fn run(args: &DemoArgs, json: bool, language: Language) -> ExitCode {
    let started = Instant::now();
    let folders = [args.data.clone(), args.data.with_file_name("hightech")];
    if let Some(missing) = folders.iter().find(|folder| !folder.join("tenant.toml").is_file()) {
        let message = say!(language, "demo-no-data", dir = missing.display().to_string());
        if json {
            print(&format!("{:#}", json!({ "error": { "code": "no-data", "message": message } })));
        } else {
            eprintln!("{message}");
        }
        return ExitCode::FAILURE;
    }
    match play(args, json, language) {
        Ok(end) => {
            let seconds = format!("{:.1}", started.elapsed().as_secs_f64());
            print(&if json {
                format!("{end:#}")
            } else {
                format!("\n{}", say!(language, "demo-end", seconds = seconds))
            })
        }
        Err(Failure(what)) => {
            if json {
                print(&format!("{:#}", json!({ "error": { "code": "demo-failed", "message": what } })));
            }
            eprintln!("{}", say!(language, "demo-failed", what = what));
            ExitCode::FAILURE
        }
    }
}

/// Prints a line. That nobody reads any longer is no failure, that it cannot be written is one.
fn print(line: &str) -> ExitCode {
    match writeln!(io::stdout(), "{line}") {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
        _ => ExitCode::SUCCESS,
    }
}

fn play(args: &DemoArgs, json: bool, language: Language) -> Result<serde_json::Value, Failure> {
    let scratch = tempfile::tempdir()?;
    let dir = match &args.dir {
        Some(dir) => fresh(dir, language)?,
        None => scratch.path().to_owned(),
    };
    let stage = Stage::open(&dir, args.data.clone(), language, json)?;
    let end = if args.week { week::play(&stage)? } else { scenes(&stage)? };
    if args.dir.is_some() {
        stage.tell(&say!(language, "demo-truth-kept", dir = dir.to_string_lossy().into_owned()));
    }
    Ok(end)
}

fn scenes(stage: &Stage) -> Result<serde_json::Value, Failure> {
    let mut cases = Cases::default();
    morning::prepare(stage, &mut cases)?;
    morning::patrol(stage, &mut cases)?;
    morning::the_same_thing_twice(stage, &mut cases)?;
    morning::acknowledge(stage, &cases)?;
    day::on_the_spot(stage, &mut cases)?;
    day::left_alone(stage, &mut cases)?;
    day::market(stage, &mut cases)?;
    day::rectify(stage, &cases)?;
    tenants::one_person_in_both(stage)?;
    evening::look_back(stage, &cases)?;
    evening::dispute(stage, &cases)?;
    evening::back_on_a_bad_line(stage, &cases)?;
    evening::brief(stage, &cases)?;
    evening::sheet(stage, &cases)?;
    evening::ledgers(stage)?;
    truth::check(stage)
}

/// The folder to keep the data in: nothing of somebody else's is ever mixed with the play.
fn fresh(dir: &Path, language: Language) -> Result<PathBuf, Failure> {
    let unusable = |error: std::io::Error| {
        let (dir, why) = (dir.display().to_string(), cause::io(language, &error));
        Failure(say!(language, "error-store", dir = dir, why = why))
    };
    std::fs::create_dir_all(dir).map_err(unusable)?;
    if std::fs::read_dir(dir).map_err(unusable)?.next().is_some() {
        return Err(Failure(say!(language, "demo-not-empty", dir = dir.display().to_string())));
    }
    Ok(dir.to_owned())
}

/// Something that must be so.
fn must(holds: bool, what: &str) -> Result<(), Failure> {
    if holds { Ok(()) } else { Err(Failure(what.to_owned())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stage(dir: &Path) -> Stage {
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/park");
        Stage::open(dir, data, Language::En, true).unwrap()
    }

    /// Every scene looks at what came back, and the week counts the rows that it showed.
    #[test]
    fn the_week_shows_all_28_rows() {
        let dir = tempfile::tempdir().unwrap();
        let shown = week::play(&stage(dir.path())).unwrap();
        assert_eq!(shown["rows"].as_array().unwrap().len(), 28);
    }

    /// The play comes to its end, and does not without any one of its syncs: nothing reaches another
    /// device by another way.
    #[test]
    fn every_sync_of_the_play_is_needed() {
        let whole = tempfile::tempdir().unwrap();
        let play = stage(whole.path());
        scenes(&play).unwrap();
        let syncs = play.syncs();
        drop(play);
        assert!(syncs > 20);
        let ends = |number: &usize| {
            let dir = tempfile::tempdir().unwrap();
            let ends = scenes(&stage(dir.path()).without_sync(*number)).is_ok();
            if ends {
                eprintln!("sync {number} is not needed");
            }
            ends
        };
        // The plays wait for disks and timers most of the time: side by side.
        let share = |part: usize| (part..syncs).step_by(4).filter(ends).collect::<Vec<_>>();
        let needless: Vec<usize> = std::thread::scope(|scope| {
            let parts = [0, 1, 2, 3].map(|part| scope.spawn(move || share(part)));
            parts.into_iter().flat_map(|part| part.join().unwrap()).collect()
        });
        assert!(needless.is_empty(), "of {syncs} syncs these are not needed: {needless:?}");
    }
}
