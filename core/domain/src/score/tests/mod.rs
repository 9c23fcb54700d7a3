//! A small street to keep score in: two communities, a few points, and cases written as their threads.

mod assessed;
mod circumstances;
mod data;
mod language;
mod model;
mod scheme;
mod settled;

use super::*;
use crate::case::{CaseAct, CaseRecord, CaseState, Outcome, PhotoRef, PhotoRole, Source, Step, fold};
use crate::event::Event;
use crate::id::{CaseId, EventId, PersonId, PhotoHash, PointId, StandardId, TenantId, UnitId};
use crate::matter::MatterRecord;
use crate::place::Coordinate;
use crate::reference::*;
use crate::time::{Stamp, Timestamp, Zone};
use chrono::{NaiveDate, NaiveTime};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

pub(super) const WILLOW: &str = "willow";
pub(super) const HARBOUR: &str = "harbour";
const ZONE: Zone = Zone::CHINA;

/// A clock reading in March 2026.
pub(super) fn march(day: u32, hour: u32, minute: u32) -> Timestamp {
    ZONE.at(march_day(day), NaiveTime::from_hms_opt(hour, minute, 0).unwrap())
}

pub(super) fn march_day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, day).unwrap()
}

pub(super) fn points(text: &str) -> ScorePoints {
    text.parse().unwrap()
}

/// Each community has the points `<community>-1` to `-4`; the head of each is `head-<point>`.
pub(super) fn street(rules: RuleSet) -> Reference {
    let day = DayPlan {
        patrol_at: NaiveTime::from_hms_opt(7, 0, 0).unwrap(),
        look_back_at: NaiveTime::from_hms_opt(17, 0, 0).unwrap(),
        ends_at: NaiveTime::from_hms_opt(18, 0, 0).unwrap(),
        work: Vec::new(),
    };
    let steps = vec![Step::Report, Step::File, Step::Dispatch, Step::Handle, Step::Verify, Step::Close];
    let mut rows = vec![
        ReferenceRow::Tenant(Tenant {
            id: TenantId::from("street"),
            name: "梧桐街道".to_owned(),
            zone: ZONE,
            day,
            duplicate: DuplicateRule { metres: 20, hours: 6 },
            offline_days: Tenant::a_week(),
            workflow: Workflow { steps, automatic: vec![Step::File, Step::Dispatch, Step::Close] },
        }),
        ReferenceRow::RuleSet(rules),
        standard("litter", TimeLimit::SameDay),
        standard("railing", TimeLimit::Days(3)),
    ];
    for community in [WILLOW, HARBOUR] {
        rows.push(ReferenceRow::Unit(Unit {
            id: UnitId::from(community),
            name: community.to_owned(),
            kind: UnitKind::Community,
            parent: None,
        }));
        for number in 1..=4 {
            let point = format!("{community}-{number}");
            rows.push(ReferenceRow::Point(Point {
                id: PointId(point.clone()),
                name: point.clone(),
                kind: "compound".to_owned(),
                unit: UnitId::from(community),
                at: Coordinate { lat_e7: 0, lon_e7: 0 },
                team: None,
            }));
            rows.push(head(&point, &format!("head-{point}"), Timestamp(0), None));
        }
    }
    Reference::from_rows(rows)
}

fn standard(id: &str, limit: TimeLimit) -> ReferenceRow {
    ReferenceRow::Standard(Standard {
        id: StandardId::from(id),
        clause: "1.1".to_owned(),
        name: id.to_owned(),
        applies_to: AppliesTo::All,
        limit,
        demand: String::new(),
        in_each: None,
    })
}

pub(super) fn head(point: &str, person: &str, from: Timestamp, until: Option<Timestamp>) -> ReferenceRow {
    let (point, person) = (PointId::from(point), PersonId::from(person));
    ReferenceRow::Assignment(Assignment { point, person, duty: Duty::Head, from, until })
}

/// Publishes more rows.
pub(super) fn publish(reference: &mut Reference, rows: impl IntoIterator<Item = ReferenceRow>) {
    for row in rows {
        match row {
            ReferenceRow::RuleSet(set) => drop(reference.rule_sets.insert(set.id.clone(), set)),
            ReferenceRow::Announcement(said) => drop(reference.announcements.insert(said.id, said)),
            ReferenceRow::Assignment(row) => {
                reference.assignments.entry(row.point.clone()).or_default().push(row);
            }
            row => panic!("no test publishes {row:?} later"),
        }
    }
}

/// A case, written event by event; each event has seen all before it unless it says otherwise.
#[derive(Clone)]
pub(super) struct Thread {
    pub(super) record: CaseRecord,
    last: Vec<EventId>,
}

pub(super) fn case(number: u32, point: &str, source: Source, at: Timestamp) -> Thread {
    reported(number, point, "litter", source, Stamp::exact(at))
}

