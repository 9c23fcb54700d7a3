//! The judge's look into a foreign change.
//!
//! What a change does is read from its decoded operations and from the state before and after, never from
//! what its sender claims: Automerge itself lets any actor overwrite any entry, and about one in eighty
//! damaged changes applies without complaint and can then never be loaded again (measured). So a change is
//! admitted only after it was applied to a copy, saved, loaded again and compared.

use crate::change::{ChangeHash, ChangeHeader, guarded, parse};
use crate::codec::decode;
use crate::content::{self, DESCRIPTION, EVENTS, FIX, ID, KIND, Kind, PHOTOS, POINT, Record, STANDARD};
use crate::document::{Document, DocumentError};
use crate::save::is_plain;
use automerge::legacy::{Key, ObjectId, Op, OpId, OpType};
use automerge::{ActorId, Automerge, ObjType, ReadDoc, ScalarValue};
use sanben_domain::case::{CaseAct, Field, PhotoRef};
use sanben_domain::contact::ContactAct;
use sanben_domain::event::Event;
use sanben_domain::id::{DocumentId, EventId, PersonId, PhotoHash};
use sanben_domain::matter::{MOST_EVENTS, MatterAct, OPEN};
use sanben_domain::patrol::PatrolAct;
use sanben_domain::time::Stamp;
use std::collections::{BTreeMap, BTreeSet};

/// A change may not be larger than this.
pub const MAX_CHANGE_BYTES: usize = 256 * 1024;
/// A change may not hold more operations than this: ours hold about twenty.
pub(crate) const MAX_OPS: usize = 2_000;
/// A document may not hold more events than this: a long thread has dozens, and the fold of a hostile one
/// grows faster than its length.
pub(crate) const MAX_EVENTS: usize = MOST_EVENTS;
/// A change builds on no more changes: each of them brought an event.
pub const MAX_DEPENDENCIES: usize = MAX_EVENTS;
/// No text or entry may be longer than this, bytes.
const MAX_VALUE_BYTES: usize = 64 * 1024;

/// Why a change may not enter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Refusal {
    /// Larger than [`MAX_CHANGE_BYTES`], or more than the allowed operations or text.
    #[error("change is too large")]
    TooLarge,
    /// Not one plain Automerge change.
    #[error("bytes are not a plain change")]
    NotAChange,
    /// Builds on a change that is not in the log.
    #[error("change builds on one that is not in the log")]
    MissingDependency,
    /// The same actor has already written another change with this number.
    #[error("another change of the same writer has this number")]
    Fork,
    /// Touches what is immutable, adds a container, deletes, or claims to have seen what it does not build on.
    #[error("change touches what may not be touched")]
    Forbidden,
    /// The content afterwards is of no kind that this version knows.
    #[error("content is not readable afterwards")]
    Unreadable,
    /// Does not survive saving and loading.
    #[error("change does not survive saving and loading")]
    Unstable,
}

/// A new event, as read from the state after the change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewEvent {
    /// On a case.
    Case(Event<CaseAct>),
    /// In a patrol.
    Patrol(Event<PatrolAct>),
    /// In a contact.
    Contact(Event<ContactAct>),
    /// On a matter.
    Matter(Event<MatterAct>),
}

impl NewEvent {
    /// When it was recorded, and how far that can be believed.
    #[must_use]
    pub fn stamp(&self) -> Stamp {
        match self {
            Self::Case(event) => event.at,
            Self::Patrol(event) => event.at,
            Self::Contact(event) => event.at,
            Self::Matter(event) => event.at,
        }
    }

    /// Who acted.
    #[must_use]
    pub fn by(&self) -> &PersonId {
        match self {
            Self::Case(event) => &event.by,
            Self::Patrol(event) => &event.by,
            Self::Contact(event) => &event.by,
            Self::Matter(event) => &event.by,
        }
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> EventId {
        self.id_and_seen().0
    }

    fn id_and_seen(&self) -> (EventId, &[EventId]) {
        match self {
            Self::Case(event) => (event.id, &event.seen),
            Self::Patrol(event) => (event.id, &event.seen),
            Self::Contact(event) => (event.id, &event.seen),
            Self::Matter(event) => (event.id, &event.seen),
        }
    }

    /// Whether it begins a document of its kind.
    fn begins(&self) -> bool {
        match self {
            Self::Case(event) => matches!(event.act, CaseAct::Report { .. }),
            Self::Patrol(event) => matches!(event.act, PatrolAct::Start),
            Self::Contact(event) => matches!(event.act, ContactAct::Add),
            Self::Matter(event) => event.act.name == OPEN,
        }
    }
}

/// What a change really does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effects {
    /// It creates the document.
    pub creates: bool,
    /// The events it adds; at least one.
    pub events: Vec<NewEvent>,
    /// The registers of an existing case it writes; each is named by an `Amend` event of the same change.
    pub fields: BTreeSet<Field>,
    /// The photos it cites: a case's or matter's are new in its `photos`, a patrol's are named by its visits.
    pub photos: Vec<PhotoHash>,
}

