//! An immutable act of a person, and the causal order of a set of them.
//!
//! Every decision is an event with an id of its own: a register would hide a decision that was affirmed
//! twice. An event names the events its author had seen; that relation, not the clock, is what orders
//! them, so that a wrong clock can never rewrite the story.

use crate::id::{EventId, PersonId};
use crate::time::Stamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// One act in a document. `A` is what the document's kind can hold ([`crate::case::CaseAct`], …).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event<A> {
    /// Its id, chosen at random by the author; sending it twice changes nothing.
    pub id: EventId,
    /// When it was recorded, and how far that time can be believed.
    pub at: Stamp,
    /// Who acted.
    pub by: PersonId,
    /// The heads of what the author had seen: the events not yet named by another seen one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seen: Vec<EventId>,
    /// What was done.
    pub act: A,
}

/// The events of a document as a causal order.
///
/// Events that are named but not held (not delivered yet) are ignored. A forged cycle cannot stop the
/// order: its members follow everything else, by id.
#[derive(Debug)]
pub struct CausalOrder {
    sequence: Vec<EventId>,
    past: BTreeMap<EventId, BTreeSet<EventId>>,
}

impl CausalOrder {
    /// Orders `events`, given as (id, seen): topologically, ties by event id.
    #[must_use]
    pub fn of<'a>(events: impl IntoIterator<Item = (EventId, &'a [EventId])>) -> Self {
        let seen: BTreeMap<EventId, &[EventId]> = events.into_iter().collect();
        let mut waiting: BTreeMap<EventId, usize> = BTreeMap::new();
        let mut followers: BTreeMap<EventId, BTreeSet<EventId>> = BTreeMap::new();
        for (&id, parents) in &seen {
            let held: BTreeSet<_> = parents.iter().filter(|p| **p != id && seen.contains_key(p)).collect();
            waiting.insert(id, held.len());
            for parent in held {
                followers.entry(*parent).or_default().insert(id);
            }
        }
        let mut ready: BTreeSet<EventId> =
            waiting.iter().filter(|(_, n)| **n == 0).map(|(id, _)| *id).collect();
        let mut order = Self { sequence: Vec::with_capacity(seen.len()), past: BTreeMap::new() };
        while let Some(id) = ready.pop_first() {
            order.push(id, seen.get(&id).copied().unwrap_or_default());
            waiting.remove(&id);
            for follower in followers.remove(&id).unwrap_or_default() {
                if let Some(left) = waiting.get_mut(&follower) {
                    *left -= 1;
                    if *left == 0 {
                        ready.insert(follower);
                    }
                }
            }
        }
        for id in waiting.into_keys() {
            order.push(id, seen.get(&id).copied().unwrap_or_default());
        }
        order
    }

    fn push(&mut self, id: EventId, parents: &[EventId]) {
        let mut past = BTreeSet::new();
        for parent in parents {
            if let Some(earlier) = self.past.get(parent) {
                past.extend(earlier.iter().copied());
                past.insert(*parent);
            }
        }
        self.past.insert(id, past);
        self.sequence.push(id);
    }

    /// The events in order.
    #[must_use]
    pub fn sequence(&self) -> &[EventId] {
        &self.sequence
    }

    /// Whether the author of `later` had seen `earlier`, directly or through other events.
    #[must_use]
    pub fn saw(&self, later: EventId, earlier: EventId) -> bool {
        self.past.get(&later).is_some_and(|past| past.contains(&earlier))
    }

    /// Whether neither author had seen the other's event.
    #[must_use]
    pub fn concurrent(&self, a: EventId, b: EventId) -> bool {
        a != b && !self.saw(a, b) && !self.saw(b, a)
    }

    /// The events that no other event has seen: what a new event names as seen.
    #[must_use]
    pub fn heads(&self) -> Vec<EventId> {
        let covered: BTreeSet<_> = self.past.values().flatten().collect();
        self.sequence.iter().filter(|id| !covered.contains(id)).copied().collect()
    }
}

#[cfg(test)]
mod tests;
