//! Runs the simulated fleet with many seeds, or one seed with its trace.

use clap::Parser;
use sanben_tests::check::run;

/// The simulated fleet: real devices, a real server, one thread, one seed a run.
#[derive(Parser)]
struct Args {
    /// Run this one seed and print what happened.
    #[arg(long)]
    seed: Option<u64>,
    /// Run so many seeds, counted from `--first`.
    #[arg(long, default_value_t = 200)]
    seeds: u64,
    /// The first seed.
    #[arg(long, default_value_t = 1)]
    first: u64,
    /// Steps of one run.
    #[arg(long, default_value_t = 150)]
    steps: usize,
}

fn main() {
    let args = Args::parse();
    if let Some(seed) = args.seed {
        let (summary, trace) = run(seed, args.steps);
        trace.iter().for_each(|line| println!("{line}"));
        println!("{summary:?}");
        return;
    }
    let mut failed = Vec::new();
    for seed in args.first..args.first + args.seeds {
        if std::panic::catch_unwind(|| run(seed, args.steps)).is_err() {
            eprintln!("seed {seed} failed; repeat it with --seed {seed} --steps {}", args.steps);
            failed.push(seed);
        }
    }
    println!("{} passed, {} failed", args.seeds - failed.len() as u64, failed.len());
    if !failed.is_empty() {
        println!("failed seeds: {failed:?}");
        std::process::exit(1);
    }
}
