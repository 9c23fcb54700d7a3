//! Seeds of the simulated fleet, each played twice; any number of them by `cargo run --bin fleet`.

use sanben_tests::check::Summary;
use sanben_tests::planted::{BUGS, hunt, is_invariant};
use sanben_tests::story::run_twice;

const STEPS: usize = 120;
/// Seeds of each of the two halves.
const SEEDS: u64 = 20;

/// Plays seeds and asserts that what the invariants are about really happened.
fn seeds(range: std::ops::Range<u64>) {
    let mut all = Summary::default();
    for seed in range {
        eprintln!(
            "seed {seed}; repeat with: cargo run -p sanben-tests --bin fleet -- --seed {seed} --steps {STEPS}"
        );
        let story = run_twice(seed, STEPS);
        assert!(story.summary.done > 5, "the people did something: {:?}", story.summary);
        all = all.and(story.summary);
    }
    // A storm in which nothing ever happened would prove nothing.
    for (what, times) in [
        ("refused", all.rejected),
        ("sent again", all.resent),
        ("corrected and sent again", all.corrected),
        ("given up", all.discarded),
        ("disputed", all.disputed),
        ("merged", all.merged),
        ("died in a write", all.deaths),
        ("failed by the disk", all.disk),
        ("restored", all.restored),
        ("rolled back", all.rolled),
        ("reviewed", all.reviewed),
        ("scored", all.scored),
    ] {
        assert!(times > 0, "{what}: never, in {all:?}");
    }
}

#[test]
fn fleet_loses_nothing_a() {
    seeds(1..SEEDS + 1);
}

#[test]
fn fleet_loses_nothing_b() {
    seeds(SEEDS + 1..2 * SEEDS + 1);
}

/// Seeds within which every planted bug has to be caught.
const PATIENCE: u64 = 12;

/// Hunts every other planted bug.
fn planted(half: usize) {
    let mut missed = Vec::new();
    for bug in BUGS.iter().skip(half).step_by(2) {
        match hunt(bug, 1..1 + PATIENCE, STEPS) {
            Some(caught) if is_invariant(&caught.by) => {
                eprintln!("{}: caught by {} with seed {}", bug.name, caught.by, caught.seed);
            }
            other => missed.push((bug.name, other)),
        }
    }
    assert!(missed.is_empty(), "not caught, or not by an invariant: {missed:#?}");
}

#[test]
fn planted_bugs_are_caught_a() {
    planted(0);
}

#[test]
fn planted_bugs_are_caught_b() {
    planted(1);
}

#[test]
fn there_are_enough_planted_bugs_and_each_has_its_name() {
    let names: std::collections::BTreeSet<_> = BUGS.iter().map(|bug| bug.name).collect();
    assert!(names.len() >= 30 && names.len() == BUGS.len());
}
