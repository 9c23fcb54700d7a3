//! The high-tech zone's own rows: 22 departments (11), a mall that is gridded by building and floor (12), and a need that
//! climbs until somebody can decide (14). The zone is a tenant of its own, with a server and devices of its own.

use super::{Failure, Office, Said, Week, must};
use crate::language::say;
use sanben_domain::reference::UnitKind;
use serde_json::Value;

const COMMAND: &str = "U001";
/// An inspector of each team.
const INSPECTORS: [(&str, &str); 3] = [("T1", "U008"), ("T2", "U011"), ("T3", "U014")];
/// Who walks the mall.
const OF_THE_MALL: &str = "U011";
/// The grid member of the first floor of the 精品馆, who answers for it, and the community's clerk.
const GRID: &str = "U105";
const HEAD: &str = "U097";
const CLERK: &str = "U063";
/// The first floor of the 精品馆; the mother-and-baby rooms of the three buildings, and their standard.
const FLOOR: &str = "P089";
const ROOMS: [&str; 3] = ["P082", "P087", "P092"];
const ROOM: &str = "S25";
/// Two departments that leave what was found until the evening.
const LATE: [&str; 2] = ["dept-zhifa", "dept-jiaojing"];

/// The zone on its day, 19 March.
pub(super) struct Zone<'a> {
    week: &'a Week<'a>,
    office: Office,
}

impl<'a> Zone<'a> {
    /// Its server starts and its people enrol; the teams walk at 07:00 and find something in what each department holds.
    pub(super) fn begin(week: &'a Week<'a>) -> Result<Self, Failure> {
        let stage = week.stage;
        stage.clock.set_on(19, 6, 30);
        let zone = Self { week, office: Office::open(&stage.dir.join("zone"), &stage.clock)? };
        let (server, data) = (stage.store("zone"), stage.beside().to_string_lossy().into_owned());
        stage.run_quietly(&["import", "--dir", &server, &data])?;
        let inspectors = INSPECTORS.map(|(_, person)| person);
        for person in [COMMAND, GRID, HEAD, CLERK].into_iter().chain(inspectors) {
            let words = ["invite", "--dir", &server, "--url", &zone.office.url(), person];
            let code = stage.run_quietly(&words)?.text_at("/code")?.to_owned();
            zone.quietly(person, &["enroll", &zone.office.url(), &code])?;
            zone.quietly(person, &["sync"])?;
        }
        Ok(zone)
    }

    fn quietly(&self, person: &str, words: &[&str]) -> Result<Said, Failure> {
        self.week.stage.field_quietly(&format!("zone-{person}"), words)
    }

    fn aloud(&self, person: &str, words: &[&str]) -> Result<Said, Failure> {
        self.week.stage.field(&format!("zone-{person}"), words)
    }

    fn sync(&self) -> Result<(), Failure> {
        let inspectors = INSPECTORS.map(|(_, person)| person);
        let all: Vec<_> = [COMMAND, GRID, HEAD, CLERK].into_iter().chain(inspectors).collect();
        for person in all.iter().chain(&all) {
            self.quietly(person, &["sync"])?;
        }
        Ok(())
    }

    /// 11: something is found at a point of each of the 22 departments. All but two put it right the same day.
    pub(super) fn departments(&self) -> Result<(), Failure> {
        let (stage, language) = (self.week.stage, self.week.stage.language);
        self.week.row(11, &say!(language, "week-departments"), 19, 7, 0);
        let held = self.quietly(COMMAND, &["departments"])?;
        let departments = held.list_at("/departments")?;
        must(departments.len() == 22, "22 departments")?;
        let reference = self.office.reference()?;
        let mut found = Vec::new();
        for department in departments {
            let point = department.pointer("/points/0/id").and_then(Value::as_str);
            let point = point.ok_or_else(|| Failure("a department without a point".to_owned()))?;
            let team = reference.points.get(&point.into()).and_then(|point| point.team.as_ref());
            let of_team = |(known, _): &&(&str, &str)| team.is_some_and(|team| team.0 == *known);
            let inspector = INSPECTORS.iter().find(of_team).map_or(OF_THE_MALL, |(_, person)| person);
            let standards = self.quietly(inspector, &["standards", "--point", point])?;
            let standard = standards.text_at("/standards/0/id")?.to_owned();
            let words = format!("{}：不到位", standards.text_at("/standards/0/name")?);
            let record = ["record", "--point", point, "--standard", &standard, &words];
            let case = self.quietly(inspector, &record)?.text_at("/case")?.to_owned();
            let unit = department.pointer("/unit/id").and_then(Value::as_str).unwrap_or_default();
            found.push((unit.to_owned(), inspector, case));
        }
        stage.clock.set_on(19, 8, 0);
        let mended = || found.iter().filter(|(unit, ..)| !LATE.contains(&unit.as_str()));
        for (_, inspector, case) in mended() {
            self.quietly(inspector, &["rectify", case, "--on-the-spot", "已当场整改"])?;
            self.quietly(inspector, &["look-back", case, "--passed", "整改到位"])?;
        }
        self.sync()?;
        for (.., case) in mended() {
            self.quietly(COMMAND, &["act", case, "close"])?;
        }
        let seen = self.aloud(COMMAND, &["departments"])?;
        let sum = |key: &str| -> u64 {
            let lines = seen.list_at("/departments").unwrap_or_default();
            lines.iter().filter_map(|line| line.get(key)?.as_u64()).sum()
        };
        must((sum("found"), sum("open")) == (22, 2), "one found at each of 22 departments, two left open")?;
        let one = self.aloud(COMMAND, &["departments", LATE[0]])?;
        must(one.list_at("/departments/0/cases")?.len() == 1, "a department's own points and cases")
    }

