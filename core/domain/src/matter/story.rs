//! Matters as tests tell them: each act is checked as it is when somebody records it.

use super::{
    Always, Amount, Fields, Flawed, Home, MatterAct, MatterRecord, OPEN, State, Value, feature, fold, may,
    shared_with,
};
use crate::case::{PhotoRef, PhotoRole};
use crate::event::Event;
use crate::fixture::{day, march20, park};
use crate::id::{DocumentId, EventId, PersonId, PhotoHash};
use crate::rights::Denied;
use crate::time::{Stamp, Timestamp};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A matter with the fields of its next act.
#[derive(Debug, Clone)]
pub(crate) struct Tale {
    pub(crate) record: MatterRecord,
    fields: Fields,
}

/// The figure of a name.
pub(crate) fn figure(state: &State, name: &str) -> Amount {
    let found = state.figures.iter().find(|figure| figure.name == name);
    found.unwrap_or_else(|| panic!("no figure {name} in {:?}", state.figures)).amount
}

impl Tale {
    pub(crate) fn of(name: &str) -> Self {
        let feature = feature::named(name).unwrap();
        let home = if feature.home == Home::Root { "park" } else { "park-02" };
        let record = MatterRecord {
            id: DocumentId(Uuid::from_u128(1_000)),
            feature: name.to_owned(),
            home: home.into(),
            class: feature.class,
            day: day(3, 20),
            point: None,
            person: None,
            about: None,
            photos: BTreeMap::new(),
            events: BTreeMap::new(),
        };
        Self { record, fields: Fields::new() }
    }

    /// The fields of another act.
    pub(crate) fn with(&self) -> Self {
        Self::of(&self.record.feature)
    }

    pub(crate) fn value(mut self, field: &str, value: Value) -> Self {
        self.fields.insert(field.to_owned(), value);
        self
    }

    pub(crate) fn done(self) -> Fields {
        self.fields
    }

    pub(crate) fn text(self, field: &str, text: &str) -> Self {
        self.value(field, Value::Text(text.to_owned()))
    }

    pub(crate) fn choice(self, field: &str, choice: &str) -> Self {
        self.value(field, Value::Choice(choice.to_owned()))
    }

    pub(crate) fn count(self, field: &str, count: i64) -> Self {
        self.value(field, Value::Count(count))
    }

    pub(crate) fn yes(self, field: &str, yes: bool) -> Self {
        self.value(field, Value::Yes(yes))
    }

    pub(crate) fn day_in(self, field: &str, of_march: u32) -> Self {
        self.value(field, Value::Day(day(3, of_march)))
    }

    pub(crate) fn unit(self, field: &str, unit: &str) -> Self {
        self.value(field, Value::Unit(unit.into()))
    }

    pub(crate) fn person_in(self, field: &str, person: &str) -> Self {
        self.value(field, Value::Person(person.into()))
    }

    pub(crate) fn point_in(self, field: &str, point: &str) -> Self {
        self.value(field, Value::Point(point.into()))
    }

    pub(crate) fn points<S: AsRef<str>>(self, field: &str, points: &[S]) -> Self {
        self.value(field, Value::Points(points.iter().map(|point| point.as_ref().into()).collect()))
    }

    pub(crate) fn standard(self, field: &str, standard: &str) -> Self {
        self.value(field, Value::Standard(standard.into()))
    }

    pub(crate) fn document(self, field: &str, number: u128) -> Self {
        self.value(field, Value::Document(DocumentId(Uuid::from_u128(number))))
    }

    pub(crate) fn documents(self, field: &str, numbers: &[u128]) -> Self {
        let documents = numbers.iter().map(|number| DocumentId(Uuid::from_u128(*number))).collect();
        self.value(field, Value::Documents(documents))
    }

    pub(crate) fn event(self, field: &str, event: EventId) -> Self {
        self.value(field, Value::Event(event))
    }

    pub(crate) fn photo(self, field: &str, number: u8) -> Self {
        self.value(field, Value::Photos(vec![PhotoHash([number; 32])]))
    }

    pub(crate) fn point(mut self, point: &str) -> Self {
        self.record.point = Some(point.into());
        self
    }

    pub(crate) fn person(mut self, person: &str) -> Self {
        self.record.person = Some(person.into());
        self
    }

    pub(crate) fn home(mut self, unit: &str) -> Self {
        self.record.home = unit.into();
        self
    }

    pub(crate) fn about(mut self, document: DocumentId) -> Self {
        self.record.about = Some(document);
        self
    }

    pub(crate) fn about_number(self, number: u128) -> Self {
        self.about(DocumentId(Uuid::from_u128(number)))
    }

