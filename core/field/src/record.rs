//! Recording a problem in seconds: a draft in which every field saves itself, then one report. Nothing
//! blocks it: no photo, no fix, no point chosen; what is missing is completed later, visibly.

use crate::Field;
use crate::attention::known;
use crate::error::FieldError;
use crate::invalid::Invalid;
use crate::photo::{self, Intake, PhotoError};
use sanben_document::{Intent, IntentBody};
use sanben_domain::case::{self, CaseAct, CaseRecord, PhotoRef, PhotoRole, Sighting, Source};
use sanben_domain::id::{CaseId, DraftId, PhotoHash, PointId, StandardId, UnitId};
use sanben_domain::place::Fix;
use sanben_domain::reference::{Person, Reference, Role};
use sanben_domain::rights;
use sanben_domain::time::Timestamp;
use sanben_store::{Draft, DraftField, PhotoRow};
use std::collections::BTreeMap;
use std::path::Path;

/// A problem as it is recorded in one go; every part may be missing.
#[derive(Debug, Clone, Default)]
pub struct NewCase {
    /// Where.
    pub point: Option<PointId>,
    /// Which standard it breaks.
    pub standard: Option<StandardId>,
    /// The words.
    pub description: String,
    /// The fix at the tap.
    pub fix: Option<Fix>,
    /// Who found it; `None` for the usual source of the person's role.
    pub source: Option<Source>,
    /// Photo files, read once and kept by the store.
    pub photos: Vec<std::path::PathBuf>,
}

/// What became of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reported {
    /// The case.
    pub case: CaseId,
    /// Records that may be the same problem: same standard, near, recent. Only a hint.
    pub duplicates: Vec<CaseId>,
}

/// What can be completed or corrected later; `None` leaves a part as it is.
#[derive(Debug, Clone, Default)]
pub struct Completion {
    /// Where.
    pub point: Option<PointId>,
    /// Which standard it breaks.
    pub standard: Option<StandardId>,
    /// The words.
    pub description: Option<String>,
    /// A fix.
    pub fix: Option<Fix>,
    /// More photo files.
    pub photos: Vec<std::path::PathBuf>,
}

impl Field {
    /// Starts a draft. It is durable at once and survives a kill, an upgrade and a user switch.
    ///
    /// # Errors
    /// [`FieldError::NotEnrolled`], [`FieldError::Full`].
    pub fn draft(&self) -> Result<DraftId, FieldError> {
        let enrolment = self.enrolment()?;
        let id = DraftId::from_random(self.random16());
        self.store.draft_create(id, &enrolment.person, self.stamp()?.at())?;
        Ok(id)
    }

    /// Saves one field of a draft.
    ///
    /// # Errors
    /// [`FieldError::NotFound`], [`FieldError::Full`].
    pub fn draft_set(&self, id: DraftId, field: DraftField) -> Result<(), FieldError> {
        self.draft_of(id)?;
        self.tell(self.store.draft_set(id, &field)?);
        Ok(())
    }

    /// Takes a photo file into a draft: hashed, measured, stored durably.
    ///
    /// # Errors
    /// [`FieldError::File`], [`FieldError::Photo`] for a file that is no photo; the draft is unchanged.
    pub fn draft_photo(&self, id: DraftId, file: &Path) -> Result<PhotoHash, FieldError> {
        let draft = self.draft_of(id)?;
        let intake = self.take_in(&read_photo(file)?)?;
        let hash = PhotoHash(intake.hash);
        self.store.draft_add_photo(id, hash, PhotoRole::Before)?;
        // The photo's own place is taken over only where the tap gave none.
        if let (None, Some(fix)) = (draft.fix, intake.place) {
            self.store.draft_set(id, &DraftField::Fix(Some(fix)))?;
        }
        Ok(hash)
    }

    /// The drafts of this store, oldest first.
    ///
    /// # Errors
    /// A store error.
    pub fn drafts(&self) -> Result<Vec<Draft>, FieldError> {
        Ok(self.store.drafts()?)
    }

    /// Discards a draft on the person's word.
    ///
    /// # Errors
    /// [`FieldError::NotFound`].
    pub fn draft_discard(&self, id: DraftId) -> Result<(), FieldError> {
        self.draft_of(id)?;
        self.tell(self.store.draft_discard(id)?);
        Ok(())
    }

