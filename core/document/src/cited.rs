//! Who cited which photo. A case keeps its photos beside its events, so that only the change that brought a
//! photo in tells whose it is.

use crate::change::{guarded, parse};
use crate::content;
use automerge::ScalarValue;
use automerge::legacy::{Key, OpType};
use sanben_domain::event::Event;
use sanben_domain::id::{EventId, PersonId, PhotoHash};
use sanben_domain::patrol::PatrolAct;
use std::collections::BTreeMap;

/// The photos of a document with whoever cited each of them first, from its accepted changes in the order in
/// which they were accepted. An accepted change has one author, who is its events'.
#[must_use]
pub fn cited<'a>(changes: impl IntoIterator<Item = &'a [u8]>) -> BTreeMap<PhotoHash, PersonId> {
    let mut photos = BTreeMap::new();
    for change in changes.into_iter().filter_map(parse) {
        let Some(decoded) = guarded(|| change.decode()) else { continue };
        let (mut named, mut author) = (Vec::new(), None);
        for op in &decoded.operations {
            let (Key::Map(key), OpType::Put(ScalarValue::Bytes(bytes))) = (&op.key, &op.action) else {
                continue;
            };
            if let Ok(photo) = key.parse::<PhotoHash>() {
                named.push(photo);
            } else if key.parse::<EventId>().is_ok()
                && let Some(event) = content::event(bytes, PatrolAct::Unknown)
            {
                let Event { by, act, .. } = event;
                author = Some(by);
                if let PatrolAct::Visit { photos, .. } = act {
                    named.extend(photos);
                }
            }
        }
        if let Some(author) = author {
            for photo in named {
                photos.entry(photo).or_insert_with(|| author.clone());
            }
        }
    }
    photos
}
