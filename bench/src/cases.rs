//! Cases as a year of a subdistrict makes them: reported on a walk, answered, put right, looked at again.

use crate::Outcome;
use crate::desk::DAY_MS;
use crate::words::Writer;
use sanben_document::{Actor, Document, Intent, IntentBody};
use sanben_domain::case::{CaseAct, Handler, Outcome as Found, PhotoRef, PhotoRole, Source};
use sanben_domain::id::{DocumentId, EventId, PersonId, PhotoHash, PointId, StandardId, UnitId};
use sanben_domain::place::{Coordinate, Fix};
use sanben_domain::reference::{Reference, Role};
use sanben_domain::rights::home_scope;
use sanben_domain::time::{Stamp, Timestamp};
use sanben_store::Store;
use sanben_sync::device::Arrived;
use std::collections::BTreeMap;
use std::ops::Range;

/// A point with everybody who has to do with it.
struct Spot {
    point: PointId,
    community: UnitId,
    at: Coordinate,
    inspector: PersonId,
    head: PersonId,
}

/// Where problems happen, and what they break.
pub(crate) struct Town {
    spots: Vec<Spot>,
    standards: Vec<StandardId>,
}

/// Who records: those who would, or one person everything.
#[derive(Clone, Copy)]
pub(crate) enum By<'a> {
    Everybody,
    One(&'a str),
}

impl Town {
    /// The points of the tenant, or of one community, that somebody walks and somebody answers for.
    pub(crate) fn of(reference: &Reference, only: Option<&UnitId>, at: Timestamp) -> Self {
        let spots = reference.points.values().filter_map(|point| {
            let community = reference.community_of_point(&point.id)?.id.clone();
            let walks = |person: &&sanben_domain::reference::Person| {
                person.role == Role::Inspector && person.team == point.team
            };
            Some(Spot {
                inspector: reference.people.values().find(walks)?.id.clone(),
                head: reference.head_of(&point.id, at)?.person.clone(),
                point: point.id.clone(),
                at: point.at,
                community,
            })
        });
        let wanted = |spot: &Spot| only.is_none_or(|only| spot.community == *only);
        Self {
            spots: spots.filter(wanted).collect(),
            standards: reference.standards.keys().cloned().collect(),
        }
    }

    /// One case: its report, and what followed on the same day.
    pub(crate) fn life(&self, writer: &mut Writer, at: Timestamp, by: By<'_>) -> Outcome<Vec<Intent>> {
        let spot = writer.one(&self.spots).ok_or("there is no point to report at")?;
        let standard = writer.one(&self.standards).cloned();
        let document = DocumentId::from_random(writer.bytes());
        let coordinate =
            Coordinate { lat_e7: spot.at.lat_e7 + metres(writer), lon_e7: spot.at.lon_e7 + metres(writer) };
        let taken = PhotoRef { role: PhotoRole::Before, width: 4000, height: 3000, bytes: 2_400_000 };
        // A photo has to be delivered by whoever cites it: one person's own work goes without.
        let photographed = matches!(by, By::Everybody) && writer.below(10) < 7;
        let report = IntentBody::Report {
            home: spot.community.clone(),
            source: Source::Subdistrict,
            point: Some(spot.point.clone()),
            standard,
            description: writer.problem(),
            fix: Some(Fix { coordinate, accuracy_m: Some(12) }),
            photos: photographed.then(|| (PhotoHash(writer.bytes()), taken)).into_iter().collect(),
        };
        let act = |act| IntentBody::Act { act, photos: BTreeMap::new() };
        let (words, fixed, seen_again) = (writer.answer(), writer.fixed(), writer.seen_again());
        let outcome = if writer.below(8) == 0 { Found::Failed } else { Found::Passed };
        let steps = [
            (0, &spot.inspector, report),
            (12, &spot.head, act(CaseAct::Acknowledge { words })),
            (200, &spot.head, act(CaseAct::Rectify { words: fixed, photos: vec![], on_the_spot: false })),
            (600, &spot.inspector, act(CaseAct::LookBack { outcome, words: seen_again, photos: vec![] })),
        ];
        let length = [1, 2, 3, 4, 4].get(writer.below(5)).copied().unwrap_or(1);
        let mut seen = Vec::new();
        let intents = steps.into_iter().take(length).map(|(minutes, usual, body)| {
            let event = EventId::from_random(writer.bytes());
            let by = match by {
                By::Everybody => usual.clone(),
                By::One(person) => PersonId::from(person),
            };
            let at = Stamp::exact(at.plus_ms(minutes * 60_000));
            Intent { v: 1, document, event, at, by, seen: std::mem::replace(&mut seen, vec![event]), body }
        });
        Ok(intents.collect())
    }

