//! `import --dir DIR FOLDER`: publishes the reference data that an office keeps in a folder of files.

use super::home::Desk;
use crate::error::CommandError;
use crate::explain;
use crate::language::{Language, say};
use crate::outcome::Outcome;
use crate::table::Table;
use sanben_domain::reference::{Reference, ReferenceRow, RowKey};
use sanben_field::Platform;
use sanben_server::import::{Counts, Import, ImportErrors, Warning, read};
use sanben_server::{PublishError, Published};
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

/// From where to where.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct ImportArgs {
    /// The server's.
    #[command(flatten)]
    pub(crate) home: Desk,
    /// The folder with the files.
    pub(crate) folder: PathBuf,
    /// Checks everything, says what would change, and changes nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// Checks the files and publishes what differs from what holds.
///
/// # Errors
/// [`CommandError::NoFolder`]; [`CommandError::Import`] when a file is not sound: nothing was imported. [`CommandError::Publish`].
pub(crate) fn run(args: &ImportArgs, platform: &Platform) -> Result<Imported, CommandError> {
    if !args.folder.is_dir() {
        return Err(CommandError::NoFolder(args.folder.clone()));
    }
    let import = read(&args.folder)?;
    let (changes, rows) = if args.dry_run {
        // A dry run makes no folder; what is not there holds nothing.
        let held =
            if args.home.dir.is_dir() { args.home.open(platform)?.reference()? } else { Arc::default() };
        refuse_another_tenant(&held, &import)?;
        (Changes::between(&held, &import), differences(&held, &import)?)
    } else {
        (Changes::from(args.home.open(platform)?.publish_import(&import)?), Vec::new())
    };
    Ok(Imported { dry_run: args.dry_run, changes, rows, counts: import.counts, warnings: import.warnings })
}

/// A dry run refuses what publishing would refuse.
fn refuse_another_tenant(held: &Reference, import: &Import) -> Result<(), CommandError> {
    let another = |row: &ReferenceRow| match (row, &held.tenant) {
        (ReferenceRow::Tenant(named), Some(tenant)) => named.id != tenant.id,
        _ => false,
    };
    if import.update.rows.iter().any(another) {
        return Err(PublishError::OtherTenant.into());
    }
    Ok(())
}

/// What an import did, or would do.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Imported {
    /// Nothing was changed.
    pub(crate) dry_run: bool,
    /// What differs from what held before.
    pub(crate) changes: Changes,
    /// The rows that would change, by kind and key; of a dry run alone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) rows: Vec<Difference>,
    /// What the folder holds.
    pub(crate) counts: Counts,
    /// What was imported and may be a mistake.
    pub(crate) warnings: Vec<Warning>,
}

/// A row that would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Difference {
    /// What would become of it.
    what: What,
    /// Its kind.
    kind: String,
    /// Its key.
    key: String,
    /// What differs in it: field, before, after.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fields: Vec<(String, String, String)>,
}

/// What would become of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
enum What {
    Ended,
    Changed,
    Added,
}

/// Rows of a diff that a screen shows.
const SHOWN: usize = 40;

fn differences(held: &Reference, import: &Import) -> Result<Vec<Difference>, CommandError> {
    let held = rows_of(held);
    let new: BTreeMap<RowKey, &ReferenceRow> =
        import.update.rows.iter().map(|row| (row.key(), row)).collect();
    let mut rows = Vec::new();
    for key in held.keys().filter(|key| import.complete.contains(key.kind.as_str()) && !new.contains_key(key))
    {
        let (kind, key) = (key.kind.clone(), key.key.clone());
        rows.push(Difference { what: What::Ended, kind, key, fields: Vec::new() });
    }
    for (key, row) in new {
        let (what, fields) = match held.get(&key) {
            None => (What::Added, Vec::new()),
            Some(old) if old == row => continue,
            Some(old) => (What::Changed, fields(old, row)?),
        };
        rows.push(Difference { what, kind: key.kind, key: key.key, fields });
    }
    rows.sort_by(|a, b| (&a.kind, a.what, &a.key).cmp(&(&b.kind, b.what, &b.key)));
    Ok(rows)
}

