//! The reference data of a tenant, as an office keeps it: a folder of spreadsheets and a few settings.
//!
//! [`read`] turns a whole folder into one publication of the command post, [`read_partial`] some files of it
//! on top of what already holds. Either all of it is sound, or nothing is returned but a list that names
//! every fault by file, row and column with what to do about it. The files and their columns are those of
//! `data/README.md`; besides, headers and words may be English, a later rule set has a file of its own
//! (`rules-2027.toml`), and `announcements.csv` (编号, 类型, 社区, 点位, 检查, 日期, 说明) holds praise, clean
//! points and failed material. A first import needs all but teams, calendar, polygons, rules, announcements.
//!
//! A folder is read in three steps: its bytes (`folder`); the codes that references may name (`known`);
//! each kind of row with its own module, which says what is wrong and goes on. Tables share `table`,
//! settings share `settings`, and `spelling` knows what people type.

mod announcements;
mod cells;
mod folder;
mod known;
mod people;
mod points;
mod problem;
mod remark;
mod rules;
mod rulings;
mod settings;
mod spelling;
mod standards;
mod table;
mod template;
mod tenant;
mod units;
mod workbook;

#[cfg(test)]
mod tests;

pub use problem::{Doubt, Problem};
pub use remark::{ImportError, ImportErrors, InWords, MOST_ERRORS, Remark, Warning};
pub use template::{kinds as template_kinds, template};

use folder::{Folder, Source};
use known::Known;
use remark::Report;
use sanben_domain::reference::{Reference, ReferenceRow, ReferenceUpdate, UnitKind};
use sanben_domain::score::RuleSet;
use sanben_domain::time::Zone;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use table::{Column, Sheet};

/// What a folder says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// The rows to publish. It removes nothing: what goes is decided where it is known what holds.
    pub update: ReferenceUpdate,
    /// How many rows there are of each kind.
    pub counts: Counts,
    /// What may be a mistake, by file and row.
    pub warnings: Vec<Warning>,
    /// The kinds of rows, as in [`RowKey::kind`](sanben_domain::reference::RowKey::kind), that the folder
    /// holds all of: a row of such a kind that holds now and is not here was taken out of its file. A part
    /// holds all of nothing. Rule sets and announcements are never complete: past sheets are computed from
    /// those that are no longer kept.
    pub complete: BTreeSet<&'static str>,
}

/// How many rows of each kind a folder holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[expect(missing_docs, reason = "each is the count of what it is called")]
pub struct Counts {
    pub units: usize,
    pub communities: usize,
    pub compounds: usize,
    pub points: usize,
    pub standards: usize,
    pub people: usize,
    pub teams: usize,
    pub assignments: usize,
    pub calendar_days: usize,
    pub cells: usize,
    pub rule_sets: usize,
    pub announcements: usize,
    pub rulings: usize,
}

/// Reads all reference data of a tenant.
///
/// # Errors
/// Everything that is wrong with the files; then nothing is imported.
pub fn read(dir: &Path) -> Result<Import, ImportErrors> {
    read_folder(dir, None)
}

/// Reads some files on top of the `current` data: their rows replace or join, and may name what holds.
///
/// # Errors
/// Everything that is wrong with the files; then nothing is imported.
pub fn read_partial(dir: &Path, current: &Reference) -> Result<Import, ImportErrors> {
    read_folder(dir, Some(current))
}

/// Reads one file of rules, for a preview: it may name communities that hold.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read_rules(file: &Path, current: &Reference) -> Result<RuleSet, ImportErrors> {
    let mut report = Report::default();
    let name = file.file_name().map_or_else(|| file.to_string_lossy(), |name| name.to_string_lossy());
    let mut folder = Folder::default();
    folder.put(&name, folder::bytes_of(file), &mut report);
    let sheets = Sheets::open(&Folder::default(), false, &mut report);
    let known = Known::collect(&sheets, current);
    let set = match folder.text(&name) {
        Source::Text(text) => {
            settings::open(&name, text, &mut report, |top, report| rules::read(top, &known, report))
        }
        Source::Absent | Source::Broken | Source::Page(..) => None,
    };
    report.close()?;
    // Whatever keeps a rule set from being read is an error of the report.
    set.ok_or_else(|| ImportErrors { errors: Vec::new(), more: 0 })
}

