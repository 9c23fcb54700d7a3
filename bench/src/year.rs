//! The sheets of a year: every community, every week, from all cases at once and after one more event.

use crate::Outcome;
use chrono::NaiveDate;
use sanben_domain::case::{CaseAct, CaseRecord, CaseState, Source, fold};
use sanben_domain::event::Event;
use sanben_domain::id::{CaseId, DocumentId, EventId, UnitId};
use sanben_domain::reference::{Reference, UnitKind};
use sanben_domain::score::{Asked, Book, Period, Rhythm, ScoredCase};
use sanben_domain::time::{Stamp, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

const SOURCES: [Source; 5] =
    [Source::Own, Source::Subdistrict, Source::District, Source::City, Source::DigitalCity];

/// What a year of sheets took.
pub(crate) struct Year {
    /// Folding all cases, which a store has done already.
    pub(crate) folded: Duration,
    /// Telling all cases and counting all sheets.
    pub(crate) scratch: Duration,
    /// Each time one more event came: fold, tell, and the sheets of its week and month.
    pub(crate) events: Vec<Duration>,
    /// How many sheets.
    pub(crate) sheets: usize,
    /// How many lines are on them.
    pub(crate) entries: usize,
}

/// An id that nobody else has.
fn id(number: u64, part: u64) -> [u8; 16] {
    let mut bytes = [0; 16];
    let number = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    bytes
        .iter_mut()
        .zip(number.to_be_bytes().into_iter().chain(part.to_be_bytes()))
        .for_each(|(b, n)| *b = n);
    bytes
}

/// A case of the year: found, mostly put right the same day, sometimes late or found again.
fn case(number: u64, of: u64, reference: &Reference, begin: Timestamp) -> Option<CaseRecord> {
    let points = reference.points.len();
    let point = reference.points.values().nth(usize::try_from(number).ok()? % points)?;
    let standards = reference.standards.len().max(1);
    let standard = reference.standards.keys().nth(usize::try_from(number / 7).ok()? % standards)?;
    let year_ms: u64 = 360 * 86_400_000;
    let at = begin.plus_ms(i64::try_from(year_ms / of * number).ok()?);
    let source = SOURCES.get(usize::try_from(number % 5).ok()?).copied()?;
    let mut acts = vec![(0, CaseAct::Report { source })];
    let hours = if number.is_multiple_of(9) { 90 } else { 3 };
    let rectify =
        CaseAct::Rectify { words: String::new(), photos: Vec::new(), on_the_spot: number.is_multiple_of(11) };
    acts.push((hours, rectify));
    if number.is_multiple_of(13) {
        acts.push((hours + 24, CaseAct::FindAgain { words: String::new(), photos: Vec::new() }));
    }
    let community = reference.community_of_point(&point.id)?.id.clone();
    let mut seen = Vec::new();
    let mut events = BTreeMap::new();
    for (part, (hours, act)) in (1u64..).zip(acts) {
        let event = EventId::from_random(id(number, part));
        let at = Stamp::exact(at.plus_hours(hours));
        let by = "U007".into();
        events
            .insert(event, Event { id: event, at, by, seen: std::mem::replace(&mut seen, vec![event]), act });
    }
    Some(CaseRecord {
        id: DocumentId::from_random(id(number, 0)),
        home: community,
        point: Some(point.id.clone()),
        standard: Some(standard.clone()),
        description: String::new(),
        fix: None,
        photos: BTreeMap::new(),
        events,
    })
}

/// Counts a year.
pub(crate) fn of(reference: &Reference, cases: u64, more: usize) -> Outcome<Year> {
    let zone = reference.tenant.as_ref().ok_or("a tenant")?.zone;
    let first = NaiveDate::from_ymd_opt(2026, 1, 1).ok_or("a year")?;
    let (begin, year) = (zone.midnight(first), Period::year_of(first));
    let as_of = zone.midnight(year.until);
    let records: Vec<CaseRecord> =
        (0..cases).map(|n| case(n, cases, reference, begin)).collect::<Option<_>>().ok_or("points")?;
    let begun = Instant::now();
    let folded: Vec<CaseState> =
        records.iter().map(|record| fold(record, reference, None)).collect::<Option<_>>().ok_or("a fold")?;
    let folding = begun.elapsed();

    let (pending, cut) = (BTreeSet::new(), BTreeMap::new());
    let weeks: Vec<Period> = year.each(Rhythm::Weekly).collect();
    let asked = |period| Asked { period, as_of, cut: cut.clone(), reference, pending: &pending };
    let units = reference.units.values().filter(|unit| unit.kind == UnitKind::Community);
    let communities: Vec<&UnitId> = units.map(|unit| &unit.id).collect();
    let begun = Instant::now();
    let mut books: BTreeMap<&UnitId, Book> =
        communities.iter().map(|community| (*community, Book::new((*community).clone()))).collect();
    for (record, state) in records.iter().zip(&folded) {
        let book = state.community.as_ref().and_then(|community| books.get_mut(community));
        book.ok_or("a community")?.tell(ScoredCase { record, state }, reference, as_of)?;
    }
    let (mut sheets, mut entries) = (0, 0);
    for book in books.values_mut() {
        book.announce(reference, as_of)?;
        for week in &weeks {
            sheets += 1;
            entries += book.sheet(&asked(*week))?.entries.len();
        }
    }
    let scratch = begun.elapsed();

    let mut events = Vec::new();
    for mut record in records.iter().step_by(records.len() / more.max(1)).cloned() {
        let last = record.events.keys().next_back().copied().ok_or("an event")?;
        let at = record.events.values().map(|event| event.at.at()).max().ok_or("an event")?;
        let id = EventId::from_random(id(u64::MAX, u64::try_from(events.len())?));
        let act = CaseAct::FindAgain { words: String::new(), photos: Vec::new() };
        let (at, by) = (Stamp::exact(at.plus_hours(1)), "U007".into());
        record.events.insert(id, Event { id, at, by, seen: vec![last], act });
        let begun = Instant::now();
        let state = fold(&record, reference, None).ok_or("a fold")?;
        let book = state.community.as_ref().and_then(|community| books.get_mut(community)).ok_or("a book")?;
        book.tell(ScoredCase { record: &record, state: &state }, reference, as_of)?;
        let day = zone.day(at.at());
        for period in [Period::week_of(day), Period::month_of(day)] {
            std::hint::black_box(book.sheet(&asked(period))?);
        }
        events.push(begun.elapsed());
    }
    let _: Option<CaseId> = books.values().flat_map(|book| book.due_by(as_of)).next();
    Ok(Year { folded: folding, scratch, events, sheets, entries })
}
