//! What devices ask, and what is looked for in every answer.

use super::super::rules::UNITS;
use super::super::secrets::{Secret, picture};
use super::{PEOPLE, Town, nth};
use crate::device::{Device, hex, response};
use sanben_document::ChangeHash;
use sanben_domain::id::{DeviceId, DocumentId, PhotoHash, UnitId};
use sanben_domain::rights::{Scope, ScopeClass};
use sanben_domain::time::Timestamp;
use sanben_server::{Call, Reply};
use sanben_sync::bundle::BUNDLE_FORM;
use sanben_sync::device::Answer;
use sanben_sync::frame::{pack, unpack};
use sanben_sync::photo::{MAX_ASKED, PhotoStanding, Picture, Prover, ShownIn};
use sanben_sync::wire::{Cursors, MAX_MESSAGE_BYTES, PHOTO_PATH, SYNC_PATH, SyncRequest, Verdict};
use std::collections::BTreeSet;

/// What an answer may repeat, because whoever asks has just said it.
#[derive(Default)]
struct Said {
    changes: BTreeSet<ChangeHash>,
    /// Documents that the asking device brought work in, now or when it went to be looked at.
    documents: BTreeSet<DocumentId>,
}

impl Town {
    fn ask(&mut self, who: usize, device: &Device, call: &Call, said: &Said) -> Reply {
        let reply = self.server.handle(call);
        if call.path == SYNC_PATH && reply.status == 200 {
            let answer = response(&reply);
            for offered in &answer.bundles {
                let offer = offered.open(answer.epoch, &device.identity.server).unwrap();
                self.blocks.extend((0..offer.blocks.len()).map(|block| offered.path(block)));
            }
            for (hash, verdict) in answer.verdicts {
                if matches!(verdict, Verdict::Accepted { .. }) {
                    self.accept(hash);
                }
            }
        }
        self.look(PEOPLE[who], device.identity.device, &reply, said);
        reply
    }

    /// Searches an answer, as it travelled and inflated.
    fn look(&mut self, reader: &'static str, device: DeviceId, reply: &Reply, said: &Said) {
        let mut held = reply.body.clone();
        if let Ok(inflated) = unpack::<ciborium::Value>(&reply.body, MAX_MESSAGE_BYTES) {
            held.extend(sanben_document::encode(&inflated));
        }
        held.extend(reply.headers.iter().flat_map(|(_, value)| value.bytes()));
        let found: Vec<Secret> = self.secrets.found_in(&held).into_iter().cloned().collect();
        for secret in found {
            let own = match &secret {
                Secret::Hash(hash) => said.changes.contains(hash),
                Secret::Record(id) => said.documents.contains(id),
                Secret::Reason(hash) => self.changes[hash].device == device,
                _ => false,
            };
            let may = own || self.may_see(reader, device, &secret);
            assert!(may, "{reader} ({:?}) got {secret:?}", self.published.people.get(reader));
            self.found.insert(secret);
        }
    }

    fn may_see(&self, reader: &'static str, device: DeviceId, secret: &Secret) -> bool {
        if self.out.iter().any(|(_, out)| out.identity.device == device) {
            return false;
        }
        let now = self.now();
        let sees = |id: &DocumentId| self.published.sees(reader, &self.records[id].lies, now);
        let citing = |photo: &PhotoHash| {
            let hash = *photo;
            let citing = self
                .records
                .iter()
                .filter(move |(id, record)| record.cites == Some(hash) && self.truth.contains_key(id));
            citing.filter(move |(id, record)| self.photos[&hash].shown.contains(record.author) && sees(id))
        };
        let knows = |id: &DocumentId| self.published.knows_of(reader, &self.records[id].lies, now);
        match secret {
            Secret::Words(hash) => {
                let change = &self.changes[hash];
                change.accepted && sees(&change.record)
            }
            Secret::Hash(hash) => {
                let change = &self.changes[hash];
                change.accepted && knows(&change.record)
            }
            Secret::Record(id) => knows(id),
            Secret::Ahead(id) => sees(id),
            Secret::Picture(photo) => citing(photo).next().is_some(),
            Secret::Camera(photo) => citing(photo)
                .any(|(_, record)| self.published.sees_original(reader, record.author, &record.lies, now)),
            Secret::Name(person) => self.published.sees_names(reader) || *person == reader,
            Secret::Reason(_) => false,
        }
    }

