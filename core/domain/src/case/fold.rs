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

use super::contradiction::{Contradictions, Standing};
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
    let mut folding = Folding {
        record,
        reference,
        order: &order,
        report,
        judged: BTreeMap::new(),
        contradictions: Contradictions::default(),
    };
    folding.judge_all(&events)?;
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
    /// Among the events that were in place.
    contradictions: Contradictions,
}

impl<'a> Folding<'a> {
    /// Judges every event by what its author had seen.
    fn judge_all(&mut self, events: &[&'a Event<CaseAct>]) -> Option<()> {
        let mut begun = false;
        // Most threads are a chain: then the case so far is what the next author saw.
        let mut so_far = None;
        for (count, event) in events.iter().enumerate() {
            let before = events.get(..count).unwrap_or_default();
            if event.id == self.report.id {
                begun = true;
                self.judged.insert(event.id, Ok(Status::Reported));
                continue;
            }
            let verdict = if !begun {
                Err(Ignored::OutOfPlace)
            } else if before.iter().all(|earlier| self.order.saw(event.id, earlier.id)) {
                let progress = match so_far.take() {
                    Some(progress) => progress,
                    None => self.progress_through(before)?,
                };
                so_far.insert(progress).judge(event)
            } else {
                let seen = before.iter().copied().filter(|earlier| self.order.saw(event.id, earlier.id));
                self.progress_through(&seen.collect::<Vec<_>>())?.judge(event)
            };
            self.judged.insert(event.id, verdict);
            let Ok(view) = verdict else { continue };
            let in_place =
                before.iter().copied().filter(|event| matches!(self.judged.get(&event.id), Some(Ok(_))));
            if self.contradictions.meet(event, in_place, self.order) {
                so_far = None;
            } else if let Some(progress) = &mut so_far {
                progress.take(event, view);
            }
        }
        Some(())
    }

    /// Takes judged events, given in causal order, and sees how far the case comes.
    fn progress_through(&self, events: &[&Event<CaseAct>]) -> Option<Progress<'a>> {
        let standing = self.contradictions.among(events, self.order);
        let mut progress = Progress::start(self.record, self.reference, self.order, self.report)?;
        for event in events.iter().filter(|event| event.id != self.report.id) {
            self.step(&mut progress, event, &standing);
        }
        Some(progress)
    }

    /// Lets one event take effect, if it has any; says why not.
    fn step(
        &self,
        progress: &mut Progress<'a>,
        event: &Event<CaseAct>,
        standing: &Standing,
    ) -> Option<Ignored> {
        match self.judged.get(&event.id) {
            Some(Err(ignored)) => return Some(*ignored),
            Some(Ok(_)) if standing.overruled.contains(&event.id) => return Some(Ignored::Overruled),
            Some(Ok(_)) if standing.contested.contains(&event.id) => progress.suspend(),
            Some(Ok(view)) => progress.take(event, *view),
            None => {}
        }
        let unheard = matches!(event.act, CaseAct::Decide { .. }) && !standing.heard.contains(&event.id);
        unheard.then_some(Ignored::DanglingReference)
    }

    /// The final walk, written down as the thread.
    fn narrate(&self, events: &[&Event<CaseAct>]) -> Option<CaseState> {
        let standing = self.contradictions.among(events, self.order);
        let mut progress = Progress::start(self.record, self.reference, self.order, self.report)?;
        for event in events {
            let ignored = match event.id == self.report.id {
                true => None,
                false => self.step(&mut progress, event, &standing),
            };
            progress.note(event, ignored);
        }
        let mut state = progress.end();
        // Voiding a disputed case, knowing of the dispute, leaves nothing to decide.
        if state.unmerged != Status::Voided {
            state.disputes = standing.groups().into_iter().map(|between| Dispute { between }).collect();
        }
        Some(state)
    }
}
