//! Cuts the line at every byte of every errand (of a large photo, at some of each piece); or at every n-th of these.

use sanben_tests::cuts::{Errand, sweep};
use std::time::Instant;

fn main() {
    let step: usize = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(1);
    // A cut that is not survived names itself at the end.
    for errand in Errand::ALL {
        let begun = Instant::now();
        let cuts = sweep(errand, step * errand.stride());
        println!("{errand:?}: survived {cuts} cuts, {} s", begun.elapsed().as_secs());
    }
}
