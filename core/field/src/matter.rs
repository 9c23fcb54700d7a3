//! Matters of all features: open one, act on one, list them, add them up, and see what is missing. Forms are checked
//! here before anything is recorded, and again by the server.

use crate::Field;
use crate::attention::Correction;
use crate::error::FieldError;
use crate::invalid::Invalid;
use crate::record::home_of;
use chrono::NaiveDate;
use sanben_document::{Intent, IntentBody, MatterHeader};
use sanben_domain::case::PhotoRef;
use sanben_domain::id::{DocumentId, DraftId, EventId, MatterId, PersonId, PhotoHash, PointId, UnitId};
use sanben_domain::matter::{
    self, ActForm, Always, Feature, Fields, Flaw, Flawed, Home, MatterAct, MatterRecord, Need, OPEN, OPENED,
    Shape, Value,
};
use sanben_domain::reference::{Person, Reference};
use sanben_domain::rights::{self, Denied, Scope};
use sanben_domain::time::Stamp;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Photo files by the field they belong to.
pub type Files = BTreeMap<String, Vec<PathBuf>>;

/// A matter as it is opened.
#[derive(Debug, Clone, Default)]
pub struct NewMatter {
    /// The name of its feature.
    pub feature: String,
    /// The unit it lives in; `None` for the one that its form suggests.
    pub home: Option<UnitId>,
    /// The local day it is about; `None` for today.
    pub day: Option<NaiveDate>,
    /// The point.
    pub point: Option<PointId>,
    /// The person it is about, or who has to act.
    pub person: Option<PersonId>,
    /// The document it belongs to.
    pub about: Option<DocumentId>,
    /// The fields of its opening.
    pub fields: Fields,
    /// Photo files.
    pub photos: Files,
}

/// An act on its way into a document.
struct Prepared {
    act: MatterAct,
    photos: BTreeMap<PhotoHash, PhotoRef>,
}

impl Field {
    /// Opens a matter.
    ///
    /// # Errors
    /// [`FieldError::Unfit`] for what does not fit its form, [`FieldError::Denied`], [`FieldError::NotFound`] for an
    /// unknown feature, point, unit or person, [`FieldError::Photo`]; nothing is recorded then.
    pub fn open_matter(&self, new: NewMatter) -> Result<MatterId, FieldError> {
        self.open_from(new, None)
    }

    /// The same out of a draft, which goes with it.
    pub(crate) fn open_from(&self, new: NewMatter, draft: Option<DraftId>) -> Result<MatterId, FieldError> {
        let feature = known_feature(&new.feature)?;
        let reference = self.store().reference()?;
        let (me, at) = (self.me(&reference)?, self.stamp()?);
        let day = match new.day {
            Some(day) => day,
            None => self.today()?,
        };
        let header = MatterHeader {
            feature: feature.name.to_owned(),
            home: self.matter_home(feature, &new.home, new.point.as_ref(), new.about, &me, &reference, at)?,
            class: feature.class,
            day: feature.schedule.and_then(|schedule| schedule.rhythm.day_of(day)).unwrap_or(day),
            point: new.point,
            person: new.person,
            about: new.about,
        };
        let id = draft.map_or_else(|| DocumentId::from_random(self.random16()), |draft| DocumentId(draft.0));
        // Everything else first: a photo is not taken in for a matter that cannot be.
        let record = unopened(id, &header);
        self.at_the_door(
            &record,
            &feature.open,
            &MatterAct::new(OPEN, new.fields.clone()),
            &reference,
            (at, at),
        )?;
        let prepared = self.prepare(&feature.open, new.fields, &new.photos)?;
        let intent = self.opening(id, header, prepared, &me, &reference, at)?;
        self.tell(self.store().record(&[intent], draft)?.changed);
        Ok(id)
    }

    /// Does something to a matter; what the act opens along with it is opened in the same transaction.
    ///
    /// # Errors
    /// As [`Field::open_matter`]; [`FieldError::Denied`] with [`Denied::Step`] when the act is not the next one;
    /// [`FieldError::Unfit`] of the `entries` when the document is full.
    pub fn act_on_matter(
        &self,
        id: MatterId,
        act: &str,
        fields: Fields,
        photos: &Files,
    ) -> Result<EventId, FieldError> {
        self.act_from(id, act, fields, photos, None)
    }