fn read_folder(dir: &Path, current: Option<&Reference>) -> Result<Import, ImportErrors> {
    let mut report = Report::default();
    let wanted = |name: &str| {
        let known = TABLES.iter().any(|table| table.file == name) || is_other_file(name);
        known || folder::is_workbook(name)
    };
    let folder = Folder::read(dir, wanted, &mut report);
    import(&folder, current, report)
}

fn is_other_file(name: &str) -> bool {
    name == tenant::FILE || name == cells::FILE || rules::is_file(name)
}

/// A table of the folder.
struct Form {
    file: &'static str,
    /// What its sheet in a workbook is called, or begins with.
    zh: &'static str,
    columns: &'static [Column],
    /// The kind of its rows, where a full import replaces them all.
    replaces: Option<&'static str>,
    /// Whether a first import needs it.
    needed: bool,
}

const TABLES: [Form; 9] = [
    Form { file: units::FILE, zh: "单位", columns: units::COLUMNS, replaces: Some("unit"), needed: true },
    Form {
        file: points::FILE, zh: "点位", columns: points::COLUMNS, replaces: Some("point"), needed: true
    },
    Form {
        file: standards::FILE,
        zh: "标准",
        columns: standards::COLUMNS,
        replaces: Some("standard"),
        needed: true,
    },
    Form {
        file: people::FILE, zh: "人员", columns: people::COLUMNS, replaces: Some("person"), needed: true
    },
    Form {
        file: people::TEAMS,
        zh: "督导组",
        columns: people::TEAM_COLUMNS,
        replaces: Some("team"),
        needed: false,
    },
    Form {
        file: people::ASSIGNMENTS,
        zh: "责任",
        columns: people::ASSIGNMENT_COLUMNS,
        replaces: Some("assignment"),
        needed: true,
    },
    Form {
        file: standards::CALENDAR,
        zh: "日历",
        columns: standards::CALENDAR_COLUMNS,
        replaces: Some("calendar-day"),
        needed: false,
    },
    Form {
        file: announcements::FILE,
        zh: "通告",
        columns: announcements::COLUMNS,
        replaces: None,
        needed: false,
    },
    Form { file: rulings::FILE, zh: "裁定", columns: rulings::COLUMNS, replaces: None, needed: false },
];

/// The tables of a folder, each opened but not yet read.
struct Sheets {
    units: Sheet,
    points: Sheet,
    standards: Sheet,
    people: Sheet,
    teams: Sheet,
    assignments: Sheet,
    calendar: Sheet,
    announcements: Sheet,
    rulings: Sheet,
}

impl Sheets {
    fn open(folder: &Folder, whole: bool, report: &mut Report) -> Self {
        let [units, points, standards, people, teams, assignments, calendar, announcements, rulings] = TABLES
            .map(|form| {
                let source = folder.text(form.file);
                if matches!(source, Source::Absent) && whole && form.needed {
                    report.error(Remark::file(form.file, Problem::MissingFile));
                    return Sheet::Broken;
                }
                Sheet::open(form.file, &source, form.columns, report)
            });
        Self { units, points, standards, people, teams, assignments, calendar, announcements, rulings }
    }
}

fn import(folder: &Folder, current: Option<&Reference>, mut report: Report) -> Result<Import, ImportErrors> {
    let nothing = Reference::default();
    let held = current.unwrap_or(&nothing);
    let rows = read_rows(folder, held, current.is_none(), &mut report);
    let warnings = report.close()?;
    let present =
        TABLES.iter().filter(|form| matches!(folder.text(form.file), Source::Text(_) | Source::Page(..)));
    let mut complete: BTreeSet<_> = present.filter_map(|form| form.replaces).collect();
    if matches!(folder.text(cells::FILE), Source::Text(_)) {
        complete.insert("cell");
    }
    if current.is_some() {
        complete.clear();
    }
    let counts = Counts::of(&rows);
    Ok(Import { update: ReferenceUpdate { rows, removed: Vec::new() }, counts, warnings, complete })
}

