//! What people of the town record, and what becomes of it.

use super::*;

impl Town {
    pub(super) fn decide(&mut self, change: ChangeHash, accept: bool) {
        let reason = self.secrets.letters();
        self.secrets.keep(reason.as_bytes(), Secret::Reason(change));
        if self.server.decide(&change.to_string(), accept, &reason).is_ok() && accept {
            self.accept(change);
        }
    }

    // What people record.

    pub(super) fn new_photo(&mut self, who: usize) -> PhotoHash {
        let camera = self.secrets.letters();
        let seed = u64::from_str_radix(&camera, 16).unwrap();
        let bytes = photo(seed, &camera);
        let hash = photo_hash(&bytes);
        let own = sanben_photo::intake(&bytes).unwrap().thumbnail.unwrap();
        self.secrets.keep(camera.as_bytes(), Secret::Camera(hash));
        self.secrets.keep(picture(&bytes), Secret::Picture(hash));
        self.secrets.keep(picture(&own), Secret::Picture(hash));
        self.photos
            .insert(hash, Photo { bytes, held: BTreeSet::from([PEOPLE[who]]), shown: BTreeSet::new() });
        hash
    }

    pub(super) fn report(
        &mut self,
        who: usize,
        home: &'static str,
        point: Option<&'static str>,
        photo: Option<PhotoHash>,
    ) {
        let words = self.secrets.letters();
        let record = DocumentId::from_random(bytes());
        let cite = |hash: PhotoHash| {
            let size = u64::try_from(self.photos[&hash].bytes.len()).unwrap();
            (hash, PhotoRef { role: PhotoRole::Before, width: 24, height: 16, bytes: size })
        };
        let body = IntentBody::Report {
            home: UnitId::from(home),
            source: Source::Own,
            point: point.map(PointId::from),
            standard: None,
            description: words.clone(),
            fix: None,
            photos: photo.map(cite).into_iter().collect(),
        };
        let lies = Lies::default();
        self.begin(who, record, Record { author: PEOPLE[who], home, cites: photo, lies }, &words, body);
    }

    pub(super) fn begin(
        &mut self,
        who: usize,
        id: DocumentId,
        record: Record,
        words: &str,
        body: IntentBody,
    ) {
        self.secrets.keep(id.0.as_bytes(), Secret::Record(id));
        self.records.insert(id, record);
        self.run(who, id, words, body, Effect::Nothing);
    }

    pub(super) fn matter(&mut self, who: usize, class: usize, home: &'static str, to: &'static str) {
        let (words, id) = (self.secrets.letters(), DocumentId::from_random(bytes()));
        let text = || Value::Text(words.clone());
        let (feature, home, fields) = match class {
            0 => (
                "tally",
                home,
                vec![("counted", Value::Choice("spaces-marked".to_owned())), ("title", text())],
            ),
            1 => ("suggestion", home, vec![("words", text()), ("anonymous", Value::Yes(true))]),
            _ => {
                let unit = Value::Unit(UnitId::from("c1"));
                let until = Value::Day(chrono::NaiveDate::from_ymd_opt(2026, 3, 25).unwrap());
                ("notice", ROOT, vec![("what", text()), ("unit", unit), ("until", until)])
            }
        };
        let scopes = [ScopeClass::Work, ScopeClass::Resident, ScopeClass::Discipline];
        let header = MatterHeader {
            feature: feature.to_owned(),
            home: UnitId::from(home),
            class: scopes[class],
            day: chrono::NaiveDate::from_ymd_opt(2026, 3, 20).unwrap(),
            point: None,
            person: (class == 2).then(|| PersonId::from(to)),
            about: None,
        };
        let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let act = MatterAct::new(OPEN, fields);
        let lies = Lies { matter: true, contact: class == 1, discipline: class == 2, ..Lies::default() };
        self.secrets.keep(id.0.as_bytes(), Secret::Record(id));
        self.records.insert(id, Record { author: PEOPLE[who], home, cites: None, lies });
        let effect = if class == 2 { Effect::Addressed { to } } else { Effect::Nothing };
        let body = IntentBody::OpenMatter { header, act, photos: BTreeMap::new() };
        self.run(who, id, &words, body, effect);
    }

