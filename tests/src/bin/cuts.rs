//! Cuts the line at every byte of an enrolment and of a sync with work and a photo; or at every n-th.

use sanben_tests::cuts::{Errand, sweep};

fn main() {
    let step = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(1);
    // A cut that is not survived names itself at the end.
    for errand in [Errand::Enrol, Errand::Work] {
        println!("{errand:?}: survived {} cuts", sweep(errand, step));
    }
}
