//! Refused work in a file, for somebody who may do it: what was meant, why it was refused, and the photos. Who takes
//! it over records it under their own name and their own clock, with the id of the event: so it cannot happen twice,
//! and its author learns of it. The file is not sealed: it is given to a person, who looks at it before they make it
//! theirs, and nobody is believed because of it.
//!
//! The form: `sanben work 1` and a line feed, the length of the head in four bytes, the head in CBOR, then the photos
//! one after another, as long as the head says. What fell with it follows, if anything did: its length in four bytes and
//! the intents in CBOR, oldest first.

use crate::Field;
use crate::attention::{ExportedWork, known};
use crate::error::FieldError;
use crate::invalid::Invalid;
use crate::photo;
use crate::record::home_of;
use sanben_document::{Intent, IntentBody, decode, encode};
use sanben_domain::case::{CaseAct, PhotoRef};
use sanben_domain::id::{DocumentId, PersonId, PhotoHash, TenantId};
use sanben_domain::matter::{Fields, Flaw, MatterAct, Value};
use sanben_domain::reference::Reference;
use sanben_domain::rights;
use sanben_domain::time::{Timestamp, Zone};
use sanben_store::{Attention, Store};
use sanben_sync::wire::Rejection;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::Path;

const BEGINNING: &[u8] = b"sanben work 1\n";
/// A head is never longer, bytes: an intent has at most some texts of 64 KiB.
const MAX_HEAD: u32 = 1 << 20;
/// What fell with it is never longer, bytes.
const MAX_FALLEN: u32 = 16 << 20;
const PIECE: usize = 256 * 1024;

/// Work that was handed on, as its file says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Version of this form; 1.
    pub v: u16,
    /// Whose work it is.
    pub tenant: TenantId,
    /// What was meant, and by whom it was recorded.
    pub intent: Intent,
    /// Why the server refused it.
    pub rejection: Rejection,
    /// When.
    pub refused: Timestamp,
    /// For whom; anybody when nobody is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<PersonId>,
    /// The photos in the file with their sizes in bytes, in order.
    pub photos: Vec<(PhotoHash, u64)>,
}

/// What became of work that was taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TakenOver {
    /// It is recorded here, under this person's name, and waits for the server.
    Recorded(DocumentId),
    /// Nothing to do: it is here already.
    Known(DocumentId),
}

impl Head {
    pub(crate) fn of(row: &Attention, tenant: TenantId, to: Option<PersonId>) -> Self {
        let (intent, rejection, refused) = (row.intent.clone(), row.rejection.clone(), row.at);
        Self { v: 1, tenant, intent, rejection, refused, to, photos: Vec::new() }
    }
}

impl Field {
    /// Looks at work that was handed on, without taking it over.
    ///
    /// # Errors
    /// [`Invalid::NotHandedOn`], [`FieldError::File`].
    pub fn look_at_handed_on(&self, file: &Path) -> Result<Head, FieldError> {
        Ok(open(file)?.0)
    }

    /// How much fell with it and comes along: later acts on what it would have created, and what belongs to that.
    ///
    /// # Errors
    /// [`Invalid::NotHandedOn`], [`FieldError::File`].
    pub fn fell_with_handed_on(&self, file: &Path) -> Result<usize, FieldError> {
        let (head, mut rest) = open(file)?;
        let photos = head.photos.iter().fold(0_u64, |sum, (_, size)| sum.saturating_add(*size));
        io::copy(&mut rest.by_ref().take(photos), &mut io::sink()).map_err(FieldError::File)?;
        Ok(read_fallen(&mut rest)?.len())
    }

