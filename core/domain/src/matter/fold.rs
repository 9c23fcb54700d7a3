//! From events to what a matter is now.
//!
//! Events are taken in causal order with ties by id, never by clock or arrival. Whether an act was in place was
//! judged when it was recorded, and again by the server, by what its author had seen; so here every act that is held
//! counts, except those that were struck out, those of a later version, and those that contradict each other until a
//! person has decided.

use super::{Always, Feature, Figure, MatterAct, MatterRecord};
use crate::event::{CausalOrder, Event};
use crate::id::{EventId, PersonId, UnitId};
use crate::reference::Reference;
use crate::time::{Stamp, Timestamp, Zone};
use chrono::{NaiveDate, NaiveTime};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// How a matter began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Opened {
    /// The event.
    pub event: EventId,
    /// Who opened it.
    pub by: PersonId,
    /// When.
    pub at: Stamp,
}

/// Something of a matter that is not done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Open {
    /// The entry that asked for it; `None` when it follows from the form.
    pub entry: Option<EventId>,
    /// What, in the words of whoever asked; empty when the step says it.
    pub what: String,
    /// By when.
    pub due: Option<Timestamp>,
    /// Which unit answers.
    pub unit: Option<UnitId>,
    /// Which person answers.
    pub person: Option<PersonId>,
}

/// What a matter is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct State {
    /// How far it has come, in a word of its feature.
    pub step: &'static str,
    /// Nothing more is to be done.
    pub closed: bool,
    /// Others have read it: it is not withdrawn any more.
    pub sealed: bool,
    /// What it is called in a list.
    pub title: String,
    /// How it began.
    pub opened: Opened,
    /// The soonest instant by which something of it is due.
    pub due: Option<Timestamp>,
    /// What is not done, and who answers.
    pub open: Vec<Open>,
    /// Its figures.
    pub figures: Vec<Figure>,
    /// What somebody should look at, by names of the catalogue.
    pub remarks: Vec<&'static str>,
    /// Contradictions that a person has to decide, each as the events between which.
    pub disputes: Vec<Vec<EventId>>,
    /// Events without effect: struck out, overruled, in dispute, or of a later version.
    pub idle: BTreeSet<EventId>,
}

/// What a feature makes of its acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// How far it has come.
    pub step: &'static str,
    /// What it is called.
    pub title: String,
    /// What is not done.
    pub open: Vec<Open>,
    /// Figures.
    pub figures: Vec<Figure>,
    /// Remarks.
    pub remarks: Vec<&'static str>,
}

impl Told {
    /// A matter that has come so far.
    #[must_use]
    pub fn at(step: &'static str, title: &str) -> Self {
        Self { step, title: title.to_owned(), open: Vec::new(), figures: Vec::new(), remarks: Vec::new() }
    }

    /// With figures.
    #[must_use]
    pub fn figures(self, figures: Vec<Figure>) -> Self {
        Self { figures, ..self }
    }

    /// With something that is not done.
    #[must_use]
    pub fn open(mut self, open: Open) -> Self {
        self.open.push(open);
        self
    }

    /// With a remark, when it holds.
    #[must_use]
    pub fn remark(mut self, remark: &'static str, holds: bool) -> Self {
        if holds {
            self.remarks.push(remark);
        }
        self
    }
}

/// The acts of a matter that count, in order.
#[derive(Debug)]
pub struct Telling<'a> {
    /// Its feature.
    pub feature: &'static Feature,
    /// The matter.
    pub record: &'a MatterRecord,
    /// What it begins with.
    pub opening: &'a Event<MatterAct>,
    /// The tenant's zone.
    pub zone: Zone,
    /// When a day is over.
    pub day_ends: NaiveTime,
    acts: Vec<&'a Event<MatterAct>>,
}

