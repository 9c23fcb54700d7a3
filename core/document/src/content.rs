//! How a record lies in a document: the names of registers and containers, and reading them out.

use crate::codec::decode;
use automerge::{Automerge, ObjId, ObjType, ROOT, ReadDoc, ScalarValue, ScalarValueRef, Value, ValueRef};
use sanben_domain::case::{CaseAct, CaseRecord, PhotoRef};
use sanben_domain::contact::{ContactAct, ContactRecord};
use sanben_domain::event::Event;
use sanben_domain::id::{DocumentId, EventId, PersonId, PhotoHash, PointId, StandardId, TeamId, UnitId};
use sanben_domain::matter::{MatterAct, MatterRecord};
use sanben_domain::patrol::{PatrolAct, PatrolRecord, Round};
use sanben_domain::rights::{Scope, ScopeClass};
use sanben_domain::time::Stamp;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::borrow::Cow;
use std::collections::BTreeMap;

pub(crate) const KIND: &str = "kind";
pub(crate) const ID: &str = "id";
pub(crate) const HOME: &str = "home";
pub(crate) const POINT: &str = "point";
pub(crate) const STANDARD: &str = "standard";
pub(crate) const DESCRIPTION: &str = "description";
pub(crate) const FIX: &str = "fix";
pub(crate) const TEAM: &str = "team";
pub(crate) const DAY: &str = "day";
pub(crate) const ROUND: &str = "round";
pub(crate) const CASE: &str = "case";
pub(crate) const NAME: &str = "name";
pub(crate) const TELEPHONE: &str = "telephone";
pub(crate) const NOTE: &str = "note";
pub(crate) const FEATURE: &str = "feature";
pub(crate) const PERSON: &str = "person";
pub(crate) const ABOUT: &str = "about";
pub(crate) const EVENTS: &str = "events";
pub(crate) const PHOTOS: &str = "photos";

/// The kinds of documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A case.
    Case,
    /// A patrol.
    Patrol,
    /// A resident's contact.
    Contact,
    /// A matter of daily work.
    Matter,
    /// A matter about residents.
    ResidentMatter,
    /// A matter of the discipline staff.
    DisciplineMatter,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Case, Self::Patrol, Self::Contact, Self::Matter, Self::ResidentMatter, Self::DisciplineMatter];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Case => "case",
            Self::Patrol => "patrol",
            Self::Contact => "contact",
            Self::Matter => "matter",
            Self::ResidentMatter => "resident-matter",
            Self::DisciplineMatter => "discipline-matter",
        }
    }

    /// The kind of a matter that lives in a scope of this class; `None` where no matters live.
    #[must_use]
    pub fn of_matter(class: ScopeClass) -> Option<Self> {
        match class {
            ScopeClass::Work => Some(Self::Matter),
            ScopeClass::Resident => Some(Self::ResidentMatter),
            ScopeClass::Discipline => Some(Self::DisciplineMatter),
            ScopeClass::People | ScopeClass::Reference | ScopeClass::Personal => None,
        }
    }

    /// The class of the scopes in which documents of this kind live.
    #[must_use]
    pub fn class(self) -> ScopeClass {
        match self {
            Self::Case | Self::Patrol | Self::Matter => ScopeClass::Work,
            Self::Contact | Self::ResidentMatter => ScopeClass::Resident,
            Self::DisciplineMatter => ScopeClass::Discipline,
        }
    }

    /// Root keys that the first change must or may set, beside the containers.
    pub(crate) fn root_keys(self) -> &'static [&'static str] {
        match self {
            Self::Case => &[KIND, ID, HOME, POINT, STANDARD, DESCRIPTION, FIX],
            Self::Patrol => &[KIND, ID, HOME, TEAM, DAY, ROUND],
            Self::Contact => &[KIND, ID, HOME, CASE, NAME, TELEPHONE, NOTE],
            Self::Matter | Self::ResidentMatter | Self::DisciplineMatter => {
                &[KIND, ID, HOME, FEATURE, DAY, POINT, PERSON, ABOUT]
            }
        }
    }

    /// The scope in which a document of this kind lives whose home is this unit.
    #[must_use]
    pub fn scope(self, home: &UnitId) -> Scope {
        Scope { unit: home.clone(), class: self.class() }
    }
}

/// The content of a document, ready to be folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Record {
    /// Of a case.
    Case(CaseRecord),
    /// Of a patrol.
    Patrol(PatrolRecord),
    /// Of a resident's contact.
    Contact(ContactRecord),
    /// Of a matter.
    Matter(MatterRecord),
}