    /// A case that took long, by one person: twelve acts after its report, three photos cited, no sentence said
    /// twice.
    pub(crate) fn whole(&self, writer: &mut Writer, at: Timestamp, person: &str) -> Outcome<Vec<Intent>> {
        let spot = writer.one(&self.spots).ok_or("there is no point to report at")?;
        let standard = writer.one(&self.standards).cloned();
        let document = DocumentId::from_random(writer.bytes());
        let mut cited = |role, bytes| {
            let taken = PhotoRef { role, width: 4000, height: 3000, bytes };
            (PhotoHash(writer.bytes()), taken)
        };
        let before = cited(PhotoRole::Before, 2_400_000);
        let after = cited(PhotoRole::After, 2_100_000);
        let seen_again = cited(PhotoRole::LookBack, 1_900_000);
        let act = |act, photo: Option<(PhotoHash, PhotoRef)>| IntentBody::Act {
            act,
            photos: photo.into_iter().collect(),
        };
        let bodies = [
            Self::report(spot, standard, writer, [before]),
            act(CaseAct::Confirm, None),
            act(CaseAct::File, None),
            act(CaseAct::Dispatch { to: Handler { unit: spot.community.clone(), person: None } }, None),
            act(CaseAct::Acknowledge { words: writer.entry() }, None),
            act(CaseAct::Comment { words: writer.entry() }, None),
            act(
                CaseAct::Rectify { words: writer.entry(), photos: vec![after.0], on_the_spot: false },
                Some(after),
            ),
            act(
                CaseAct::LookBack {
                    outcome: Found::Failed,
                    words: writer.entry(),
                    photos: vec![seen_again.0],
                },
                Some(seen_again),
            ),
            act(CaseAct::Rework { reason: writer.entry() }, None),
            act(CaseAct::Rectify { words: writer.entry(), photos: vec![], on_the_spot: false }, None),
            act(CaseAct::Comment { words: writer.entry() }, None),
            act(CaseAct::LookBack { outcome: Found::Passed, words: writer.entry(), photos: vec![] }, None),
            act(CaseAct::Close, None),
        ];
        let (mut seen, mut minutes) = (Vec::new(), 0);
        let intents = bodies.into_iter().map(|body| {
            let event = EventId::from_random(writer.bytes());
            minutes += 17;
            Intent {
                v: 1,
                document,
                event,
                at: Stamp::exact(at.plus_ms(minutes * 60_000)),
                by: PersonId::from(person),
                seen: std::mem::replace(&mut seen, vec![event]),
                body,
            }
        });
        Ok(intents.collect())
    }

    /// A report with three photos cited, of a case that has just begun.
    pub(crate) fn begun(&self, writer: &mut Writer, at: Timestamp, person: &str) -> Outcome<Intent> {
        let spot = writer.one(&self.spots).ok_or("there is no point to report at")?;
        let standard = writer.one(&self.standards).cloned();
        let document = DocumentId::from_random(writer.bytes());
        let taken = PhotoRef { role: PhotoRole::Before, width: 4000, height: 3000, bytes: 2_200_000 };
        let photos = [(); 3].map(|()| (PhotoHash(writer.bytes()), taken));
        Ok(Intent {
            v: 1,
            document,
            event: EventId::from_random(writer.bytes()),
            at: Stamp::exact(at),
            by: PersonId::from(person),
            seen: Vec::new(),
            body: Self::report(spot, standard, writer, photos),
        })
    }

    fn report(
        spot: &Spot,
        standard: Option<StandardId>,
        writer: &mut Writer,
        photos: impl IntoIterator<Item = (PhotoHash, PhotoRef)>,
    ) -> IntentBody {
        let coordinate =
            Coordinate { lat_e7: spot.at.lat_e7 + metres(writer), lon_e7: spot.at.lon_e7 + metres(writer) };
        IntentBody::Report {
            home: spot.community.clone(),
            source: Source::Subdistrict,
            point: Some(spot.point.clone()),
            standard,
            description: writer.entry(),
            fix: Some(Fix { coordinate, accuracy_m: Some(12) }),
            photos: photos.into_iter().collect(),
        }
    }

    /// Reports alone.
    pub(crate) fn reports(
        &self,
        writer: &mut Writer,
        count: usize,
        at: Timestamp,
        by: By<'_>,
    ) -> Outcome<Vec<Intent>> {
        let mut reports = Vec::with_capacity(count);
        for _ in 0..count {
            reports.extend(self.life(writer, at, by)?.into_iter().take(1));
        }
        Ok(reports)
    }
}

/// Somewhere within two hundred metres.
fn metres(writer: &mut Writer) -> i32 {
    i32::try_from(writer.below(4_000)).unwrap_or_default() - 2_000
}

/// The changes of a case as they come out of the log.
fn arrive(intents: &[Intent], first_seq: u64, actor: Actor) -> Outcome<Vec<Arrived>> {
    let mut arrived = Vec::with_capacity(intents.len());
    let mut document: Option<Document> = None;
    let mut home = None;
    for (seq, intent) in (first_seq..).zip(intents) {
        let change = match &mut document {
            Some(document) => document.run(intent, actor)?,
            None => {
                let (created, change) = Document::create(intent, actor)?;
                document = Some(created);
                change
            }
        };
        home = home.or_else(|| intent.body.creates_in().map(home_scope));
        arrived.push(Arrived {
            scope: home.clone().ok_or("a case begins with its report")?,
            seq,
            received: intent.at.at().plus_ms(60_000),
            document: intent.document,
            hash: change.hash,
            bytes: Some(change.bytes),
        });
    }
    Ok(arrived)
}

/// Cases per transaction while filling.
const BATCH: usize = 500;

/// Lets cases arrive in a store as others' work does, spread evenly from `from` over `days`; `numbers` of
/// `of`, so that a store can be filled further later. Gives the number of changes.
pub(crate) fn fill(
    store: &Store,
    town: &Town,
    writer: &mut Writer,
    numbers: Range<usize>,
    of: usize,
    (from, days): (Timestamp, i64),
) -> Outcome<usize> {
    let actor = Actor(writer.bytes());
    let step = days * DAY_MS / i64::try_from(of.max(1))?;
    let mut changes = 0;
    let mut number = numbers.start;
    while number < numbers.end {
        let mut batch = Vec::new();
        for _ in 0..BATCH.min(numbers.end - number) {
            let at = from.plus_ms(step * i64::try_from(number)?);
            let life = town.life(writer, at, By::Everybody)?;
            batch.extend(arrive(&life, u64::try_from(changes + batch.len())? + 1, actor)?);
            number += 1;
        }
        changes += batch.len();
        store.apply_log(&batch, &[], ("bench", u64::try_from(number)?))?;
    }
    Ok(changes)
}