pub(super) fn reported(number: u32, point: &str, standard: &str, source: Source, at: Stamp) -> Thread {
    let record = CaseRecord {
        id: case_id(number),
        home: UnitId::from(point.split('-').next().unwrap()),
        point: Some(PointId::from(point)),
        standard: Some(StandardId::from(standard)),
        description: "南门有垃圾".to_owned(),
        fix: None,
        photos: BTreeMap::from([(
            PhotoHash([u8::try_from(number % 251).unwrap(); 32]),
            PhotoRef { role: PhotoRole::Before, width: 4, height: 3, bytes: 12 },
        )]),
        events: BTreeMap::new(),
    };
    Thread { record, last: Vec::new() }.then(at, CaseAct::Report { source })
}

pub(super) fn case_id(number: u32) -> CaseId {
    crate::id::DocumentId(Uuid::from_u128(u128::from(number)))
}

impl Thread {
    /// The id of the nth event, from 0.
    pub(super) fn event(&self, n: usize) -> EventId {
        EventId(Uuid::from_u128(self.record.id.0.as_u128() << 16 | n as u128))
    }

    fn put(&mut self, seen: Vec<EventId>, at: Stamp, act: CaseAct) -> EventId {
        let id = self.event(self.record.events.len());
        let by = PersonId::from("somebody");
        self.record.events.insert(id, Event { id, at, by, seen, act });
        id
    }

    pub(super) fn then(mut self, at: Stamp, act: CaseAct) -> Self {
        let id = self.put(self.last.clone(), at, act);
        self.last = vec![id];
        self
    }

    /// Two acts whose authors did not know of each other.
    pub(super) fn beside(mut self, at: Timestamp, acts: [CaseAct; 2]) -> Self {
        let seen = self.last.clone();
        self.last = acts.into_iter().map(|act| self.put(seen.clone(), Stamp::exact(at), act)).collect();
        self
    }

    pub(super) fn rectified(self, at: Timestamp) -> Self {
        self.then(Stamp::exact(at), rectify(false))
    }

    pub(super) fn fixed_on_the_spot(self, at: Timestamp) -> Self {
        self.then(Stamp::exact(at), rectify(true))
    }

    pub(super) fn looked_back(self, at: Timestamp, outcome: Outcome) -> Self {
        self.then(Stamp::exact(at), look_back(outcome))
    }

    pub(super) fn found_again(self, at: Timestamp) -> Self {
        self.then(Stamp::exact(at), CaseAct::FindAgain { words: String::new(), photos: Vec::new() })
    }
}

pub(super) fn rectify(on_the_spot: bool) -> CaseAct {
    CaseAct::Rectify { words: "已清理".to_owned(), photos: Vec::new(), on_the_spot }
}

pub(super) fn look_back(outcome: Outcome) -> CaseAct {
    CaseAct::LookBack { outcome, words: String::new(), photos: Vec::new() }
}

pub(super) fn void() -> CaseAct {
    CaseAct::Void { reason: "不属实".to_owned() }
}

/// An announcement about the willow community on 12 March.
pub(super) fn said(number: u32, fact: Fact, point: Option<&str>, check: Option<&str>) -> Announcement {
    Announcement {
        id: EventId(Uuid::from_u128(u128::from(number))),
        community: UnitId::from(WILLOW),
        fact,
        point: point.map(PointId::from),
        check: check.map(str::to_owned),
        at: march(12, 9, 0),
        words: String::new(),
        evidence: Vec::new(),
        named: None,
        mark: None,
    }
}

/// What a sheet is asked: usually the willow community's March, seen from the first of April.
#[derive(Clone)]
pub(super) struct Question {
    pub(super) community: &'static str,
    pub(super) period: Period,
    pub(super) as_of: Timestamp,
    pub(super) sheets: Vec<MatterRecord>,
    pub(super) pending: BTreeSet<EventId>,
}

impl Default for Question {
    fn default() -> Self {
        Self {
            community: WILLOW,
            period: Period::month_of(march_day(1)),
            as_of: ZONE.midnight(NaiveDate::from_ymd_opt(2026, 4, 1).unwrap()),
            sheets: Vec::new(),
            pending: BTreeSet::new(),
        }
    }
}

impl Question {
    pub(super) fn ask(&self, reference: &Reference, threads: &[Thread]) -> Result<ScoreSheet, ScoreError> {
        let states: Vec<(&CaseRecord, CaseState)> = threads
            .iter()
            .filter_map(|thread| Some((&thread.record, fold(&thread.record, reference, Some(self.as_of))?)))
            .collect();
        sheet(&SheetInput {
            community: &UnitId::from(self.community),
            period: self.period,
            as_of: self.as_of,
            cut: BTreeMap::from([(format!("{}:work", self.community), 7)]),
            reference,
            cases: states.iter().map(|(record, state)| ScoredCase { record, state }).collect(),
            sheets: self.sheets.clone(),
            pending: self.pending.clone(),
        })
    }
}

pub(super) fn march_sheet(reference: &Reference, threads: &[Thread]) -> ScoreSheet {
    Question::default().ask(reference, threads).unwrap()
}

/// How far the total is from the base.
pub(super) fn moved(sheet: &ScoreSheet) -> ScorePoints {
    ScorePoints(sheet.total.0 - sheet.base.0)
}
