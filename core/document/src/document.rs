//! One document: its changes applied, its record readable, intents turned into changes.

use crate::change::{Actor, ChangeHash, LocalChange, guarded, parse};
use crate::codec::encode;
use crate::content::{
    self, ABOUT, CASE, DAY, DESCRIPTION, EVENTS, FEATURE, FIX, HOME, ID, KIND, Kind, NAME, NOTE, PERSON,
    PHOTOS, POINT, ROUND, Record, STANDARD, TEAM, TELEPHONE,
};
use crate::intent::{Intent, IntentBody};
use crate::save;
use automerge::transaction::{CommitOptions, Transactable, Transaction};
use automerge::{ActorId, Automerge, AutomergeError, Change, ObjId, ObjType, ROOT, ReadDoc, ScalarValue};
use sanben_domain::case::{CaseAct, Field, PhotoRef};
use sanben_domain::contact::ContactAct;
use sanben_domain::event::{CausalOrder, Event};
use sanben_domain::id::{DocumentId, EventId, PhotoHash};
use sanben_domain::patrol::PatrolAct;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// Why a document could not be built, read or changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// The bytes are no change, or none that fits what is there.
    #[error("change does not fit the document: {0}")]
    BadChange(&'static str),
    /// A change names others that are not here yet.
    #[error("change builds on changes that are not here")]
    MissingDependency,
    /// The document's content is not that of a kind that this version knows.
    #[error("document has no readable content")]
    Unreadable,
    /// The intent belongs to another kind of document, or creates one that exists.
    #[error("intent does not fit the document")]
    WrongIntent,
    /// The event of the intent is in the document already.
    #[error("event is in the document already")]
    AlreadyDone,
    /// Automerge refused.
    #[error("document library refused: {0}")]
    Library(String),
}

impl From<AutomergeError> for DocumentError {
    fn from(error: AutomergeError) -> Self {
        Self::Library(error.to_string())
    }
}

/// A document of any kind as a replica holds it.
#[derive(Clone)]
pub struct Document {
    inner: Automerge,
    /// The content, once it was read.
    record: OnceLock<Arc<Record>>,
    /// The content before the last changes: its entries are not decoded again.
    before: Option<Arc<Record>>,
}

impl std::fmt::Debug for Document {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Document").field("heads", &self.heads()).finish()
    }
}

impl Document {
    /// Creates a document from a creating intent: all its containers, registers and its first event in one
    /// change.
    ///
    /// # Errors
    /// [`DocumentError::WrongIntent`] when the intent creates nothing.
    pub fn create(intent: &Intent, actor: Actor) -> Result<(Self, LocalChange), DocumentError> {
        if intent.body.creates_in().is_none() || nowhere(&intent.body) {
            return Err(DocumentError::WrongIntent);
        }
        let mut document = Self::empty();
        let change = document.commit(intent, actor, |tx| write_first(tx, intent))?;
        Ok((document, change))
    }

