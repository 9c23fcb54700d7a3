//! The 1000-point sheet (千分制): rule sets as versioned data, exact fractions, every entry with its reason.
//!
//! A sheet is a pure function of what a replica holds: cases (already folded), observation sheets, announcements and the rule
//! set of each day. First the facts are told (`facts`, `assessed`: what happened, and what is in question) and kept in
//! a [`Book`], case by case; then the rules of the day are put to each (`count`), with what multiplies them
//! (`factor`) and what holds for a period (caps, parts). A published sheet stands as it was published: what
//! became known later, and what an appeal changed ([`Ruling`]), is a correction in the open period
//! (`settle`). [`year_end`] makes a year's mark of its sheets. Nothing here knows a street's numbers.

mod announcement;
mod assessed;
mod book;
mod count;
mod entry;
mod factor;
mod facts;
mod period;
mod publication;
mod ranking;
mod rules;
mod ruling;
mod settle;
mod sheet;
mod year;

pub use announcement::{Announcement, Fact};
pub use book::{Asked, Book};
pub use count::sheet;
pub use entry::{Corrects, Deadline, Reason, ScoreEntry, Suspended, Suspension};
pub use factor::{Condition, Factor};
pub use period::{Period, Rhythm};
pub use publication::{Counted, Publication};
pub use ranking::{Rank, ranking};
pub use rules::{BadPoints, Measure, Part, Rule, RuleSet, ScorePoints, When};
pub use ruling::Ruling;
pub use sheet::{
    ENGINE, PartTotal, RuleSetHash, RuleSetUsed, ScoreError, ScoreSheet, ScoredCase, SheetHash, SheetInput,
};
pub use year::{YearEnd, YearLine, YearMark, YearPart, YearSource, year_end};

#[cfg(test)]
mod tests;