impl<'a> Telling<'a> {
    /// The acts of one name.
    pub fn each(&self, name: &str) -> impl Iterator<Item = &'a Event<MatterAct>> {
        self.acts.iter().copied().filter(move |event| event.act.name == name)
    }

    /// All acts after the opening.
    pub fn acts(&self) -> impl Iterator<Item = &'a Event<MatterAct>> {
        self.acts.iter().copied()
    }

    /// The last of one name.
    #[must_use]
    pub fn last(&self, name: &str) -> Option<&'a Event<MatterAct>> {
        self.each(name).last()
    }

    /// Whether there is one of that name.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.each(name).next().is_some()
    }

    /// The last act of each thing that `key` tells apart: a later look replaces an earlier one.
    pub fn latest<K: Ord>(
        &self,
        name: &str,
        key: impl Fn(&'a MatterAct) -> Option<K>,
    ) -> BTreeMap<K, &'a Event<MatterAct>> {
        self.each(name).filter_map(|event| Some((key(&event.act)?, event))).collect()
    }

    /// The end of a local day.
    #[must_use]
    pub fn end_of(&self, day: NaiveDate) -> Timestamp {
        self.zone.at(day, self.day_ends)
    }

    /// The local day on which an act was done.
    #[must_use]
    pub fn day_of(&self, event: &Event<MatterAct>) -> NaiveDate {
        self.zone.day(event.at.at())
    }

    /// What is not done until the end of a day.
    #[must_use]
    pub fn waits(&self, day: Option<NaiveDate>) -> Open {
        let due = day.map(|day| self.end_of(day));
        Open { entry: None, what: String::new(), due, unit: None, person: self.record.person.clone() }
    }
}

/// A matter whose acts were sorted: those that count, and those that do not.
pub(super) struct Heard<'a> {
    pub(super) telling: Telling<'a>,
    disputes: Vec<Vec<EventId>>,
    idle: BTreeSet<EventId>,
    sealed: bool,
    pub(super) withdrawn: bool,
}

/// Sorts the acts of a matter. `None` for a feature of a later version, or when the opening is not here.
pub(super) fn hear<'a>(record: &'a MatterRecord, reference: &Reference) -> Option<Heard<'a>> {
    let feature = record.feature()?;
    let opening = record.opening()?;
    let order = record.order();
    let told: Vec<&Event<MatterAct>> = order
        .sequence()
        .iter()
        .filter_map(|id| record.events.get(id))
        .filter(|event| event.id != opening.id)
        .collect();

    let mut idle = BTreeSet::new();
    for event in &told {
        if event.act.name == Always::STRIKE {
            let struck = event.act.event("entry").filter(|entry| *entry != opening.id);
            idle.extend(struck.filter(|entry| {
                record.events.get(entry).is_none_or(|struck| !feature.stands(&struck.act.name))
            }));
        }
        if record.check(&event.act).ok().flatten().is_none() {
            idle.insert(event.id);
        }
    }
    let standing: Vec<_> = told.iter().copied().filter(|event| !idle.contains(&event.id)).collect();
    let (fallen, disputes) = settle(feature, &standing, &order);
    idle.extend(fallen);
    idle.extend(disputes.iter().flatten().copied());

    let (zone, day_ends) = days(reference);
    let acts = standing.into_iter().filter(|event| !idle.contains(&event.id)).collect();
    let telling = Telling { feature, record, opening, zone, day_ends, acts };
    let sealed = telling.acts().any(|event| feature.act(&event.act.name).is_some_and(|form| form.seals));
    // Whoever withdrew it had not seen that it was out already.
    let withdrawn = telling.has(Always::WITHDRAW) && !sealed;
    Some(Heard { telling, disputes, idle, sealed, withdrawn })
}

/// What a matter is, folded from its events. `None` for a feature of a later version, or when the opening is not here.
#[must_use]
pub fn fold(record: &MatterRecord, reference: &Reference) -> Option<State> {
    let Heard { telling, disputes, idle, sealed, withdrawn } = hear(record, reference)?;
    let (feature, opening) = (telling.feature, telling.opening);
    let told = (feature.fold)(&telling);
    let opened = Opened { event: opening.id, by: opening.by.clone(), at: opening.at };
    let mut state = State {
        step: if withdrawn { Always::WITHDRAWN } else { told.step },
        closed: withdrawn || feature.closed.contains(&told.step),
        sealed,
        title: told.title,
        opened,
        due: None,
        open: told.open,
        figures: told.figures,
        remarks: told.remarks,
        disputes,
        idle,
    };
    if withdrawn {
        state.figures.clear();
        state.remarks.clear();
    }
    if state.closed {
        state.open.clear();
    }
    state.due = state.open.iter().filter_map(|open| open.due).min();
    Some(state)
}