    /// Builds a document from accepted changes, in an order in which each follows what it builds on.
    ///
    /// # Errors
    /// When a change is damaged, does not fit, or the content is not readable afterwards.
    pub fn from_changes<'a>(changes: impl IntoIterator<Item = &'a [u8]>) -> Result<Self, DocumentError> {
        let parsed: Option<Vec<_>> = changes.into_iter().map(parse).collect();
        let parsed = parsed.ok_or(DocumentError::BadChange("damaged chunk"))?;
        let mut document = Self::empty();
        guarded(|| document.inner.apply_changes(parsed))
            .ok_or(DocumentError::BadChange("library panicked"))??;
        document.complete()?;
        Ok(document)
    }

    /// Applies one accepted change. Applying it twice changes nothing.
    ///
    /// # Errors
    /// [`DocumentError::MissingDependency`] when it builds on changes that are not here; the document is
    /// then unchanged.
    pub fn apply(&mut self, bytes: &[u8]) -> Result<ChangeHash, DocumentError> {
        let (next, hash) = self.applied(bytes)?;
        *self = next;
        Ok(hash)
    }

    /// This document with one accepted change more.
    ///
    /// # Errors
    /// As [`Document::apply`].
    pub fn applied(&self, bytes: &[u8]) -> Result<(Self, ChangeHash), DocumentError> {
        let change = parse(bytes).ok_or(DocumentError::BadChange("damaged chunk"))?;
        let hash = change.hash().into();
        Ok((self.with(change)?, hash))
    }

    /// This document with a change more that was parsed already.
    pub(crate) fn with(&self, change: Change) -> Result<Self, DocumentError> {
        if !change.deps().iter().all(|dep| self.inner.get_change_meta_by_hash(dep).is_some()) {
            return Err(DocumentError::MissingDependency);
        }
        let mut next = self.clone();
        guarded(|| next.inner.apply_changes([change]))
            .ok_or(DocumentError::BadChange("library panicked"))??;
        next.moved();
        Ok(next)
    }

    /// What was read of it is that of an earlier state.
    fn moved(&mut self) {
        self.before = self.record.take().or(self.before.take());
    }

    /// Runs an intent: one change, with the event the intent names.
    ///
    /// # Errors
    /// [`DocumentError::AlreadyDone`] when the event is here already, [`DocumentError::WrongIntent`] when it
    /// belongs to another kind of document.
    pub fn run(&mut self, intent: &Intent, actor: Actor) -> Result<LocalChange, DocumentError> {
        let kind = content::kind(&self.inner).ok_or(DocumentError::Unreadable)?;
        let fits = match &intent.body {
            IntentBody::Act { .. } | IntentBody::Amend { .. } => kind == Kind::Case,
            IntentBody::Patrol { .. } => kind == Kind::Patrol,
            IntentBody::Matter { .. } => Kind::of_matter(kind.class()) == Some(kind),
            IntentBody::Report { .. }
            | IntentBody::StartPatrol { .. }
            | IntentBody::AddContact { .. }
            | IntentBody::OpenMatter { .. } => false,
        };
        if !fits {
            return Err(DocumentError::WrongIntent);
        }
        let events = content::map(&self.inner, EVENTS).ok_or(DocumentError::Unreadable)?;
        let photos = content::map(&self.inner, PHOTOS).ok_or(DocumentError::Unreadable)?;
        if self.inner.get(&events, intent.event.to_string())?.is_some() {
            return Err(DocumentError::AlreadyDone);
        }
        let held: Vec<PhotoHash> = self.inner.keys(&photos).filter_map(|key| key.parse().ok()).collect();
        self.commit(intent, actor, |tx| write_later(tx, intent, &events, &photos, &held))
    }

    fn commit(
        &mut self,
        intent: &Intent,
        actor: Actor,
        write: impl FnOnce(&mut Transaction<'_>) -> Result<(), AutomergeError>,
    ) -> Result<LocalChange, DocumentError> {
        self.inner.set_actor(ActorId::from(actor.0));
        // Advisory seconds; the event carries the time that counts.
        let time = intent.at.at().0 / 1000;
        self.inner
            .transact_with(|()| CommitOptions::default().with_time(time), write)
            .map_err(|failure| DocumentError::Library(failure.error.to_string()))?;
        self.moved();
        let change = self.inner.get_last_local_change().ok_or(DocumentError::WrongIntent)?;
        Ok(LocalChange { hash: change.hash().into(), bytes: change.raw_bytes().to_vec() })
    }

    fn complete(&self) -> Result<(), DocumentError> {
        if self.inner.get_missing_deps(&[]).is_empty() {
            Ok(())
        } else {
            Err(DocumentError::MissingDependency)
        }
    }

    /// The content.
    ///
    /// # Errors
    /// [`DocumentError::Unreadable`] when it is of no kind that this version knows.
    pub fn record(&self) -> Result<Record, DocumentError> {
        self.content().map(|record| Record::clone(&record))
    }

    /// The content, shared: read once and kept until the document changes.
    ///
    /// # Errors
    /// As [`Document::record`].
    pub fn content(&self) -> Result<Arc<Record>, DocumentError> {
        if let Some(record) = self.record.get() {
            return Ok(Arc::clone(record));
        }
        let record = content::read(&self.inner, self.before.as_deref()).ok_or(DocumentError::Unreadable)?;
        Ok(Arc::clone(self.record.get_or_init(|| Arc::new(record))))
    }

    /// The changes that no other change builds on, sorted.
    #[must_use]
    pub fn heads(&self) -> Vec<ChangeHash> {
        let mut heads: Vec<ChangeHash> = self.inner.get_heads().into_iter().map(Into::into).collect();
        heads.sort();
        heads
    }

    /// Whether a change is in the document.
    #[must_use]
    pub fn holds(&self, hash: ChangeHash) -> bool {
        self.inner.get_change_meta_by_hash(&automerge::ChangeHash(hash.0)).is_some()
    }

    /// The document as it was at these changes.
    ///
    /// # Errors
    /// When one of them is not here.
    pub fn at(&self, heads: &[ChangeHash]) -> Result<Self, DocumentError> {
        let mut wanted = heads.to_vec();
        wanted.sort();
        if wanted == self.heads() {
            return Ok(self.clone());
        }
        let heads: Vec<_> = wanted.iter().map(|head| automerge::ChangeHash(head.0)).collect();
        let inner =
            guarded(|| self.inner.fork_at(&heads)).ok_or(DocumentError::BadChange("library panicked"))??;
        Ok(Self { inner, ..Self::empty() })
    }

    /// The heads of the events: what an intent made now names as seen.
    #[must_use]
    pub fn event_heads(&self) -> Vec<EventId> {
        match self.content().as_deref() {
            Ok(Record::Case(record)) => record.order().heads(),
            Ok(Record::Patrol(record)) => {
                CausalOrder::of(record.events.values().map(|event| (event.id, event.seen.as_slice()))).heads()
            }
            Ok(Record::Contact(record)) => {
                CausalOrder::of(record.events.values().map(|event| (event.id, event.seen.as_slice()))).heads()
            }
            Ok(Record::Matter(record)) => record.order().heads(),
            Err(_) => Vec::new(),
        }
    }

    /// Loads what [`Document::save`] gave. The library counts every change's hash again and compares the heads,
    /// so that damage shows.
    ///
    /// # Errors
    /// When the bytes are no whole document, anything in them is deflated or stands for more than admitted changes can
    /// hold, or the content is not readable.
    pub fn load(bytes: &[u8]) -> Result<Self, DocumentError> {
        if !save::is_plain(bytes) {
            return Err(DocumentError::BadChange("no plain save"));
        }
        let inner =
            guarded(|| Automerge::load(bytes)).ok_or(DocumentError::BadChange("library panicked"))??;
        let document = Self { inner, ..Self::empty() };
        document.complete()?;
        document.content().map(|_| document)
    }

    /// Its changes in an order in which each follows what it builds on: their chunks as they were made.
    #[must_use]
    pub fn changes(&self) -> Vec<(ChangeHash, Vec<u8>)> {
        let changes = self.inner.get_changes(&[]);
        changes.iter().map(|change| (change.hash().into(), change.raw_bytes().to_vec())).collect()
    }

    /// The whole document in Automerge's own form, uncompressed.
    #[must_use]
    pub fn save(&self) -> Vec<u8> {
        self.inner.save_nocompress()
    }

    pub(crate) fn inner(&self) -> &Automerge {
        &self.inner
    }

    pub(crate) fn empty() -> Self {
        Self { inner: Automerge::new(), record: OnceLock::new(), before: None }
    }
}

