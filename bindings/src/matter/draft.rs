//! A form of a matter that saves itself, field by field, as a draft of a report does.

use super::form::Tongue;
use super::value::FieldValue;
use crate::failure::FieldFailure;
use crate::field::Field;
use crate::value::{Uuid, instant};
use sanben_domain::id::{DocumentId, DraftId};
use sanben_domain::matter::{self, Feature};
use std::collections::HashMap;
use std::path::Path;
use std::time::SystemTime;

/// A form that is being filled in.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct MatterDraft {
    /// Its id.
    pub id: Uuid,
    /// When it was begun.
    pub begun: SystemTime,
    /// The feature.
    pub feature: String,
    /// What it is called.
    pub feature_label: String,
    /// The matter that is acted on; absent for one that is opened.
    pub matter: Option<Uuid>,
    /// The act.
    pub act: String,
    /// What it is called.
    pub act_label: String,
    /// What was filled in, by field; parts of the header as `@home`, `@day`, `@point`, `@person`, `@about`.
    pub fields: HashMap<String, FieldValue>,
}

impl MatterDraft {
    fn of(draft: sanben_field::MatterDraft, tongue: Tongue) -> Self {
        let form = matter::feature::named(&draft.feature);
        let label = |name: &dyn Fn(&Feature) -> String| form.map(name).unwrap_or_default();
        Self {
            id: draft.id.0,
            begun: instant(draft.at),
            feature_label: label(&|feature| matter::feature_name(tongue, feature)),
            act_label: label(&|feature| matter::act_name(tongue, feature, &draft.act)),
            feature: draft.feature,
            matter: draft.matter.map(|matter| matter.0),
            act: draft.act,
            fields: draft.fields.into_iter().map(|(name, value)| (name, FieldValue::of(&value))).collect(),
        }
    }
}

#[uniffi::export]
impl Field {
    /// Begins to fill in the form that opens a matter of this feature.
    ///
    /// # Errors
    /// [`FieldFailure::NotFound`], [`FieldFailure::Full`].
    pub fn draft_matter(&self, feature: &str) -> Result<Uuid, FieldFailure> {
        self.call(|field| Ok(field.draft_matter(feature)?.0))
    }

    /// Begins to fill in the form of an act on a matter.
    ///
    /// # Errors
    /// As `draft_matter`.
    pub fn draft_act(&self, matter: Uuid, act: &str) -> Result<Uuid, FieldFailure> {
        self.call(|field| Ok(field.draft_act(DocumentId(matter), act)?.0))
    }

    /// Saves one field, or a part of the header, durably; absent empties it.
    ///
    /// # Errors
    /// [`FieldFailure::NotFound`], [`FieldFailure::Unfit`] for a field that the form does not have.
    pub fn matter_draft_set(
        &self,
        draft: Uuid,
        name: &str,
        value: Option<FieldValue>,
    ) -> Result<(), FieldFailure> {
        self.call(|field| {
            let value = value.map(FieldValue::into_core).transpose()?;
            Ok(field.matter_draft_set(DraftId(draft), name, value.as_ref())?)
        })
    }

    /// Takes a photo file into a field. The file is no longer needed afterwards.
    ///
    /// # Errors
    /// [`FieldFailure::File`], [`FieldFailure::Photo`], [`FieldFailure::Unfit`]; the draft is unchanged then.
    pub fn matter_draft_photo(&self, draft: Uuid, name: &str, path: &str) -> Result<(), FieldFailure> {
        self.call(|field| Ok(field.matter_draft_photo(DraftId(draft), name, Path::new(path))?))
    }

    /// The forms that were begun, latest first, with the texts of a language.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn matter_drafts(&self, tongue: Tongue) -> Result<Vec<MatterDraft>, FieldFailure> {
        self.call(|field| {
            Ok(field.matter_drafts()?.into_iter().map(|draft| MatterDraft::of(draft, tongue)).collect())
        })
    }

    /// Throws one away.
    ///
    /// # Errors
    /// [`FieldFailure::NotFound`].
    pub fn matter_draft_discard(&self, draft: Uuid) -> Result<(), FieldFailure> {
        self.call(|field| Ok(field.matter_draft_discard(DraftId(draft))?))
    }

    /// Opens the matter, or acts on it; the draft goes with it. Returns the matter.
    ///
    /// # Errors
    /// As `open_matter` and `act_on_matter`; the draft is kept then.
    pub fn submit_matter_draft(&self, draft: Uuid) -> Result<Uuid, FieldFailure> {
        self.call(|field| Ok(field.submit_matter_draft(DraftId(draft))?.0))
    }
}
