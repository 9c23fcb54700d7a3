//! Recording: a draft that saves field by field, or all in one go.

use crate::case::CaseSource;
use crate::failure::FieldFailure;
use crate::field::{Field, allowed, each};
use crate::place::Fix;
use crate::value::{PhotoHash, Uuid, instant};
use sanben_domain::case::CaseAct;
use sanben_domain::id::{DocumentId, DraftId};
use std::path::Path;
use std::time::SystemTime;

/// A problem as it is recorded in one go; every part may be missing.
#[derive(Debug, Clone, Default, uniffi::Record)]
pub struct NewCase {
    /// The point's code.
    #[uniffi(default)]
    pub point: Option<String>,
    /// The code of the standard it breaks.
    #[uniffi(default)]
    pub standard: Option<String>,
    /// The words.
    #[uniffi(default)]
    pub description: String,
    /// The fix at the tap.
    #[uniffi(default)]
    pub fix: Option<Fix>,
    /// Who found it; the usual source of the person's role when it is not said.
    #[uniffi(default)]
    pub source: Option<CaseSource>,
    /// Paths of photo files. They are read once; the store keeps their bytes.
    #[uniffi(default)]
    pub photos: Vec<String>,
}

impl NewCase {
    pub(crate) fn into_core(self) -> Result<sanben_field::NewCase, FieldFailure> {
        Ok(sanben_field::NewCase {
            point: self.point.as_deref().map(Into::into),
            standard: self.standard.as_deref().map(Into::into),
            description: self.description,
            fix: self.fix.map(Fix::into_core).transpose()?,
            source: self.source,
            photos: self.photos.into_iter().map(Into::into).collect(),
        })
    }
}

/// What is completed or corrected; what is left out stays as it is.
#[derive(Debug, Clone, Default, uniffi::Record)]
pub struct Completion {
    /// The point's code.
    #[uniffi(default)]
    pub point: Option<String>,
    /// The code of the standard it breaks.
    #[uniffi(default)]
    pub standard: Option<String>,
    /// The words.
    #[uniffi(default)]
    pub description: Option<String>,
    /// A fix.
    #[uniffi(default)]
    pub fix: Option<Fix>,
    /// Paths of more photos of the problem.
    #[uniffi(default)]
    pub photos: Vec<String>,
}

impl Completion {
    pub(crate) fn into_core(self) -> Result<sanben_field::Completion, FieldFailure> {
        Ok(sanben_field::Completion {
            point: self.point.as_deref().map(Into::into),
            standard: self.standard.as_deref().map(Into::into),
            description: self.description,
            fix: self.fix.map(Fix::into_core).transpose()?,
            photos: self.photos.into_iter().map(Into::into).collect(),
        })
    }
}

/// What became of a report.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Reported {
    /// The case.
    pub case_id: Uuid,
    /// Records that may be the same problem: same standard, near, recent. Only a hint.
    pub duplicates: Vec<Uuid>,
}

impl From<sanben_field::Reported> for Reported {
    fn from(reported: sanben_field::Reported) -> Self {
        Self {
            case_id: reported.case.0,
            duplicates: reported.duplicates.into_iter().map(|case| case.0).collect(),
        }
    }
}

/// A report that is not made yet.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Draft {
    /// Its id; the case that is made of it has the same.
    pub id: Uuid,
    /// When it was begun.
    pub begun: SystemTime,
    /// Who began it.
    pub person: String,
    /// The point's code.
    pub point: Option<String>,
    /// The code of the standard it breaks.
    pub standard: Option<String>,
    /// The words.
    pub description: String,
    /// The fix at the tap.
    pub fix: Option<Fix>,
    /// Who found it, where that was said.
    pub source: Option<CaseSource>,
    /// The photos, in the order they were added.
    pub photos: Vec<PhotoHash>,
}

impl From<sanben_field::Draft> for Draft {
    fn from(draft: sanben_field::Draft) -> Self {
        Self {
            id: draft.id.0,
            begun: instant(draft.at),
            person: draft.person.to_string(),
            point: draft.point.map(|point| point.0),
            standard: draft.standard.map(|standard| standard.0),
            description: draft.description,
            fix: draft.fix.map(Into::into),
            source: draft.source,
            photos: draft.photos.into_iter().map(|(hash, _)| hash).collect(),
        }
    }
}

