//! A corner of the park subdistrict for tests: two communities, five points, two teams, and stories told
//! event by event.

use crate::case::{CaseAct, CaseRecord, CaseState, Handler, Outcome, Source, Step, fold};
use crate::event::{CausalOrder, Event};
use crate::id::{CaseId, DocumentId, EventId, PersonId, PointId, StandardId, TeamId, TenantId, UnitId};
use crate::ledger::Folded;
use crate::place::{Coordinate, Ring};
use crate::reference::*;
use crate::time::{Stamp, Timestamp, Zone};
use chrono::{NaiveDate, NaiveTime};
use std::collections::BTreeMap;
use uuid::Uuid;

pub(crate) const ZONE: Zone = Zone::CHINA;
/// The point of the seed day: a compound's south entrance, headed by `HEAD`, walked by `T1`.
pub(crate) const SOUTH_GATE: &str = "P011";
/// A market whose head changed on 1 March: first `OLD_HEAD`, then `NEW_HEAD`.
pub(crate) const MARKET: &str = "P015";
/// A road that nobody answers for.
pub(crate) const ORPHAN: &str = "P014";
/// A compound of the other community, walked by `T2`.
pub(crate) const NORTH: &str = "P001";
pub(crate) const HEAD: &str = "叶慧敏";
pub(crate) const OLD_HEAD: &str = "彭书琴";
pub(crate) const NEW_HEAD: &str = "石新民";
pub(crate) const NORTH_HEAD: &str = "王瑞芳";
pub(crate) const COMMAND: &str = "钱洪波";
pub(crate) const DISCIPLINE: &str = "段俊峰";
pub(crate) const INSPECTOR: &str = "陈宝玲";
pub(crate) const COLLEAGUE: &str = "黎家旺";
pub(crate) const OTHER_TEAM: &str = "杜小满";
pub(crate) const GRID: &str = "李艳玲";
pub(crate) const CLERK: &str = "彭晓东";
pub(crate) const VOLUNTEER: &str = "苏小雨";

pub(crate) fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).unwrap()
}

pub(crate) fn time(hour: u32, minute: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, minute, 0).unwrap()
}

/// A clock reading in 2026.
pub(crate) fn at(month: u32, of_month: u32, hour: u32, minute: u32) -> Timestamp {
    ZONE.at(day(month, of_month), time(hour, minute))
}

/// A clock reading on the seed day.
pub(crate) fn march20(hour: u32, minute: u32) -> Timestamp {
    at(3, 20, hour, minute)
}

/// The moved holidays of 2026 as the subdistrict imports them.
pub(crate) fn calendar_2026() -> Vec<CalendarDay> {
    let text = include_str!("../../../data/park/calendar.csv");
    let rows = text.lines().skip(1).filter(|line| !line.trim().is_empty());
    rows.map(|line| {
        let [day, kind, name] = line.split(',').collect::<Vec<_>>().try_into().unwrap();
        let kind = if kind == "班" { DayKind::Worked } else { DayKind::Free };
        CalendarDay { day: day.parse().unwrap(), kind, name: name.to_owned() }
    })
    .collect()
}

/// The park subdistrict's workflow: filing, dispatch and closing need no person.
pub(crate) fn short_workflow() -> Workflow {
    let steps = vec![Step::Report, Step::File, Step::Dispatch, Step::Handle, Step::Verify, Step::Close];
    Workflow { steps, automatic: vec![Step::File, Step::Dispatch, Step::Close] }
}

/// Every step by hand.
pub(crate) fn full_workflow() -> Workflow {
    use Step::{Close, Confirm, Dispatch, File, Handle, Report, Verify};
    Workflow { steps: vec![Report, Confirm, File, Dispatch, Handle, Verify, Close], automatic: Vec::new() }
}

fn unit(id: &str, kind: UnitKind, parent: Option<&str>) -> ReferenceRow {
    let parent = parent.map(UnitId::from);
    ReferenceRow::Unit(Unit { id: id.into(), name: id.to_owned(), kind, parent })
}

fn person(name: &str, role: Role, unit: &str, team: Option<&str>) -> ReferenceRow {
    let team = team.map(TeamId::from);
    ReferenceRow::Person(Person { id: name.into(), name: name.to_owned(), role, unit: unit.into(), team })
}

fn point(id: &str, kind: &str, unit: &str, (lat, lon): (f64, f64), team: Option<&str>) -> ReferenceRow {
    let (id, name) = (PointId::from(id), id.to_owned());
    let at = Coordinate::from_degrees(lat, lon).unwrap();
    ReferenceRow::Point(Point {
        id,
        name,
        kind: kind.to_owned(),
        unit: unit.into(),
        at,
        team: team.map(TeamId::from),
    })
}

fn head(point: &str, person: &str, from: Timestamp, until: Option<Timestamp>) -> ReferenceRow {
    let (point, person) = (point.into(), person.into());
    ReferenceRow::Assignment(Assignment { point, person, duty: Duty::Head, from, until })
}

