//! `field departments [UNIT]`: what was handed out to each department, and how it stands; of one department its points
//! and its cases.

use super::cases::table_of;
use crate::error::CommandError;
use crate::language::{Language, say};
use crate::outcome::Outcome;
use crate::reading;
use crate::table::Table;
use crate::view::{CaseLine, Named, Names};
use chrono::NaiveDate;
use sanben_domain::id::UnitId;
use sanben_domain::rate::Handled;
use sanben_domain::score::Period;
use sanben_field::{Field, FieldError};
use serde::Serialize;

/// Which, and in which days.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct DepartmentsArgs {
    /// One of them, with its points and cases.
    pub(crate) unit: Option<UnitId>,
    /// A month; this month when nothing is said.
    #[arg(long, value_name = "YYYY-MM", value_parser = reading::month, conflicts_with = "week")]
    pub(crate) month: Option<NaiveDate>,
    /// The week, Monday to Sunday, of a day.
    #[arg(long, value_name = "DATE", value_parser = reading::day)]
    pub(crate) week: Option<NaiveDate>,
}

/// Lists them, by code.
///
/// # Errors
/// [`FieldError::NotFound`] for a unit that is no department; as [`Field::departments`].
pub(crate) fn run(args: &DepartmentsArgs, field: &Field) -> Result<Departments, CommandError> {
    let (names, now) = (Names::of(field)?, field.now()?);
    let period = match (args.month, args.week) {
        (Some(month), _) => Period::month_of(month),
        (_, Some(day)) => Period::week_of(day),
        _ => Period::month_of(field.today()?),
    };
    let mut works = field.departments(period)?;
    if let Some(unit) = &args.unit {
        works.retain(|id, _| id == unit);
        if works.is_empty() {
            return Err(FieldError::NotFound { what: "unit", id: unit.to_string() }.into());
        }
    }
    let lines = works.into_iter().map(|(unit, work)| {
        let cases = work.cases.iter().filter(|_| args.unit.is_some());
        let cases = cases.map(|id| Ok(CaseLine::of_row(&field.case(*id)?, &names, now)));
        Ok(DepartmentLine {
            unit: names.unit(&unit),
            contacts: work.contacts.iter().map(|id| names.person(id)).collect(),
            points: work.points.iter().map(|id| names.point(id)).collect(),
            found: work.cases.len(),
            open: work.open,
            handled: work.handled,
            cases: cases.collect::<Result<_, CommandError>>()?,
        })
    });
    let departments = lines.collect::<Result<_, CommandError>>()?;
    Ok(Departments { period, one: args.unit.is_some(), departments })
}

/// The departments.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Departments {
    period: Period,
    #[serde(skip)]
    one: bool,
    departments: Vec<DepartmentLine>,
}

/// One of them.
#[derive(Debug, Clone, Serialize)]
struct DepartmentLine {
    unit: Named,
    contacts: Vec<Named>,
    points: Vec<Named>,
    found: usize,
    open: usize,
    handled: Handled,
    /// Only of one department.
    cases: Vec<CaseLine>,
}

impl Outcome for Departments {
    fn show(&self, language: Language) -> String {
        let last = self.period.until.pred_opt().unwrap_or(self.period.until);
        let (from, to) = (self.period.from.to_string(), last.to_string());
        let head = say!(language, "departments-head", n = self.departments.len(), from = from, to = to);
        let mut table = Table::new([
            say!(language, "departments-unit"),
            say!(language, "departments-contacts"),
            say!(language, "teams-points"),
            say!(language, "label-cases"),
            say!(language, "label-open-cases"),
            say!(language, "departments-closed"),
            say!(language, "departments-on-time"),
        ]);
        for line in &self.departments {
            table.row([
                line.unit.with_code(),
                line.contacts.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
                line.points.len().to_string(),
                line.found.to_string(),
                line.open.to_string(),
                line.handled.closed.to_string(),
                line.handled.on_time.to_string(),
            ]);
        }
        let mut text = head + "\n" + &table.lines();
        for line in self.departments.iter().filter(|_| self.one) {
            let points: Vec<_> = line.points.iter().map(Named::with_code).collect();
            let points = points.join(&say!(language, "between"));
            text.push_str(&(say!(language, "departments-points", points = points) + "\n"));
            text.push_str(&table_of(&line.cases, language));
        }
        text
    }
}