/// A field of a draft with its new value; `None` empties it.
#[derive(Debug, Clone, PartialEq, uniffi::Enum)]
pub enum DraftField {
    /// The point.
    Point {
        /// Its code.
        code: Option<String>,
    },
    /// The standard it breaks.
    Standard {
        /// Its code.
        code: Option<String>,
    },
    /// The words.
    Description {
        /// As typed so far.
        words: String,
    },
    /// The fix at the tap.
    Place {
        /// The fix.
        fix: Option<Fix>,
    },
    /// Who found it.
    Source {
        /// The source.
        source: Option<CaseSource>,
    },
}

impl DraftField {
    pub(crate) fn into_core(self) -> Result<sanben_field::DraftField, FieldFailure> {
        use sanben_field::DraftField as Core;
        Ok(match self {
            Self::Point { code } => Core::Point(code.as_deref().map(Into::into)),
            Self::Standard { code } => Core::Standard(code.as_deref().map(Into::into)),
            Self::Description { words } => Core::Description(words),
            Self::Place { fix } => Core::Fix(fix.map(Fix::into_core).transpose()?),
            Self::Source { source } => Core::Source(source),
        })
    }
}

#[uniffi::export]
impl Field {
    /// Begins a draft; it is durable at once.
    ///
    /// # Errors
    /// [`FieldFailure::NotEnrolled`], [`FieldFailure::Full`].
    pub fn draft(&self) -> Result<Uuid, FieldFailure> {
        self.call(|field| Ok(field.draft()?.0))
    }

    /// Saves one field of a draft, durably.
    ///
    /// # Errors
    /// [`FieldFailure::NotFound`], [`FieldFailure::Full`], [`FieldFailure::Invalid`].
    pub fn draft_set(&self, draft: Uuid, value: DraftField) -> Result<(), FieldFailure> {
        self.call(|field| Ok(field.draft_set(DraftId(draft), value.into_core()?)?))
    }

    /// Takes a photo file into a draft. The file is no longer needed afterwards.
    ///
    /// # Errors
    /// [`FieldFailure::File`], [`FieldFailure::Photo`]; the draft is unchanged then.
    pub fn draft_photo(&self, draft: Uuid, path: &str) -> Result<PhotoHash, FieldFailure> {
        self.call(|field| Ok(field.draft_photo(DraftId(draft), Path::new(path))?))
    }

    /// The drafts of this store.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn drafts(&self) -> Result<Vec<Draft>, FieldFailure> {
        self.call(|field| Ok(each(field.drafts()?)))
    }

    /// Throws a draft away.
    ///
    /// # Errors
    /// [`FieldFailure::NotFound`].
    pub fn draft_discard(&self, draft: Uuid) -> Result<(), FieldFailure> {
        self.call(|field| Ok(field.draft_discard(DraftId(draft))?))
    }

    /// Reports a draft: it becomes a case and waits for the next sync.
    ///
    /// # Errors
    /// [`FieldFailure::NothingYet`] before the first sync, [`FieldFailure::NotFound`]; the draft is kept.
    pub fn report(&self, draft: Uuid) -> Result<Reported, FieldFailure> {
        self.call(|field| Ok(field.report(DraftId(draft))?.into()))
    }

    /// Records a problem in one go.
    ///
    /// # Errors
    /// As `draft_photo` and `report`; a draft with what was given is kept then.
    pub fn record(&self, problem: NewCase) -> Result<Reported, FieldFailure> {
        self.call(|field| Ok(field.record(problem.into_core()?)?.into()))
    }

    /// Whether the person may complete or correct a case; for not offering it.
    ///
    /// # Errors
    /// [`FieldFailure::NotFound`].
    pub fn may_complete(&self, id: Uuid) -> Result<bool, FieldFailure> {
        self.call(|field| allowed(field.may(DocumentId(id), &CaseAct::Amend { fields: Vec::new() })))
    }

    /// Completes or corrects a case, visibly: the change is an event of its own.
    ///
    /// # Errors
    /// [`FieldFailure::Denied`], [`FieldFailure::NotFound`], [`FieldFailure::Photo`],
    /// [`FieldFailure::Invalid`] for a point of another community.
    pub fn complete(&self, id: Uuid, completion: Completion) -> Result<(), FieldFailure> {
        self.call(|field| Ok(field.complete(DocumentId(id), completion.into_core()?)?))
    }
}
