//! A few seeds of the simulated fleet, unoptimised and with every overflow looked at. `tests/run fleet` plays many,
//! optimised, and hunts all planted bugs.

use sanben_tests::planted::BUGS;
use sanben_tests::story::run_twice;

const STEPS: usize = 120;

/// Plays seeds twice each.
fn seeds(range: std::ops::Range<u64>) {
    for seed in range {
        eprintln!(
            "seed {seed}; repeat with: cargo run -p sanben-tests --bin fleet -- --seed {seed} --steps {STEPS}"
        );
        let story = run_twice(seed, STEPS);
        assert!(story.summary.done > 5, "the people did something: {:?}", story.summary);
    }
}

#[test]
fn fleet_loses_nothing_a() {
    seeds(1..6);
}

#[test]
fn fleet_loses_nothing_b() {
    seeds(6..11);
}

#[test]
fn there_are_enough_planted_bugs_and_each_has_its_name() {
    let names: std::collections::BTreeSet<_> = BUGS.iter().map(|bug| bug.name).collect();
    assert!(names.len() >= 30 && names.len() == BUGS.len());
}