    /// Records work that was handed on under the name of this person, who answers for it from then on: as if they had
    /// seen it themselves, now, and with their own rights. Taking it over twice has no second effect.
    ///
    /// # Errors
    /// [`Invalid::NotHandedOn`], [`Invalid::ForAnother`], [`Invalid::OnesOwnWork`], [`Invalid::OtherTenant`],
    /// [`FieldError::Denied`] when this person may not do it either, [`FieldError::NotFound`] when the case, point or
    /// standard is not here; nothing was recorded then. Of what fell with it, whatever this person may not do stays with
    /// its author.
    pub fn take_over(&self, file: &Path) -> Result<TakenOver, FieldError> {
        let (head, mut rest) = open(file)?;
        let enrolment = self.enrolment()?;
        if head.tenant != enrolment.tenant {
            return Err(Invalid::OtherTenant.into());
        }
        if head.intent.by == enrolment.person {
            return Err(Invalid::OnesOwnWork.into());
        }
        if head.to.as_ref().is_some_and(|to| *to != enrolment.person) {
            return Err(Invalid::ForAnother.into());
        }
        let of = head.intent.document;
        let held = match self.store.case(of)? {
            Some(row) => row.record.events.contains_key(&head.intent.event),
            None => {
                let matter = self.store.matter(of)?;
                matter.is_some_and(|row| row.record.events.contains_key(&head.intent.event))
            }
        };
        if held {
            return Ok(TakenOver::Known(of));
        }
        let intent = self.own(head.intent)?;
        for (hash, size) in &head.photos {
            self.take_photo(*hash, *size, &mut rest)?;
        }
        let fallen = read_fallen(&mut rest)?;
        let recorded = self.store.record(&[self.without_missing(intent)?], None)?;
        self.tell(recorded.changed);
        for intent in fallen {
            let own = match self.own(intent) {
                Ok(own) => own,
                Err(
                    FieldError::Denied(_)
                    | FieldError::Unfit(_)
                    | FieldError::Invalid(_)
                    | FieldError::NotFound { .. },
                ) => continue,
                Err(error) => return Err(error),
            };
            let recorded = self.store.record(&[self.without_missing(own)?], None)?;
            self.tell(recorded.changed);
        }
        Ok(TakenOver::Recorded(of))
    }

    /// The intent under this person's name, if they may do it.
    fn own(&self, intent: Intent) -> Result<Intent, FieldError> {
        let reference = self.store.reference()?;
        let me = self.me(&reference)?;
        let at = self.stamp()?;
        let of = intent.document;
        let body = match intent.body {
            IntentBody::Report { source, point, standard, description, fix, photos, .. } => {
                known(point.as_ref(), standard.as_ref(), &reference)?;
                let home =
                    home_of(point.as_ref(), fix, &me, &reference, at.at()).ok_or(FieldError::NothingYet)?;
                let record = sanben_domain::case::CaseRecord {
                    id: of,
                    home: home.clone(),
                    point: point.clone(),
                    standard: standard.clone(),
                    description: description.clone(),
                    fix,
                    photos: photos.clone(),
                    events: BTreeMap::new(),
                };
                rights::may(&me, &CaseAct::Report { source }, &record, None, &reference, at.at())?;
                IntentBody::Report { home, source, point, standard, description, fix, photos }
            }
            IntentBody::Amend { point, standard, description, fix, photos } => {
                known(point.as_ref(), standard.as_ref(), &reference)?;
                let before = self.may(of, &CaseAct::Amend { fields: Vec::new() })?;
                self.may_move(&before, point.as_ref(), &reference)?;
                IntentBody::Amend { point, standard, description, fix, photos }
            }
            IntentBody::Act { act, photos } => {
                self.may(of, &act)?;
                IntentBody::Act { act, photos }
            }
            IntentBody::StartPatrol { .. } | IntentBody::Patrol { .. } => {
                return Err(Invalid::OnesOwnRound.into());
            }
            body @ (IntentBody::OpenMatter { .. } | IntentBody::Matter { .. }) => {
                self.may_do(&body, of, at)?;
                body
            }
            IntentBody::AddContact { .. } => return Err(Invalid::ContactStays.into()),
        };
        // What they see of the case is what they answer with.
        let seen = match self.store.case(of)? {
            Some(row) => row.record.order().heads(),
            None => self.store.matter(of)?.map(|row| row.record.order().heads()).unwrap_or_default(),
        };
        Ok(Intent { at, by: me.id, seen, body, ..intent })
    }

