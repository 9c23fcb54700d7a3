//! How a record lies in a document: the names of registers and containers, and reading them out.

use crate::codec::decode;
use automerge::{Automerge, ObjId, ROOT, ReadDoc, ScalarValue, Value};
use sanben_domain::case::{CaseAct, CaseRecord};
use sanben_domain::contact::{ContactAct, ContactRecord};
use sanben_domain::event::Event;
use sanben_domain::id::{DocumentId, EventId, PersonId, PointId, StandardId, TeamId, UnitId};
use sanben_domain::patrol::{PatrolAct, PatrolRecord, Round};
use sanben_domain::rights::{Scope, home_scope, resident_scope};
use sanben_domain::time::Stamp;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
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
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Case => "case",
            Self::Patrol => "patrol",
            Self::Contact => "contact",
        }
    }

    /// Root keys that the first change must or may set, beside the containers.
    pub(crate) fn root_keys(self) -> &'static [&'static str] {
        match self {
            Self::Case => &[KIND, ID, HOME, POINT, STANDARD, DESCRIPTION, FIX],
            Self::Patrol => &[KIND, ID, HOME, TEAM, DAY, ROUND],
            Self::Contact => &[KIND, ID, HOME, CASE, NAME, TELEPHONE, NOTE],
        }
    }

    /// The scope in which a document of this kind lives whose home is this unit.
    #[must_use]
    pub fn scope(self, home: &UnitId) -> Scope {
        match self {
            Self::Case | Self::Patrol => home_scope(home),
            Self::Contact => resident_scope(home),
        }
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
}

impl Record {
    /// The document's id.
    #[must_use]
    pub fn id(&self) -> DocumentId {
        match self {
            Self::Case(record) => record.id,
            Self::Patrol(record) => record.id,
            Self::Contact(record) => record.id,
        }
    }

    /// The unit whose scope the document lives in.
    #[must_use]
    pub fn home(&self) -> &UnitId {
        match self {
            Self::Case(record) => &record.home,
            Self::Patrol(record) => &record.home,
            Self::Contact(record) => &record.home,
        }
    }

    /// Which kind it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Case(_) => Kind::Case,
            Self::Patrol(_) => Kind::Patrol,
            Self::Contact(_) => Kind::Contact,
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
        }
    }

    /// How many events it has.
    pub(crate) fn events(&self) -> usize {
        match self {
            Self::Case(record) => record.events.len(),
            Self::Patrol(record) => record.events.len(),
            Self::Contact(record) => record.events.len(),
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

pub(crate) fn text(document: &Automerge, key: &str) -> Option<String> {
    match document.get(ROOT, key).ok()?? {
        (Value::Scalar(value), _) => match value.as_ref() {
            ScalarValue::Str(text) => Some(text.to_string()),
            _ => None,
        },
        (Value::Object(_), _) => None,
    }
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
        (Value::Object(automerge::ObjType::Map), id) => Some(id),
        _ => None,
    }
}

fn entries<K: std::str::FromStr + Ord, V>(
    document: &Automerge,
    container: &str,
    read: impl Fn(&K, &[u8]) -> Option<V>,
) -> Option<BTreeMap<K, V>> {
    let object = map(document, container)?;
    let keys = document.keys(&object);
    Some(
        keys.filter_map(|name| {
            let key = name.parse().ok()?;
            let value = read(&key, &bytes(document, &object, &name)?)?;
            Some((key, value))
        })
        .collect(),
    )
}

fn events<A: DeserializeOwned + Clone>(
    document: &Automerge,
    unknown: &A,
) -> Option<BTreeMap<EventId, Event<A>>> {
    entries(document, EVENTS, |id, bytes| event(bytes, unknown.clone()).filter(|event| event.id == *id))
}

/// Reads the content; `None` when the document is not one of ours.
pub(crate) fn read(document: &Automerge) -> Option<Record> {
    let id = DocumentId(uuid::Uuid::from_slice(&bytes(document, &ROOT, ID)?).ok()?);
    let home = UnitId(text(document, HOME)?);
    match text(document, KIND)?.as_str() {
        "case" => Some(Record::Case(CaseRecord {
            id,
            home,
            point: text(document, POINT).map(PointId),
            standard: text(document, STANDARD).map(StandardId),
            description: text(document, DESCRIPTION).unwrap_or_default(),
            fix: bytes(document, &ROOT, FIX).and_then(|bytes| decode(&bytes)),
            photos: entries(document, PHOTOS, |_, bytes| decode(bytes))?,
            events: events(document, &CaseAct::Unknown)?,
        })),
        "patrol" => Some(Record::Patrol(PatrolRecord {
            id,
            home,
            team: TeamId(text(document, TEAM)?),
            day: text(document, DAY)?.parse().ok()?,
            round: round(&text(document, ROUND)?)?,
            events: events(document, &PatrolAct::Unknown)?,
        })),
        "contact" => Some(Record::Contact(ContactRecord {
            id,
            home,
            case: DocumentId(uuid::Uuid::from_slice(&bytes(document, &ROOT, CASE)?).ok()?),
            name: text(document, NAME)?,
            telephone: text(document, TELEPHONE)?,
            note: text(document, NOTE)?,
            events: events(document, &ContactAct::Unknown)?,
        })),
        _ => None,
    }
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
