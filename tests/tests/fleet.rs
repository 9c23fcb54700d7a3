//! A few dozen seeds of the simulated fleet; any number of them by `cargo run --bin fleet`.

use sanben_tests::check::run;

const STEPS: usize = 120;

/// Spreads the seeds over test threads.
fn seeds(range: std::ops::Range<u64>) {
    let (mut disputed, mut merged) = (0, 0);
    for seed in range {
        eprintln!(
            "seed {seed}; repeat with: cargo run -p sanben-tests --bin fleet -- --seed {seed} --steps {STEPS}"
        );
        let (summary, _) = run(seed, STEPS);
        assert!(summary.done > 5, "the people did something: {summary:?}");
        disputed += summary.disputed;
        merged += summary.merged;
    }
    // A storm in which nobody ever contradicted anybody would prove nothing.
    assert!(disputed > 0 && merged > 0, "{disputed} disputed, {merged} merged");
}

#[test]
fn fleet_converges_and_loses_nothing_a() {
    seeds(1..17);
}

#[test]
fn fleet_converges_and_loses_nothing_b() {
    seeds(17..33);
}

#[test]
fn one_seed_is_one_story() {
    assert_eq!(run(7, STEPS), run(7, STEPS));
}
