//! The Markdown table: ratio first, then the figures, then the goal and whether it is met.

use crate::measure::Ratio;
use std::io::Write;
use std::time::Duration;

/// One line of the table.
pub(crate) struct Row {
    /// What was measured.
    pub(crate) name: String,
    /// Subject over baseline.
    pub(crate) ratio: Option<Ratio>,
    /// The figure, with its unit.
    pub(crate) measured: String,
    /// What it was compared with, and its figure.
    pub(crate) baseline: String,
    /// What is wanted and whether it is so.
    pub(crate) goal: Option<(String, bool)>,
}

/// The table on its way out: a line appears as soon as it is known.
#[derive(Default)]
pub(crate) struct Table {
    begun: bool,
    missed: usize,
}

impl Table {
    pub(crate) fn row(&mut self, row: &Row) {
        let mut out = std::io::stdout().lock();
        if !self.begun {
            self.begun = true;
            // Whoever closed the pipe has seen enough.
            let _ = writeln!(
                out,
                "| what | ratio | measured | baseline | goal | met |\n|---|---|---|---|---|---|"
            );
        }
        let (goal, met) = match &row.goal {
            Some((goal, true)) => (goal.as_str(), "yes"),
            Some((goal, false)) => {
                self.missed += 1;
                (goal.as_str(), "**no**")
            }
            None => ("", ""),
        };
        let ratio = row.ratio.map(ratio).unwrap_or_default();
        let Row { name, measured, baseline, .. } = row;
        let _ = writeln!(out, "| {name} | {ratio} | {measured} | {baseline} | {goal} | {met} |");
        let _ = out.flush();
    }

    /// How many goals were missed.
    pub(crate) fn missed(&self) -> usize {
        self.missed
    }
}

fn ratio(ratio: Ratio) -> String {
    let Ratio { middle, lowest, highest } = ratio;
    let digits = if middle < 10.0 { 2 } else { 0 };
    // One run has no spread.
    if (highest - lowest).abs() < 0.005 {
        return format!("{middle:.digits$} ×");
    }
    format!("{middle:.digits$} × ({lowest:.digits$}–{highest:.digits$})")
}

/// A duration with three figures and its unit.
pub(crate) fn time(took: Duration) -> String {
    let ms = took.as_secs_f64() * 1e3;
    match ms {
        ..0.1 => format!("{:.1} µs", ms * 1e3),
        ..10.0 => format!("{ms:.2} ms"),
        ..1000.0 => format!("{ms:.0} ms"),
        _ => format!("{:.1} s", ms / 1e3),
    }
}

/// A number of bytes with its unit.
pub(crate) fn bytes(count: u64) -> String {
    match count {
        ..10_000 => format!("{count} B"),
        10_000..1_000_000 => format!("{:.1} KB", count as f64 / 1e3),
        _ => format!("{:.1} MB", count as f64 / 1e6),
    }
}

/// A number with its thousands apart.
pub(crate) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// The load of the machine over the last minute, as the system tells it.
pub(crate) fn load() -> String {
    let told = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    told.split(' ').next().filter(|load| !load.is_empty()).unwrap_or("unknown").to_owned()
}
