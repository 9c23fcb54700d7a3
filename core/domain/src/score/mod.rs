//! The 1000-point sheet (千分制): rule sets as versioned data, exact fractions, every entry with its reason.

mod rules;

pub use rules::{Rule, RuleSet, ScorePoints, When};