    /// The same out of a draft, which goes with it.
    pub(crate) fn act_from(
        &self,
        id: MatterId,
        act: &str,
        fields: Fields,
        photos: &Files,
        draft: Option<DraftId>,
    ) -> Result<EventId, FieldError> {
        let reference = self.store().reference()?;
        let (me, at) = (self.me(&reference)?, self.stamp()?);
        let mut record = self.matter_record(id)?;
        let feature = known_feature(&record.feature)?;
        let form =
            feature.act(act).ok_or_else(|| FieldError::NotFound { what: "act", id: act.to_owned() })?;
        // Rights first: a photo is not taken in for an act that cannot happen.
        let state = matter::fold(&record, &reference);
        let bare = MatterAct::new(act, fields.clone());
        matter::may(&me, &bare, &record, state.as_ref(), &reference, at.at())?;
        record.room(&bare)?;
        self.at_the_door(&record, form, &bare, &reference, (at, at))?;
        let mut prepared = self.prepare(form, fields, photos)?;
        let mut intents = Vec::new();
        if let Some(opened) = form.opens.and_then(matter::feature::named) {
            let along = self.opened_along(opened, &record, &prepared, &me, &reference, at)?;
            prepared.act.fields.insert(OPENED.to_owned(), Value::Document(along.document));
            intents.push(along);
        }
        let seen = record.order().heads();
        record.photos.extend(prepared.photos.clone());
        record.check(&prepared.act)?;
        let event = self.new_event();
        let body = IntentBody::Matter { act: prepared.act, photos: prepared.photos };
        intents.insert(0, Intent { v: 1, document: id, event, at, by: me.id, seen, body });
        self.tell(self.store().record(&intents, draft)?.changed);
        Ok(event)
    }

    /// Settles a dispute of a matter: this event stands, what contradicts it falls.
    ///
    /// # Errors
    /// As [`Field::act_on_matter`].
    pub fn decide_matter(&self, id: MatterId, upholds: EventId, reason: &str) -> Result<EventId, FieldError> {
        let fields = Fields::from([
            ("upholds".to_owned(), Value::Event(upholds)),
            ("reason".to_owned(), Value::Text(reason.to_owned())),
        ]);
        self.act_on_matter(id, Always::DECIDE, fields, &Files::new())
    }

    fn matter_record(&self, id: MatterId) -> Result<MatterRecord, FieldError> {
        Ok(self.store().matter(id)?.ok_or_else(|| unknown(id))?.record)
    }

    /// What a new act is asked beside its form: what it names is there, what it says happened can have happened, the
    /// terms that it sets were still to come when it was recorded. A clock that jumped says nothing about days; the server's will.
    fn at_the_door(
        &self,
        record: &MatterRecord,
        form: &ActForm,
        act: &MatterAct,
        reference: &Reference,
        (recorded, at): (Stamp, Stamp),
    ) -> Result<(), FieldError> {
        listed(record, act, reference)?;
        matter::takes(form, act)?;
        matter::is_among(record, act)?;
        for (field, document) in matter::named_documents(record, act) {
            let held = self.store().is_here(document)?;
            held.then_some(())
                .ok_or_else(|| FieldError::NotFound { what: "document", id: document.to_string() })?;
            if field == "about" {
                let whole = self.store().matter(document)?.map(|row| row.record.feature);
                matter::belongs(record, act, whole.as_deref())?;
            }
        }
        if !at.jumped && at.offset_ms.is_some() {
            matter::has_come(record, act, reference, at, at.at())?;
            matter::is_ahead(record, act, reference, recorded.at())?;
        }
        Ok(())
    }

    /// Takes photos in for an act that fits.
    fn prepare(&self, form: &ActForm, mut fields: Fields, files: &Files) -> Result<Prepared, FieldError> {
        let mut known = BTreeMap::new();
        for (name, files) in files {
            let field = form.field(name).ok_or_else(|| Flawed::new(name, Flaw::Unknown))?;
            let Shape::Photos { role, max } = field.shape else {
                return Err(Flawed::new(name, Flaw::Shape).into());
            };
            if files.len() > max {
                return Err(Flawed::new(name, Flaw::Bounds).into());
            }
            known.insert(name.clone(), role);
        }
        let mut expected = fields.clone();
        expected.extend(known.keys().map(|name| (name.clone(), Value::Photos(vec![PhotoHash([0; 32])]))));
        form.check(&MatterAct::new(form.name, expected))?;
        let mut photos = BTreeMap::new();
        // Those that a draft took in already.
        for (name, value) in &fields {
            if let (Value::Photos(hashes), Some(Shape::Photos { role, .. })) =
                (value, form.field(name).map(|field| field.shape))
            {
                photos.extend(self.cite(hashes, role)?);
            }
        }
        for (name, files) in files {
            let Some(role) = known.get(name) else { continue };
            let taken = self.take_files(files, *role)?;
            fields.insert(name.clone(), Value::Photos(taken.keys().copied().collect()));
            photos.extend(taken);
        }
        Ok(Prepared { act: MatterAct::new(form.name, fields), photos })
    }