/// The fields that differ, as data shows them.
fn fields(old: &ReferenceRow, new: &ReferenceRow) -> Result<Vec<(String, String, String)>, CommandError> {
    let fields = |row: &ReferenceRow| -> Result<serde_json::Map<String, Value>, CommandError> {
        let row = serde_json::to_value(row).map_err(std::io::Error::from)?;
        // A row is tagged by its kind: the fields are one level down.
        let inner = row.as_object().and_then(|row| row.values().next()).and_then(Value::as_object);
        Ok(inner.cloned().unwrap_or_default())
    };
    let (old, new) = (fields(old)?, fields(new)?);
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let shown = |value: Option<&Value>| match value {
        None => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
    };
    let differs = names.into_iter().filter(|name| old.get(*name) != new.get(*name));
    Ok(differs.map(|name| (name.clone(), shown(old.get(name)), shown(new.get(name)))).collect())
}

/// How a folder differs from what held before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Changes {
    /// Rows that were not there before.
    pub(crate) new: usize,
    /// Rows that replace others.
    pub(crate) changed: usize,
    /// Rows that are the same already.
    pub(crate) same: usize,
    /// Rows that held and are not in the folder any more.
    pub(crate) left_out: usize,
    /// Of those, rows that went; the others stay, because the past refers to them. Not known before.
    pub(crate) removed: Option<usize>,
}

impl From<Published> for Changes {
    fn from(published: Published) -> Self {
        let Published { new, changed, removed, same, kept } = published;
        Self { new, changed, same, left_out: removed + kept, removed: Some(removed) }
    }
}

impl Changes {
    fn between(held: &Reference, import: &Import) -> Self {
        let held = rows_of(held);
        let listed: BTreeSet<RowKey> = import.update.rows.iter().map(ReferenceRow::key).collect();
        let gone = |key: &&RowKey| import.complete.contains(key.kind.as_str()) && !listed.contains(key);
        let left_out = held.keys().filter(gone).count();
        let mut changes = Self { left_out, ..Self::default() };
        for row in &import.update.rows {
            match held.get(&row.key()) {
                None => changes.new += 1,
                Some(old) if old == row => changes.same += 1,
                Some(_) => changes.changed += 1,
            }
        }
        changes
    }
}

/// Reference data as the rows it is made of.
fn rows_of(held: &Reference) -> BTreeMap<RowKey, ReferenceRow> {
    let mut rows: Vec<ReferenceRow> = held.tenant.iter().cloned().map(ReferenceRow::Tenant).collect();
    rows.extend(held.units.values().cloned().map(ReferenceRow::Unit));
    rows.extend(held.points.values().cloned().map(ReferenceRow::Point));
    rows.extend(held.standards.values().cloned().map(ReferenceRow::Standard));
    rows.extend(held.people.values().cloned().map(ReferenceRow::Person));
    rows.extend(held.assignments.values().flatten().cloned().map(ReferenceRow::Assignment));
    rows.extend(held.teams.values().cloned().map(ReferenceRow::Team));
    rows.extend(held.calendar.days.values().cloned().map(ReferenceRow::CalendarDay));
    rows.extend(held.cells.values().cloned().map(ReferenceRow::Cell));
    rows.extend(held.rule_sets.values().cloned().map(ReferenceRow::RuleSet));
    rows.extend(held.announcements.values().cloned().map(ReferenceRow::Announcement));
    rows.extend(held.rulings.values().cloned().map(ReferenceRow::Ruling));
    rows.into_iter().map(|row| (row.key(), row)).collect()
}

