//! Recording: intents become changes, outbox rows and list rows in one durable transaction. Search words are
//! made before the next search.

use crate::draft;
use crate::error::StoreError;
use crate::gone;
use crate::outbox;
use crate::store::{Changed, Store};
use crate::writing::Writing;
use sanben_document::{ChangeHash, Document, DocumentError, Intent, cited};
use sanben_domain::id::{DocumentId, DraftId, PhotoHash};

/// What was recorded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Recorded {
    /// One change per intent, in order; an intent whose event was recorded before is left out.
    pub changes: Vec<(DocumentId, ChangeHash)>,
    /// What the write touched.
    pub changed: Changed,
}

impl Store {
    /// Records intents, all or none. A creating intent makes its document; the draft, if named, goes with
    /// it. Recording an intent a second time changes nothing.
    ///
    /// # Errors
    /// [`StoreError::NoDocument`] when an act names an unknown one, [`StoreError::Document`] when an intent
    /// does not fit, [`StoreError::Full`] and the others; nothing is recorded then.
    pub fn record(&self, intents: &[Intent], draft: Option<DraftId>) -> Result<Recorded, StoreError> {
        self.write(|writing| {
            writing.words_later = true;
            let mut changes = Vec::with_capacity(intents.len());
            for intent in intents {
                if let Some(made) = run(writing, intent)? {
                    outbox::add(writing, intent, &made, intent.at.wall)?;
                    changes.push((intent.document, made.hash));
                }
            }
            if let Some(draft) = draft {
                draft::remove(writing, draft)?;
                writing.changed.drafts = true;
            }
            Ok(Recorded { changes, changed: writing.finish()? })
        })
    }
}

/// What an intent became.
pub(crate) struct Made {
    /// Its change.
    pub(crate) hash: ChangeHash,
    /// The photos that the change cites, and that are therefore this person's to deliver. Of those that the intent
    /// names, one that the document had already may be missing.
    pub(crate) photos: Vec<PhotoHash>,
}

/// Turns an intent into a change of its document; `None` when its event is in the document already.
pub(crate) fn run(writing: &mut Writing<'_>, intent: &Intent) -> Result<Option<Made>, StoreError> {
    let (id, actor) = (intent.document, writing.actor());
    let creates = intent.body.creates_in().is_some();
    // Somebody had it in a file: it does not come back in.
    if creates && !gone::erased_among(writing, vec![id])?.is_empty() {
        return Err(StoreError::NoDocument(id));
    }
    let change = match writing.document(id)? {
        None if creates => {
            let (document, change) = Document::create(intent, actor)?;
            writing.put_document(id, document)?;
            change
        }
        None => return Err(StoreError::NoDocument(id)),
        Some(document) if creates => {
            let done = document.content()?.has_event(intent.event);
            return if done { Ok(None) } else { Err(DocumentError::WrongIntent.into()) };
        }
        Some(document) => match document.run(intent, actor) {
            Err(DocumentError::AlreadyDone) => return Ok(None),
            result => result?,
        },
    };
    writing.keep_local(id, &change)?;
    let mut photos = intent.body.photos();
    if !photos.is_empty() {
        let cited = cited([change.bytes.as_slice()]);
        photos.retain(|photo| cited.contains_key(photo));
    }
    Ok(Some(Made { hash: change.hash, photos }))
}