    /// The intent that opens a matter, checked as the server will.
    fn opening(
        &self,
        id: MatterId,
        header: MatterHeader,
        prepared: Prepared,
        me: &Person,
        reference: &Reference,
        at: Stamp,
    ) -> Result<Intent, FieldError> {
        let record = MatterRecord { photos: prepared.photos.clone(), ..unopened(id, &header) };
        record.check(&prepared.act)?;
        matter::may(me, &prepared.act, &record, None, reference, at.at())?;
        let body = IntentBody::OpenMatter { header, act: prepared.act, photos: prepared.photos };
        Ok(Intent {
            v: 1,
            document: id,
            event: self.new_event(),
            at,
            by: me.id.clone(),
            seen: Vec::new(),
            body,
        })
    }

    /// What an act opens: a matter that belongs to this one, with the fields that its form asks for.
    fn opened_along(
        &self,
        feature: &'static Feature,
        from: &MatterRecord,
        given: &Prepared,
        me: &Person,
        reference: &Reference,
        at: Stamp,
    ) -> Result<Intent, FieldError> {
        let fields: Fields = given
            .act
            .fields
            .iter()
            .filter(|(name, _)| feature.open.field(name).is_some())
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        let wanted = |need: Need| need != Need::No;
        let point = given.act.point("point").or(from.point.as_ref()).cloned();
        let point = point.filter(|_| wanted(feature.header.point));
        let header = MatterHeader {
            feature: feature.name.to_owned(),
            home: self.matter_home(feature, &None, point.as_ref(), Some(from.id), me, reference, at)?,
            class: feature.class,
            day: from.day,
            point,
            person: given.act.person("person").filter(|_| wanted(feature.header.person)).cloned(),
            about: Some(from.id),
        };
        let prepared = Prepared { act: MatterAct::new(OPEN, fields), photos: given.photos.clone() };
        self.opening(DocumentId::from_random(self.random16()), header, prepared, me, reference, at)
    }

    /// Where a new matter lives: where its author says, else as its form suggests, the first place of these that they
    /// may write into.
    #[expect(clippy::too_many_arguments, reason = "one place, spelled out")]
    pub(crate) fn matter_home(
        &self,
        feature: &Feature,
        given: &Option<UnitId>,
        point: Option<&PointId>,
        about: Option<DocumentId>,
        me: &Person,
        reference: &Reference,
        at: Stamp,
    ) -> Result<UnitId, FieldError> {
        let writable = |unit: &UnitId| {
            let scope = Scope { unit: unit.clone(), class: feature.class };
            rights::may_write(me, &scope, reference, at.at())
        };
        let root = reference.tenant.as_ref().map(|tenant| UnitId(tenant.id.to_string()));
        let root = root.ok_or(FieldError::NothingYet)?;
        let mut places = Vec::new();
        match (given, feature.home) {
            (Some(unit), _) => places.push(rights::work_scope(unit, reference).unit),
            (None, Home::Root) => places.push(root),
            (None, Home::Place) => {
                let beside = about.map(|about| self.store().matter(about)).transpose()?.flatten();
                places.extend(point.and_then(|point| home_of(Some(point), None, me, reference, at.at())));
                places.extend(beside.map(|row| row.record.home));
                places.push(rights::work_scope(&me.unit, reference).unit);
                places.push(root);
            }
        }
        places.into_iter().find(writable).ok_or(FieldError::Denied(Denied::Scope))
    }

