//! Merges, looked at all together: of records merged into each other one is kept.

use crate::columns::{LATENESSES, STATUSES, cbor, document, number};
use crate::error::StoreError;
use crate::writing::Writing;
use rusqlite::{Connection, OptionalExtension, params_from_iter};
use sanben_domain::case::{CaseState, Merges, Status, lateness};
use sanben_domain::id::{CaseId, EventId};
use sanben_domain::time::Timestamp;

/// Looks at all merges together: of records merged into each other one is kept.
pub(crate) fn settle_merges(writing: &mut Writing<'_>) -> Result<(), StoreError> {
    if !std::mem::take(&mut writing.merges_moved) {
        return Ok(());
    }
    let merges = merges(writing)?;
    let rows: Vec<(i64, CaseId, i64)> = writing
        .prepare_cached("SELECT n, id, status FROM case_row WHERE merged_into IS NOT NULL")?
        .query_map([], |row| Ok((row.get(0)?, document(row, 1)?, row.get(2)?)))?
        .collect::<Result<_, _>>()?;
    for (n, id, before) in rows {
        let kept = merges.stands(id);
        if kept == (before != number(STATUSES, Status::Merged)) {
            continue;
        }
        let state: Option<CaseState> = writing
            .prepare_cached("SELECT state FROM case_content WHERE n = ?1")?
            .query_row([n], |row| cbor(row, 0))
            .optional()?;
        let Some(mut state) = state else { continue };
        state.status = merges.status(id, &state);
        let numbers = [
            number(STATUSES, state.status),
            i64::from(!state.status.is_final()),
            number(LATENESSES, lateness(&state, Timestamp(i64::MIN))),
            number(LATENESSES, lateness(&state, Timestamp(i64::MAX))),
            n,
        ];
        writing
            .prepare_cached(
                "UPDATE case_row SET status = ?1, open = ?2, late_before = ?3, late_after = ?4 WHERE n = ?5",
            )?
            .execute(params_from_iter(numbers))?;
        writing.changed.cases.insert(id);
    }
    Ok(())
}

/// Which records were merged into which.
pub(crate) fn merges(connection: &Connection) -> Result<Merges, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT id, merged_into FROM case_row WHERE merged_into IS NOT NULL")?;
    // Which event merged them does not matter here.
    let nobody = EventId::from_random([0; 16]);
    let pairs: Vec<_> = statement
        .query_map([], |row| Ok((document(row, 0)?, Some((document(row, 1)?, nobody)))))?
        .collect::<Result<_, _>>()?;
    Ok(Merges::of(pairs))
}
