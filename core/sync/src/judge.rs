//! The server's judgement of one change: first its form ([`sanben_document::admit`]), then who did it, then
//! whether they may. The order matters: rights are judged from what the change really does.
//!
//! Rights are judged twice, each time by an [`Author`]: by the reference data that holds now and, when that
//! speaks against the change, by what held where its author stood ([`crate::manifest::Cited`]). Work that was
//! right when it was done is not wrong because somebody was reassigned before it arrived. When they acted is
//! their own word ([`When`]): it is asked only when what holds now speaks against the change.

use crate::manifest::ManifestItem;
use crate::wire::Rejection;
use sanben_document::{Admitted, Document, NewEvent, Record, Refusal, admit};
use sanben_domain::case::{self, CaseAct, CaseRecord, Field};
use sanben_domain::id::{DocumentId, EventId, PersonId};
use sanben_domain::matter::{self, Flawed, OPEN};
use sanben_domain::reference::{Person, Reference};
use sanben_domain::rights::{self, Scope};
use sanben_domain::time::{DOUBTFUL_OFFSET_MS, Timestamp};
use std::collections::BTreeSet;

/// Somebody who acts at an instant, in the light of some reference data.
#[derive(Debug, Clone)]
pub struct Author<'a> {
    person: &'a Person,
    reference: &'a Reference,
    at: Timestamp,
    /// The scopes they may write into.
    writes: Vec<Scope>,
}

impl<'a> Author<'a> {
    /// The person, with the scopes they hold at that instant; `None` when the reference data does not list them.
    #[must_use]
    pub fn of(person: &PersonId, reference: &'a Reference, at: Timestamp) -> Option<Self> {
        let person = reference.people.get(person)?;
        let mut writes = rights::scopes_of(person, reference, at);
        writes.retain(|scope| rights::writable(person, scope));
        Some(Self { person, reference, at, writes })
    }
}

/// When an act can have been done, as its judge knows it: after what it cites was there, and before it arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct When {
    earliest: Timestamp,
    latest: Timestamp,
    /// Its author's word, where nothing speaks against it.
    said: Option<Timestamp>,
}

impl When {
    /// Of a change that arrived at `arrived` and cites what the server had published at `cited`, if it cites anything.
    ///
    /// A word that cannot be true, or of a clock that is doubtful by itself, is passed over. It is held against
    /// nobody: the act is then one of any instant in between.
    #[must_use]
    pub fn of(admitted: &Admitted, cited: Option<Timestamp>, arrived: Timestamp) -> Self {
        let earliest = cited.unwrap_or(Timestamp(i64::MIN)).min(arrived);
        let latest = arrived;
        let first = admitted.effects.events.iter().map(NewEvent::stamp).min_by_key(|stamp| stamp.at());
        let possible = |at: Timestamp| {
            earliest.plus_ms(-DOUBTFUL_OFFSET_MS) <= at && at <= latest.plus_ms(DOUBTFUL_OFFSET_MS)
        };
        let said = first.filter(|stamp| !stamp.doubtful() && possible(stamp.at()));
        Self { earliest, latest, said: said.map(|stamp| stamp.at().clamp(earliest, latest)) }
    }

    /// The instants to ask for, latest first: between two of them nothing changes for this person.
    #[must_use]
    pub fn instants(&self, person: &PersonId, reference: &Reference) -> Vec<Timestamp> {
        if let Some(said) = self.said {
            return vec![said];
        }
        let own = reference.assignments.values().flatten().filter(|held| held.person == *person);
        let turns = own.flat_map(|held| [Some(held.from), held.until.map(|until| until.plus_ms(-1))]);
        let within = turns.flatten().filter(|at| (self.earliest..self.latest).contains(at));
        let mut instants: Vec<Timestamp> = within.chain([self.latest]).collect();
        instants.sort_unstable_by_key(|at| std::cmp::Reverse(*at));
        instants.dedup();
        instants
    }
}

/// Judges the form of one change. `before` is its document with everything accepted so far.
///
/// # Errors
/// [`Rejection::Form`], or [`Rejection::Unsigned`] when it is not the change that the manifest names.
pub fn form(item: &ManifestItem, bytes: &[u8], before: Option<&Document>) -> Result<Admitted, Rejection> {
    let admitted = admit(item.document, before, bytes).map_err(Rejection::Form)?;
    if admitted.header.hash == item.change { Ok(admitted) } else { Err(Rejection::Unsigned) }
}

/// What the log knows about a change beside its bytes.
#[derive(Debug)]
pub struct Setting<'a> {
    /// Its document without it; `None` for a change that begins one.
    pub before: Option<&'a Document>,
    /// The scopes that its document is in.
    pub lies_in: &'a [Scope],
    /// When its document's first change was received, as far as [`waits`] asks for it.
    pub begun: Option<Timestamp>,
    /// When it arrived itself.
    pub arrived: Timestamp,
    /// The feature of the matter that a new one belongs to, as far as [`part_of`] asks for it.
    pub whole: Option<&'a str>,
}