    /// 12: every floor lies in a building of the mall, with a point and somebody who answers. 14's standard asks for a
    /// room in each building: the list of where it is lacking is that of the buildings.
    pub(super) fn mall(&self) -> Result<(), Failure> {
        let (stage, language) = (self.week.stage, self.week.stage.language);
        self.week.row(12, &say!(language, "week-mall"), 19, 9, 0);
        let reference = self.office.reference()?;
        let floors: Vec<_> = reference.units.values().filter(|unit| unit.kind == UnitKind::Floor).collect();
        let below = |id, kind| reference.ancestors(id).any(|unit| unit.kind == kind);
        must(!floors.is_empty(), "the mall has floors")?;
        for floor in &floors {
            must(
                below(&floor.id, UnitKind::Building) && below(&floor.id, UnitKind::Venue),
                "each in a building of it",
            )?;
            let on_it = |unit| unit == &floor.id;
            must(reference.points.values().any(|point| on_it(&point.unit)), "with a point")?;
            must(reference.people.values().any(|person| on_it(&person.unit)), "and a grid member")?;
        }
        stage.tell(&say!(language, "week-mall-text", floors = floors.len()));
        self.aloud(OF_THE_MALL, &["points", "商场"])?;
        let unseen = self.aloud(OF_THE_MALL, &["coverage"])?;
        must(lacks(&unseen)? == ["not-seen"; 3], "nobody has looked into the three buildings yet")?;
        let assessment = self.open(
            OF_THE_MALL,
            &["assessment", "title=母婴室核查", "points=P082,P087,P092", "until=2026-03-19"],
        )?;
        for (point, result) in ROOMS.into_iter().zip(["met", "met", "not-met"]) {
            self.observe(&assessment, point, result)?;
        }
        let seen = self.aloud(OF_THE_MALL, &["coverage"])?;
        must(
            lacks(&seen)? == ["not-met"],
            "the blind spot is the building where it is too far from the entrance",
        )?;
        let node = seen.text_at("/uncovered/0/node/name")?;
        must(node == "锦程商贸城精品馆", "by its name")
    }

    /// 14: it climbs level by level until somebody can decide, and comes back down, done within the day.
    pub(super) fn need_climbs(&self) -> Result<(), Failure> {
        let (stage, language) = (self.week.stage, self.week.stage.language);
        self.week.row(14, &say!(language, "week-escalation"), 19, 10, 0);
        let record = ["record", "--point", FLOOR, "精品馆内的母婴室距离入口较远"];
        let case = self.aloud(GRID, &record)?.text_at("/case")?.to_owned();
        self.sync()?;
        self.aloud(HEAD, &["act", &case, "escalate", "--to", "hightech-03", "楼层定不了,请社区协调"])?;
        self.sync()?;
        self.aloud(CLERK, &["act", &case, "escalate", "--to", "hightech", "需增设一间,请指挥部定"])?;
        self.sync()?;
        self.aloud(COMMAND, &["act", &case, "answer", "同意在精品馆入口增设一间,一天内完成"])?;
        self.sync()?;
        let shown = self.aloud(GRID, &["show", &case])?;
        must(shown.text.contains("同意在精品馆入口增设一间"), "the answer comes back down to who asked")?;
        stage.clock.set_on(19, 16, 30);
        self.aloud(HEAD, &["rectify", &case, "母婴室已增设,当天启用"])?;
        self.sync()?;
        stage.clock.set_on(19, 17, 0);
        self.quietly(OF_THE_MALL, &["look-back", &case, "--passed", "母婴室已可使用"])?;
        self.sync()?;
        self.quietly(COMMAND, &["act", &case, "close"])?;
        let again =
            self.open(OF_THE_MALL, &["assessment", "title=母婴室复查", "points=P092", "until=2026-03-19"])?;
        self.observe(&again, "P092", "met")?;
        let covered = self.aloud(OF_THE_MALL, &["coverage"])?;
        must(lacks(&covered)?.is_empty(), "one in each building")
    }

    fn open(&self, person: &str, words: &[&str]) -> Result<String, Failure> {
        Ok(self.quietly(person, &[&["matter", "open"], words].concat())?.text_at("/id")?.to_owned())
    }

    fn observe(&self, assessment: &str, point: &str, result: &str) -> Result<(), Failure> {
        let given = ["observation-sheet", "--point", point, "--about", assessment];
        let sheet = self.open(OF_THE_MALL, &given)?;
        let (standard, result) = (format!("standard={ROOM}"), format!("result={result}"));
        self.quietly(OF_THE_MALL, &["matter", "act", &sheet, "observe", &standard, &result]).map(drop)
    }
}

/// What is lacking, node by node.
fn lacks(said: &Said) -> Result<Vec<&str>, Failure> {
    let lines = said.list_at("/uncovered")?.iter();
    Ok(lines.filter_map(|line| line.get("lack").and_then(Value::as_str)).collect())
}