fn put_event<A: Serialize>(
    tx: &mut Transaction<'_>,
    events: &ObjId,
    intent: &Intent,
    act: A,
) -> Result<(), AutomergeError> {
    let event =
        Event { id: intent.event, at: intent.at, by: intent.by.clone(), seen: intent.seen.clone(), act };
    tx.put(events, intent.event.to_string(), ScalarValue::Bytes(encode(&event)))
}

fn put_photos(
    tx: &mut Transaction<'_>,
    container: &ObjId,
    photos: &BTreeMap<PhotoHash, PhotoRef>,
    held: &[PhotoHash],
) -> Result<(), AutomergeError> {
    // An entry is immutable: a photo that is cited already is not written again.
    for (hash, photo) in photos.iter().filter(|(hash, _)| !held.contains(hash)) {
        tx.put(container, hash.to_string(), ScalarValue::Bytes(encode(photo)))?;
    }
    Ok(())
}

fn put_text(tx: &mut Transaction<'_>, key: &str, value: Option<&str>) -> Result<(), AutomergeError> {
    value.map_or(Ok(()), |value| tx.put(ROOT, key, value))
}

fn put_base(
    tx: &mut Transaction<'_>,
    kind: Kind,
    id: DocumentId,
    home: &str,
) -> Result<(ObjId, ObjId), AutomergeError> {
    tx.put(ROOT, KIND, kind.name())?;
    tx.put(ROOT, ID, ScalarValue::Bytes(id.0.as_bytes().to_vec()))?;
    tx.put(ROOT, HOME, home)?;
    Ok((tx.put_object(ROOT, EVENTS, ObjType::Map)?, tx.put_object(ROOT, PHOTOS, ObjType::Map)?))
}

