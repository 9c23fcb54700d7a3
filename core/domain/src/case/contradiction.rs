//! Decisions that contradict each other, and who settled that.
//!
//! Two people who decide without having seen each other's decision can contradict. Neither is more right
//! for having a smaller id or an earlier clock, so neither takes effect until a person with the right to
//! decide has seen both. What contradicts what:
//!
//! | one decision | and a concurrent |
//! |---|---|
//! | look-back passed | look-back failed, rework, on account |
//! | close | look-back failed, rework, on account |
//! | dispatch | dispatch to another handler |
//! | void | any act by which the case goes on: confirm, file, dispatch, rectify, look-back, close, rework, on account, extension, exception, found again |
//!
//! Everything else is compatible: two equal decisions are one decision taken twice, two extensions leave
//! the later due instant, a merge can be undone.

use super::{CaseAct, Outcome};
use crate::event::{CausalOrder, Event};
use crate::id::EventId;
use std::collections::{BTreeMap, BTreeSet};

/// Whether two events contradict each other: neither author had seen the other's, and the acts clash.
pub(super) fn contradict(a: &Event<CaseAct>, b: &Event<CaseAct>, order: &CausalOrder) -> bool {
    (clash(&a.act, &b.act) || clash(&b.act, &a.act)) && order.concurrent(a.id, b.id)
}

fn clash(one: &CaseAct, other: &CaseAct) -> bool {
    use CaseAct::{
        Close, Confirm, Dispatch, Except, Extend, File, FindAgain, LookBack, PutOnAccount, Rectify, Rework,
        Void,
    };
    match one {
        LookBack { outcome: Outcome::Passed, .. } | Close => {
            matches!(other, LookBack { outcome: Outcome::Failed, .. } | Rework { .. } | PutOnAccount { .. })
        }
        Dispatch { to } => matches!(other, Dispatch { to: elsewhere } if to != elsewhere),
        Void { .. } => matches!(
            other,
            Confirm
                | File
                | Dispatch { .. }
                | Rectify { .. }
                | LookBack { .. }
                | Close
                | Rework { .. }
                | PutOnAccount { .. }
                | Extend { .. }
                | Except { .. }
                | FindAgain { .. }
        ),
        _ => false,
    }
}

/// The contradictions among the events of a case.
#[derive(Debug, Default)]
pub(super) struct Contradictions {
    /// Pairs that nobody has settled.
    open: Vec<(EventId, EventId)>,
    /// The events in those pairs.
    pub(super) contested: BTreeSet<EventId>,
    /// Events that fell when a person decided.
    pub(super) overruled: BTreeSet<EventId>,
    /// Decisions that speak about a contradiction their author had seen.
    pub(super) heard: BTreeSet<EventId>,
}

impl Contradictions {
    /// Finds them among `events`, which are given in causal order.
    pub(super) fn among(events: &[&Event<CaseAct>], order: &CausalOrder) -> Self {
        let mut found = Self::default();
        let mut unsettled = Vec::new();
        let decides: Vec<_> =
            events.iter().copied().filter(|event| matches!(event.act, CaseAct::Decide { .. })).collect();
        for (n, a) in events.iter().enumerate() {
            for b in events.iter().skip(n + 1) {
                if !contradict(a, b, order) {
                    continue;
                }
                let decisions = decisions_on((a.id, b.id), &decides, order);
                found.heard.extend(decisions.iter().map(|(decision, _)| *decision));
                match agreed(&decisions, order) {
                    Some(fallen) => found.overruled.extend(fallen),
                    None => unsettled.push((a.id, b.id)),
                }
            }
        }
        // What has fallen against one event contradicts nothing any more.
        let fallen = &found.overruled;
        unsettled.retain(|(a, b)| !fallen.contains(a) && !fallen.contains(b));
        found.contested = unsettled.iter().flat_map(|(a, b)| [*a, *b]).collect();
        found.open = unsettled;
        found
    }

    /// The unsettled contradictions, joined where they share an event; each sorted by id.
    pub(super) fn groups(&self) -> Vec<Vec<EventId>> {
        let mut neighbours: BTreeMap<EventId, Vec<EventId>> = BTreeMap::new();
        for (a, b) in &self.open {
            neighbours.entry(*a).or_default().push(*b);
            neighbours.entry(*b).or_default().push(*a);
        }
        let mut groups = Vec::new();
        while let Some((first, next)) = neighbours.pop_first() {
            let mut group = BTreeSet::from([first]);
            let mut waiting = next;
            while let Some(event) = waiting.pop() {
                group.insert(event);
                waiting.extend(neighbours.remove(&event).unwrap_or_default());
            }
            groups.push(group.into_iter().collect());
        }
        groups
    }
}

/// The decisions about a pair with what each lets fall. A decision counts only for what its author had
/// seen: both events of the pair.
fn decisions_on(
    (a, b): (EventId, EventId),
    decides: &[&Event<CaseAct>],
    order: &CausalOrder,
) -> Vec<(EventId, BTreeSet<EventId>)> {
    let of_event = |event: &&Event<CaseAct>| {
        let CaseAct::Decide { upholds, over, .. } = &event.act else { return None };
        let seen_both = order.saw(event.id, a) && order.saw(event.id, b);
        let falls =
            |one: EventId, other: EventId| *upholds != one && (*upholds == other || over.contains(&one));
        let fallen: BTreeSet<_> = [(a, b), (b, a)]
            .into_iter()
            .filter(|(one, other)| falls(*one, *other))
            .map(|(one, _)| one)
            .collect();
        (seen_both && !fallen.is_empty()).then_some((event.id, fallen))
    };
    decides.iter().filter_map(of_event).collect()
}

/// What falls, if the latest decisions agree; `None` when there is none or concurrent ones differ.
fn agreed(decisions: &[(EventId, BTreeSet<EventId>)], order: &CausalOrder) -> Option<BTreeSet<EventId>> {
    let mut latest = decisions
        .iter()
        .filter(|(decision, _)| !decisions.iter().any(|(later, _)| order.saw(*later, *decision)))
        .map(|(_, fallen)| fallen);
    let first = latest.next()?;
    latest.all(|fallen| fallen == first).then(|| first.clone())
}
