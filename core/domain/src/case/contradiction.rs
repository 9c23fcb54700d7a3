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
fn contradict(a: &Event<CaseAct>, b: &Event<CaseAct>, order: &CausalOrder) -> bool {
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

/// The contradictions of a case, gathered while its events are judged in causal order.
#[derive(Debug, Default)]
pub(super) struct Contradictions {
    /// By the event that comes later in the order, then the earlier one.
    pairs: BTreeMap<EventId, BTreeMap<EventId, Vec<Decision>>>,
}

/// A decision about a pair.
#[derive(Debug)]
struct Decision {
    id: EventId,
    /// Which of the pair it lets fall.
    fallen: BTreeSet<EventId>,
}

/// How the contradictions stand for somebody who holds some of the events.
#[derive(Debug, Default)]
pub(super) struct Standing {
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
    /// Takes the next event that is in place; `before` are those before it. Says whether it reaches back:
    /// whether it contradicts or settles something that was already taken.
    pub(super) fn meet<'a>(
        &mut self,
        event: &Event<CaseAct>,
        before: impl Iterator<Item = &'a Event<CaseAct>>,
        order: &CausalOrder,
    ) -> bool {
        if let CaseAct::Decide { upholds, over, .. } = &event.act {
            return self.decide(event.id, *upholds, over, order);
        }
        let against: BTreeMap<_, _> =
            before.filter(|earlier| contradict(earlier, event, order)).map(|e| (e.id, Vec::new())).collect();
        let found = !against.is_empty();
        if found {
            self.pairs.insert(event.id, against);
        }
        found
    }

    /// Notes a decision at every pair it speaks about. It counts only for what its author had seen: both
    /// events of the pair.
    fn decide(&mut self, id: EventId, upholds: EventId, over: &[EventId], order: &CausalOrder) -> bool {
        let falls = |one, other| upholds != one && (upholds == other || over.contains(&one));
        let mut spoke = false;
        for (&later, against) in self.pairs.iter_mut().filter(|(later, _)| order.saw(id, **later)) {
            for (&earlier, decisions) in against.iter_mut().filter(|(earlier, _)| order.saw(id, **earlier)) {
                let both = [(earlier, later), (later, earlier)];
                let fallen: BTreeSet<_> =
                    both.into_iter().filter(|(one, other)| falls(*one, *other)).map(|(one, _)| one).collect();
                if !fallen.is_empty() {
                    decisions.push(Decision { id, fallen });
                    spoke = true;
                }
            }
        }
        spoke
    }

    /// How they stand among `held` events.
    pub(super) fn among(&self, held: &[&Event<CaseAct>], order: &CausalOrder) -> Standing {
        let mut standing = Standing::default();
        if self.pairs.is_empty() {
            return standing;
        }
        let ids: BTreeSet<_> = held.iter().map(|event| event.id).collect();
        for later in &ids {
            let against = self.pairs.get(later).into_iter().flatten();
            for (earlier, decisions) in against.filter(|(earlier, _)| ids.contains(earlier)) {
                let decisions: Vec<_> =
                    decisions.iter().filter(|decision| ids.contains(&decision.id)).collect();
                standing.heard.extend(decisions.iter().map(|decision| decision.id));
                match agreed(&decisions, order) {
                    Some(fallen) => standing.overruled.extend(fallen),
                    None => standing.open.push((*earlier, *later)),
                }
            }
        }
        // What has fallen against one event contradicts nothing any more.
        let fallen = &standing.overruled;
        standing.open.retain(|(a, b)| !fallen.contains(a) && !fallen.contains(b));
        standing.contested = standing.open.iter().flat_map(|(a, b)| [*a, *b]).collect();
        standing
    }
}

/// What falls, if the latest decisions agree; `None` when there is none or concurrent ones differ.
fn agreed<'a>(decisions: &[&'a Decision], order: &CausalOrder) -> Option<&'a BTreeSet<EventId>> {
    let outdated = |decision: &Decision| decisions.iter().any(|later| order.saw(later.id, decision.id));
    let mut latest = decisions.iter().filter(|decision| !outdated(decision)).map(|decision| &decision.fallen);
    let first = latest.next()?;
    latest.all(|fallen| fallen == first).then_some(first)
}

impl Standing {
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
