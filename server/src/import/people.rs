//! `people.csv`, `teams.csv` and `assignments.csv`: who acts, and who answers for which point.

use super::known::{self, Known};
use super::problem::Problem;
use super::remark::Report;
use super::spelling::{self, Words};
use super::table::{Column, ID, NAME, Row, Sheet};
use sanben_domain::id::{PersonId, PointId, TeamId, UnitId};
use sanben_domain::reference::{Assignment, Duty, Person, Reference, Role, Team};
use sanben_domain::time::{Timestamp, Zone};
use std::collections::BTreeMap;

/// The file of people.
pub(super) const FILE: &str = "people.csv";
pub(super) const FULL_NAME: Column = Column::needed("姓名", "name");
const ROLE: Column = Column::needed("角色", "role");
const UNIT: Column = Column::needed("单位", "unit");
const TEAM: Column = Column::optional("督导组", "team");
/// Its columns.
pub(super) const COLUMNS: &[Column] = &[ID, FULL_NAME, ROLE, UNIT, TEAM];

/// The file of teams.
pub(super) const TEAMS: &str = "teams.csv";
const LEADER: Column = Column::needed("组长", "leader");
/// Its columns.
pub(super) const TEAM_COLUMNS: &[Column] = &[ID, NAME, LEADER];

/// The file of assignments.
pub(super) const ASSIGNMENTS: &str = "assignments.csv";
const POINT: Column = Column::needed("点位", "point");
const PERSON: Column = Column::needed("责任人", "person");
const DUTY: Column = Column::needed("职责", "duty");
const FROM: Column = Column::needed("起", "from");
const UNTIL: Column = Column::needed("止", "until");
/// Its columns.
pub(super) const ASSIGNMENT_COLUMNS: &[Column] = &[POINT, PERSON, DUTY, FROM, UNTIL];

const ROLES: Words<Role> = &[
    ("指挥部", "command", Role::Command),
    ("督导员", "inspector", Role::Inspector),
    ("点位负责人", "point-head", Role::PointHead),
    ("网格员", "grid-member", Role::GridMember),
    ("志愿者", "volunteer", Role::Volunteer),
    ("社区干部", "clerk", Role::Clerk),
    ("纪检", "discipline", Role::Discipline),
];

const DUTIES: Words<Duty> = &[("点位负责人", "head", Duty::Head), ("包联人", "contact", Duty::Contact)];

/// Reads the people.
pub(super) fn read(sheet: &Sheet, known: &Known, report: &mut Report) -> Vec<Person> {
    known::codes_once(sheet, report);
    let people = sheet.each(report, |row, report| {
        let id = row.code(ID, report);
        let name = row.text(FULL_NAME, report).map(str::to_owned);
        let role = row.word(ROLE, ROLES, report);
        let unit = row.known(UNIT, &known.units, report);
        let team = row.optional(TEAM, |row| row.known(TEAM, &known.teams, report));
        Some(Person {
            id: PersonId(id?),
            name: name?,
            role: role?,
            unit: UnitId(unit?),
            team: team?.map(TeamId),
        })
    });
    people.into_iter().map(|(_, person)| person).collect()
}

/// Reads the teams.
pub(super) fn read_teams(sheet: &Sheet, known: &Known, report: &mut Report) -> Vec<Team> {
    known::codes_once(sheet, report);
    let teams = sheet.each(report, |row, report| {
        let id = row.code(ID, report);
        let name = row.text(NAME, report).map(str::to_owned);
        let leader = row.known(LEADER, &known.people, report);
        Some(Team { id: TeamId(id?), name: name?, leader: PersonId(leader?) })
    });
    teams.into_iter().map(|(_, team)| team).collect()
}

/// Reads the assignments and checks that a point has one head at a time, also beside those that hold already.
pub(super) fn read_assignments(
    sheet: &Sheet,
    known: &Known,
    zone: Zone,
    current: &Reference,
    report: &mut Report,
) -> Vec<Assignment> {
    let key = |row: &Row<'_>| {
        let from = spelling::day(row.cell(FROM))?;
        Some((spelling::code(row.cell(POINT))?, spelling::code(row.cell(PERSON))?, from))
    };
    known::each_once(sheet, POINT, key, report);
    let assignments = sheet.each(report, |row, report| assignment(row, known, zone, report));
    check_heads(&assignments, current, report);
    assignments.into_iter().map(|(_, assignment)| assignment).collect()
}

fn assignment(row: &Row<'_>, known: &Known, zone: Zone, report: &mut Report) -> Option<Assignment> {
    let point = row.known(POINT, &known.points, report);
    let person = row.known(PERSON, &known.people, report);
    let duty = row.word(DUTY, DUTIES, report);
    let from = row.day(FROM, report);
    let until = row.optional(UNTIL, |row| row.day(UNTIL, report));
    if let (Some(from), Some(Some(until))) = (from, until)
        && until <= from
    {
        report.error(row.remark(UNTIL, Problem::EndsBeforeItBegins));
        return None;
    }
    Some(Assignment {
        point: PointId(point?),
        person: PersonId(person?),
        duty: duty?,
        from: zone.midnight(from?),
        until: until?.map(|day| zone.midnight(day)),
    })
}

/// One term of the head of a point, and the row that says so; `None` when it holds already.
struct Term<'a> {
    from: Timestamp,
    until: Option<Timestamp>,
    row: Option<&'a Row<'a>>,
}

fn check_heads(assignments: &[(Row<'_>, Assignment)], current: &Reference, report: &mut Report) {
    let mut terms: BTreeMap<&PointId, BTreeMap<(Timestamp, &PersonId), Term<'_>>> = BTreeMap::new();
    let new = assignments.iter().map(|(row, assignment)| (assignment, Some(row)));
    let held = current.assignments.values().flatten().map(|assignment| (assignment, None));
    // A new row replaces the one of the same point, person and first day, whatever duty either gives.
    for (assignment, row) in held.chain(new) {
        let of_point = terms.entry(&assignment.point).or_default();
        let key = (assignment.from, &assignment.person);
        if assignment.duty == Duty::Head {
            of_point.insert(key, Term { from: assignment.from, until: assignment.until, row });
        } else {
            of_point.remove(&key);
        }
    }
    for of_point in terms.into_values() {
        let mut of_point: Vec<_> = of_point.into_values().collect();
        of_point.sort_by_key(|term| (term.from, term.row.map(|row| row.number)));
        let mut last: Option<Term<'_>> = None;
        for term in of_point {
            if let Some(before) = &last
                && before.until.is_none_or(|until| until > term.from)
            {
                name_overlap(before, &term, report);
            }
            if last.as_ref().is_none_or(|before| ends_later(&term, before)) {
                last = Some(term);
            }
        }
    }
}

fn ends_later(term: &Term<'_>, than: &Term<'_>) -> bool {
    than.until.is_some_and(|end| term.until.is_none_or(|until| until >= end))
}

/// The earlier term should have ended; if it holds already, the later one cannot begin.
fn name_overlap(before: &Term<'_>, after: &Term<'_>, report: &mut Report) {
    match (before.row, after.row) {
        (Some(before), after) => {
            report.error(before.remark(UNTIL, Problem::TwoHeads { row: after.map(|row| row.number) }));
        }
        (None, Some(after)) => report.error(after.remark(FROM, Problem::TwoHeads { row: None })),
        (None, None) => {}
    }
}
