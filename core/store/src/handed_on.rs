//! Refused work that its author handed on: who takes it over records it under their own name with the event's
//! id, so that the author learns of it, and nothing is done twice. Until then it stays refused, visibly.

use crate::attention::{self, Attention};
use crate::error::StoreError;
use crate::outbox::{self, ELSEWHERE, OutboxId};
use crate::store::{Changed, Store};
use crate::writing::Writing;
use rusqlite::{Connection, Row};
use sanben_domain::id::{EventId, PersonId};
use sanben_domain::time::Timestamp;

/// To whom refused work was given, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandedOn {
    /// To whom; `None` when nobody was named.
    pub to: Option<PersonId>,
    /// When, by the device's clock.
    pub at: Timestamp,
}

impl Store {
    /// Notes that refused work was given to somebody.
    ///
    /// # Errors
    /// [`StoreError::NoAttention`].
    pub fn hand_on(&self, id: OutboxId, to: Option<&PersonId>, at: Timestamp) -> Result<Changed, StoreError> {
        self.write(|writing| {
            let row = attention::refused(writing, id)?.ok_or(StoreError::NoAttention)?;
            writing.prepare_cached("INSERT OR REPLACE INTO handed_on VALUES (?1, ?2, ?3)")?.execute((
                id.0,
                to.map(PersonId::as_str),
                at.0,
            ))?;
            outbox::moved(writing, row.document)?;
            writing.finish()
        })
    }
}

/// The columns `person` and `at` of a joined row, from `first` on.
pub(crate) fn columns(row: &Row<'_>, first: usize) -> rusqlite::Result<Option<HandedOn>> {
    let at: Option<i64> = row.get(first + 1)?;
    let to: Option<String> = row.get(first)?;
    Ok(at.map(|at| HandedOn { to: to.map(PersonId), at: Timestamp(at) }))
}

/// Somebody else did what was handed on, and it is in the log: nothing waits here any more. Its photos are theirs
/// to deliver; the files stay.
pub(crate) fn taken_over(
    writing: &mut Writing<'_>,
    row: &Attention,
    at: Timestamp,
) -> Result<(), StoreError> {
    writing.prepare_cached("DELETE FROM outbox_photo WHERE outbox = ?1")?.execute([row.id.0])?;
    outbox::accept(writing, row.id, row.document, ELSEWHERE, at)?;
    forget(writing, row.id)
}

/// The server says that these events are in the log, under somebody else's name.
pub(crate) fn told(writing: &mut Writing<'_>, events: &[EventId], at: Timestamp) -> Result<(), StoreError> {
    if events.is_empty() {
        return Ok(());
    }
    for row in attention::all_handed_on(writing)? {
        if events.contains(&row.intent.event) {
            taken_over(writing, &row, at)?;
        }
    }
    Ok(())
}

/// It is not handed on any more: its author decided otherwise, or it is done.
pub(crate) fn forget(connection: &Connection, id: OutboxId) -> Result<(), StoreError> {
    connection.prepare_cached("DELETE FROM handed_on WHERE outbox = ?1")?.execute([id.0])?;
    Ok(())
}
