//! Speed and size against a named baseline, measured in the same run: `cargo run --release -p sanben-bench`
//! prints a Markdown table, ratio first. The figures of `docs/benchmarks.md` are its output.
//!
//! Everything runs through the code that phones and servers run, on SQLite files on disk; sync goes over
//! loopback HTTP. Subject and baseline take turns, several runs each; a figure is the median over the runs.

mod cases;
mod crowd;
mod database;
mod desk;
mod ingest;
mod lists;
mod measure;
mod memory;
mod office;
mod record;
mod report;
mod rows;
mod score;
mod served;
mod shelf;
mod sync;
mod vault;
mod words;
mod work;
mod year;

use clap::Parser;
use report::{Table, load};
use shelf::Shelf;
use std::path::PathBuf;
use std::time::Instant;
use tempfile::TempDir;
use words::Writer;

/// A benchmark that cannot be measured ends the program; no figure is better than a wrong one.
type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// Speed and size of Sanben, as a Markdown table.
#[derive(Parser)]
#[command(version)]
struct Args {
    /// Everything once, small: that it runs, not how fast.
    #[arg(long)]
    quick: bool,
    /// Only this benchmark; may be given several times.
    #[arg(long, value_name = "NAME", value_parser = names())]
    only: Vec<String>,
    /// Ingest into PostgreSQL too: a server there on which databases may be made, `postgresql://user@host/postgres`.
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    /// Where to put the stores; a temporary folder by default.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Uses the store in this folder and prints the memory held.
    #[arg(long, value_name = "DIR", hide = true)]
    memory_of: Option<PathBuf>,
    /// Begins there first, as a new device with this code, and prints the most it ever held.
    #[arg(long, num_args = 2, value_names = ["URL", "CODE"], requires = "memory_of", hide = true)]
    begin_at: Vec<String>,
    /// Does a device's day through the counting proxy and writes cases and figures into this folder, for the peer.
    #[arg(long, value_name = "DIR", hide = true)]
    peer: Option<PathBuf>,
    /// Serves this folder and tells memory and time on a processor.
    #[arg(long, value_name = "DIR", hide = true)]
    serve: Option<PathBuf>,
}

/// How much of everything.
struct Scale {
    /// Sizes of the growing store, cases.
    shelf: [usize; 3],
    runs: usize,
    /// Durable records per run.
    records: usize,
    /// Openings, searches and empty syncs per run.
    opens: usize,
    scored: usize,
    /// Cases in the server for the first sync.
    pushed: usize,
    ingested: usize,
    ingests: usize,
    /// Devices at once, and how often each syncs.
    crowd: usize,
    rounds: usize,
}

const FULL: Scale = Scale {
    shelf: [1_000, 10_000, 100_000],
    runs: 5,
    records: 256,
    opens: 10,
    scored: 10_000,
    pushed: 10_000,
    ingested: 1_000,
    ingests: 3,
    crowd: 200,
    rounds: 5,
};
const QUICK: Scale = Scale {
    shelf: [100, 300, 1_000],
    runs: 1,
    records: 32,
    opens: 2,
    scored: 300,
    pushed: 200,
    ingested: 100,
    ingests: 1,
    crowd: 10,
    rounds: 2,
};

/// One run of the program.
struct Run<'a> {
    scale: &'a Scale,
    scratch: TempDir,
    shelf: Shelf,
    writer: Writer,
    table: Table,
    database: Option<String>,
}

type Benchmark = fn(&mut Run<'_>) -> Outcome<()>;

/// In this order, each by the names it is asked for; the number says at which size of the growing store.
const BENCHMARKS: [(&[&str], Option<usize>, Benchmark); 14] = [
    (&["open"], Some(0), lists::open),
    (&["open"], Some(1), lists::open),
    (&["memory"], Some(1), memory::run),
    (&["record"], Some(1), record::run),
    (&["sync"], None, sync::run),
    (&["work"], None, work::run),
    (&["crowd"], None, crowd::run),
    (&["vault"], None, vault::run),
    (&["score", "office"], None, score::run),
    (&["score", "office"], None, office::run),
    (&["ingest"], None, ingest::run),
    (&["ingest"], None, database::run),
    (&["open"], Some(2), lists::open),
    (&["search", "office"], Some(2), lists::search),
];

fn names() -> Vec<&'static str> {
    let mut names: Vec<_> = BENCHMARKS.iter().flat_map(|(names, ..)| names.iter().copied()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn main() -> Outcome<()> {
    let args = Args::parse();
    if let Some(dir) = &args.memory_of {
        return match args.begin_at.as_slice() {
            [url, code] => memory::beginning(dir, url, code),
            _ => memory::of(dir),
        };
    }
    if let Some(dir) = &args.serve {
        return served::serve(dir);
    }
    let scale = if args.quick { &QUICK } else { &FULL };
    if let Some(dir) = &args.peer {
        return work::peer(dir, scale.pushed, scale.ingests);
    }
    let scratch = match &args.dir {
        Some(dir) => tempfile::tempdir_in(dir)?,
        None => tempfile::tempdir()?,
    };
    let [.., most] = scale.shelf;
    let shelf = Shelf::new(scratch.path(), most)?;
    let mut run = Run {
        scale,
        scratch,
        shelf,
        writer: Writer::new(2),
        table: Table::default(),
        database: args.database_url,
    };
    let (begun, before) = (Instant::now(), load());
    for (names, size, benchmark) in BENCHMARKS {
        if !args.only.is_empty() && !args.only.iter().any(|only| names.contains(&only.as_str())) {
            continue;
        }
        if let Some(size) = size.and_then(|at| scale.shelf.get(at)) {
            run.shelf.fill_to(*size)?;
        }
        benchmark(&mut run)?;
    }
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    println!(
        "\n{cores} cores, load {before} before and {} after, {:.0} s; goals missed: {}{}",
        load(),
        begun.elapsed().as_secs_f64(),
        run.table.missed(),
        if args.quick { " (--quick measures nothing worth quoting)" } else { "" }
    );
    Ok(())
}
