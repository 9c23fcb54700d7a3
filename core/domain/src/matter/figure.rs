//! Figures of matters: exact, and made so that they can be added up.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One figure.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Figure {
    /// What it counts, by a name of the catalogue.
    pub name: String,
    /// Of what, in a person's own words: the item of a stock.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub label: String,
    /// How much.
    pub amount: Amount,
}

/// How much. Two of a kind can be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Amount {
    /// So many.
    Count(i64),
    /// So long, minutes.
    Minutes(i64),
    /// So many of so many.
    Share {
        /// These.
        part: i64,
        /// Of these.
        whole: i64,
    },
}

impl Figure {
    /// So many.
    #[must_use]
    pub fn count(name: &str, count: usize) -> Self {
        Self::of(name, i64::try_from(count).unwrap_or(i64::MAX))
    }

    /// So many, counted already.
    #[must_use]
    pub fn of(name: &str, count: i64) -> Self {
        Self { name: name.to_owned(), label: String::new(), amount: Amount::Count(count) }
    }

    /// So many minutes.
    #[must_use]
    pub fn minutes(name: &str, minutes: i64) -> Self {
        Self { name: name.to_owned(), label: String::new(), amount: Amount::Minutes(minutes) }
    }

    /// So many of so many.
    #[must_use]
    pub fn share(name: &str, part: usize, whole: usize) -> Self {
        let count = |n| i64::try_from(n).unwrap_or(i64::MAX);
        let amount = Amount::Share { part: count(part), whole: count(whole) };
        Self { name: name.to_owned(), label: String::new(), amount }
    }

    /// The same of something.
    #[must_use]
    pub fn labelled(self, label: &str) -> Self {
        Self { label: label.to_owned(), ..self }
    }
}

impl Amount {
    fn plus(self, other: Self) -> Self {
        match (self, other) {
            (Self::Count(a), Self::Count(b)) => Self::Count(a.saturating_add(b)),
            (Self::Minutes(a), Self::Minutes(b)) => Self::Minutes(a.saturating_add(b)),
            (Self::Share { part: a, whole: b }, Self::Share { part: c, whole: d }) => {
                Self::Share { part: a.saturating_add(c), whole: b.saturating_add(d) }
            }
            // One name has one kind; a test holds all features to it.
            (kept, _) => kept,
        }
    }

    /// A share in tenths of a percent, half up, as offices print it; `None` for another kind, or of nothing.
    #[must_use]
    pub fn per_mille(self) -> Option<i64> {
        match self {
            Self::Share { part, whole } if whole > 0 => {
                let (part, whole) = (i128::from(part), i128::from(whole));
                i64::try_from((part * 2_000 + whole) / (whole * 2)).ok()
            }
            _ => None,
        }
    }
}

/// Figures added up: those of the same name and label, in order of name. A share is the sum of the parts over the sum
/// of the wholes, never a mean of percentages.
#[must_use]
pub fn sum(figures: impl IntoIterator<Item = Figure>) -> Vec<Figure> {
    let mut sums: BTreeMap<(String, String), Amount> = BTreeMap::new();
    for figure in figures {
        sums.entry((figure.name, figure.label))
            .and_modify(|held| *held = held.plus(figure.amount))
            .or_insert(figure.amount);
    }
    sums.into_iter().map(|((name, label), amount)| Figure { name, label, amount }).collect()
}
