//! The line is cut, at some bytes of every kind of message; `cargo run -p sanben-tests --bin cuts` does it at all.

use sanben_tests::cuts::{Errand, sweep};

#[test]
fn an_enrolment_survives_a_cut_line() {
    assert!(sweep(Errand::Enrol, 61, 1) > 10);
}

#[test]
fn work_and_its_photo_survive_a_cut_line() {
    assert!(sweep(Errand::Work, 307, 1) > 20);
}

#[test]
fn pictures_survive_a_cut_line() {
    assert!(sweep(Errand::Upload, 16_001, 1) > 8);
    assert!(sweep(Errand::Fetch, 211, 1) > 10);
}

#[test]
fn what_is_carried_and_what_is_waited_for_survive_a_cut_line() {
    assert!(sweep(Errand::Carry, 211, 1) > 10);
    assert!(sweep(Errand::Poke, 67, 1) > 10);
}

#[test]
fn a_beginning_with_bundles_survives_a_cut_line() {
    assert!(sweep(Errand::Begin, 2_003, 1) > 10);
}