    pub(super) fn sync(&mut self, who: usize) {
        for _ in 0..400 {
            let mut device = self.devices[who].clone();
            device.now = Timestamp(self.now());
            let call = device.ask();
            let named = device.outbox.iter().map(|pending| pending.hash);
            let changes: BTreeSet<_> = named.chain(device.standing.in_review.iter().copied()).collect();
            let documents = changes.iter().map(|hash| self.changes[hash].record).collect();
            let reply = self.ask(who, &device, &call, &Said { changes, documents });
            match device.check(&call, &reply).unwrap() {
                Answer::SendCursors => {
                    self.devices[who].standing.confirmed = false;
                    continue;
                }
                Answer::Apply(_) => {}
                other => panic!("{other:?}"),
            }
            let page = device.take(&call, &reply);
            for (hash, verdict) in &page.verdicts {
                if matches!(verdict, Verdict::Rejected(_) | Verdict::Review { .. }) {
                    // It begins again from what is in the log.
                    let record = self.changes[hash].record;
                    device.documents.remove(&record);
                    device.documents.extend(self.truth.get(&record).map(|held| (record, held.clone())));
                }
            }
            let later = page.verdicts.iter().any(|(_, verdict)| *verdict == Verdict::Later);
            self.devices[who] = device;
            if !page.more && (!later || page.cursors.is_empty()) {
                return;
            }
        }
        panic!("a sync that does not end");
    }

    /// Shows the server the bytes of a photo, in the way that it asks for.
    pub(super) fn send(&mut self, who: usize, photo: PhotoHash) {
        let device = self.devices[who].clone();
        if !self.photos[&photo].held.contains(PEOPLE[who]) {
            return;
        }
        let none = Said::default();
        let own = self
            .records
            .iter()
            .filter(|(_, record)| record.cites == Some(photo) && record.author == PEOPLE[who]);
        let own: Vec<DocumentId> = own.map(|(id, _)| *id).collect();
        for record in own {
            let letters = self.secrets.letters();
            let small = super::super::secrets::photo(u64::from_str_radix(&letters, 16).unwrap(), "");
            self.secrets.keep(picture(&small), Secret::Ahead(record));
            let path = Picture::Thumbnail(ShownIn::of(record, photo)).path(photo);
            let call = device.signed("PUT", &path, None, small);
            self.ask(who, &device, &call, &none);
        }
        let path = Picture::Original.path(photo);
        let reply = self.ask(who, &device, &device.signed("POST", &path, None, Vec::new()), &none);
        if reply.status != 200 {
            return;
        }
        let standing: PhotoStanding = unpack(&reply.body, 1024).unwrap();
        let content = self.photos[&photo].bytes.clone();
        let call = match standing.challenge {
            Some(challenge) => {
                let mut prover = Prover::new(&challenge);
                prover.update(&content);
                device.signed("POST", &path, None, pack(&prover.finish()))
            }
            None => device.signed("PUT", &path, Some(standing.offset), content),
        };
        let reply = self.ask(who, &device, &call, &none);
        assert_eq!(reply.status, 200, "a photo that was cited is taken");
        self.photos.get_mut(&photo).unwrap().shown.insert(PEOPLE[who]);
    }

