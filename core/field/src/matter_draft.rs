//! A form of a matter that saves itself, field by field: it survives a kill, an upgrade and a user switch, and becomes the
//! matter, or the act, in one transaction.
//!
//! What stands in the header beside the fields (where, who, about what, of which day, in whose unit) is saved under
//! [`HEADER`] names, which no form has.

use crate::Field;
use crate::error::FieldError;
use crate::matter::{Files, NewMatter};
use chrono::NaiveDate;
use sanben_domain::id::{DocumentId, DraftId, MatterId, PersonId, PointId, UnitId};
use sanben_domain::matter::{self, Fields, Flaw, Flawed, OPEN, Shape, Value};
use sanben_store::MatterDraft;
use std::path::Path;

/// The names under which a draft keeps the parts of the header.
pub const HEADER: [&str; 5] = ["@home", "@day", "@point", "@person", "@about"];

impl Field {
    /// Begins to fill in the form that opens a matter of this feature.
    ///
    /// # Errors
    /// [`FieldError::NotFound`] for an unknown feature, [`FieldError::NotEnrolled`], [`FieldError::Full`].
    pub fn draft_matter(&self, feature: &str) -> Result<DraftId, FieldError> {
        self.begin_form(feature, None, OPEN)
    }

    /// Begins to fill in the form of an act on a matter. Whether it may be done is asked when it is submitted.
    ///
    /// # Errors
    /// As [`Self::draft_matter`]; for an unknown matter or act.
    pub fn draft_act(&self, matter: MatterId, act: &str) -> Result<DraftId, FieldError> {
        let feature = self.matter(matter)?.record.feature;
        self.begin_form(&feature, Some(matter), act)
    }

    fn begin_form(&self, feature: &str, matter: Option<MatterId>, act: &str) -> Result<DraftId, FieldError> {
        let unknown = |what, id: &str| FieldError::NotFound { what, id: id.to_owned() };
        let form = matter::feature::named(feature).ok_or_else(|| unknown("feature", feature))?;
        form.act(act).ok_or_else(|| unknown("act", act))?;
        let draft = MatterDraft {
            id: DraftId::from_random(self.random16()),
            at: self.stamp()?.at(),
            person: self.enrolment()?.person,
            feature: feature.to_owned(),
            matter,
            act: act.to_owned(),
            fields: Fields::new(),
        };
        self.tell(self.store.matter_draft_create(&draft)?);
        Ok(draft.id)
    }

    /// Saves one field, or a part of the header by its [`HEADER`] name; `None` empties it. Nothing is checked yet but that
    /// the form has it: half a form is kept too.
    ///
    /// # Errors
    /// [`FieldError::NotFound`] for an unknown draft, [`FieldError::Unfit`] for a field that the form does not have, or a part
    /// of the header that is of another kind.
    pub fn matter_draft_set(
        &self,
        id: DraftId,
        field: &str,
        value: Option<&Value>,
    ) -> Result<(), FieldError> {
        let draft = self.matter_draft(id)?;
        let form = matter::feature::named(&draft.feature).and_then(|feature| feature.act(&draft.act));
        match (HEADER.contains(&field), value) {
            // A part of the header of another kind would be left out in silence when the form is handed in.
            (true, Some(value)) if !stands_in_header(field, value) => {
                return Err(Flawed::new(&field[1..], Flaw::Shape).into());
            }
            (false, _) if form.is_none_or(|form| form.field(field).is_none()) => {
                return Err(Flawed::new(field, Flaw::Unknown).into());
            }
            _ => {}
        }
        self.tell(self.store.matter_draft_set(id, field, value)?);
        Ok(())
    }