/// Reads every kind in turn. What it returns is whole only if the report stays clean.
fn read_rows(folder: &Folder, held: &Reference, whole: bool, report: &mut Report) -> Vec<ReferenceRow> {
    let sheets = Sheets::open(folder, whole, report);
    let known = Known::collect(&sheets, held);
    let own = match folder.text(tenant::FILE) {
        Source::Text(text) => settings::open(tenant::FILE, text, report, tenant::read),
        Source::Broken | Source::Page(..) => None,
        Source::Absent => {
            if held.tenant.is_none() {
                report.error(Remark::file(tenant::FILE, Problem::MissingFile));
            }
            None
        }
    };
    let tenant = own.as_ref().or(held.tenant.as_ref());
    // Without settings there is an error already, and days may be read in any zone.
    let zone = tenant.map_or(Zone::CHINA, |tenant| tenant.zone);
    let id = tenant.map(|tenant| &tenant.id);

    let units = units::read(&sheets.units, &known, id, held, report);
    let points = points::read(&sheets.points, &known, report);
    let teams = people::read_teams(&sheets.teams, &known, report);
    let people = people::read(&sheets.people, &known, report);
    let standards = standards::read(&sheets.standards, &known, report);
    let assignments = people::read_assignments(&sheets.assignments, &known, zone, held, report);
    let days = standards::read_calendar(&sheets.calendar, report);
    let cells = cells::read(&folder.text(cells::FILE), &known, report);
    let rule_sets = read_rule_sets(folder, &known, report);
    let announcements = announcements::read(&sheets.announcements, &known, id, zone, report);

    let rulings = rulings::read(&sheets.rulings, &known, id, zone, report);

    let mut rows: Vec<ReferenceRow> = own.iter().cloned().map(ReferenceRow::Tenant).collect();
    rows.extend(units.into_iter().map(|(_, unit)| ReferenceRow::Unit(unit)));
    rows.extend(teams.into_iter().map(ReferenceRow::Team));
    rows.extend(people.into_iter().map(ReferenceRow::Person));
    rows.extend(points.iter().map(|(_, point)| ReferenceRow::Point(point.clone())));
    rows.extend(standards.into_iter().map(ReferenceRow::Standard));
    rows.extend(assignments.into_iter().map(ReferenceRow::Assignment));
    rows.extend(days.into_iter().map(ReferenceRow::CalendarDay));
    rows.extend(cells.into_iter().map(ReferenceRow::Cell));
    rows.extend(rule_sets.into_iter().map(ReferenceRow::RuleSet));
    rows.extend(announcements.into_iter().map(ReferenceRow::Announcement));
    rows.extend(rulings.into_iter().map(ReferenceRow::Ruling));

    if report.is_clean() {
        let units = held.units.values().cloned().map(ReferenceRow::Unit);
        let cells = held.cells.values().cloned().map(ReferenceRow::Cell);
        points::check_places(&points, &Reference::from_rows(units.chain(cells).chain(rows.clone())), report);
    }
    rows
}

fn read_rule_sets(folder: &Folder, known: &Known, report: &mut Report) -> Vec<RuleSet> {
    let mut files = BTreeMap::new();
    let mut sets = Vec::new();
    for file in folder.names().filter(|name| rules::is_file(name)) {
        let Source::Text(text) = folder.text(file) else { continue };
        let Some(set) = settings::open(file, text, report, |top, report| rules::read(top, known, report))
        else {
            continue;
        };
        if let Some(other) = files.insert(set.id.clone(), file) {
            let problem = Problem::DuplicateIn { file: other.to_owned() };
            report.error(Remark::file(file, problem).column("id").value(set.id.as_str()));
        }
        sets.push(set);
    }
    sets
}

impl Counts {
    fn of(rows: &[ReferenceRow]) -> Self {
        let mut counts = Self::default();
        for row in rows {
            let count = match row {
                ReferenceRow::Unit(unit) => {
                    match unit.kind {
                        UnitKind::Community => counts.communities += 1,
                        UnitKind::Compound => counts.compounds += 1,
                        _ => {}
                    }
                    &mut counts.units
                }
                ReferenceRow::Point(_) => &mut counts.points,
                ReferenceRow::Standard(_) => &mut counts.standards,
                ReferenceRow::Person(_) => &mut counts.people,
                ReferenceRow::Team(_) => &mut counts.teams,
                ReferenceRow::Assignment(_) => &mut counts.assignments,
                ReferenceRow::CalendarDay(_) => &mut counts.calendar_days,
                ReferenceRow::Cell(_) => &mut counts.cells,
                ReferenceRow::RuleSet(_) => &mut counts.rule_sets,
                ReferenceRow::Announcement(_) => &mut counts.announcements,
                ReferenceRow::Ruling(_) => &mut counts.rulings,
                ReferenceRow::Tenant(_) | ReferenceRow::Publication(_) => continue,
            };
            *count += 1;
        }
        counts
    }
}