    /// Refused work on a matter as it goes out again: with other fields, another header. It is asked as new work is.
    pub(crate) fn corrected_matter(
        &self,
        (id, recorded): (MatterId, Stamp),
        body: IntentBody,
        correction: &Correction,
        me: &Person,
        reference: &Reference,
    ) -> Result<IntentBody, FieldError> {
        let at = self.stamp()?;
        match body {
            IntentBody::OpenMatter { mut header, mut act, photos } => {
                let feature = known_feature(&header.feature)?;
                if let Some(point) = &correction.point {
                    header.point = Some(point.clone());
                    header.home =
                        self.matter_home(feature, &None, Some(point), header.about, me, reference, at)?;
                }
                header.person = correction.person.clone().or(header.person);
                header.day = correction.day.unwrap_or(header.day);
                header.about = correction.about.or(header.about);
                rewrite(
                    &mut act,
                    &feature.open,
                    &Correction { point: None, person: None, ..correction.clone() },
                )?;
                let record = MatterRecord { photos: photos.clone(), ..unopened(id, &header) };
                self.at_the_door(&record, &feature.open, &act, reference, (recorded, at))?;
                record.check(&act)?;
                matter::may(me, &act, &record, None, reference, at.at())?;
                Ok(IntentBody::OpenMatter { header, act, photos })
            }
            IntentBody::Matter { mut act, photos } => {
                let mut record = self.matter_record(id)?;
                let feature = known_feature(&record.feature)?;
                let form = feature.act(&act.name).ok_or(Invalid::NotCorrectable)?;
                if correction.day.is_some() || correction.about.is_some() {
                    return Err(Invalid::NotCorrectable.into());
                }
                rewrite(&mut act, form, correction)?;
                let state = matter::fold(&record, reference);
                matter::may(me, &act, &record, state.as_ref(), reference, at.at())?;
                self.at_the_door(&record, form, &act, reference, (recorded, at))?;
                record.photos.extend(photos.clone());
                record.check(&act)?;
                Ok(IntentBody::Matter { act, photos })
            }
            _ => Err(Invalid::NotCorrectable.into()),
        }
    }

    /// Whether this person may do refused work of somebody else, as they see its matter.
    pub(crate) fn may_do(&self, body: &IntentBody, id: DocumentId, at: Stamp) -> Result<(), FieldError> {
        let reference = self.store().reference()?;
        let me = self.me(&reference)?;
        match body {
            IntentBody::OpenMatter { header, act, photos } => {
                let prepared = Prepared { act: act.clone(), photos: photos.clone() };
                listed(&unopened(id, header), act, &reference)?;
                self.opening(id, header.clone(), prepared, &me, &reference, at).map(drop)
            }
            IntentBody::Matter { act, photos } => {
                let mut record = self.matter_record(id)?;
                let state = matter::fold(&record, &reference);
                matter::may(&me, act, &record, state.as_ref(), &reference, at.at())?;
                listed(&record, act, &reference)?;
                matter::is_among(&record, act)?;
                record.photos.extend(photos.clone());
                record.check(act)?;
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

pub(crate) fn known_feature(name: &str) -> Result<&'static Feature, FieldError> {
    matter::feature::named(name).ok_or_else(|| FieldError::NotFound { what: "feature", id: name.to_owned() })
}

pub(crate) fn unknown(id: MatterId) -> FieldError {
    FieldError::NotFound { what: "matter", id: id.to_string() }
}

/// A matter before its first event.
fn unopened(id: MatterId, header: &MatterHeader) -> MatterRecord {
    MatterRecord {
        id,
        feature: header.feature.clone(),
        home: header.home.clone(),
        class: header.class,
        day: header.day,
        point: header.point.clone(),
        person: header.person.clone(),
        about: header.about,
        photos: BTreeMap::new(),
        events: BTreeMap::new(),
    }
}

fn listed(record: &MatterRecord, act: &MatterAct, reference: &Reference) -> Result<(), FieldError> {
    matter::listed(record, act, reference)
        .map_err(|unlisted| FieldError::NotFound { what: unlisted.what, id: unlisted.id })
}

/// Puts other words, another place, standard or person into the one field of an act that can hold it, and fields by name.
fn rewrite(act: &mut MatterAct, form: &ActForm, correction: &Correction) -> Result<(), Invalid> {
    let given = [
        correction.words.clone().map(Value::Text),
        correction.point.clone().map(Value::Point),
        correction.standard.clone().map(Value::Standard),
        correction.person.clone().map(Value::Person),
    ];
    for value in given.into_iter().flatten() {
        let fits = |shape| match value {
            Value::Point(_) => shape == Shape::Point,
            Value::Standard(_) => shape == Shape::Standard,
            Value::Person(_) => shape == Shape::Person,
            _ => matches!(shape, Shape::Text { .. } | Shape::Anonymous { .. }),
        };
        let field = form.fields.iter().find(|field| fits(field.shape)).ok_or(Invalid::NotCorrectable)?;
        act.fields.insert(field.name.to_owned(), value);
    }
    act.fields.extend(correction.fields.clone());
    Ok(())
}