fn standard(id: &str, applies_to: AppliesTo, limit: TimeLimit) -> ReferenceRow {
    let (clause, name, demand) = (format!("条款{id}"), id.to_owned(), String::new());
    ReferenceRow::Standard(Standard { id: id.into(), clause, name, applies_to, limit, demand, in_each: None })
}

fn area(
    id: &str,
    unit: &str,
    level: CellLevel,
    (south, north): (f64, f64),
    (west, east): (f64, f64),
) -> ReferenceRow {
    let corner = |lat, lon| Coordinate::from_degrees(lat, lon).unwrap();
    let ring = Ring(vec![corner(south, west), corner(south, east), corner(north, east), corner(north, west)]);
    ReferenceRow::Cell(Cell { id: id.into(), level, unit: unit.into(), ring })
}

pub(crate) fn park() -> Reference {
    park_with(short_workflow())
}

pub(crate) fn park_with(workflow: Workflow) -> Reference {
    let work = vec![(time(8, 30), time(12, 0)), (time(14, 0), time(17, 30))];
    let day_plan = DayPlan { patrol_at: time(7, 0), look_back_at: time(17, 0), ends_at: time(18, 0), work };
    let kinds = |kinds: &[&str]| AppliesTo::Kinds(kinds.iter().map(|kind| (*kind).to_owned()).collect());
    let new_year = at(1, 1, 0, 0);
    let handover = at(3, 1, 0, 0);
    let mut rows = vec![
        ReferenceRow::Tenant(Tenant {
            id: TenantId::from("park"),
            name: "公园街道".to_owned(),
            zone: ZONE,
            day: day_plan,
            duplicate: DuplicateRule { metres: 20, hours: 6 },
            offline_days: Tenant::a_week(),
            workflow,
        }),
        unit("park", UnitKind::Subdistrict, None),
        unit("park-01", UnitKind::Community, Some("park")),
        unit("park-01-c01", UnitKind::Compound, Some("park-01")),
        unit("park-02", UnitKind::Community, Some("park")),
        unit("park-02-c01", UnitKind::Compound, Some("park-02")),
        unit("dept-huanwei", UnitKind::Department, Some("park")),
        unit("dept-jijian", UnitKind::Department, Some("park")),
        point(NORTH, "居民小区", "park-01-c01", (38.308567, 116.830554), Some("T2")),
        point(SOUTH_GATE, "居民小区", "park-02-c01", (38.308162, 116.839776), Some("T1")),
        point(MARKET, "农贸市场", "park-02", (38.306609, 116.839645), Some("T1")),
        point(ORPHAN, "背街小巷", "park-02", (38.311659, 116.837142), Some("T1")),
        head(NORTH, NORTH_HEAD, new_year, None),
        head(SOUTH_GATE, HEAD, new_year, None),
        head(MARKET, OLD_HEAD, new_year, Some(handover)),
        head(MARKET, NEW_HEAD, handover, None),
        standard("S01", AppliesTo::All, TimeLimit::SameDay),
        standard("S15", kinds(&["居民小区", "农贸市场"]), TimeLimit::WorkingHours(4)),
        standard("S06", kinds(&["农贸市场"]), TimeLimit::WorkingDays(1)),
        standard("S21", kinds(&["背街小巷"]), TimeLimit::Days(3)),
        area("park-01", "park-01", CellLevel::Community, (38.304, 38.3135), (116.826, 116.8355)),
        area("park-02", "park-02", CellLevel::Community, (38.304, 38.3135), (116.8355, 116.8455)),
        area("park-02-g1", "park-02", CellLevel::Cell, (38.307, 38.310), (116.837, 116.842)),
        person(COMMAND, Role::Command, "park", None),
        person(DISCIPLINE, Role::Discipline, "dept-jijian", None),
        person(INSPECTOR, Role::Inspector, "park", Some("T1")),
        person(COLLEAGUE, Role::Inspector, "park", Some("T1")),
        person(OTHER_TEAM, Role::Inspector, "park", Some("T2")),
        person(HEAD, Role::PointHead, "park-02", None),
        person(OLD_HEAD, Role::PointHead, "park-02", None),
        person(NEW_HEAD, Role::PointHead, "dept-huanwei", None),
        person(NORTH_HEAD, Role::PointHead, "park-01", None),
        person(GRID, Role::GridMember, "park-02", None),
        person(CLERK, Role::Clerk, "park-02", None),
        person(VOLUNTEER, Role::Volunteer, "park-02", None),
        ReferenceRow::Team(Team {
            id: "T1".into(), name: "第一督导组".to_owned(), leader: INSPECTOR.into()
        }),
        ReferenceRow::Team(Team {
            id: "T2".into(),
            name: "第二督导组".to_owned(),
            leader: OTHER_TEAM.into(),
        }),
    ];
    rows.extend(calendar_2026().into_iter().map(ReferenceRow::CalendarDay));
    Reference::from_rows(rows)
}

