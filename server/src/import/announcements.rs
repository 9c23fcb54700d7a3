//! `announcements.csv`: praise, clean points and failed material, as the office received them.

use super::known::{self, Known};
use super::problem::Problem;
use super::remark::Report;
use super::rules;
use super::spelling::{self, Words};
use super::table::{Column, ID, Row, Sheet};
use sanben_domain::id::{EventId, PointId, TenantId, UnitId};
use sanben_domain::score::{Announcement, Fact};
use sanben_domain::time::Zone;
use sha2::{Digest, Sha256};

/// The file.
pub(super) const FILE: &str = "announcements.csv";
const FACT: Column = Column::needed("类型", "fact");
const COMMUNITY: Column = Column::needed("社区", "community");
const POINT: Column = Column::optional("点位", "point");
const CHECK: Column = Column::optional("检查", "check");
const DAY: Column = Column::needed("日期", "day");
const NAMED: Column = Column::optional("名目", "named");
const MARK: Column = Column::optional("得分", "mark");
const WORDS: Column = Column::optional("说明", "words");
/// Its columns.
pub(super) const COLUMNS: &[Column] = &[ID, FACT, COMMUNITY, POINT, CHECK, DAY, NAMED, MARK, WORDS];

const FACTS: Words<Fact> = &[
    ("市级表扬", "praise-city", Fact::PraiseCity),
    ("区级表扬", "praise-district", Fact::PraiseDistrict),
    ("街道表扬", "praise-subdistrict", Fact::PraiseSubdistrict),
    ("市级检查无问题", "clean-point-city", Fact::CleanPointCity),
    ("区级检查无问题", "clean-point-district", Fact::CleanPointDistrict),
    ("市级退回材料", "material-failed-city", Fact::MaterialFailedCity),
    ("区级退回材料", "material-failed-district", Fact::MaterialFailedDistrict),
    ("其他", "other", Fact::Other),
];

/// Reads the announcements.
pub(super) fn read(
    sheet: &Sheet,
    known: &Known,
    tenant: Option<&TenantId>,
    zone: Zone,
    report: &mut Report,
) -> Vec<Announcement> {
    known::codes_once(sheet, report);
    let tenant = tenant.map_or("", TenantId::as_str);
    let announcements = sheet.each(report, |row, report| announcement(row, known, tenant, zone, report));
    announcements.into_iter().map(|(_, announcement)| announcement).collect()
}

fn announcement(
    row: &Row<'_>,
    known: &Known,
    tenant: &str,
    zone: Zone,
    report: &mut Report,
) -> Option<Announcement> {
    let code = row.code(ID, report);
    let fact = row.word(FACT, FACTS, report);
    let community = row.known(COMMUNITY, &known.units, report).filter(|code| {
        let is = known.communities.hold(code);
        if !is {
            report.error(row.remark(COMMUNITY, Problem::NotACommunity));
        }
        is
    });
    let point = if fact.is_some_and(Fact::is_clean_point) {
        row.known(POINT, &known.points, report).map(Some)
    } else {
        row.optional(POINT, |row| row.known(POINT, &known.points, report))
    };
    let day = row.day(DAY, report);
    let named = match fact {
        Some(Fact::Other) => row.text(NAMED, report).map(|named| Some(named.to_owned())),
        _ => Some(None),
    };
    let mark = row.optional(MARK, |row| row.read(MARK, rules::exact, Problem::NotExact, report));
    let check = spelling::half_width(row.cell(CHECK));
    Some(Announcement {
        id: id(tenant, "announcement", &code?),
        community: UnitId(community?),
        fact: fact?,
        point: point?.map(PointId),
        check: (!check.is_empty()).then_some(check),
        at: zone.midnight(day?),
        words: row.cell(WORDS).to_owned(),
        evidence: Vec::new(),
        named: named?,
        mark: mark?,
    })
}

/// An office numbers its announcements itself; the same number of the same tenant is always the same id, so
/// that importing again replaces. A UUID is taken as it is.
pub(super) fn id(tenant: &str, kind: &str, code: &str) -> EventId {
    code.parse().unwrap_or_else(|_| {
        let digest = Sha256::digest(format!("{tenant}/{kind}/{code}"));
        let mut bytes = [0; 16];
        bytes.iter_mut().zip(digest).for_each(|(byte, hashed)| *byte = hashed);
        EventId::from_random(bytes)
    })
}