    fn take_photo(&self, hash: PhotoHash, size: u64, from: &mut impl Read) -> Result<(), FieldError> {
        if size > photo::MAX_BYTES as u64 {
            return Err(Invalid::NotHandedOn.into());
        }
        let mut bytes = Vec::new();
        from.take(size).read_to_end(&mut bytes).map_err(FieldError::File)?;
        let fits = bytes.len() as u64 == size && PhotoHash(Sha256::digest(&bytes).into()) == hash;
        if !fits {
            return Err(Invalid::NotHandedOn.into());
        }
        self.take_in(&bytes)?;
        Ok(())
    }

    /// A photo that its author no longer had cannot be delivered by anybody: nobody promises it.
    fn without_missing(&self, mut intent: Intent) -> Result<Intent, FieldError> {
        let mut here = Vec::new();
        for hash in intent.body.photos() {
            if self.store.photo(hash)?.is_some() {
                here.push(hash);
            }
        }
        let keep = |photos: &mut BTreeMap<PhotoHash, PhotoRef>| photos.retain(|hash, _| here.contains(hash));
        match &mut intent.body {
            IntentBody::Report { photos, .. } | IntentBody::Amend { photos, .. } => keep(photos),
            IntentBody::Act { act, photos } => {
                keep(photos);
                if let CaseAct::Rectify { photos, .. }
                | CaseAct::LookBack { photos, .. }
                | CaseAct::FindAgain { photos, .. } = act
                {
                    photos.retain(|hash| here.contains(hash));
                }
            }
            IntentBody::OpenMatter { act, photos, .. } | IntentBody::Matter { act, photos } => {
                keep(photos);
                for value in act.fields.values_mut() {
                    if let Value::Photos(photos) = value {
                        photos.retain(|hash| here.contains(hash));
                    }
                }
                act.fields.retain(|_, value| !matches!(value, Value::Photos(photos) if photos.is_empty()));
            }
            IntentBody::StartPatrol { .. } | IntentBody::Patrol { .. } | IntentBody::AddContact { .. } => {}
        }
        Ok(intent)
    }
}

/// What fell with refused work and goes where it goes: later acts on the document that it would have created, and what
/// belongs to that, with their own.
pub(crate) fn fallen_with(row: &Attention, refused: &[Attention]) -> Vec<Attention> {
    let mut created: BTreeSet<DocumentId> =
        row.intent.body.creates_in().map(|_| row.document).into_iter().collect();
    let mut fallen = Vec::new();
    // Oldest first: whatever belongs to a document was recorded after it.
    for other in refused.iter().filter(|other| other.id != row.id) {
        let dangling = matches!(&other.rejection, Rejection::Unfit { why: Flaw::Dangling, .. });
        let about = match &other.intent.body {
            IntentBody::OpenMatter { header, .. } if dangling => header.about,
            _ if other.rejection == Rejection::DependsOnRejected => Some(other.document),
            _ => None,
        };
        if about.is_some_and(|about| created.contains(&about)) {
            created.insert(other.document);
            fallen.push(other.clone());
        }
    }
    fallen
}

fn open(file: &Path) -> Result<(Head, BufReader<File>), FieldError> {
    let mut rest = BufReader::new(File::open(file).map_err(FieldError::File)?);
    let head = read_head(&mut rest).map_err(FieldError::File)?;
    head.filter(|head| head.v == 1).map(|head| (head, rest)).ok_or_else(|| Invalid::NotHandedOn.into())
}

/// The head; `None` when this is no such file.
fn read_head(from: &mut impl Read) -> io::Result<Option<Head>> {
    let mut begins = Vec::new();
    from.take((BEGINNING.len() + 4) as u64).read_to_end(&mut begins)?;
    let length = begins.strip_prefix(BEGINNING).and_then(|length| <[u8; 4]>::try_from(length).ok());
    let Some(length) = length.map(u32::from_be_bytes).filter(|length| *length <= MAX_HEAD) else {
        return Ok(None);
    };
    let mut head = Vec::new();
    from.take(u64::from(length)).read_to_end(&mut head)?;
    Ok(decode(&head))
}