/// A change that may enter as far as its form goes; rights are judged from its [`Effects`].
#[derive(Debug)]
pub struct Admitted {
    /// Its header.
    pub header: ChangeHeader,
    /// The document with the change applied.
    pub after: Document,
    /// The content with the change applied.
    pub record: Record,
    /// What it does.
    pub effects: Effects,
}

/// Examines one change against the document it belongs to (`None` when it creates it).
///
/// # Errors
/// A [`Refusal`]; the document is untouched.
pub fn admit(id: DocumentId, before: Option<&Document>, bytes: &[u8]) -> Result<Admitted, Refusal> {
    if bytes.len() > MAX_CHANGE_BYTES {
        return Err(Refusal::TooLarge);
    }
    let change = parse(bytes).ok_or(Refusal::NotAChange)?;
    if change.len() > MAX_OPS {
        return Err(Refusal::TooLarge);
    }
    let header = ChangeHeader::from_change(&change);
    if header.deps.len() > MAX_DEPENDENCIES {
        return Err(Refusal::TooLarge);
    }
    if !header.deps.iter().all(|dep| before.is_some_and(|document| document.holds(*dep))) {
        return Err(Refusal::MissingDependency);
    }
    if before.is_some() == header.deps.is_empty() {
        // The first change builds on nothing, and every later one on something.
        return Err(Refusal::Forbidden);
    }
    let operations = guarded(|| change.decode()).ok_or(Refusal::NotAChange)?;
    let touched = match before {
        None => first_touches(&operations.operations, operations.start_op.get(), &operations.actor_id)?,
        Some(document) => later_touches(&operations.operations, &header, document.inner())?,
    };

    let after = apply_to_copy(before, change)?;
    let record = after.record().map_err(|_| Refusal::Unreadable)?;
    if record.id() != id {
        return Err(Refusal::Forbidden);
    }
    if record.events() > MAX_EVENTS {
        return Err(Refusal::TooLarge);
    }
    let effects = effects(before.is_none(), touched, &record)?;
    if let Some(before) = before
        && !saw_what_was_there(before, &header, &effects.events)
    {
        return Err(Refusal::Forbidden);
    }
    reload(&after, &record)?;
    Ok(Admitted { header, after, record, effects })
}

/// Keys that a change puts, by where they lie.
#[derive(Default)]
struct Touched {
    root: BTreeSet<String>,
    events: Vec<EventId>,
    photos: Vec<PhotoHash>,
}

fn first_touches(ops: &[Op], start: u64, actor: &ActorId) -> Result<Touched, Refusal> {
    let mut touched = Touched::default();
    let mut containers: Vec<(ObjectId, &str)> = Vec::new();
    for (offset, op) in (0u64..).zip(ops) {
        let key = map_key(op)?;
        if !op.pred.is_empty() {
            return Err(Refusal::Forbidden);
        }
        match (&op.obj, &op.action) {
            (ObjectId::Root, OpType::Make(ObjType::Map)) => {
                let name =
                    [EVENTS, PHOTOS].into_iter().find(|name| *name == key).ok_or(Refusal::Forbidden)?;
                if containers.iter().any(|(_, held)| *held == name) {
                    return Err(Refusal::Forbidden);
                }
                containers.push((ObjectId::Id(OpId::new(start + offset, actor)), name));
            }
            (ObjectId::Root, OpType::Put(value)) => {
                small(value)?;
                if !touched.root.insert(key.to_owned()) {
                    return Err(Refusal::Forbidden);
                }
            }
            (object, OpType::Put(value)) => {
                let container = containers.iter().find(|(id, _)| id == object).map(|(_, name)| *name);
                touched.entry(container, key, value)?;
            }
            _ => return Err(Refusal::Forbidden),
        }
    }
    if containers.len() == 2 { Ok(touched) } else { Err(Refusal::Forbidden) }
}