fn write_first(tx: &mut Transaction<'_>, intent: &Intent) -> Result<(), AutomergeError> {
    match &intent.body {
        IntentBody::Report { home, source, point, standard, description, fix, photos } => {
            let (events, container) = put_base(tx, Kind::Case, intent.document, home.as_str())?;
            put_text(tx, POINT, point.as_ref().map(|id| id.as_str()))?;
            put_text(tx, STANDARD, standard.as_ref().map(|id| id.as_str()))?;
            put_text(tx, DESCRIPTION, Some(description))?;
            if let Some(fix) = fix {
                tx.put(ROOT, FIX, ScalarValue::Bytes(encode(fix)))?;
            }
            put_photos(tx, &container, photos, &[])?;
            put_event(tx, &events, intent, CaseAct::Report { source: *source })
        }
        IntentBody::StartPatrol { home, team, day, round } => {
            let (events, _) = put_base(tx, Kind::Patrol, intent.document, home.as_str())?;
            tx.put(ROOT, TEAM, team.as_str())?;
            tx.put(ROOT, DAY, day.to_string())?;
            tx.put(ROOT, ROUND, content::round_name(*round))?;
            put_event(tx, &events, intent, PatrolAct::Start)
        }
        IntentBody::AddContact { home, case, name, telephone, note } => {
            let (events, _) = put_base(tx, Kind::Contact, intent.document, home.as_str())?;
            tx.put(ROOT, CASE, ScalarValue::Bytes(case.0.as_bytes().to_vec()))?;
            for (key, text) in [(NAME, name), (TELEPHONE, telephone), (NOTE, note)] {
                tx.put(ROOT, key, text.as_str())?;
            }
            put_event(tx, &events, intent, ContactAct::Add)
        }
        IntentBody::OpenMatter { header, act, photos } => {
            let kind = Kind::of_matter(header.class).unwrap_or(Kind::Matter);
            let (events, container) = put_base(tx, kind, intent.document, header.home.as_str())?;
            tx.put(ROOT, FEATURE, header.feature.as_str())?;
            tx.put(ROOT, DAY, header.day.to_string())?;
            put_text(tx, POINT, header.point.as_ref().map(|id| id.as_str()))?;
            put_text(tx, PERSON, header.person.as_ref().map(|id| id.as_str()))?;
            if let Some(about) = header.about {
                tx.put(ROOT, ABOUT, ScalarValue::Bytes(about.0.as_bytes().to_vec()))?;
            }
            put_photos(tx, &container, photos, &[])?;
            put_event(tx, &events, intent, act)
        }
        IntentBody::Act { .. }
        | IntentBody::Amend { .. }
        | IntentBody::Patrol { .. }
        | IntentBody::Matter { .. } => Ok(()),
    }
}

/// Whether it opens a matter in a scope where none live.
fn nowhere(body: &IntentBody) -> bool {
    matches!(body, IntentBody::OpenMatter { header, .. } if Kind::of_matter(header.class).is_none())
}

fn write_later(
    tx: &mut Transaction<'_>,
    intent: &Intent,
    events: &ObjId,
    container: &ObjId,
    held: &[PhotoHash],
) -> Result<(), AutomergeError> {
    match &intent.body {
        IntentBody::Act { act, photos } => {
            put_photos(tx, container, photos, held)?;
            put_event(tx, events, intent, act)
        }
        IntentBody::Amend { point, standard, description, fix, photos } => {
            let mut fields = Vec::new();
            if let Some(point) = point {
                fields.push(Field::Point);
                tx.put(ROOT, POINT, point.as_str())?;
            }
            if let Some(standard) = standard {
                fields.push(Field::Standard);
                tx.put(ROOT, STANDARD, standard.as_str())?;
            }
            if let Some(description) = description {
                fields.push(Field::Description);
                tx.put(ROOT, DESCRIPTION, description.as_str())?;
            }
            if let Some(fix) = fix {
                fields.push(Field::Fix);
                tx.put(ROOT, FIX, ScalarValue::Bytes(encode(fix)))?;
            }
            put_photos(tx, container, photos, held)?;
            put_event(tx, events, intent, CaseAct::Amend { fields })
        }
        IntentBody::Patrol { act } => put_event(tx, events, intent, act),
        IntentBody::Matter { act, photos } => {
            put_photos(tx, container, photos, held)?;
            put_event(tx, events, intent, act)
        }
        IntentBody::Report { .. }
        | IntentBody::StartPatrol { .. }
        | IntentBody::AddContact { .. }
        | IntentBody::OpenMatter { .. } => Ok(()),
    }
}
