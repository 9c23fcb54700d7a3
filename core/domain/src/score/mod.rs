//! The 1000-point sheet (千分制): rule sets as versioned data, exact fractions, every entry with its reason.
//!
//! A sheet is a pure function of what a replica holds: cases (already folded), announcements and the rule
//! set of each day. First the facts are told (`facts`: what happened, and what is in question), then
//! [`sheet()`] puts the rules of the day to each. Nothing here knows a street's numbers.

mod announcement;
mod count;
mod entry;
mod facts;
mod period;
mod ranking;
mod rules;
mod sheet;

pub use announcement::{Announcement, Fact};
pub use count::sheet;
pub use entry::{Deadline, Reason, ScoreEntry, Suspended, Suspension};
pub use period::Period;
pub use ranking::{Rank, ranking};
pub use rules::{BadPoints, Rule, RuleSet, ScorePoints, When};
pub use sheet::{ENGINE, RuleSetHash, RuleSetUsed, ScoreError, ScoreSheet, ScoredCase, SheetInput};

#[cfg(test)]
mod tests;