fn later_touches(ops: &[Op], header: &ChangeHeader, before: &Automerge) -> Result<Touched, Refusal> {
    let container_at = |object: &ObjectId| {
        [EVENTS, PHOTOS].into_iter().find(|name| {
            content::map(before, name).is_some_and(|held| match (&held, object) {
                (automerge::ObjId::Id(counter, actor, _), ObjectId::Id(id)) => {
                    id.counter() == *counter && id.actor() == actor
                }
                _ => false,
            })
        })
    };
    let mut touched = Touched::default();
    for op in ops {
        let key = map_key(op)?;
        match (&op.obj, &op.action) {
            (ObjectId::Root, OpType::Put(value)) => {
                small(value)?;
                touched.root.insert(key.to_owned());
            }
            (object, OpType::Put(value)) => {
                let container = container_at(object);
                // An entry that exists is immutable, whether or not the writer had seen it. The one that two may make
                // without knowing of each other is that of a photo both have.
                let map = container.and_then(|name| content::map(before, name));
                let again = map.is_some_and(|map| {
                    content::bytes(before, &map, key).is_some_and(|held| {
                        container != Some(PHOTOS)
                            || !same_picture(&held, value)
                            || had_seen(before, header, &map, key)
                    })
                });
                if again || !op.pred.is_empty() {
                    return Err(Refusal::Forbidden);
                }
                touched.entry(container, key, value)?;
            }
            _ => return Err(Refusal::Forbidden),
        }
    }
    Ok(touched)
}

/// Whether two entries are of the same bytes: what they say the bytes are is the same. What the photo shows each of the
/// authors says for themselves.
fn same_picture(held: &[u8], value: &ScalarValue) -> bool {
    let ScalarValue::Bytes(bytes) = value else { return false };
    let facts = |bytes| decode(bytes).map(|PhotoRef { width, height, bytes, .. }| (width, height, bytes));
    facts(bytes).is_some_and(|new| facts(held) == Some(new))
}

/// Whether there was such an entry in what the change builds on.
fn had_seen(before: &Automerge, header: &ChangeHeader, map: &automerge::ObjId, key: &str) -> bool {
    let heads: Vec<automerge::ChangeHash> =
        header.deps.iter().map(|dep| automerge::ChangeHash(dep.0)).collect();
    // What cannot be read cannot be vouched for.
    before.get_at(map, key, &heads).map_or(true, |entry| entry.is_some())
}

impl Touched {
    fn entry(&mut self, container: Option<&str>, key: &str, value: &ScalarValue) -> Result<(), Refusal> {
        let ScalarValue::Bytes(_) = value else { return Err(Refusal::Forbidden) };
        small(value)?;
        match container {
            Some(EVENTS) => {
                let id: EventId = canonical(key)?;
                if self.events.contains(&id) {
                    return Err(Refusal::Forbidden);
                }
                self.events.push(id);
            }
            Some(PHOTOS) => {
                let photo = canonical(key)?;
                if self.photos.contains(&photo) {
                    return Err(Refusal::Forbidden);
                }
                self.photos.push(photo);
            }
            _ => return Err(Refusal::Forbidden),
        }
        Ok(())
    }
}

/// A key in the one spelling we write: another spelling of the same id would be a second entry.
fn canonical<T: std::str::FromStr + ToString>(key: &str) -> Result<T, Refusal> {
    let id: T = key.parse().map_err(|_| Refusal::Forbidden)?;
    if id.to_string() == key { Ok(id) } else { Err(Refusal::Forbidden) }
}

fn map_key(op: &Op) -> Result<&str, Refusal> {
    match &op.key {
        Key::Map(key) if !op.insert => Ok(key.as_str()),
        _ => Err(Refusal::Forbidden),
    }
}

fn small(value: &ScalarValue) -> Result<(), Refusal> {
    let length = match value {
        ScalarValue::Bytes(bytes) => bytes.len(),
        ScalarValue::Str(text) => text.len(),
        _ => return Err(Refusal::Forbidden),
    };
    if length <= MAX_VALUE_BYTES { Ok(()) } else { Err(Refusal::TooLarge) }
}

fn apply_to_copy(before: Option<&Document>, change: automerge::Change) -> Result<Document, Refusal> {
    let hash: ChangeHash = change.hash().into();
    let applied = match before {
        Some(document) => document.with(change),
        None => Document::empty().with(change),
    };
    let after = applied.map_err(|error| match error {
        // What the library cannot apply is a second change under one number.
        DocumentError::Library(_) => Refusal::Fork,
        _ => Refusal::Unstable,
    })?;
    // Automerge queues a change it cannot place instead of refusing it.
    if after.holds(hash) { Ok(after) } else { Err(Refusal::Fork) }
}

