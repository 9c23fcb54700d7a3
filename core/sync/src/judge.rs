//! The server's judgement of one change: first its form ([`sanben_document::admit`]), then who did it, then
//! whether they may. The order matters: rights are judged from what the change really does.

use crate::manifest::{Manifest, ManifestItem};
use crate::wire::Rejection;
use sanben_document::{Admitted, Document, NewEvent, Record, Refusal, admit};
use sanben_domain::case::{self, CaseAct, CaseRecord, Field};
use sanben_domain::id::{EventId, PersonId};
use sanben_domain::reference::Reference;
use sanben_domain::rights;
use sanben_domain::time::Timestamp;

/// Judges one change of a batch whose signature was verified with the key of `manifest.device`, a device
/// that was enrolled for `enrolled`. Scopes are judged as they are at `now`.
///
/// # Errors
/// The [`Rejection`] that becomes the change's stored verdict.
pub fn judge(
    manifest: &Manifest,
    item: &ManifestItem,
    enrolled: &PersonId,
    bytes: &[u8],
    before: Option<&Document>,
    reference: &Reference,
    now: Timestamp,
) -> Result<Admitted, Rejection> {
    if manifest.person != *enrolled {
        return Err(Rejection::NotTheAuthor);
    }
    let admitted = admit(item.document, before, bytes).map_err(Rejection::Form)?;
    if admitted.header.hash != item.change {
        return Err(Rejection::Unsigned);
    }
    let person = reference.people.get(&manifest.person).ok_or(Rejection::NotTheAuthor)?;
    let home = rights::home_scope(admitted.record.home());
    if home != item.home || !rights::may_write(person, &home, reference, now) {
        return Err(Rejection::OutOfScope);
    }
    let held = match before.map(Document::record) {
        Some(Ok(record)) => Some(record),
        _ => None,
    };
    for event in &admitted.effects.events {
        match (event, &admitted.record) {
            (NewEvent::Case(event), Record::Case(after)) if event.by == manifest.person => {
                // Rights are those of the case as its author saw it, before the change.
                let record = match &held {
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
            (NewEvent::Patrol(event), Record::Patrol(record)) if event.by == manifest.person => {
                rights::may_patrol(person, &event.act, record, reference).map_err(Rejection::NotAllowed)?;
            }
            _ => return Err(Rejection::NotTheAuthor),
        }
    }
    if let Record::Case(after) = &admitted.record
        && admitted.effects.fields.contains(&Field::Point)
    {
        rights::may_move(after, reference).map_err(Rejection::NotAllowed)?;
    }
    Ok(admitted)
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
