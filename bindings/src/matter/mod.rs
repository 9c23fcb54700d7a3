//! Matters of all features, as a shell sees them: forms that it draws, so that one form screen and one detail screen
//! serve every feature. Texts come along in the language asked for, from the core's own catalogue.

mod draft;
mod form;
mod list;
mod shown;
mod value;

pub use draft::MatterDraft;
pub use form::{ActForm, Choice, FeatureForm, FieldFlaw, FieldForm, FieldShape, HeaderPart, Tongue};
pub use list::{MatterLine, MatterPage, MatterQuery, MatterToken};
pub use shown::{MatterDetail, MatterEntry, MatterFigure, MatterMissing, MatterOpen, ShownField};
pub use value::{FieldValue, NewMatter};

use crate::failure::FieldFailure;
use crate::field::{Field, each};
use crate::value::{Day, Uuid};
use sanben_domain::id::DocumentId;
use std::collections::HashMap;

#[uniffi::export]
impl Field {
    /// What this person may open, each with its form, in a language; for one screen that draws them all.
    ///
    /// # Errors
    /// [`FieldFailure::NothingYet`].
    pub fn features(&self, tongue: Tongue) -> Result<Vec<FeatureForm>, FieldFailure> {
        self.call(|field| {
            let features = field.open_features()?;
            Ok(features.into_iter().map(|feature| FeatureForm::of(feature, tongue)).collect())
        })
    }

    /// Opens a matter; photo files stand beside its fields.
    ///
    /// # Errors
    /// [`FieldFailure::Unfit`] for a field that does not fit the form, [`FieldFailure::Denied`],
    /// [`FieldFailure::NotFound`], [`FieldFailure::Photo`]; nothing is recorded then.
    pub fn open_matter(&self, matter: NewMatter) -> Result<Uuid, FieldFailure> {
        self.call(|field| Ok(field.open_matter(matter.into_core()?)?.0))
    }

    /// Does something to a matter; photo files stand beside the fields. Returns the event.
    ///
    /// # Errors
    /// As `open_matter`; [`FieldFailure::Denied`] with `Step` when the act is not the next one.
    pub fn act_on_matter(
        &self,
        id: Uuid,
        act: &str,
        fields: HashMap<String, FieldValue>,
        photos: HashMap<String, Vec<String>>,
    ) -> Result<Uuid, FieldFailure> {
        self.call(|field| {
            let (fields, files) = (value::fields(fields)?, value::files(photos));
            Ok(field.act_on_matter(DocumentId(id), act, fields, &files)?.0)
        })
    }

    /// A page of matters, latest opened first, beginning after the place where the last page ended.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn matters_page(
        &self,
        query: MatterQuery,
        after: Option<MatterToken>,
        tongue: Tongue,
    ) -> Result<MatterPage, FieldFailure> {
        self.call(|field| {
            let (page, now) = (field.matters(&query.into_core(after))?, field.now()?);
            Ok(MatterPage::of(page, tongue, &*field.reference()?, now))
        })
    }

    /// One matter with its thread, its figures and what this person may do to it now.
    ///
    /// # Errors
    /// [`FieldFailure::NotFound`].
    pub fn matter(&self, id: Uuid, tongue: Tongue) -> Result<MatterDetail, FieldFailure> {
        self.call(|field| {
            let (view, now) = (field.matter(DocumentId(id))?, field.now()?);
            Ok(MatterDetail::of(view, tongue, &*field.reference()?, now))
        })
    }

    /// The figures of all matters that a question finds, added up.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn matter_figures(
        &self,
        query: MatterQuery,
        tongue: Tongue,
    ) -> Result<Vec<MatterFigure>, FieldFailure> {
        self.call(|field| {
            let figures = field.matter_figures(&query.into_core(None))?;
            Ok(figures.into_iter().map(|figure| MatterFigure::of(figure, tongue)).collect())
        })
    }

    /// What is missing of a feature's schedule on a day, today by default.
    ///
    /// # Errors
    /// [`FieldFailure::NotFound`] for an unknown feature.
    #[uniffi::method(default(day = None))]
    pub fn missing_matters(
        &self,
        feature: &str,
        day: Option<Day>,
    ) -> Result<Vec<MatterMissing>, FieldFailure> {
        self.call(|field| {
            let day = match day {
                Some(day) => day.0,
                None => field.today()?,
            };
            Ok(each(field.missing_matters(feature, day)?))
        })
    }
}
