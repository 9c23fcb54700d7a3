//! `rulings.csv`: decisions on appeals against lines of sheets. A decision is a line of its own; nothing is
//! rubbed out.

use super::announcements;
use super::known::{self, Known};
use super::problem::Problem;
use super::remark::Report;
use super::rules;
use super::spelling;
use super::table::{Column, ID, Row, Sheet};
use sanben_domain::id::{EventId, PersonId, RuleId, TenantId, UnitId};
use sanben_domain::score::Ruling;
use sanben_domain::time::Zone;

/// The file.
pub(super) const FILE: &str = "rulings.csv";
const COMMUNITY: Column = Column::needed("社区", "community");
const LINE: Column = Column::needed("条目", "line");
const RULE: Column = Column::needed("规则", "rule");
const POINTS: Column = Column::needed("改为", "points");
const DAY: Column = Column::needed("日期", "day");
const APPELLANT: Column = Column::optional("申诉人", "appellant");
const BY: Column = Column::optional("裁定人", "by");
const WORDS: Column = Column::optional("理由", "words");
/// Its columns.
pub(super) const COLUMNS: &[Column] = &[ID, COMMUNITY, LINE, RULE, POINTS, DAY, APPELLANT, BY, WORDS];

/// Reads the decisions.
pub(super) fn read(
    sheet: &Sheet,
    known: &Known,
    tenant: Option<&TenantId>,
    zone: Zone,
    report: &mut Report,
) -> Vec<Ruling> {
    known::codes_once(sheet, report);
    let tenant = tenant.map_or("", TenantId::as_str);
    let rulings = sheet.each(report, |row, report| ruling(row, known, tenant, zone, report));
    rulings.into_iter().map(|(_, ruling)| ruling).collect()
}

fn ruling(row: &Row<'_>, known: &Known, tenant: &str, zone: Zone, report: &mut Report) -> Option<Ruling> {
    let code = row.code(ID, report);
    let community = row.known(COMMUNITY, &known.units, report);
    let of = row.read(LINE, |text| text.parse::<EventId>().ok(), Problem::NotALine, report);
    let rule = row.read(RULE, spelling::code, Problem::BadCode, report);
    let points = row.read(POINTS, rules::exact, Problem::NotExact, report);
    let day = row.day(DAY, report);
    let appellant = row.optional(APPELLANT, |row| row.known(APPELLANT, &known.people, report));
    let by = row.optional(BY, |row| row.known(BY, &known.people, report));
    Some(Ruling {
        id: announcements::id(tenant, "ruling", &code?),
        community: UnitId(community?),
        of: of?,
        rule: RuleId(rule?),
        points: points?,
        at: zone.midnight(day?),
        appellant: appellant?.map(PersonId),
        by: by?.map(PersonId),
        words: row.cell(WORDS).to_owned(),
    })
}
