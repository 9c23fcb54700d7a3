//! Runs the simulated fleet with many seeds, or one seed with its trace.

use clap::Parser;
use sanben_tests::check::Summary;
use sanben_tests::planted::{BUGS, hunt, is_invariant};
use sanben_tests::story::{run, run_twice};

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
    /// Play each seed once, and not a second time to see that it repeats.
    #[arg(long)]
    once: bool,
    /// Instead, hunt the planted bugs whose name holds this, with up to `--seeds` seeds each.
    #[arg(long)]
    planted: Option<String>,
}

fn main() {
    let args = Args::parse();
    let seeds = args.first..args.first + args.seeds;
    if let Some(seed) = args.seed {
        let story = run(seed, args.steps);
        story.trace.iter().for_each(|line| println!("{line}"));
        println!("{:#?}", story.summary);
        return;
    }
    if let Some(name) = args.planted {
        let mut missed = 0;
        for bug in BUGS.iter().filter(|bug| bug.name.contains(&name)) {
            match hunt(bug, seeds.clone(), args.steps) {
                Some(caught) if is_invariant(&caught.by) => {
                    println!("| {} | {} | {} |", bug.name, caught.by, caught.seed);
                }
                other => {
                    println!("| {} | MISSED | {other:?} |", bug.name);
                    missed += 1;
                }
            }
        }
        std::process::exit(i32::from(missed > 0));
    }
    let play = if args.once { run } else { run_twice };
    let (mut failed, mut all) = (Vec::new(), Summary::default());
    for seed in seeds {
        match std::panic::catch_unwind(|| play(seed, args.steps)) {
            Ok(story) => all = all.and(story.summary),
            Err(_) => {
                eprintln!("seed {seed} failed; repeat it with --seed {seed} --steps {}", args.steps);
                failed.push(seed);
            }
        }
    }
    println!("{all:#?}");
    // With so many seeds everything that the invariants are about has to have happened.
    const ENOUGH: u64 = 40;
    let never = all.never();
    if args.seeds >= ENOUGH && !never.is_empty() {
        println!("never happened: {never:?}");
        std::process::exit(1);
    }
    println!("{} passed, {} failed", args.seeds - failed.len() as u64, failed.len());
    if !failed.is_empty() {
        println!("failed seeds: {failed:?}");
        std::process::exit(1);
    }
}