    /// Reports a draft: it becomes a case, in one transaction with its photos and its place in the outbox.
    ///
    /// # Errors
    /// [`FieldError::NothingYet`] before the first sync, [`FieldError::Invalid`] for a draft that says nothing
    /// at all; the draft is kept on every error.
    pub fn report(&self, id: DraftId) -> Result<Reported, FieldError> {
        let draft = self.draft_of(id)?;
        let reference = self.store.reference()?;
        let me = self.me(&reference)?;
        let now = self.stamp()?;
        let placed = draft.point.is_some() || draft.fix.is_some();
        let said = draft.standard.is_some() || !draft.description.trim().is_empty();
        if !placed && !said && draft.photos.is_empty() {
            // Nothing that anybody could look for; any one of these is enough.
            return Err(FieldError::Invalid(Invalid::NothingSaid));
        }
        known(draft.point.as_ref(), draft.standard.as_ref(), &reference)?;
        let home = home_of(draft.point.as_ref(), draft.fix, &me, &reference, now.at())
            .ok_or(FieldError::NothingYet)?;
        let hashes: Vec<PhotoHash> = draft.photos.iter().map(|(hash, _)| *hash).collect();
        let photos = self.cite(&hashes, PhotoRole::Before)?;
        let source = draft.source.unwrap_or_else(|| usual_source(me.role));
        let record = CaseRecord {
            id: id.case(),
            home: home.clone(),
            point: draft.point.clone(),
            standard: draft.standard.clone(),
            description: draft.description.clone(),
            fix: draft.fix,
            photos: photos.clone(),
            events: BTreeMap::new(),
        };
        rights::may(&me, &CaseAct::Report { source }, &record, None, &reference, now.at())?;
        let intent = Intent {
            v: 1,
            document: id.case(),
            event: self.new_event(),
            at: now,
            by: me.id.clone(),
            seen: Vec::new(),
            body: IntentBody::Report {
                home,
                source,
                point: draft.point.clone(),
                standard: draft.standard.clone(),
                description: draft.description.clone(),
                fix: draft.fix,
                photos,
            },
        };
        let mut intents = vec![intent];
        intents.extend(self.found_on_patrol(&draft, &me, now, &reference)?);
        let recorded = self.store.record(&intents, Some(id))?;
        self.tell(recorded.changed);
        Ok(Reported { case: id.case(), duplicates: self.duplicates(id.case())? })
    }

    /// Records a problem in one go. On a photo that is none the draft with everything else is kept, and its
    /// id is in [`Field::drafts`].
    ///
    /// # Errors
    /// As [`Field::draft_photo`] and [`Field::report`].
    pub fn record(&self, new: NewCase) -> Result<Reported, FieldError> {
        let id = self.draft()?;
        let fields = [
            new.point.map(|point| DraftField::Point(Some(point))),
            new.standard.map(|standard| DraftField::Standard(Some(standard))),
            Some(DraftField::Description(new.description)),
            new.fix.map(|fix| DraftField::Fix(Some(fix))),
            new.source.map(|source| DraftField::Source(Some(source))),
        ];
        for field in fields.into_iter().flatten() {
            self.draft_set(id, field)?;
        }
        for file in &new.photos {
            self.draft_photo(id, file)?;
        }
        self.report(id)
    }

    /// Completes or corrects a case, visibly: the change is an event of its own.
    ///
    /// # Errors
    /// [`FieldError::Denied`], [`FieldError::NotFound`], [`FieldError::Photo`].
    pub fn complete(&self, case: CaseId, completion: Completion) -> Result<(), FieldError> {
        let reference = self.store.reference()?;
        known(completion.point.as_ref(), completion.standard.as_ref(), &reference)?;
        let before = self.case(case)?.record;
        self.may_move(&before, completion.point.as_ref(), &reference)?;
        let photos = self.take_files(&completion.photos, PhotoRole::Before)?;
        let body = IntentBody::Amend {
            point: completion.point,
            standard: completion.standard,
            description: completion.description,
            fix: completion.fix,
            photos,
        };
        self.run_on_case(case, &CaseAct::Amend { fields: Vec::new() }, body)?;
        Ok(())
    }

    /// Other records that may be the same problem as this one.
    ///
    /// # Errors
    /// [`FieldError::NotFound`].
    pub fn duplicates(&self, case: CaseId) -> Result<Vec<CaseId>, FieldError> {
        let reference = self.store.reference()?;
        let Some(rule) = reference.tenant.as_ref().map(|tenant| tenant.duplicate) else {
            return Ok(Vec::new());
        };
        let row = self.case(case)?;
        let Some(mine) = Sighting::of(&row.record) else { return Ok(Vec::new()) };
        let since = mine.found.plus_hours(-i64::from(rule.hours));
        let near = self.store.sightings_near(&mine, rule.metres, since)?;
        Ok(near
            .into_iter()
            .filter(|(id, other)| *id != case && case::may_be_duplicate(&mine, other, rule))
            .map(|(id, _)| id)
            .collect())
    }

