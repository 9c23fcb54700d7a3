//! `standards.csv` and `calendar.csv`: what "right" means, by when, and which days count.

use super::known::{self, Known};
use super::problem::Problem;
use super::remark::Report;
use super::spelling::{self, Words};
use super::table::{Column, ID, NAME, Row, Sheet};
use super::units;
use sanben_domain::id::StandardId;
use sanben_domain::reference::{AppliesTo, CalendarDay, DayKind, Standard};

/// The file of standards.
pub(super) const FILE: &str = "standards.csv";
const CLAUSE: Column = Column::needed("条款", "clause");
const APPLIES_TO: Column = Column::needed("适用类别", "applies to");
const LIMIT: Column = Column::needed("时限", "limit");
const DEMAND: Column = Column::needed("要求", "demand");
const IN_EACH: Column = Column::optional("每处须有", "in each");
/// Its columns.
pub(super) const COLUMNS: &[Column] = &[ID, CLAUSE, NAME, APPLIES_TO, LIMIT, DEMAND, IN_EACH];

/// The file of the calendar.
pub(super) const CALENDAR: &str = "calendar.csv";
const DAY: Column = Column::needed("日期", "day");
const KIND: Column = Column::needed("类型", "kind");
/// Its columns.
pub(super) const CALENDAR_COLUMNS: &[Column] = &[DAY, KIND, NAME];

const DAY_KINDS: Words<DayKind> = &[("休", "free", DayKind::Free), ("班", "worked", DayKind::Worked)];

/// Reads the standards.
pub(super) fn read(sheet: &Sheet, known: &Known, report: &mut Report) -> Vec<Standard> {
    known::codes_once(sheet, report);
    let standards = sheet.each(report, |row, report| standard(row, known, report));
    standards.into_iter().map(|(_, standard)| standard).collect()
}

fn standard(row: &Row<'_>, known: &Known, report: &mut Report) -> Option<Standard> {
    let id = row.code(ID, report);
    let clause = row.text(CLAUSE, report).map(str::to_owned);
    let name = row.text(NAME, report).map(str::to_owned);
    let applies_to = applies_to(row, known, report);
    let limit = row.read(LIMIT, spelling::limit, Problem::BadLimit, report);
    let demand = row.text(DEMAND, report).map(str::to_owned);
    let in_each = match row.cell(IN_EACH) {
        "" => Some(None),
        _ => row.word(IN_EACH, units::KINDS, report).map(Some),
    };
    Some(Standard {
        id: StandardId(id?),
        clause: clause?,
        name: name?,
        applies_to: applies_to?,
        limit: limit?,
        demand: demand?,
        in_each: in_each?,
    })
}

fn applies_to(row: &Row<'_>, known: &Known, report: &mut Report) -> Option<AppliesTo> {
    let applies_to = spelling::applies_to(row.text(APPLIES_TO, report)?);
    if let AppliesTo::Kinds(kinds) = &applies_to {
        if kinds.is_empty() {
            report.error(row.remark(APPLIES_TO, Problem::Empty));
            return None;
        }
        for kind in kinds.iter().filter(|kind| !known.point_kinds.hold(kind)) {
            report.error(row.remark(APPLIES_TO, Problem::UnknownPointKind).value(kind));
        }
    }
    Some(applies_to)
}

/// Reads the days that differ from the plain week.
pub(super) fn read_calendar(sheet: &Sheet, report: &mut Report) -> Vec<CalendarDay> {
    known::each_once(sheet, DAY, |row| spelling::day(row.cell(DAY)), report);
    let days = sheet.each(report, |row, report| {
        let day = row.day(DAY, report);
        let kind = row.word(KIND, DAY_KINDS, report);
        let name = row.text(NAME, report).map(str::to_owned);
        Some(CalendarDay { day: day?, kind: kind?, name: name? })
    });
    days.into_iter().map(|(_, day)| day).collect()
}
