//! The line is cut, at some bytes of every kind of message; `cargo run -p sanben-tests --bin cuts` does it at all.

use sanben_tests::cuts::{Errand, sweep};

#[test]
fn an_enrolment_survives_a_cut_line() {
    assert!(sweep(Errand::Enrol, 83) > 10);
}

#[test]
fn work_and_its_photo_survive_a_cut_line() {
    assert!(sweep(Errand::Work, 307) > 20);
}