    /// Reads a photo's facts and keeps its bytes durably.
    pub(crate) fn take_in(&self, bytes: &[u8]) -> Result<Intake, FieldError> {
        let intake = photo::intake(bytes)?;
        self.store.put_photo(
            &PhotoRow {
                hash: PhotoHash(intake.hash),
                mime: intake.mime.as_str().to_owned(),
                width: intake.width,
                height: intake.height,
                bytes_len: bytes.len() as u64,
                taken_at: intake.taken_at.as_ref().map(|taken| taken.local.clone()),
                place: intake.place,
                thumbnail: intake.thumbnail.clone(),
                receipt: None,
            },
            bytes,
        )?;
        Ok(intake)
    }

    pub(crate) fn take_files(
        &self,
        files: &[std::path::PathBuf],
        role: PhotoRole,
    ) -> Result<BTreeMap<PhotoHash, PhotoRef>, FieldError> {
        let mut hashes = Vec::new();
        for file in files {
            hashes.push(PhotoHash(self.take_in(&read_photo(file)?)?.hash));
        }
        self.cite(&hashes, role)
    }

    pub(crate) fn cite(
        &self,
        hashes: &[PhotoHash],
        role: PhotoRole,
    ) -> Result<BTreeMap<PhotoHash, PhotoRef>, FieldError> {
        let mut photos = BTreeMap::new();
        for hash in hashes {
            let row = self
                .store
                .photo(*hash)?
                .ok_or_else(|| FieldError::NotFound { what: "photo", id: hash.to_string() })?;
            photos
                .insert(*hash, PhotoRef { role, width: row.width, height: row.height, bytes: row.bytes_len });
        }
        Ok(photos)
    }

    fn draft_of(&self, id: DraftId) -> Result<Draft, FieldError> {
        self.store.draft(id)?.ok_or_else(|| FieldError::NotFound { what: "draft", id: id.to_string() })
    }
}

/// Reads a file that should be a photo, into as much memory as it is long.
pub(crate) fn read_photo(path: &Path) -> Result<Vec<u8>, FieldError> {
    use std::io::Read;
    let file = std::fs::File::open(path).map_err(FieldError::File)?;
    let bytes = file.metadata().map_err(FieldError::File)?.len();
    let length = usize::try_from(bytes).unwrap_or(usize::MAX);
    if length > photo::MAX_BYTES {
        return Err(FieldError::Photo(PhotoError::TooManyBytes { bytes: length }));
    }
    let mut content = Vec::with_capacity(length);
    file.take(bytes).read_to_end(&mut content).map_err(FieldError::File)?;
    Ok(content)
}

/// Where a new case lives: the community of the point, else of the fix, else the person's own unit, else the
/// tenant's root; the first of these that the person may write into. The server shares it with the point's
/// community when that is another.
///
/// Recording is never blocked: where the person may write nowhere, it is the first of these all the same, the server
/// says that they hold no such place, and what they recorded can be handed on. `None` before reference data arrived.
pub(crate) fn home_of(
    point: Option<&PointId>,
    fix: Option<Fix>,
    me: &Person,
    reference: &Reference,
    at: Timestamp,
) -> Option<UnitId> {
    let of_point = point.and_then(|point| reference.community_of_point(point));
    let of_fix = fix.and_then(|fix| {
        reference.cells_at(fix.coordinate).into_iter().find_map(|cell| reference.community_of(&cell.unit))
    });
    let root = reference.tenant.as_ref().map(|tenant| UnitId(tenant.id.to_string()))?;
    let of_person = rights::work_scope(&me.unit, reference).unit;
    let of_place = [of_point, of_fix].into_iter().flatten().map(|unit| unit.id.clone());
    let places: Vec<UnitId> = of_place.chain([of_person, root]).collect();
    let open = places.iter().find(|unit| rights::may_write(me, &rights::home_scope(unit), reference, at));
    open.or(places.first()).cloned()
}

/// Whose finding it is when nobody says otherwise.
fn usual_source(role: Role) -> Source {
    match role {
        Role::Command | Role::Inspector | Role::Discipline => Source::Subdistrict,
        Role::PointHead | Role::GridMember | Role::Volunteer | Role::Clerk => Source::Own,
    }
}
