//! Measuring: what is compared takes turns, so that the noise of a shared machine hits both alike.

use crate::Outcome;
use std::time::{Duration, Instant};

/// How long something took, and what came of it.
pub(crate) fn timed<T>(work: impl FnOnce() -> Outcome<T>) -> Outcome<(Duration, T)> {
    let begun = Instant::now();
    let result = work()?;
    Ok((begun.elapsed(), result))
}

/// What this thread has had of a processor so far, where the system tells (Linux): on a busy machine it says
/// more than the clock on the wall.
pub(crate) fn worked() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let spent = told.split(' ').next().and_then(|spent| spent.parse().ok());
    Duration::from_nanos(spent.unwrap_or_default())
}

/// The middle one of some values; nothing of nothing.
fn middle<T: Copy + PartialOrd>(mut values: Vec<T>) -> Option<T> {
    values.sort_by(|a, b| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
    values.get(values.len() / 2).copied()
}

/// Durations of one run.
#[derive(Debug, Clone, Default)]
pub(crate) struct Samples(Vec<Duration>);

impl Samples {
    pub(crate) fn push(&mut self, took: Duration) {
        self.0.push(took);
    }

    pub(crate) fn median(&self) -> Duration {
        middle(self.0.clone()).unwrap_or_default()
    }

    /// What nineteen of twenty stay below.
    pub(crate) fn slow(&self) -> Duration {
        self.share(95)
    }

    /// What so many of a hundred stay below.
    pub(crate) fn share(&self, percent: usize) -> Duration {
        let mut sorted = self.0.clone();
        sorted.sort();
        sorted.get(sorted.len() * percent / 100).copied().unwrap_or_default()
    }

    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn total(&self) -> Duration {
        self.0.iter().sum()
    }
}

/// Subject and baseline in turns, over several runs.
#[derive(Debug, Default)]
pub(crate) struct Versus {
    runs: Vec<(Samples, Samples)>,
}

impl Versus {
    /// Adds a run.
    pub(crate) fn add(&mut self, subject: Samples, baseline: Samples) {
        self.runs.push((subject, baseline));
    }

    /// The median over the runs of each run's median.
    pub(crate) fn subject(&self) -> Duration {
        middle(self.runs.iter().map(|(subject, _)| subject.median()).collect()).unwrap_or_default()
    }

    /// The same of the baseline.
    pub(crate) fn baseline(&self) -> Duration {
        middle(self.runs.iter().map(|(_, baseline)| baseline.median()).collect()).unwrap_or_default()
    }

    /// What nineteen of twenty subjects stay below, median over the runs.
    pub(crate) fn slow(&self) -> Duration {
        middle(self.runs.iter().map(|(subject, _)| subject.slow()).collect()).unwrap_or_default()
    }

    /// Subject over baseline, from the medians of each run.
    pub(crate) fn ratio(&self) -> Ratio {
        Ratio::of(self.runs.iter().map(|(subject, baseline)| (subject.median(), baseline.median())))
    }

    /// Subject over baseline, from the sums of each run: rare slow steps count.
    pub(crate) fn ratio_of_sums(&self) -> Ratio {
        Ratio::of(self.runs.iter().map(|(subject, baseline)| (subject.total(), baseline.total())))
    }
}

/// A ratio as several runs found it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ratio {
    pub(crate) middle: f64,
    pub(crate) lowest: f64,
    pub(crate) highest: f64,
}

impl Ratio {
    fn of(runs: impl Iterator<Item = (Duration, Duration)>) -> Self {
        let ratios: Vec<f64> = runs.map(|(a, b)| a.as_secs_f64() / b.as_secs_f64().max(1e-9)).collect();
        Self {
            lowest: ratios.iter().copied().fold(f64::INFINITY, f64::min),
            highest: ratios.iter().copied().fold(0.0, f64::max),
            middle: middle(ratios).unwrap_or_default(),
        }
    }

    /// A ratio that no run can change.
    pub(crate) fn exact(value: f64) -> Self {
        Self { middle: value, lowest: value, highest: value }
    }
}