impl Record {
    /// The document's id.
    #[must_use]
    pub fn id(&self) -> DocumentId {
        match self {
            Self::Case(record) => record.id,
            Self::Patrol(record) => record.id,
            Self::Contact(record) => record.id,
            Self::Matter(record) => record.id,
        }
    }

    /// The unit whose scope the document lives in.
    #[must_use]
    pub fn home(&self) -> &UnitId {
        match self {
            Self::Case(record) => &record.home,
            Self::Patrol(record) => &record.home,
            Self::Contact(record) => &record.home,
            Self::Matter(record) => &record.home,
        }
    }

    /// Which kind it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Case(_) => Kind::Case,
            Self::Patrol(_) => Kind::Patrol,
            Self::Contact(_) => Kind::Contact,
            Self::Matter(record) => match record.class {
                ScopeClass::Resident => Kind::ResidentMatter,
                ScopeClass::Discipline => Kind::DisciplineMatter,
                _ => Kind::Matter,
            },
        }
    }

    /// The scope the document lives in, for good.
    #[must_use]
    pub fn scope(&self) -> Scope {
        self.kind().scope(self.home())
    }

    /// Whether an event is in it.
    #[must_use]
    pub fn has_event(&self, event: EventId) -> bool {
        match self {
            Self::Case(record) => record.events.contains_key(&event),
            Self::Patrol(record) => record.events.contains_key(&event),
            Self::Contact(record) => record.events.contains_key(&event),
            Self::Matter(record) => record.events.contains_key(&event),
        }
    }

    /// Who made an event; `None` when it is not in it.
    #[must_use]
    pub fn author_of(&self, event: EventId) -> Option<&PersonId> {
        match self {
            Self::Case(record) => record.events.get(&event).map(|event| &event.by),
            Self::Patrol(record) => record.events.get(&event).map(|event| &event.by),
            Self::Contact(record) => record.events.get(&event).map(|event| &event.by),
            Self::Matter(record) => record.events.get(&event).map(|event| &event.by),
        }
    }

    /// How many events it has.
    pub(crate) fn events(&self) -> usize {
        match self {
            Self::Case(record) => record.events.len(),
            Self::Patrol(record) => record.events.len(),
            Self::Contact(record) => record.events.len(),
            Self::Matter(record) => record.events.len(),
        }
    }
}

/// An event whose act this version does not know: everything but the act.
#[derive(Deserialize)]
struct Shell {
    id: EventId,
    at: Stamp,
    by: PersonId,
    #[serde(default)]
    seen: Vec<EventId>,
}

/// An event out of its bytes; an act of a later version reads as the given unknown act.
pub(crate) fn event<A: DeserializeOwned>(bytes: &[u8], unknown: A) -> Option<Event<A>> {
    decode(bytes).or_else(|| {
        let Shell { id, at, by, seen } = decode(bytes)?;
        Some(Event { id, at, by, seen, act: unknown })
    })
}

pub(crate) fn bytes(document: &Automerge, object: &ObjId, key: &str) -> Option<Vec<u8>> {
    match document.get(object, key).ok()?? {
        (Value::Scalar(value), _) => match value.as_ref() {
            ScalarValue::Bytes(bytes) => Some(bytes.clone()),
            _ => None,
        },
        (Value::Object(_), _) => None,
    }
}

pub(crate) fn map(document: &Automerge, key: &str) -> Option<ObjId> {
    match document.get(ROOT, key).ok()?? {
        (Value::Object(ObjType::Map), id) => Some(id),
        _ => None,
    }
}

/// The registers and containers below the root, read in one pass.
struct Root<'a> {
    document: &'a Automerge,
    held: BTreeMap<Cow<'a, str>, (ValueRef<'a>, ObjId)>,
}

impl<'a> Root<'a> {
    fn of(document: &'a Automerge) -> Self {
        let held = document.map_range(ROOT, ..).map(|item| {
            let id = item.id();
            (item.key, (item.value, id))
        });
        Self { document, held: held.collect() }
    }

    fn text(&self, key: &str) -> Option<String> {
        match self.held.get(key)? {
            (ValueRef::Scalar(ScalarValueRef::Str(text)), _) => Some(text.clone().into_owned()),
            _ => None,
        }
    }

    fn bytes(&self, key: &str) -> Option<&[u8]> {
        match self.held.get(key)? {
            (ValueRef::Scalar(ScalarValueRef::Bytes(bytes)), _) => Some(bytes),
            _ => None,
        }
    }