fn effects(creates: bool, touched: Touched, record: &Record) -> Result<Effects, Refusal> {
    let allowed: &[&str] = match (creates, record.kind()) {
        (true, kind) => kind.root_keys(),
        (false, Kind::Case) => &[POINT, STANDARD, DESCRIPTION, FIX],
        (false, _) => &[],
    };
    let required: &[&str] = if creates { &[KIND, ID] } else { &[] };
    if !touched.root.iter().all(|key| allowed.contains(&key.as_str()))
        || !required.iter().all(|key| touched.root.contains(*key))
        || touched.events.is_empty()
    {
        return Err(Refusal::Forbidden);
    }
    let mut events = Vec::new();
    let mut announced = BTreeSet::new();
    for id in touched.events {
        let event = match record {
            Record::Case(case) => case.events.get(&id).cloned().map(NewEvent::Case),
            Record::Patrol(patrol) => patrol.events.get(&id).cloned().map(NewEvent::Patrol),
            Record::Contact(contact) => contact.events.get(&id).cloned().map(NewEvent::Contact),
            Record::Matter(matter) => matter.events.get(&id).cloned().map(NewEvent::Matter),
        };
        let event = event.ok_or(Refusal::Unreadable)?;
        if let NewEvent::Case(Event { act: CaseAct::Amend { fields }, .. }) = &event {
            announced.extend(fields.iter().copied());
        }
        // An event builds on what its author saw: the first on nothing, every other on something here.
        let (new, seen) = event.id_and_seen();
        let held = seen.iter().all(|id| *id != new && record.has_event(*id));
        if !held || seen.is_empty() != creates {
            return Err(Refusal::Forbidden);
        }
        if event.begins() != creates {
            return Err(Refusal::Forbidden);
        }
        events.push(event);
    }
    if creates && events.len() != 1 {
        return Err(Refusal::Forbidden);
    }
    let fields: BTreeSet<Field> =
        if creates { BTreeSet::new() } else { touched.root.iter().filter_map(|key| field(key)).collect() };
    if !fields.is_subset(&announced) {
        return Err(Refusal::Forbidden);
    }
    let cited = match record {
        Record::Case(case) => &case.photos,
        Record::Matter(matter) => &matter.photos,
        Record::Patrol(_) | Record::Contact(_) if touched.photos.is_empty() => &BTreeMap::new(),
        Record::Patrol(_) | Record::Contact(_) => return Err(Refusal::Forbidden),
    };
    if !touched.photos.iter().all(|hash| cited.contains_key(hash)) {
        return Err(Refusal::Unreadable);
    }
    // Evidence that an act speaks of is there.
    let named = events.iter().flat_map(|event| match event {
        NewEvent::Case(event) => event.act.photos(),
        _ => &[],
    });
    if !named.into_iter().all(|hash| cited.contains_key(hash)) {
        return Err(Refusal::Forbidden);
    }
    let mut photos = touched.photos;
    photos.extend(events.iter().flat_map(|event| match event {
        NewEvent::Patrol(Event { act: PatrolAct::Visit { photos, .. }, .. }) => photos.as_slice(),
        _ => &[],
    }));
    Ok(Effects { creates, events, fields, photos })
}

/// Whether the events that these claim to have seen were in the document as their author had it. Some of those that were
/// there may be left out: an intent that runs again keeps what its author had seen the first time.
fn saw_what_was_there(before: &Document, header: &ChangeHeader, events: &[NewEvent]) -> bool {
    let mut deps = header.deps.clone();
    deps.sort();
    let as_it_is = deps == before.heads();
    let Some(map) = content::map(before.inner(), EVENTS) else { return false };
    let deps: Vec<_> = deps.iter().map(|dep| automerge::ChangeHash(dep.0)).collect();
    let there = |id: &EventId| {
        let key = id.to_string();
        let held = guarded(|| match as_it_is {
            true => before.inner().get(&map, key.as_str()),
            false => before.inner().get_at(&map, key.as_str(), &deps),
        });
        matches!(held, Some(Ok(Some(_))))
    };
    events.iter().all(|event| event.id_and_seen().1.iter().all(there))
}

fn field(key: &str) -> Option<Field> {
    match key {
        POINT => Some(Field::Point),
        STANDARD => Some(Field::Standard),
        DESCRIPTION => Some(Field::Description),
        FIX => Some(Field::Fix),
        _ => None,
    }
}

fn reload(after: &Document, record: &Record) -> Result<(), Refusal> {
    let saved = guarded(|| after.save()).filter(|saved| is_plain(saved)).ok_or(Refusal::Unstable)?;
    let loaded =
        guarded(|| Automerge::load(&saved)).ok_or(Refusal::Unstable)?.map_err(|_| Refusal::Unstable)?;
    let mut heads: Vec<ChangeHash> = loaded.get_heads().into_iter().map(Into::into).collect();
    heads.sort();
    if heads == after.heads() && content::read(&loaded, None).as_ref() == Some(record) {
        Ok(())
    } else {
        Err(Refusal::Unstable)
    }
}
