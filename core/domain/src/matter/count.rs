//! What reports of a day or a week count of matters.
//!
//! A feature lists what a matter adds, thing by thing: a person's hours at a post, a source of a tally, the day's report
//! of a point. Reports are made of many matters, and two tablets without a network may each have written the same thing
//! down in a matter of its own; so every thing says what it is ([`Thing`]), and one thing counts once ([`once`]):
//! of two numbers the one recorded last, of two stays of one person the time that either covers.

use super::fold::hear;
use super::{Amount, MatterAct, MatterRecord, Telling};
use crate::event::Event;
use crate::id::{DocumentId, EventId, PointId, UnitId};
use crate::reference::Reference;
use crate::time::Timestamp;
use chrono::{NaiveDate, NaiveTime};
use std::collections::{BTreeMap, BTreeSet};

/// What reports count of a feature.
#[derive(Debug, Clone, Copy)]
pub struct Counting {
    /// On which days.
    pub days: Days,
    /// What one matter adds.
    pub each: fn(&Telling<'_>) -> Vec<Count>,
}

/// On which days a matter counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Days {
    /// On its own: matters of other days need not be read.
    Own,
    /// On those that its acts name, or were done on.
    Acts,
}

/// What a thing is, so that it is known again in another matter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Thing {
    /// This matter's own, on its day.
    Own(DocumentId),
    /// What the people of one unit call by this name on that day: a person, a point, a source.
    Named(UnitId, String),
    /// A document, on whatever day and in whatever unit it is written down.
    Document(DocumentId),
}

/// How much a thing adds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Worth {
    /// So many.
    Number(i64),
    /// The time between these.
    Stay(NaiveTime, NaiveTime),
}

/// Something that a matter adds to a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// The feature.
    pub feature: &'static str,
    /// To which figure.
    pub figure: &'static str,
    /// On which local day.
    pub day: NaiveDate,
    /// How much.
    pub worth: Worth,
    /// What it is.
    pub thing: Thing,
    /// In which unit.
    pub home: UnitId,
    /// At which point.
    pub point: Option<PointId>,
    /// When it was recorded, and by which event.
    pub recorded: (Timestamp, EventId),
}

impl Count {
    /// So many by an act, as the matter's own and on its day.
    #[must_use]
    pub fn of(told: &Telling<'_>, by: &Event<MatterAct>, figure: &'static str, number: i64) -> Self {
        Self {
            feature: told.feature.name,
            figure,
            day: told.record.day,
            worth: Worth::Number(number),
            thing: Thing::Own(told.record.id),
            home: told.record.home.clone(),
            point: told.record.point.clone(),
            recorded: (by.at.at(), by.id),
        }
    }

    /// On another day.
    #[must_use]
    pub fn on(self, day: NaiveDate) -> Self {
        Self { day, ..self }
    }

    /// A thing that the unit's people call so.
    #[must_use]
    pub fn named(self, name: &str) -> Self {
        Self { thing: Thing::Named(self.home.clone(), name.to_owned()), ..self }
    }

    /// A thing that is a document.
    #[must_use]
    pub fn document(self, document: DocumentId) -> Self {
        Self { thing: Thing::Document(document), ..self }
    }

    /// Time instead of a number.
    #[must_use]
    pub fn stay(self, from: NaiveTime, until: NaiveTime) -> Self {
        Self { worth: Worth::Stay(from, until), ..self }
    }
}

/// Things of which each is there once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Once {
    /// Each thing, by feature, figure and day.
    pub counted: Vec<Counted>,
    /// How many entries were left out because their thing was there already.
    pub repeated: usize,
}

/// A thing that counts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Counted {
    /// The feature.
    pub feature: &'static str,
    /// The figure.
    pub figure: &'static str,
    /// The day.
    pub day: NaiveDate,
    /// The unit.
    pub home: UnitId,
    /// The point.
    pub point: Option<PointId>,
    /// How much.
    pub amount: Amount,
}

/// What a matter adds to reports; nothing when it was withdrawn, or its feature adds nothing.
#[must_use]
pub fn counts(record: &MatterRecord, reference: &Reference) -> Vec<Count> {
    let Some(counting) = record.feature().and_then(|feature| feature.counting) else { return Vec::new() };
    match hear(record, reference) {
        Some(heard) if !heard.withdrawn => (counting.each)(&heard.telling),
        _ => Vec::new(),
    }
}

/// Counts every thing once. Those of all days and units have to be here: what was written down twice stands where it
/// was recorded last, and is then asked for by day or unit.
#[must_use]
pub fn once(counts: impl IntoIterator<Item = Count>) -> Once {
    let mut things: BTreeMap<_, Vec<Count>> = BTreeMap::new();
    for count in counts {
        let day = if matches!(count.thing, Thing::Document(_)) { None } else { Some(count.day) };
        things.entry((count.feature, count.figure, count.thing.clone(), day)).or_default().push(count);
    }
    let (mut counted, mut repeated) = (Vec::new(), BTreeSet::new());
    for mut same in things.into_values() {
        same.sort_by_key(|count| count.recorded);
        let stays: Vec<_> = same.iter().filter_map(|count| stay(count.worth)).collect();
        let Some(last) = same.pop() else { continue };
        let amount = match last.worth {
            Worth::Number(number) => {
                repeated.extend(same.iter().map(|count| count.recorded.1));
                Amount::Count(number)
            }
            Worth::Stay(..) => Amount::Minutes(covered(stays)),
        };
        let Count { feature, figure, day, home, point, .. } = last;
        counted.push(Counted { feature, figure, day, home, point, amount });
    }
    counted.sort();
    Once { counted, repeated: repeated.len() }
}

fn stay(worth: Worth) -> Option<(NaiveTime, NaiveTime)> {
    match worth {
        Worth::Stay(from, until) => Some((from, until)),
        Worth::Number(_) => None,
    }
}

/// How many minutes some stays cover together.
fn covered(mut stays: Vec<(NaiveTime, NaiveTime)>) -> i64 {
    stays.sort_unstable();
    let (mut minutes, mut reached) = (0, NaiveTime::MIN);
    for (from, until) in stays {
        minutes += (until - from.max(reached)).num_minutes().max(0);
        reached = reached.max(until);
    }
    minutes
}

#[cfg(test)]
mod tests;
