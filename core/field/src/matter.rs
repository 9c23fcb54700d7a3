//! Matters of all features: open one, act on one, list them, add them up, and see what is missing. Forms are checked
//! here before anything is recorded, and again by the server.

use crate::Field;
use crate::error::FieldError;
use crate::record::home_of;
use chrono::NaiveDate;
use sanben_document::{Intent, IntentBody, MatterHeader};
use sanben_domain::case::PhotoRef;
use sanben_domain::id::{DocumentId, EventId, MatterId, PersonId, PhotoHash, PointId, UnitId};
use sanben_domain::matter::{
    self, ActForm, Always, Feature, Fields, Figure, Flaw, Flawed, Home, MatterAct, MatterRecord, Missing,
    Need, OPEN, OPENED, Shape, State, Value,
};
use sanben_domain::reference::{Person, Reference};
use sanben_domain::rights::{self, Denied, Scope};
use sanben_domain::time::Stamp;
use sanben_store::{Delivery, MatterPage, MatterQuery};
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

/// A matter with all that is shown of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatterView {
    /// Its content.
    pub record: MatterRecord,
    /// What was folded from it; `None` for a feature of a later version.
    pub state: Option<State>,
    /// Its figures, with what the matters that belong to it add.
    pub figures: Vec<Figure>,
    /// Its remarks, with theirs.
    pub remarks: Vec<&'static str>,
    /// The matters that belong to it.
    pub belonging: Vec<MatterId>,
    /// What this person may do to it now.
    pub next: Vec<&'static str>,
    /// How far the own work on it has come.
    pub delivery: Delivery,
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
        let feature = known_feature(&new.feature)?;
        let reference = self.store().reference()?;
        let (me, at) = (self.me(&reference)?, self.stamp()?);
        let prepared = self.prepare(&feature.open, new.fields, &new.photos, &reference)?;
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
        let id = DocumentId::from_random(self.random16());
        let intent = self.opening(id, header, prepared, &me, &reference, at)?;
        self.tell(self.store().record(&[intent], None)?.changed);
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
        let mut prepared = self.prepare(form, fields, photos, &reference)?;
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
        self.tell(self.store().record(&intents, None)?.changed);
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

    /// A page of matters, latest opened first.
    ///
    /// # Errors
    /// A store error.
    pub fn matters(&self, query: &MatterQuery) -> Result<MatterPage, FieldError> {
        Ok(self.store().matters(query)?)
    }

    /// One matter with everything that is shown of it.
    ///
    /// # Errors
    /// [`FieldError::NotFound`].
    pub fn matter(&self, id: MatterId) -> Result<MatterView, FieldError> {
        let row = self.store().matter(id)?.ok_or_else(|| unknown(id))?;
        let reference = self.store().reference()?;
        let about = MatterQuery { about: Some(id), ..MatterQuery::default() };
        let belonging = self.store().matter_records(&about)?;
        let (mut figures, mut remarks, mut next) = (Vec::new(), Vec::new(), Vec::new());
        if let Some(state) = &row.state {
            let (more, noticed) = matter::gather(&row.record, state, &belonging);
            figures = state.figures.iter().cloned().chain(more).collect();
            remarks = state.remarks.iter().copied().chain(noticed).collect();
            next = self.next(&row.record, state, &reference)?;
        }
        Ok(MatterView {
            state: row.state,
            figures,
            remarks,
            belonging: belonging.iter().map(|(record, _)| record.id).collect(),
            next,
            delivery: row.delivery,
            record: row.record,
        })
    }

    /// The figures of all matters that a question finds, added up, with what belongs to each of them.
    ///
    /// # Errors
    /// A store error.
    pub fn matter_figures(&self, query: &MatterQuery) -> Result<Vec<Figure>, FieldError> {
        let mut figures = Vec::new();
        for (record, state) in self.store().matter_records(query)? {
            if record.feature().is_some_and(|feature| feature.gather.is_some()) {
                let about = MatterQuery { about: Some(record.id), ..MatterQuery::default() };
                figures.extend(matter::gather(&record, &state, &self.store().matter_records(&about)?).0);
            }
            figures.extend(state.figures);
        }
        Ok(matter::sum(figures))
    }

    /// What is missing of a feature's schedule on a day, of the places held here; nothing for one without a schedule.
    ///
    /// # Errors
    /// [`FieldError::NotFound`] for an unknown feature.
    pub fn missing_matters(&self, feature: &str, day: NaiveDate) -> Result<Vec<Missing>, FieldError> {
        let Some(schedule) = known_feature(feature)?.schedule else { return Ok(Vec::new()) };
        let reference = self.store().reference()?;
        let day = schedule.rhythm.day_of(day).unwrap_or(day);
        let query = MatterQuery {
            feature: Some(feature.to_owned()),
            from: Some(day),
            to: Some(day),
            ..MatterQuery::default()
        };
        let held = self.store().matter_records(&query)?.into_iter();
        let held: Vec<MatterRecord> =
            held.filter(|(_, state)| state.step != Always::WITHDRAWN).map(|(record, _)| record).collect();
        Ok(matter::missing(schedule, day, &held, &reference, self.now()?))
    }

    /// The programmes that a point is in, by title.
    ///
    /// # Errors
    /// A store error.
    pub fn programmes_of(&self, point: &PointId) -> Result<Vec<String>, FieldError> {
        let query = MatterQuery { feature: Some("programme".to_owned()), ..MatterQuery::default() };
        let held = self.store().matter_records(&query)?;
        Ok(matter::feature::programmes_of(point, &held).into_iter().map(str::to_owned).collect())
    }

    /// The programmes that are held here, by title.
    ///
    /// # Errors
    /// A store error.
    pub fn programmes(&self) -> Result<Vec<(MatterId, String)>, FieldError> {
        let query = MatterQuery { feature: Some("programme".to_owned()), ..MatterQuery::default() };
        let held = self.store().matter_records(&query)?.into_iter();
        let held = held.filter(|(_, state)| state.step != Always::WITHDRAWN);
        let mut titled: Vec<_> = held.map(|(record, state)| (record.id, state.title)).collect();
        titled.sort_by(|(_, one), (_, other)| one.cmp(other));
        Ok(titled)
    }

    /// The features that this person may open a matter of.
    ///
    /// # Errors
    /// A store error; [`FieldError::NothingYet`].
    pub fn open_features(&self) -> Result<Vec<&'static Feature>, FieldError> {
        let reference = self.store().reference()?;
        let (me, at) = (self.me(&reference)?, self.stamp()?);
        let open = |feature: &&&Feature| {
            let record = blank(feature, &me);
            let act = MatterAct::new(OPEN, Fields::new());
            let headed = feature.open.by.contains(&matter::Grant::Head);
            (headed || matter::may(&me, &act, &record, None, &reference, at.at()).is_ok())
                && self.matter_home(feature, &None, None, None, &me, &reference, at).is_ok()
        };
        Ok(matter::feature::ALL.iter().filter(open).copied().collect())
    }

    fn next(
        &self,
        record: &MatterRecord,
        state: &State,
        reference: &Reference,
    ) -> Result<Vec<&'static str>, FieldError> {
        let Some(feature) = record.feature() else { return Ok(Vec::new()) };
        let (me, at) = (self.me(reference)?, self.stamp()?.at());
        let may = |form: &&ActForm| {
            // What an entry is named for is asked with one that could be named.
            let mine = record.events.values().filter(|event| event.by == me.id && event.act.name != OPEN);
            let entries: Vec<EventId> = match form.name {
                Always::DECIDE => state.disputes.iter().flatten().copied().take(1).collect(),
                Always::STRIKE => mine.map(|event| event.id).collect(),
                _ => Vec::new(),
            };
            let field = if form.name == Always::DECIDE { "upholds" } else { "entry" };
            let acts = entries.iter().map(|entry| Fields::from([(field.to_owned(), Value::Event(*entry))]));
            acts.chain([Fields::new()]).any(|fields| {
                matter::may(&me, &MatterAct::new(form.name, fields), record, Some(state), reference, at)
                    .is_ok()
            })
        };
        Ok(feature.later().filter(may).map(|form| form.name).collect())
    }

    fn matter_record(&self, id: MatterId) -> Result<MatterRecord, FieldError> {
        Ok(self.store().matter(id)?.ok_or_else(|| unknown(id))?.record)
    }

    /// Takes photos in and looks whether what the fields name is known.
    fn prepare(
        &self,
        form: &ActForm,
        mut fields: Fields,
        files: &Files,
        reference: &Reference,
    ) -> Result<Prepared, FieldError> {
        for value in fields.values() {
            for_known(value, reference).map_err(|(what, id)| FieldError::NotFound { what, id })?;
        }
        // Everything else first: a photo is not taken in for an act that does not fit.
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
        let record = MatterRecord {
            id,
            feature: header.feature.clone(),
            home: header.home.clone(),
            class: header.class,
            day: header.day,
            point: header.point.clone(),
            person: header.person.clone(),
            about: header.about,
            photos: prepared.photos.clone(),
            events: BTreeMap::new(),
        };
        record.check(&prepared.act)?;
        let of_header = [header.point.clone().map(Value::Point), header.person.clone().map(Value::Person)];
        for value in of_header.into_iter().flatten() {
            for_known(&value, reference).map_err(|(what, id)| FieldError::NotFound { what, id })?;
        }
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
    fn matter_home(
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

    /// Whether this person may do refused work of somebody else, as they see its matter.
    pub(crate) fn may_do(&self, body: &IntentBody, id: DocumentId, at: Stamp) -> Result<(), FieldError> {
        let reference = self.store().reference()?;
        let me = self.me(&reference)?;
        match body {
            IntentBody::OpenMatter { header, act, photos } => {
                let prepared = Prepared { act: act.clone(), photos: photos.clone() };
                self.opening(id, header.clone(), prepared, &me, &reference, at).map(drop)
            }
            IntentBody::Matter { act, photos } => {
                let mut record = self.matter_record(id)?;
                let state = matter::fold(&record, &reference);
                matter::may(&me, act, &record, state.as_ref(), &reference, at.at())?;
                record.photos.extend(photos.clone());
                record.check(act)?;
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

fn known_feature(name: &str) -> Result<&'static Feature, FieldError> {
    matter::feature::named(name).ok_or_else(|| FieldError::NotFound { what: "feature", id: name.to_owned() })
}

fn unknown(id: MatterId) -> FieldError {
    FieldError::NotFound { what: "matter", id: id.to_string() }
}

/// A matter of this feature that nobody has opened.
fn blank(feature: &Feature, me: &Person) -> MatterRecord {
    MatterRecord {
        id: DocumentId(uuid::Uuid::nil()),
        feature: feature.name.to_owned(),
        home: me.unit.clone(),
        class: feature.class,
        day: NaiveDate::default(),
        point: None,
        person: None,
        about: None,
        photos: BTreeMap::new(),
        events: BTreeMap::new(),
    }
}

/// Whether what a field names is in the reference data; what is not comes back with its kind. People are looked up only
/// by those who have the staff list.
fn for_known(value: &Value, reference: &Reference) -> Result<(), (&'static str, String)> {
    let point = |point: &PointId| match reference.points.contains_key(point) {
        true => Ok(()),
        false => Err(("point", point.to_string())),
    };
    match value {
        Value::Point(one) => point(one),
        Value::Points(many) => many.iter().try_for_each(point),
        Value::Unit(unit) if !reference.units.contains_key(unit) => Err(("unit", unit.to_string())),
        Value::Standard(standard) if !reference.standards.contains_key(standard) => {
            Err(("standard", standard.to_string()))
        }
        Value::Person(person) if !reference.people.is_empty() && !reference.people.contains_key(person) => {
            Err(("person", person.to_string()))
        }
        _ => Ok(()),
    }
}