    /// Asks for everything by every name there is, the own ones and others'.
    pub(super) fn probe(&mut self, who: usize, device: &Device) {
        let all: BTreeSet<ChangeHash> = self.changes.keys().copied().collect();
        let none = Said::default();
        let honest = SyncRequest { batches: Vec::new(), ..device.request() };
        let scopes = UNITS.iter().flat_map(|(unit, ..)| {
            use ScopeClass::{Discipline, People, Reference, Resident, Work};
            let classes = [Work, Resident, Discipline, People, Reference];
            classes.map(|class| Scope { unit: UnitId::from(*unit), class })
        });
        let personal = ScopeClass::Personal;
        let of_people = PEOPLE.iter().map(|person| Scope { unit: UnitId::from(*person), class: personal });
        let scopes = scopes.chain(of_people);
        let everywhere = |seq| Cursors::Vector(scopes.clone().map(|scope| (scope, seq)).collect());
        let mut requests = vec![];
        for cursors in [Cursors::Vector(Vec::new()), everywhere(0), everywhere(1), everywhere(u64::MAX >> 1)]
        {
            requests.push((SyncRequest { cursors, budget: u32::MAX, ..honest.clone() }, &[][..]));
        }
        for other in self.devices.iter().chain(self.out.iter().map(|(_, out)| out)) {
            // Where others stand, and the work of others, brought along.
            let theirs = other.request();
            requests.push((SyncRequest { cursors: theirs.cursors, ..honest.clone() }, &[][..]));
            requests.push((SyncRequest { batches: theirs.batches, ..honest.clone() }, &other.outbox[..]));
        }
        // Of every scope there is a bundle.
        self.server.make_bundles(1).unwrap();
        for cursors in [Cursors::Vector(Vec::new()), everywhere(0)] {
            requests.push((SyncRequest { cursors, bundles: BUNDLE_FORM, ..honest.clone() }, &[][..]));
        }
        requests.push((SyncRequest { in_review: all.iter().copied().collect(), ..honest }, &[][..]));
        let own = device.standing.in_review.clone();
        let requests: Vec<(SyncRequest, Said)> = requests
            .into_iter()
            .map(|(request, brought)| {
                let hashes = brought.iter().map(|pending| pending.hash).chain(own.iter().copied());
                let documents = hashes.map(|hash| self.changes[&hash].record).collect();
                (request, Said { changes: all.clone(), documents })
            })
            .collect();
        for (request, said) in requests {
            let call = device.signed("POST", SYNC_PATH, None, pack(&request));
            self.ask(who, device, &call, &said);
        }
        for path in self.blocks.clone() {
            let reply = self.ask(who, device, &device.signed("GET", &path, None, Vec::new()), &none);
            assert!(matches!(reply.status, 200 | 401 | 403 | 404), "a block is had or not: {}", reply.status);
        }
        let photos: Vec<PhotoHash> = self.photos.keys().copied().collect();
        let records: Vec<DocumentId> = self.records.keys().copied().collect();
        for photo in &photos {
            let mut pictures = vec![Picture::Original, Picture::Rendition];
            pictures.extend(records.iter().map(|record| Picture::Thumbnail(ShownIn::of(*record, *photo))));
            for kind in pictures {
                let call = device.signed("GET", &kind.path(*photo), None, Vec::new());
                let reply = self.ask(who, device, &call, &none);
                if kind == Picture::Original && reply.status == 200 {
                    self.photos.get_mut(photo).unwrap().held.insert(PEOPLE[who]);
                }
            }
            for (method, offset, body) in
                [("POST", None, vec![]), ("PUT", Some(0), vec![1]), ("POST", None, vec![0, 1])]
            {
                if !self.photos[photo].held.contains(PEOPLE[who]) {
                    let call = device.signed(method, &Picture::Original.path(*photo), offset, body);
                    self.ask(who, device, &call, &none);
                }
            }
        }
        for some in photos.chunks(MAX_ASKED) {
            let call = device.signed("POST", PHOTO_PATH, None, pack(&some));
            self.ask(who, device, &call, &none);
        }
        for record in records.iter().take(4) {
            let path = format!("/v1/records/{}", hex(record.0.as_bytes()));
            self.ask(who, device, &device.signed("GET", &path, None, Vec::new()), &none);
        }
    }

    /// The rules are not just wide: a new device of everybody who is listed holds all that they may see.
    pub(crate) fn everybody_sees_what_they_may(&mut self) {
        for who in 0..PEOPLE.len() {
            self.sync(who);
            if let Some(photo) = nth(self.photos.keys(), who) {
                self.send(who, photo);
            }
        }
        for (who, person) in PEOPLE.iter().copied().enumerate() {
            if !self.published.people.contains_key(person) {
                continue;
            }
            self.devices[who] = self.enrol(who);
            let device = self.devices[who].clone();
            self.found.clear();
            self.sync(who);
            self.probe(who, &device);
            for (hash, change) in &self.changes {
                let (may, got) = (
                    self.may_see(person, device.identity.device, &Secret::Words(*hash)),
                    self.found.contains(&Secret::Words(*hash)),
                );
                let lies = &self.records[&change.record].lies;
                let staff = &self.published.people[person];
                assert_eq!(may, got, "{person} {staff:?} of a record in {lies:?}");
            }
            // Who has shown a photo is forgotten with the record in which they did.
            let forgotten = self.records.values().any(|record| record.lies.erased);
            for photo in self.photos.keys().filter(|_| !forgotten) {
                let picture = Secret::Picture(*photo);
                let may = self.may_see(person, device.identity.device, &picture);
                assert_eq!(may, self.found.contains(&picture), "{person} and a photo");
            }
        }
    }
}