/// The tenant's zone, and when its days are over.
fn days(reference: &Reference) -> (Zone, NaiveTime) {
    let tenant = reference.tenant.as_ref();
    tenant.map_or((Zone::CHINA, NaiveTime::MIN), |tenant| (tenant.zone, tenant.day.ends_at))
}

/// The end of a local day.
pub(super) fn end_of(reference: &Reference, day: NaiveDate) -> Timestamp {
    let (zone, ends) = days(reference);
    zone.at(day, ends)
}

/// Figures and remarks of a matter together with what belongs to it.
#[must_use]
pub fn gather(
    record: &MatterRecord,
    state: &State,
    belonging: &[(MatterRecord, State)],
) -> (Vec<Figure>, Vec<&'static str>) {
    match record.feature().and_then(|feature| feature.gather) {
        Some(gather) if state.step != Always::WITHDRAWN => gather(state, belonging),
        _ => (Vec::new(), Vec::new()),
    }
}

/// Which events a person's decision has overruled, and which contradictions nobody has decided.
fn settle(
    feature: &Feature,
    events: &[&Event<MatterAct>],
    order: &CausalOrder,
) -> (BTreeSet<EventId>, Vec<Vec<EventId>>) {
    let decisions: Vec<_> = events.iter().filter(|event| event.act.name == Always::DECIDE).collect();
    let (mut fallen, mut groups) = (BTreeSet::new(), Vec::<BTreeSet<EventId>>::new());
    for (count, one) in events.iter().enumerate() {
        for other in events.iter().skip(count + 1) {
            if !contradict(feature, &one.act, &other.act) || !order.concurrent(one.id, other.id) {
                continue;
            }
            let about: Vec<_> = decisions
                .iter()
                .filter(|decision| order.saw(decision.id, one.id) && order.saw(decision.id, other.id))
                .filter_map(|decision| Some((decision.id, decision.act.event("upholds")?)))
                .filter(|(_, upheld)| [one.id, other.id].contains(upheld))
                .collect();
            let last = about.iter().filter(|(id, _)| !about.iter().any(|(later, _)| order.saw(*later, *id)));
            let upheld: BTreeSet<EventId> = last.map(|(_, upheld)| *upheld).collect();
            match upheld.iter().next() {
                Some(upheld_one) if upheld.len() == 1 => {
                    fallen.insert(if *upheld_one == one.id { other.id } else { one.id });
                }
                _ => {
                    let mut group = BTreeSet::from([one.id, other.id]);
                    // Whoever contradicts one of several is part of the same question.
                    groups.retain(|held| {
                        let joins = !held.is_disjoint(&group);
                        if joins {
                            group.extend(held.iter().copied());
                        }
                        !joins
                    });
                    groups.push(group);
                }
            }
        }
    }
    let open = groups
        .into_iter()
        .map(|group| group.into_iter().filter(|event| !fallen.contains(event)).collect::<Vec<_>>())
        .filter(|group| group.len() > 1);
    let open: Vec<_> = open.collect();
    (fallen, open)
}

fn contradict(feature: &Feature, one: &MatterAct, other: &MatterAct) -> bool {
    let says = |one: &MatterAct, other: &MatterAct| {
        let against = feature.act(&one.name).map(|form| form.against).unwrap_or_default();
        against.iter().any(|against| {
            let equal = |field: &str| one.fields.get(field) == other.fields.get(field);
            against.act == other.name
                && against.same.iter().all(|field| equal(field))
                && (against.same.is_empty()
                    || against.same.iter().any(|field| one.fields.contains_key(*field)))
                && (against.differ.is_empty() || !against.differ.iter().all(|field| equal(field)))
        })
    };
    says(one, other) || says(other, one)
}