    /// Takes a photo file into a field of a draft, beside those that are in it. The file is not needed afterwards.
    ///
    /// # Errors
    /// [`FieldError::Unfit`] for a field that holds no photos, [`FieldError::File`], [`FieldError::Photo`]; the draft is
    /// unchanged then.
    pub fn matter_draft_photo(&self, id: DraftId, field: &str, file: &Path) -> Result<(), FieldError> {
        let draft = self.matter_draft(id)?;
        let form = matter::feature::named(&draft.feature).and_then(|feature| feature.act(&draft.act));
        let Some(Shape::Photos { role, .. }) =
            form.and_then(|form| form.field(field)).map(|field| field.shape)
        else {
            return Err(Flawed::new(field, Flaw::Shape).into());
        };
        let taken = self.take_files(&[file.to_owned()], role)?;
        let mut hashes = match draft.fields.get(field) {
            Some(Value::Photos(hashes)) => hashes.clone(),
            _ => Vec::new(),
        };
        hashes.extend(taken.into_keys().filter(|hash| !hashes.contains(hash)).collect::<Vec<_>>());
        self.matter_draft_set(id, field, Some(&Value::Photos(hashes)))
    }

    /// The forms that were begun, latest first.
    ///
    /// # Errors
    /// A store error.
    pub fn matter_drafts(&self) -> Result<Vec<MatterDraft>, FieldError> {
        Ok(self.store.matter_drafts()?)
    }

    /// One of them.
    ///
    /// # Errors
    /// [`FieldError::NotFound`].
    pub fn matter_draft(&self, id: DraftId) -> Result<MatterDraft, FieldError> {
        let unknown = || FieldError::NotFound { what: "draft", id: id.to_string() };
        self.store.matter_draft(id)?.ok_or_else(unknown)
    }

    /// Throws one away on the person's word.
    ///
    /// # Errors
    /// [`FieldError::NotFound`].
    pub fn matter_draft_discard(&self, id: DraftId) -> Result<(), FieldError> {
        self.matter_draft(id)?;
        self.tell(self.store.draft_discard(id)?);
        Ok(())
    }

    /// Opens the matter, or acts on it: the draft goes in the same transaction. Returns the matter.
    ///
    /// # Errors
    /// As [`Field::open_matter`] and [`Field::act_on_matter`]; the draft is kept then.
    pub fn submit_matter_draft(&self, id: DraftId) -> Result<MatterId, FieldError> {
        let MatterDraft { feature, matter, act, mut fields, .. } = self.matter_draft(id)?;
        let mut part = |name: &str| fields.remove(name);
        let (home, day, point) = (part("@home"), part("@day"), part("@point"));
        let (person, about) = (part("@person"), part("@about"));
        match matter {
            Some(matter) => {
                self.act_from(matter, &act, fields, &Files::new(), Some(id))?;
                Ok(matter)
            }
            None => {
                let new = NewMatter {
                    feature,
                    home: home.and_then(unit),
                    day: day.and_then(day_of),
                    point: point.and_then(point_of),
                    person: person.and_then(person_of),
                    about: about.and_then(document),
                    fields,
                    photos: Files::new(),
                };
                self.open_from(new, Some(id))
            }
        }
    }
}

/// Whether a part of the header, by its [`HEADER`] name, can be this.
fn stands_in_header(name: &str, value: &Value) -> bool {
    matches!(
        (name, value),
        ("@home", Value::Unit(_))
            | ("@day", Value::Day(_))
            | ("@point", Value::Point(_))
            | ("@person", Value::Person(_))
            | ("@about", Value::Document(_))
    )
}

fn unit(value: Value) -> Option<UnitId> {
    if let Value::Unit(unit) = value { Some(unit) } else { None }
}

fn day_of(value: Value) -> Option<NaiveDate> {
    if let Value::Day(day) = value { Some(day) } else { None }
}

fn point_of(value: Value) -> Option<PointId> {
    if let Value::Point(point) = value { Some(point) } else { None }
}

fn person_of(value: Value) -> Option<PersonId> {
    if let Value::Person(person) = value { Some(person) } else { None }
}

fn document(value: Value) -> Option<DocumentId> {
    if let Value::Document(document) = value { Some(document) } else { None }
}