    pub(crate) fn id(&self) -> DocumentId {
        self.record.id
    }

    /// The first act, which must fit and be allowed.
    pub(crate) fn opened_by(mut self, by: &str) -> Self {
        let fields = std::mem::take(&mut self.fields);
        self.put(by, OPEN, fields, &[]);
        let opening = self.record.opening().unwrap().act.clone();
        self.record.check(&opening).unwrap();
        let person = &park().people[&PersonId::from(by)];
        may(person, &opening, &self.record, None, &park(), march20(8, 0)).unwrap();
        self
    }

    /// The first act, which must not fit.
    pub(crate) fn refused_by(mut self, by: &str) -> Flawed {
        let fields = std::mem::take(&mut self.fields);
        self.put(by, OPEN, fields, &[]);
        let opening = self.record.opening().unwrap().act.clone();
        self.record.check(&opening).unwrap_err()
    }

    /// An act of somebody who has seen everything so far, with the fields of another tale.
    pub(crate) fn tell(&mut self, by: &str, act: &str, fields: Self) -> EventId {
        let (fields, seen) = (fields.done(), self.record.order().heads());
        self.hold_photos(&fields);
        let act = MatterAct::new(act, fields);
        self.record.check(&act).unwrap();
        let person = &park().people[&PersonId::from(by)];
        may(person, &act, &self.record, Some(&self.state()), &park(), self.now()).unwrap();
        self.put(by, &act.name, act.fields, &seen)
    }

    /// The same for an act without fields that have to be there.
    pub(crate) fn act(&mut self, by: &str, act: &str, fields: &[(&str, Value)]) -> EventId {
        let with = fields.iter().fold(self.with(), |with, (field, value)| with.value(field, value.clone()));
        self.tell(by, act, with)
    }

    /// Two people act without knowing of each other.
    pub(crate) fn apart(&mut self, one: (&str, &str, Self), other: (&str, &str, Self)) -> [EventId; 2] {
        let seen = self.record.order().heads();
        [one, other].map(|(by, act, fields)| {
            let fields = fields.done();
            self.record.check(&MatterAct::new(act, fields.clone())).unwrap();
            self.put(by, act, fields, &seen)
        })
    }

    pub(crate) fn decide(&mut self, by: &str, upholds: EventId) -> EventId {
        let fields = self.with().event("upholds", upholds).text("reason", "以现场照片为准");
        self.tell(by, Always::DECIDE, fields)
    }

    pub(crate) fn strike(&mut self, by: &str, entry: EventId) -> EventId {
        let fields = self.with().event("entry", entry).text("reason", "录入有误");
        self.tell(by, Always::STRIKE, fields)
    }

    pub(crate) fn check(&self, act: &str, fields: Fields) -> Result<(), Flawed> {
        self.record.check(&MatterAct::new(act, fields)).map(drop)
    }

    pub(crate) fn may(&self, by: &str, act: &str) -> Result<(), Denied> {
        self.may_at(by, act, self.now())
    }

    pub(crate) fn may_at(&self, by: &str, act: &str, at: Timestamp) -> Result<(), Denied> {
        let person = &park().people[&PersonId::from(by)];
        let act = MatterAct::new(act, Fields::new());
        may(person, &act, &self.record, Some(&self.state()), &park(), at)
    }

    pub(crate) fn state(&self) -> State {
        fold(&self.record, &park()).unwrap()
    }

    pub(crate) fn shared(&self) -> Vec<String> {
        shared_with(&self.record, &park()).iter().map(ToString::to_string).collect()
    }

    fn now(&self) -> Timestamp {
        march20(8, 0).plus_ms(60_000 * i64::try_from(self.record.events.len()).unwrap())
    }

    fn hold_photos(&mut self, fields: &Fields) {
        let cited = PhotoRef { role: PhotoRole::Before, width: 4, height: 3, bytes: 9 };
        let photos: Vec<_> = MatterAct::new("", fields.clone()).photos().collect();
        self.record.photos.extend(photos.into_iter().map(|photo| (photo, cited)));
    }

    fn put(&mut self, by: &str, act: &str, fields: Fields, seen: &[EventId]) -> EventId {
        self.hold_photos(&fields);
        let number = 1 + self.record.events.len() as u128;
        let id = EventId(Uuid::from_u128((1_000 << 64) + number));
        let event = Event {
            id,
            at: Stamp::exact(self.now()),
            by: by.into(),
            seen: seen.to_vec(),
            act: MatterAct::new(act, fields),
        };
        self.record.events.insert(id, event);
        id
    }
}
