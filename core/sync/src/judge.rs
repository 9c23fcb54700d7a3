//! The server's judgement of one change: first its form ([`sanben_document::admit`]), then who did it, then
//! whether they may. The order matters: rights are judged from what the change really does.

use crate::manifest::{Manifest, ManifestItem};
use crate::wire::Rejection;
use sanben_document::{Admitted, Document, NewEvent, Record, admit};
use sanben_domain::case;
use sanben_domain::id::PersonId;
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
    let state = match before.map(Document::record) {
        Some(Ok(Record::Case(record))) => case::fold(&record, reference, None),
        _ => None,
    };
    for event in &admitted.effects.events {
        match (event, &admitted.record) {
            (NewEvent::Case(event), Record::Case(record)) if event.by == manifest.person => {
                rights::may(person, &event.act, record, state.as_ref(), reference, event.at.at())
                    .map_err(Rejection::NotAllowed)?;
            }
            // Whoever may write into the scope may walk a round there.
            (NewEvent::Patrol(event), Record::Patrol(_)) if event.by == manifest.person => {}
            _ => return Err(Rejection::NotTheAuthor),
        }
    }
    Ok(admitted)
}