    /// What was accepted and is a case.
    pub(super) fn cases(&self) -> Vec<DocumentId> {
        self.truth
            .keys()
            .copied()
            .filter(|id| !self.records[id].lies.contact && !self.records[id].lies.matter)
            .collect()
    }

    pub(super) fn complete(&mut self, who: usize, record: usize, point: &'static str) {
        let Some(record) = nth(self.cases().iter(), record) else { return };
        let words = self.secrets.letters();
        let body = IntentBody::Amend {
            point: Some(PointId::from(point)),
            standard: None,
            description: Some(words.clone()),
            fix: None,
            photos: BTreeMap::new(),
        };
        self.run(who, record, &words, body, Effect::Nothing);
    }

    pub(super) fn act(&mut self, who: usize, record: usize, words: &str, act: CaseAct, effect: Effect) {
        let Some(record) = nth(self.cases().iter(), record) else { return };
        self.run(who, record, words, IntentBody::Act { act, photos: BTreeMap::new() }, effect);
    }

    /// Records it on the person's device, whether they hold the record or have it from elsewhere.
    pub(super) fn run(
        &mut self,
        who: usize,
        record: DocumentId,
        words: &str,
        body: IntentBody,
        effect: Effect,
    ) {
        let now = Timestamp(self.now());
        let device = &mut self.devices[who];
        (device.now, device.actor) = (now, Actor(bytes()));
        let waits = device.outbox.iter().any(|pending| pending.document == record);
        if !waits && let Some(held) = self.truth.get(&record) {
            device.documents.insert(record, held.clone());
        }
        let intent = device.intent(record, body);
        let hash = device.record(&intent);
        let change = Change {
            record,
            device: device.identity.device,
            bytes: device.outbox.last().unwrap().bytes.clone(),
            effect,
            accepted: false,
        };
        self.secrets.keep(intent.event.0.as_bytes(), Secret::Words(hash));
        self.secrets.keep(&hash.0, Secret::Hash(hash));
        if !words.is_empty() {
            self.secrets.keep(words.as_bytes(), Secret::Words(hash));
        }
        self.changes.insert(hash, change);
    }

    /// It is in the log: from here on whoever sees the record sees it.
    pub(super) fn accept(&mut self, hash: ChangeHash) {
        let change = self.changes.get_mut(&hash).unwrap();
        if std::mem::replace(&mut change.accepted, true) {
            return;
        }
        let record = self.records.get_mut(&change.record).unwrap();
        match self.truth.get_mut(&change.record) {
            Some(document) => drop(document.apply(&change.bytes).unwrap()),
            None => {
                let document = Document::from_changes([change.bytes.as_slice()]).unwrap();
                self.truth.insert(change.record, document);
            }
        }
        let code = |code: &PointId| POINTS.iter().find(|(point, _)| *point == code.as_str()).unwrap().0;
        let mut now_in = BTreeSet::from([record.home]);
        if let Content::Case(content) = self.truth[&change.record].record().unwrap() {
            record.lies.point = content.point.as_ref().map(code);
            now_in.extend(record.lies.point.map(|point| whose(unit_of(point))));
        }
        if let Effect::Handed { to, named, handles } = change.effect {
            now_in.insert(whose(to));
            record.lies.handlers.extend(handles.then_some((to, named)));
        }
        if let Effect::Addressed { to } = change.effect {
            // Whom the office does not list has no place of their own.
            record.lies.to = Some(to).filter(|to| self.published.people.contains_key(to));
        }
        record.lies.ever_in_work_of.extend(&now_in);
        record.lies.in_work_of.extend(now_in);
    }
}
