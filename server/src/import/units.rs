//! `units.csv`: the grid tree. Its root is the tenant's own unit; every other unit lies below it.

use super::known::{self, Known};
use super::problem::Problem;
use super::remark::{Remark, Report};
use super::spelling::Words;
use super::table::{Column, ID, NAME, Row, Sheet};
use sanben_domain::id::{TenantId, UnitId};
use sanben_domain::reference::{Reference, Unit, UnitKind};
use std::collections::{BTreeMap, BTreeSet};

/// The file.
pub(super) const FILE: &str = "units.csv";
/// What a unit is.
pub(super) const KIND: Column = Column::needed("类型", "kind");
const PARENT: Column = Column::needed("上级", "parent");
/// Its columns.
pub(super) const COLUMNS: &[Column] = &[ID, NAME, KIND, PARENT];

/// What a unit can be.
pub(super) const KINDS: Words<UnitKind> = &[
    ("区", "district", UnitKind::District),
    ("街道", "subdistrict", UnitKind::Subdistrict),
    ("社区", "community", UnitKind::Community),
    ("村", "village", UnitKind::Community),
    ("小区", "compound", UnitKind::Compound),
    ("部门", "department", UnitKind::Department),
    ("物业", "property-firm", UnitKind::PropertyFirm),
    ("商场", "venue", UnitKind::Venue),
    ("楼座", "building", UnitKind::Building),
    ("楼层", "floor", UnitKind::Floor),
    ("市直单位", "bureau", UnitKind::Guest),
    ("共建单位", "partner", UnitKind::Guest),
];

/// Reads the units and checks that they form one tree below the tenant's own unit.
pub(super) fn read<'a>(
    sheet: &'a Sheet,
    known: &Known,
    tenant: Option<&TenantId>,
    current: &Reference,
    report: &mut Report,
) -> Vec<(Row<'a>, Unit)> {
    known::codes_once(sheet, report);
    let units = sheet.each(report, |row, report| unit(row, known, report));
    let mut tree: Tree<'_> =
        current.units.values().map(|unit| (&unit.id, (unit.parent.as_ref(), None))).collect();
    tree.extend(units.iter().map(|(row, unit)| (&unit.id, (unit.parent.as_ref(), Some(row)))));
    let root = tenant.map(|tenant| UnitId(tenant.0.clone()));
    if let (Some(root), false) = (&root, matches!(sheet, Sheet::Broken)) {
        check_root(&tree, root, known, report);
    }
    check_cycles(&tree, root.as_ref(), report);
    units
}

fn unit(row: &Row<'_>, known: &Known, report: &mut Report) -> Option<Unit> {
    let id = row.code(ID, report);
    let name = row.text(NAME, report).map(str::to_owned);
    let kind = row.word(KIND, KINDS, report);
    let parent = row.optional(PARENT, |row| row.known(PARENT, &known.units, report));
    Some(Unit { id: UnitId(id?), name: name?, kind: kind?, parent: parent?.map(UnitId) })
}

/// The unit above each unit, and the row that says so; `None` when it holds already.
type Tree<'a> = BTreeMap<&'a UnitId, (Option<&'a UnitId>, Option<&'a Row<'a>>)>;

fn check_root(tree: &Tree<'_>, root: &UnitId, known: &Known, report: &mut Report) {
    if !known.units.hold(root.as_str()) {
        report.error(Remark::file(FILE, Problem::NoRoot).column(ID.zh).value(root.as_str()));
    }
    for (id, (parent, row)) in tree {
        let problem = match parent {
            Some(_) if *id == root => Problem::RootBelow,
            None if *id != root => Problem::SecondRoot { root: root.to_string() },
            _ => continue,
        };
        report.error(match row {
            Some(row) => row.remark(PARENT, problem),
            None => Remark::file(FILE, problem).column(id.as_str()),
        });
    }
}

/// Names each cycle once, at the first of its rows. A way that reaches the root ends there.
fn check_cycles(tree: &Tree<'_>, root: Option<&UnitId>, report: &mut Report) {
    let mut settled: BTreeSet<&UnitId> = root.into_iter().collect();
    for start in tree.keys() {
        let mut way: Vec<&UnitId> = Vec::new();
        let mut on_way: BTreeSet<&UnitId> = BTreeSet::new();
        let mut next = Some(*start);
        while let Some(id) = next.filter(|id| !settled.contains(id)) {
            if !on_way.insert(id) {
                let cycle = way.iter().skip_while(|step| **step != id).copied().collect::<Vec<_>>();
                name_cycle(tree, &cycle, report);
                break;
            }
            way.push(id);
            next = tree.get(id).and_then(|(parent, _)| *parent);
        }
        settled.extend(way);
    }
}

fn name_cycle(tree: &Tree<'_>, cycle: &[&UnitId], report: &mut Report) {
    let rows = cycle.iter().enumerate().filter_map(|(place, id)| Some((place, tree.get(id)?.1?)));
    if let Some((place, row)) = rows.min_by_key(|(_, row)| row.number) {
        let round = cycle.iter().cycle().skip(place).take(cycle.len() + 1);
        report.error(row.remark(PARENT, Problem::Cycle { way: round.map(ToString::to_string).collect() }));
    }
}