/// A case as it is told: each act names what its author had seen.
#[derive(Debug, Clone)]
pub(crate) struct Story {
    pub(crate) record: CaseRecord,
    /// Event ids count down instead of up, which turns every tie between concurrent events around.
    pub(crate) mirrored: bool,
}

impl Story {
    /// A case found by an inspector at 07:04 on the seed day, against the standard for litter.
    pub(crate) fn at(point: &str) -> Self {
        Self::found(1, point, "S01", march20(7, 4))
    }

    pub(crate) fn found(number: u128, point: &str, standard: &str, when: Timestamp) -> Self {
        Self::told(number, point, standard, when, false)
    }

    pub(crate) fn told(number: u128, point: &str, standard: &str, when: Timestamp, mirrored: bool) -> Self {
        let record = CaseRecord {
            id: DocumentId(Uuid::from_u128(number)),
            home: UnitId::from("park-02"),
            point: Some(PointId::from(point)),
            standard: Some(StandardId::from(standard)),
            description: "入口有成片垃圾".to_owned(),
            fix: None,
            photos: BTreeMap::new(),
            events: BTreeMap::new(),
        };
        let mut story = Self { record, mirrored };
        story.tell(INSPECTOR, when, CaseAct::Report { source: Source::Subdistrict });
        story
    }

    pub(crate) fn id(&self) -> CaseId {
        self.record.id
    }

    /// An act of somebody who has seen everything so far.
    pub(crate) fn tell(&mut self, by: &str, when: Timestamp, act: CaseAct) -> EventId {
        let seen = self.heads();
        self.tell_seeing(by, Stamp::exact(when), act, &seen)
    }

    pub(crate) fn heads(&self) -> Vec<EventId> {
        let events = self.record.events.values();
        CausalOrder::of(events.map(|event| (event.id, event.seen.as_slice()))).heads()
    }

    pub(crate) fn tell_seeing(&mut self, by: &str, when: Stamp, act: CaseAct, seen: &[EventId]) -> EventId {
        let count = 1 + self.record.events.len() as u128;
        let number = if self.mirrored { 1_000 - count } else { count };
        let id = EventId(Uuid::from_u128((self.record.id.0.as_u128() << 64) + number));
        let event = Event { id, at: when, by: PersonId::from(by), seen: seen.to_vec(), act };
        self.record.events.insert(id, event);
        id
    }

    /// Two people act without knowing of each other.
    pub(crate) fn apart(
        &mut self,
        when: Timestamp,
        one: (&str, CaseAct),
        other: (&str, CaseAct),
    ) -> [EventId; 2] {
        let seen = self.heads();
        [one, other].map(|(by, act)| self.tell_seeing(by, Stamp::exact(when), act, &seen))
    }

    pub(crate) fn state(&self, reference: &Reference) -> CaseState {
        fold(&self.record, reference, None).unwrap()
    }

    pub(crate) fn folded(&self, reference: &Reference) -> Folded {
        (self.record.clone(), self.state(reference))
    }
}

pub(crate) fn acknowledge() -> CaseAct {
    CaseAct::Acknowledge { words: "收到，马上落实！".to_owned() }
}

pub(crate) fn rectify() -> CaseAct {
    CaseAct::Rectify { words: "已清运".to_owned(), photos: Vec::new(), on_the_spot: false }
}

pub(crate) fn look_back(outcome: Outcome) -> CaseAct {
    CaseAct::LookBack { outcome, words: String::new(), photos: Vec::new() }
}

pub(crate) fn passed() -> CaseAct {
    look_back(Outcome::Passed)
}

pub(crate) fn failed() -> CaseAct {
    look_back(Outcome::Failed)
}

pub(crate) fn rework() -> CaseAct {
    CaseAct::Rework { reason: "没有清干净".to_owned() }
}

pub(crate) fn void() -> CaseAct {
    CaseAct::Void { reason: "不在辖区".to_owned() }
}

pub(crate) fn found_again() -> CaseAct {
    CaseAct::FindAgain { words: "又有垃圾".to_owned(), photos: Vec::new() }
}

pub(crate) fn on_account(due: Timestamp) -> CaseAct {
    CaseAct::PutOnAccount { reason: "等待施工".to_owned(), due }
}

pub(crate) fn extend(due: Timestamp) -> CaseAct {
    CaseAct::Extend { reason: "车辆故障".to_owned(), due }
}

pub(crate) fn dispatch(unit: &str) -> CaseAct {
    CaseAct::Dispatch { to: Handler { unit: unit.into(), person: None } }
}

pub(crate) fn decide(upholds: EventId, over: &[EventId]) -> CaseAct {
    CaseAct::Decide { upholds, over: over.to_vec(), reason: "现场复核".to_owned() }
}

pub(crate) fn comment() -> CaseAct {
    CaseAct::Comment { words: "请尽快".to_owned() }
}