/// What fell with it, behind the photos; nothing where the file ends there.
fn read_fallen(from: &mut impl Read) -> Result<Vec<Intent>, FieldError> {
    let mut length = Vec::new();
    from.take(4).read_to_end(&mut length).map_err(FieldError::File)?;
    if length.is_empty() {
        return Ok(Vec::new());
    }
    let length = <[u8; 4]>::try_from(length.as_slice()).ok().map(u32::from_be_bytes);
    let length = length.filter(|length| *length <= MAX_FALLEN).ok_or(Invalid::NotHandedOn)?;
    let mut bytes = Vec::new();
    from.take(u64::from(length)).read_to_end(&mut bytes).map_err(FieldError::File)?;
    Ok(decode(&bytes).ok_or(Invalid::NotHandedOn)?)
}

/// Writes a new file; one that could not be finished is taken away again.
pub(crate) fn write_work(
    store: &Store,
    head: &Head,
    with: &[Attention],
    file: &Path,
) -> Result<(), FieldError> {
    let out = File::options().write(true).create_new(true).open(file).map_err(FieldError::Write)?;
    let written = fill(store, head, with, &out);
    if written.is_err() {
        let _ = std::fs::remove_file(file);
    }
    written
}

fn fill(store: &Store, head: &Head, with: &[Attention], file: &File) -> Result<(), FieldError> {
    let mut head = head.clone();
    let fallen: Vec<&Intent> = with.iter().map(|row| &row.intent).collect();
    let intents = std::iter::once(&head.intent).chain(fallen.iter().copied());
    let cited: BTreeSet<PhotoHash> = intents.flat_map(|intent| intent.body.photos()).collect();
    for hash in cited {
        let Some(length) = store.photo_len(hash) else { continue };
        head.photos.push((hash, length));
    }
    let bytes = encode(&head);
    let length = u32::try_from(bytes.len()).ok().filter(|length| *length <= MAX_HEAD);
    let length = length.ok_or_else(|| FieldError::Other("work that is too long for a file".to_owned()))?;
    let mut out = BufWriter::new(file);
    let begun = out.write_all(BEGINNING).and_then(|()| out.write_all(&length.to_be_bytes()));
    begun.and_then(|()| out.write_all(&bytes)).map_err(FieldError::Write)?;
    for (hash, size) in &head.photos {
        copy_photo(store, *hash, *size, &mut out)?;
    }
    if !fallen.is_empty() {
        let bytes = encode(&fallen);
        let length = u32::try_from(bytes.len()).ok().filter(|length| *length <= MAX_FALLEN);
        let length =
            length.ok_or_else(|| FieldError::Other("work that is too long for a file".to_owned()))?;
        let begun = out.write_all(&length.to_be_bytes());
        begun.and_then(|()| out.write_all(&bytes)).map_err(FieldError::Write)?;
    }
    out.flush().and_then(|()| file.sync_all()).map_err(FieldError::Write)
}

fn copy_photo(store: &Store, hash: PhotoHash, size: u64, out: &mut impl Write) -> Result<(), FieldError> {
    let mut offset = 0;
    while offset < size {
        let piece = store.photo_bytes(hash, offset, PIECE)?;
        if piece.is_empty() {
            return Err(FieldError::Other("the local photo became shorter".to_owned()));
        }
        out.write_all(&piece).map_err(FieldError::Write)?;
        offset += piece.len() as u64;
    }
    Ok(())
}