/// Judges whether the author may do what a change does. `stood` is its document as the act is to be judged by: as it
/// is, or as its author had it.
///
/// # Errors
/// The [`Rejection`] that becomes the change's stored verdict.
pub fn allowed(
    author: &Author<'_>,
    item: &ManifestItem,
    admitted: &Admitted,
    stood: Option<&Document>,
    setting: &Setting<'_>,
) -> Result<(), Rejection> {
    let Author { person, reference, at, writes } = author;
    let Setting { before, lies_in, begun, arrived, whole } = setting;
    let home = admitted.record.scope();
    // Whom a document was shared with may work on it; a new one is begun where its author may write.
    let mut open = std::iter::once(&home).chain(*lies_in);
    if home != item.home || !open.any(|scope| writes.contains(scope)) {
        return Err(Rejection::OutOfScope);
    }
    let held = stood.and_then(|document| document.content().ok());
    for event in &admitted.effects.events {
        match (event, &admitted.record) {
            (NewEvent::Case(event), Record::Case(after)) if event.by == person.id => {
                // Rights are those of the case as its author saw it, before the change.
                let record = match held.as_deref() {
                    Some(Record::Case(before)) => before,
                    _ => after,
                };
                let seen = as_seen(after, event.id);
                let state = case::fold(&seen, reference, None);
                rights::may(person, &event.act, record, state.as_ref(), reference, *at)
                    .map_err(Rejection::NotAllowed)?;
                if matches!(event.act, CaseAct::Comment { .. }) && after.events.len() > MAX_WITH_COMMENTS {
                    return Err(Rejection::Form(Refusal::TooLarge));
                }
            }
            (NewEvent::Patrol(event), Record::Patrol(record)) if event.by == person.id => {
                rights::may_patrol(person, &event.act, record, reference).map_err(Rejection::NotAllowed)?;
            }
            (NewEvent::Contact(event), Record::Contact(_)) if event.by == person.id => {
                rights::may_contact(person, &event.act).map_err(Rejection::NotAllowed)?;
            }
            (NewEvent::Matter(event), Record::Matter(after)) if event.by == person.id => {
                // What a form asks for is asked whoever sends it; a form of a later version nobody here can judge.
                after.check(&event.act).map_err(unfit)?;
                matter::listed(after, &event.act, reference).map_err(|unlisted| unfit(unlisted.into()))?;
                matter::belongs(after, &event.act, *whole).map_err(unfit)?;
                matter::is_among(after, &event.act).map_err(unfit)?;
                matter::has_come(after, &event.act, reference, event.at, *arrived).map_err(unfit)?;
                let state = matter::fold(&after.as_seen_by(event.id), reference);
                matter::may(person, &event.act, after, state.as_ref(), reference, *at)
                    .map_err(Rejection::NotAllowed)?;
                // Neither does their own clock make a term pass sooner, nor does the way to the server; and one that
                // ran out before anybody else could hear of it has not run.
                let acted = event.at.at().min(*at);
                if !matter::has_waited(after, &event.act, state.as_ref(), reference, acted, *begun) {
                    return Err(Rejection::NotAllowed(rights::Denied::Step));
                }
                if event.act.name == matter::Always::COMMENT
                    && after.events.len() > matter::MOST_WITH_COMMENTS
                {
                    return Err(Rejection::Form(Refusal::TooLarge));
                }
            }
            _ => return Err(Rejection::NotTheAuthor),
        }
    }
    if let Record::Case(after) = &admitted.record
        && admitted.effects.fields.contains(&Field::Point)
    {
        // However its author saw it: who answers for it by now is not changed any more.
        let now = before.and_then(|document| document.content().ok());
        let before = match now.as_deref() {
            Some(Record::Case(before)) => before,
            _ => after,
        };
        rights::may_move(before, after.point.as_ref(), reference).map_err(Rejection::NotAllowed)?;
    }
    Ok(())
}

fn unfit(flawed: Flawed) -> Rejection {
    Rejection::Unfit { field: flawed.field, why: flawed.why }
}

/// The documents that a change names beside its own. Until the log has them nobody can say what becomes of it.
#[must_use]
pub fn named(admitted: &Admitted) -> BTreeSet<DocumentId> {
    let Record::Matter(record) = &admitted.record else { return BTreeSet::new() };
    let acts = admitted.effects.events.iter().filter_map(|event| match event {
        NewEvent::Matter(event) => Some(&event.act),
        _ => None,
    });
    let named = acts.flat_map(|act| matter::named_documents(record, act)).map(|(_, document)| document);
    named.filter(|document| *document != record.id).collect()
}

/// The document that a change's new matter belongs to, where its form says of which feature that has to be.
#[must_use]
pub fn part_of(admitted: &Admitted) -> Option<DocumentId> {
    let Record::Matter(record) = &admitted.record else { return None };
    let opens = |event: &NewEvent| matches!(event, NewEvent::Matter(event) if event.act.name == OPEN);
    let wanted = record.feature().is_some_and(|feature| feature.header.whole.is_some());
    record.about.filter(|_| wanted && admitted.effects.events.iter().any(opens))
}

/// Whether judging a change takes when the log received the first one of its document.
#[must_use]
pub fn waits(admitted: &Admitted) -> bool {
    let Record::Matter(record) = &admitted.record else { return false };
    admitted.effects.events.iter().any(|event| match event {
        NewEvent::Matter(event) => matter::waits(record, &event.act),
        _ => false,
    })
}

/// A thread takes comments up to this many events; the rest is kept for what moves the case.
const MAX_WITH_COMMENTS: usize = 300;

/// The case as the author of an event saw it: offline work is judged fairly, whatever came in between.
fn as_seen(record: &CaseRecord, event: EventId) -> CaseRecord {
    let order = record.order();
    let mut seen = record.clone();
    seen.events.retain(|id, _| order.saw(event, *id));
    seen
}
