//! From events to what a case is now.
//!
//! Events are taken in causal order with ties by id, never by clock or arrival, so that every replica that
//! holds the same events derives the same state. Two questions are kept apart:
//!
//! - *Was the act in place?* That is judged by what its author had seen, so that offline work is judged
//!   fairly and nobody's unseen act can take it back. What was out of place stays in the thread, ignored.
//! - *What does it change?* Contradicting concurrent decisions ([`super::contradiction`]) change nothing
//!   until a person decides; everything else takes effect ([`super::progress`]) so that ties between
//!   concurrent acts do not matter.

use super::contradiction::{Contradictions, contradict};
use super::progress::Progress;
use super::{CaseAct, CaseRecord, CaseState, Dispute, Ignored, Status};
use crate::event::{CausalOrder, Event};
use crate::id::EventId;
use crate::reference::Reference;
use crate::time::Timestamp;
use std::collections::BTreeMap;

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
    let report = events.iter().copied().find(|event| matches!(event.act, CaseAct::Report { .. }))?;
    let mut folding = Folding { record, reference, order: &order, report, judged: BTreeMap::new() };

    let mut so_far = folding.progress_through(&[])?;
    let mut begun = false;
    for (count, event) in events.iter().enumerate() {
        let before = events.get(..count).unwrap_or_default();
        begun |= event.id == report.id;
        let verdict = if event.id == report.id {
            Ok(Status::Reported)
        } else if !begun {
            Err(Ignored::OutOfPlace)
        } else if before.iter().all(|earlier| order.saw(event.id, earlier.id)) {
            so_far.judge(event)
        } else {
            let seen: Vec<_> =
                before.iter().copied().filter(|earlier| order.saw(event.id, earlier.id)).collect();
            folding.progress_through(&seen)?.judge(event)
        };
        folding.judged.insert(event.id, verdict);
        // Contradictions and decisions reach back into what was already taken.
        let reaches_back = matches!(event.act, CaseAct::Decide { .. })
            || before.iter().any(|earlier| contradict(earlier, event, &order));
        if reaches_back {
            so_far = folding.progress_through(events.get(..=count).unwrap_or_default())?;
        } else if event.id != report.id
            && let Ok(view) = verdict
        {
            so_far.take(event, view);
        }
    }
    folding.narrate(&events)
}

/// The events of a case while they are being judged one after the other.
struct Folding<'a> {
    record: &'a CaseRecord,
    reference: &'a Reference,
    order: &'a CausalOrder,
    report: &'a Event<CaseAct>,
    /// Per event the status that its author saw, or why it was out of place.
    judged: BTreeMap<EventId, Result<Status, Ignored>>,
}

impl<'a> Folding<'a> {
    /// The contradictions among those of `events` that were in place.
    fn contradictions(&self, events: &[&Event<CaseAct>]) -> Contradictions {
        let in_place: Vec<_> = events
            .iter()
            .copied()
            .filter(|event| matches!(self.judged.get(&event.id), Some(Ok(_))))
            .collect();
        Contradictions::among(&in_place, self.order)
    }

    /// Takes judged events, given in causal order, and sees how far the case comes.
    fn progress_through(&self, events: &[&Event<CaseAct>]) -> Option<Progress<'a>> {
        let contradictions = self.contradictions(events);
        let mut progress = Progress::start(self.record, self.reference, self.order, self.report)?;
        for event in events.iter().filter(|event| event.id != self.report.id) {
            self.step(&mut progress, event, &contradictions);
        }
        Some(progress)
    }

    /// Lets one event take effect, if it has any; says why not.
    fn step(
        &self,
        progress: &mut Progress<'a>,
        event: &Event<CaseAct>,
        contradictions: &Contradictions,
    ) -> Option<Ignored> {
        match self.judged.get(&event.id) {
            Some(Err(ignored)) => return Some(*ignored),
            Some(Ok(_)) if contradictions.overruled.contains(&event.id) => return Some(Ignored::Overruled),
            Some(Ok(_)) if contradictions.contested.contains(&event.id) => progress.suspend(),
            Some(Ok(view)) => progress.take(event, *view),
            None => {}
        }
        let unheard =
            matches!(event.act, CaseAct::Decide { .. }) && !contradictions.heard.contains(&event.id);
        unheard.then_some(Ignored::DanglingReference)
    }

    /// The final walk, written down as the thread.
    fn narrate(&self, events: &[&Event<CaseAct>]) -> Option<CaseState> {
        let contradictions = self.contradictions(events);
        let mut progress = Progress::start(self.record, self.reference, self.order, self.report)?;
        for event in events {
            let ignored = match event.id == self.report.id {
                true => None,
                false => self.step(&mut progress, event, &contradictions),
            };
            progress.note(event, ignored);
        }
        let mut state = progress.end();
        // Voiding a disputed case, knowing of the dispute, leaves nothing to decide.
        if state.unmerged != Status::Voided {
            state.disputes = contradictions.groups().into_iter().map(|between| Dispute { between }).collect();
        }
        Some(state)
    }
}
