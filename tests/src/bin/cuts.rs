//! Cuts the line at every byte of every errand (of a large photo, at some of each piece); or at every n-th of these.

use sanben_tests::cuts::{Errand, sweep};
use std::time::Instant;

fn main() {
    let step: usize = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(1);
    // Half of a cut is waiting for the other side.
    let workers = 2 * std::thread::available_parallelism().map_or(1, usize::from);
    // The cuts that are not survived name themselves at the end of their errand.
    for errand in Errand::ALL {
        let begun = Instant::now();
        let cuts = sweep(errand, step * errand.stride(), workers);
        println!("{errand:?}: survived {cuts} cuts, {} s", begun.elapsed().as_secs());
    }
}