    /// The entries of a container. Those in `known` are taken from there: an entry never changes.
    fn entries<K: std::str::FromStr + Ord, V: Clone>(
        &self,
        container: &str,
        known: Option<&BTreeMap<K, V>>,
        read: impl Fn(&K, &[u8]) -> Option<V>,
    ) -> Option<BTreeMap<K, V>> {
        let (ValueRef::Object(ObjType::Map), object) = self.held.get(container)? else { return None };
        let entries = self.document.map_range(object, ..).filter_map(|item| {
            let key = item.key.parse().ok()?;
            if let Some(value) = known.and_then(|known| known.get(&key)) {
                return Some((key, value.clone()));
            }
            let ValueRef::Scalar(ScalarValueRef::Bytes(bytes)) = item.value else { return None };
            let value = read(&key, &bytes)?;
            Some((key, value))
        });
        Some(entries.collect())
    }

    /// Two may have made the entry of a photo that both have: Automerge says which of them all read.
    fn photos(&self) -> Option<BTreeMap<PhotoHash, PhotoRef>> {
        self.entries(PHOTOS, None, |_, bytes| decode(bytes))
    }

    fn events<A: DeserializeOwned + Clone>(
        &self,
        known: Option<&BTreeMap<EventId, Event<A>>>,
        unknown: &A,
    ) -> Option<BTreeMap<EventId, Event<A>>> {
        self.entries(EVENTS, known, |id, bytes| event(bytes, unknown.clone()).filter(|event| event.id == *id))
    }
}

/// Reads the content; `None` when the document is not one of ours. `before` is what it held earlier, if that
/// is known: what was read then is not decoded again.
pub(crate) fn read(document: &Automerge, before: Option<&Record>) -> Option<Record> {
    let root = Root::of(document);
    let id = DocumentId(uuid::Uuid::from_slice(root.bytes(ID)?).ok()?);
    let home = UnitId(root.text(HOME)?);
    let name = root.text(KIND)?;
    let kind = Kind::ALL.into_iter().find(|kind| kind.name() == name)?;
    match kind {
        Kind::Case => {
            let before = match before {
                Some(Record::Case(before)) => Some(before),
                _ => None,
            };
            Some(Record::Case(CaseRecord {
                id,
                home,
                point: root.text(POINT).map(PointId),
                standard: root.text(STANDARD).map(StandardId),
                description: root.text(DESCRIPTION).unwrap_or_default(),
                fix: root.bytes(FIX).and_then(decode),
                photos: root.photos()?,
                events: root.events(before.map(|before| &before.events), &CaseAct::Unknown)?,
            }))
        }
        Kind::Patrol => {
            let before = match before {
                Some(Record::Patrol(before)) => Some(before),
                _ => None,
            };
            Some(Record::Patrol(PatrolRecord {
                id,
                home,
                team: TeamId(root.text(TEAM)?),
                day: root.text(DAY)?.parse().ok()?,
                round: round(&root.text(ROUND)?)?,
                events: root.events(before.map(|before| &before.events), &PatrolAct::Unknown)?,
            }))
        }
        Kind::Contact => Some(Record::Contact(ContactRecord {
            id,
            home,
            case: DocumentId(uuid::Uuid::from_slice(root.bytes(CASE)?).ok()?),
            name: root.text(NAME)?,
            telephone: root.text(TELEPHONE)?,
            note: root.text(NOTE)?,
            events: root.events(None, &ContactAct::Unknown)?,
        })),
        Kind::Matter | Kind::ResidentMatter | Kind::DisciplineMatter => {
            let before = match before {
                Some(Record::Matter(before)) => Some(before),
                _ => None,
            };
            let about = match root.bytes(ABOUT) {
                Some(bytes) => Some(DocumentId(uuid::Uuid::from_slice(bytes).ok()?)),
                None => None,
            };
            Some(Record::Matter(MatterRecord {
                id,
                feature: root.text(FEATURE)?,
                home,
                class: kind.class(),
                day: root.text(DAY)?.parse().ok()?,
                point: root.text(POINT).map(PointId),
                person: root.text(PERSON).map(PersonId),
                about,
                photos: root.photos()?,
                events: root.events(before.map(|before| &before.events), &MatterAct::unknown())?,
            }))
        }
    }
}

/// Which kind of document it is, without reading the rest.
pub(crate) fn kind(document: &Automerge) -> Option<Kind> {
    let (Value::Scalar(name), _) = document.get(ROOT, KIND).ok()?? else { return None };
    Kind::ALL.into_iter().find(|kind| name.as_str() == Some(kind.name()))
}

pub(crate) fn round_name(round: Round) -> &'static str {
    match round {
        Round::Morning => "morning",
        Round::LookBack => "look-back",
    }
}

fn round(name: &str) -> Option<Round> {
    [Round::Morning, Round::LookBack].into_iter().find(|round| round_name(*round) == name)
}
