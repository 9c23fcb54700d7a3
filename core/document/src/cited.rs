//! Who cited which photo. A case keeps its photos beside its events, so that only the changes tell whose they are: the
//! one that brought a photo in, and those whose acts name it again.

use crate::change::{guarded, parse};
use crate::content;
use automerge::ScalarValue;
use automerge::legacy::{Key, OpType};
use sanben_domain::case::CaseAct;
use sanben_domain::event::Event;
use sanben_domain::id::{EventId, PersonId, PhotoHash};
use sanben_domain::matter::MatterAct;
use sanben_domain::patrol::PatrolAct;
use std::collections::BTreeMap;

/// The photos of a document with everybody who cited each of them, whoever did so first in front, from its accepted
/// changes in the order in which they were accepted. An accepted change has one author, who is its events'. Two people
/// may have the same picture: a colleague sent it around, and both attach it.
#[must_use]
pub fn cited<'a>(changes: impl IntoIterator<Item = &'a [u8]>) -> BTreeMap<PhotoHash, Vec<PersonId>> {
    let mut photos: BTreeMap<PhotoHash, Vec<PersonId>> = BTreeMap::new();
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
                && let Some((by, photos)) = named_by(bytes)
            {
                author = Some(by);
                named.extend(photos);
            }
        }
        if let Some(author) = author {
            for photo in named {
                let by = photos.entry(photo).or_default();
                if !by.contains(&author) {
                    by.push(author.clone());
                }
            }
        }
    }
    photos
}

/// The author of an event of any document, and the photos that its act names.
fn named_by(bytes: &[u8]) -> Option<(PersonId, Vec<PhotoHash>)> {
    let Event { by, act, .. } = content::event(bytes, CaseAct::Unknown)?;
    let photos = match act {
        CaseAct::Unknown => match content::event(bytes, PatrolAct::Unknown)?.act {
            PatrolAct::Visit { photos, .. } => photos,
            PatrolAct::Unknown => content::event(bytes, MatterAct::unknown())?.act.photos().collect(),
            _ => Vec::new(),
        },
        act => act.photos().to_vec(),
    };
    Some((by, photos))
}