/// Writes a folder that people and programs can read, and the file for another device.
pub(crate) fn exported(
    store: &Store,
    row: &Attention,
    (head, with): (&Head, &[Attention]),
    reference: &Reference,
    folder: &Path,
) -> Result<ExportedWork, FieldError> {
    let (mut photos, mut missing) = (Vec::new(), 0);
    for hash in row.intent.body.photos() {
        let held = store.photo(hash)?.zip(store.photo_len(hash));
        let file = held.as_ref().map(|(held, _)| {
            let ending = if held.mime == "image/png" { "png" } else { "jpg" };
            format!("{hash}.{ending}")
        });
        match &file {
            Some(name) => {
                let length = held.as_ref().map_or(0, |(_, length)| *length);
                let mut out = BufWriter::new(File::create_new(folder.join(name)).map_err(FieldError::Write)?);
                copy_photo(store, hash, length, &mut out)?;
                out.flush().map_err(FieldError::Write)?;
            }
            None => missing += 1,
        }
        photos.push(json!({ "hash": hash.to_string(), "file": file }));
    }
    let count = photos.len() as u64;
    let mut text = serde_json::to_vec_pretty(&readable(row, head, reference, photos))
        .map_err(|error| FieldError::Other(error.to_string()))?;
    text.push(b'\n');
    write_new(&folder.join("work.json"), &text).map_err(FieldError::Write)?;
    write_work(store, head, with, &folder.join("work.sanben"))?;
    Ok(ExportedWork { photos: count - missing, photos_missing: missing })
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::options().write(true).create_new(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// What was meant, in words and codes.
fn readable(
    row: &Attention,
    head: &Head,
    reference: &Reference,
    photos: Vec<serde_json::Value>,
) -> serde_json::Value {
    let intent = &row.intent;
    let zone = reference.tenant.as_ref().map_or(Zone::CHINA, |tenant| tenant.zone);
    let (point, standard, words) = match &intent.body {
        IntentBody::Report { point, standard, description, .. } => {
            (point.as_ref(), standard.as_ref(), Some(description.as_str()))
        }
        IntentBody::Amend { point, standard, description, .. } => {
            (point.as_ref(), standard.as_ref(), description.as_deref())
        }
        _ => (None, None, None),
    };
    let what = match &intent.body {
        IntentBody::Report { source, .. } => json!({ "report": { "source": source } }),
        IntentBody::Amend { .. } => json!("amend"),
        IntentBody::Act { act, .. } => named_photos(json!(act)),
        IntentBody::StartPatrol { team, day, round, .. } => {
            json!({ "start-patrol": { "team": team, "day": day, "round": round } })
        }
        IntentBody::Patrol { act } => named_photos(json!(act)),
        IntentBody::OpenMatter { header, act, .. } => {
            json!({ "open-matter": { "header": header, "act": act.name, "fields": readable_fields(act) } })
        }
        IntentBody::Matter { act, .. } => {
            json!({ "matter": { "act": act.name, "fields": readable_fields(act) } })
        }
        // Such work is not exported.
        IntentBody::AddContact { .. } => json!("contact"),
    };
    json!({
        "tenant": head.tenant,
        "document": intent.document,
        "event": intent.event,
        "recorded_by": intent.by,
        "recorded_at": zone.show(intent.at.at()),
        "what": what,
        "point": point.map(|id| json!({ "id": id, "name": reference.points.get(id).map(|point| &point.name) })),
        "standard": standard.map(|id| {
            json!({ "id": id, "name": reference.standards.get(id).map(|standard| &standard.name) })
        }),
        "words": words,
        "refused_at": zone.show(row.at),
        "refused_because": row.rejection,
        "handed_on_to": row.handed_on.as_ref().and_then(|handed| handed.to.as_ref()),
        "photos": photos,
    })
}

/// The fields of a matter's act without photos, which are listed beside it.
fn readable_fields(act: &MatterAct) -> Fields {
    let shown = act.fields.iter().filter(|(_, value)| !matches!(value, Value::Photos(_)));
    shown.map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// The act without the raw bytes of hashes: the photos are listed beside it.
fn named_photos(mut act: serde_json::Value) -> serde_json::Value {
    if let Some(fields) = act.as_object_mut().and_then(|act| act.values_mut().next()?.as_object_mut()) {
        fields.remove("photos");
    }
    act
}
