//! From events to what a case is now.
//!
//! Events are taken in causal order with ties by id, never by clock or arrival, so that every replica
//! that holds the same events derives the same state. Nothing is lost: an act that comes too late or out
//! of place stays in the thread, marked as ignored. Contradicting concurrent decisions
//! ([`super::contradiction`]) are suspended until a person decides.

use super::contradiction::Contradictions;
use super::progress::Progress;
use super::{CaseAct, CaseRecord, CaseState, Dispute, Ignored};
use crate::event::{CausalOrder, Event};
use crate::id::EventId;
use crate::reference::Reference;
use crate::time::Timestamp;
use std::collections::BTreeSet;

/// What a case is, folded from its events in causal order; with `as_of`, what it was at that instant (only
/// events recorded until then count). `None` when no report is among them.
///
/// Registers (point, standard, words) have no history: a corrected one counts for the past as well.
#[must_use]
pub fn fold(record: &CaseRecord, reference: &Reference, as_of: Option<Timestamp>) -> Option<CaseState> {
    // Ordered with all events: one that is left out may be the link between two that are not.
    let order = record.order();
    let events: Vec<_> = order
        .sequence()
        .iter()
        .filter_map(|id| record.events.get(id))
        .filter(|event| as_of.is_none_or(|instant| event.at.at() <= instant))
        .collect();
    let contradictions = Contradictions::among(&events, &order);
    let mut contested: BTreeSet<EventId> = contradictions.open.iter().flat_map(|(a, b)| [*a, *b]).collect();
    loop {
        let (mut state, moot) = walk(record, reference, &order, &events, &contradictions, &contested)?;
        let groups = contradictions.groups(&contested.difference(&moot).copied().collect());
        let still: BTreeSet<_> = groups.iter().flatten().copied().collect();
        // An act that was out of place contradicts nothing; without it others may stand after all. The
        // set only shrinks, so this ends.
        if still == contested {
            state.disputes = groups.into_iter().map(|between| Dispute { between }).collect();
            return Some(state);
        }
        contested = still;
    }
}

/// Takes the events one after the other; contested ones are kept without effect. Also says which of those
/// would have been out of place anyway.
fn walk(
    record: &CaseRecord,
    reference: &Reference,
    order: &CausalOrder,
    events: &[&Event<CaseAct>],
    contradictions: &Contradictions,
    contested: &BTreeSet<EventId>,
) -> Option<(CaseState, BTreeSet<EventId>)> {
    let report = events.iter().find(|event| matches!(event.act, CaseAct::Report { .. }))?;
    let mut progress = Progress::start(record, reference, order, report)?;
    let mut moot = BTreeSet::new();
    let mut begun = false;
    for event in events {
        if event.id == report.id {
            begun = true;
            progress.note(event, None);
            continue;
        }
        let fits = if contradictions.overruled.contains(&event.id) {
            Err(Ignored::Overruled)
        } else if matches!(event.act, CaseAct::Decide { .. }) && !contradictions.heard.contains(&event.id) {
            Err(Ignored::DanglingReference)
        } else if !begun {
            Err(Ignored::OutOfPlace)
        } else {
            progress.fits(event, contested.contains(&event.id))
        };
        match (fits, contested.contains(&event.id)) {
            (Ok(()), true) => progress.suspend(),
            (Ok(()), false) => progress.take(event),
            (Err(_), true) => drop(moot.insert(event.id)),
            (Err(_), false) => {}
        }
        progress.note(event, fits.err());
    }
    Some((progress.end(), moot))
}
