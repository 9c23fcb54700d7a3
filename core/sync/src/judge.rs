//! The server's judgement of one change: first its form ([`sanben_document::admit`]), then who did it, then
//! whether they may. The order matters: rights are judged from what the change really does.
//!
//! Rights are judged twice, each time by an [`Author`]: by the reference data that holds now and, when that
//! speaks against the change, by what held where its author stood ([`crate::manifest::Cited`]). Work that was
//! right when it was done is not wrong because somebody was reassigned before it arrived.

use crate::manifest::ManifestItem;
use crate::wire::Rejection;
use sanben_document::{Admitted, Document, NewEvent, Record, Refusal, admit};
use sanben_domain::case::{self, CaseAct, CaseRecord, Field};
use sanben_domain::id::{EventId, PersonId};
use sanben_domain::reference::{Person, Reference};
use sanben_domain::rights::{self, Scope};
use sanben_domain::time::Timestamp;

/// Somebody who acts, in the light of some reference data.
#[derive(Debug, Clone)]
pub struct Author<'a> {
    person: &'a Person,
    reference: &'a Reference,
    /// The scopes they may write into.
    writes: Vec<Scope>,
}

impl<'a> Author<'a> {
    /// The person, with the scopes they hold at `now`; `None` when the reference data does not list them.
    #[must_use]
    pub fn of(person: &PersonId, reference: &'a Reference, now: Timestamp) -> Option<Self> {
        let person = reference.people.get(person)?;
        let mut writes = rights::scopes_of(person, reference, now);
        writes.retain(|scope| rights::writable(person, scope));
        Some(Self { person, reference, writes })
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

/// Judges whether the author may do what a change does. `before` is its document without it, `stood` that document as
/// the act is to be judged by (as it is, or as its author had it), and `lies_in` the scopes it is in; all are empty
/// for a change that begins one.
///
/// # Errors
/// The [`Rejection`] that becomes the change's stored verdict.
pub fn allowed(
    author: &Author<'_>,
    item: &ManifestItem,
    admitted: &Admitted,
    before: Option<&Document>,
    stood: Option<&Document>,
    lies_in: &[Scope],
) -> Result<(), Rejection> {
    let Author { person, reference, writes } = author;
    let home = admitted.record.scope();
    // Whom a document was shared with may work on it; a new one is begun where its author may write.
    let mut open = std::iter::once(&home).chain(lies_in);
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
                rights::may(person, &event.act, record, state.as_ref(), reference, event.at.at())
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

/// A thread takes comments up to this many events; the rest is kept for what moves the case.
const MAX_WITH_COMMENTS: usize = 300;

/// The case as the author of an event saw it: offline work is judged fairly, whatever came in between.
fn as_seen(record: &CaseRecord, event: EventId) -> CaseRecord {
    let order = record.order();
    let mut seen = record.clone();
    seen.events.retain(|id, _| order.saw(event, *id));
    seen
}
