//! Work about a document that was refused: a loan of a kiosk that never was. The server would have it wait for the
//! document, which nobody else can bring; so it is refused here, with the field that names it, and goes again with it.

use crate::attention::Attention;
use crate::columns::{cbor, change_hash, document};
use crate::error::StoreError;
use rusqlite::Connection;
use sanben_document::{ChangeHash, IntentBody};
use sanben_domain::id::DocumentId;
use sanben_domain::matter::Flaw;
use sanben_sync::wire::Rejection;
use std::collections::BTreeMap;

/// The field in which work names a document; `None` when it does not.
fn field_naming(body: &IntentBody, of: DocumentId) -> Option<&str> {
    let (about, act) = match body {
        IntentBody::OpenMatter { header, act, .. } => (header.about, act),
        IntentBody::Matter { act, .. } => (None, act),
        _ => return None,
    };
    let named = about.map(|about| ("about", about)).into_iter().chain(act.named_documents());
    named.into_iter().find(|(_, document)| *document == of).map(|(field, _)| field)
}

fn refusal(field: &str) -> Rejection {
    Rejection::Unfit { field: field.to_owned(), why: Flaw::Dangling }
}

/// Own work that waits for the server and names a document of one's own that was refused; by its document and change.
pub(crate) fn waiting_for(
    connection: &Connection,
    of: DocumentId,
) -> Result<BTreeMap<DocumentId, BTreeMap<ChangeHash, Rejection>>, StoreError> {
    // An intent names a document by its bytes: of a thousand that wait, few are read.
    let mut statement = connection.prepare_cached(
        "SELECT document, hash, intent FROM outbox WHERE state = 0 AND instr(intent, ?1) > 0 ORDER BY id",
    )?;
    let waiting = statement.query_map([of.0.as_bytes()], |row| {
        let body: IntentBody = cbor::<sanben_document::Intent>(row, 2)?.body;
        Ok((document(row, 0)?, change_hash(row, 1)?, field_naming(&body, of).map(refusal)))
    })?;
    let mut fallen: BTreeMap<DocumentId, BTreeMap<ChangeHash, Rejection>> = BTreeMap::new();
    for waiting in waiting {
        let (document, hash, refusal) = waiting?;
        if let Some(refusal) = refusal {
            fallen.entry(document).or_default().insert(hash, refusal);
        }
    }
    Ok(fallen)
}

/// Whether refused work fell with this document.
pub(crate) fn fell_with(row: &Attention, of: DocumentId) -> bool {
    field_naming(&row.intent.body, of).is_some_and(|field| row.rejection == refusal(field))
}
