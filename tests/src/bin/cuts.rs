//! Cuts the line at every byte of every errand (of a large photo, at some of each piece); or at every n-th of these, or
//! only in some errands: `cuts 10 Poke Carry`.

use sanben_tests::cuts::{Errand, sweep};
use std::time::Instant;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let step: usize = words.first().and_then(|text| text.parse().ok()).unwrap_or(1);
    let named = |errand: Errand| words.iter().any(|word| *word == format!("{errand:?}"));
    let all = !Errand::ALL.into_iter().any(named);
    // Half of a cut is waiting for the other side.
    let workers = 2 * std::thread::available_parallelism().map_or(1, usize::from);
    // The cuts that are not survived name themselves at the end of their errand.
    for errand in Errand::ALL.into_iter().filter(|errand| all || named(*errand)) {
        let begun = Instant::now();
        let cuts = sweep(errand, step * errand.stride(), workers);
        println!("{errand:?}: survived {cuts} cuts, {} s", begun.elapsed().as_secs());
    }
}