impl Outcome for Imported {
    fn show(&self, language: Language) -> String {
        let Changes { new, changed, same, left_out, removed } = self.changes;
        let nothing = new == 0 && changed == 0 && removed.unwrap_or(left_out) == 0;
        let mut text = match (self.dry_run, nothing) {
            (true, _) => say!(language, "import-dry-run"),
            (false, true) => say!(language, "import-nothing"),
            (false, false) => say!(language, "import-done"),
        };
        text.push('\n');
        text.push_str(&say!(language, "import-changes", new = new, changed = changed, same = same));
        text.push('\n');
        if left_out > 0 {
            let line = match removed {
                Some(removed) => {
                    say!(
                        language,
                        "import-left-out",
                        n = left_out,
                        removed = removed,
                        kept = left_out - removed
                    )
                }
                None => say!(language, "import-would-leave-out", n = left_out),
            };
            text.push_str(&line);
            text.push('\n');
        }
        if !self.rows.is_empty() {
            text.push_str(&say!(language, "import-diff"));
            text.push('\n');
            for row in self.rows.iter().take(SHOWN) {
                let what = match row.what {
                    What::Added => say!(language, "diff-added"),
                    What::Changed => say!(language, "diff-changed"),
                    What::Ended => say!(language, "diff-ended"),
                };
                let fields: Vec<_> =
                    row.fields.iter().map(|(name, old, new)| format!("{name} {old} → {new}")).collect();
                text.push_str(
                    &format!("  {what} {} {}  {}\n", row.kind, row.key, fields.join("; "))
                        .replace("  \n", "\n"),
                );
            }
            if let Some(more) = self.rows.len().checked_sub(SHOWN).filter(|more| *more > 0) {
                text.push_str(&format!("  {}\n", say!(language, "import-more-rows", n = more)));
            }
        }
        let counts = &self.counts;
        let mut table = Table::of_pairs();
        for (label, count) in [
            (say!(language, "count-communities"), counts.communities),
            (say!(language, "count-compounds"), counts.compounds),
            (say!(language, "count-units"), counts.units),
            (say!(language, "count-points"), counts.points),
            (say!(language, "count-standards"), counts.standards),
            (say!(language, "count-people"), counts.people),
            (say!(language, "count-teams"), counts.teams),
            (say!(language, "count-assignments"), counts.assignments),
            (say!(language, "count-calendar-days"), counts.calendar_days),
            (say!(language, "count-cells"), counts.cells),
            (say!(language, "count-rule-sets"), counts.rule_sets),
            (say!(language, "count-announcements"), counts.announcements),
            (say!(language, "count-rulings"), counts.rulings),
        ] {
            table.pair(label, (count > 0).then(|| count.to_string()));
        }
        text.push_str(&table.lines());
        if !self.warnings.is_empty() {
            text.push_str(&say!(language, "import-warnings", n = self.warnings.len()));
            text.push('\n');
            for warning in &self.warnings {
                let said = match language {
                    Language::Zh => warning.zh(),
                    Language::En => warning.to_string(),
                };
                text.push_str(&format!("  {said}\n"));
            }
        }
        text
    }
}

/// What is wrong with the files, as a table.
#[must_use]
pub(crate) fn faults(errors: &ImportErrors, language: Language) -> String {
    let mut table = Table::new([
        say!(language, "label-file"),
        say!(language, "label-row"),
        say!(language, "label-column"),
        say!(language, "label-value"),
        say!(language, "label-what-to-do"),
    ]);
    for error in &errors.errors {
        let what = explain::problem(language, &error.problem);
        table.row([
            error.file.clone(),
            error.row.map(|row| row.to_string()).unwrap_or_default(),
            error.column.clone().unwrap_or_default(),
            error.value.clone().unwrap_or_default(),
            what,
        ]);
    }
    let mut text = table.whole().lines();
    if errors.more > 0 {
        text.push_str(&say!(language, "import-more-faults", n = errors.more));
        text.push('\n');
    }
    text
}
