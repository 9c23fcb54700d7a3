//! `field today [--team T]`: the morning round, the look-back list and how far they have come.

use super::cases::table_of;
use super::matter::{self, MatterLine};
use crate::error::CommandError;
use crate::language::{Language, say};
use crate::outcome::Outcome;
use crate::table::Table;
use crate::view::{CaseLine, Named, Names, short};
use crate::words;
use chrono::NaiveDate;
use sanben_domain::id::{CaseId, TeamId};
use sanben_domain::patrol::{Coverage, Task, VisitResult};
use sanben_field::{CaseQuery, Field, Order};
use serde::Serialize;

/// Whose list.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct TodayArgs {
    /// A team; else the person's own team, else the points the person answers for.
    #[arg(long)]
    pub(crate) team: Option<TeamId>,
}

/// Lists what is to do today.
///
/// # Errors
/// As [`Field::team_list`] and [`Field::today_list`].
pub(crate) fn run(args: &TodayArgs, field: &Field) -> Result<Today, CommandError> {
    let list = match &args.team {
        Some(team) => field.team_list(team)?,
        None => field.today_list()?,
    };
    let names = Names::of(field)?;
    let now = field.now()?;
    let handle = match &args.team {
        Some(_) => Vec::new(),
        // The rule of `cases --mine`.
        None => {
            let query = CaseQuery {
                mine: Some(field.enrolment()?.person),
                mine_unit: field.own_unit()?,
                open_only: true,
                order: Order::Due,
                limit: MOST,
                ..CaseQuery::default()
            };
            field.cases(&query)?.rows.into_iter().map(|row| CaseLine::of(row, &names, now)).collect()
        }
    };
    let matters = match &args.team {
        Some(_) => Vec::new(),
        None => {
            let matters = field.matters_today()?.into_iter();
            matters.filter_map(|view| MatterLine::of(view, &names, now)).collect()
        }
    };
    let tasks = |tasks: &[Task]| tasks.iter().map(|task| TaskView::of(task, &names)).collect();
    Ok(Today {
        day: list.day,
        morning: tasks(&list.morning),
        morning_coverage: list.morning_coverage,
        look_back: tasks(&list.look_back),
        look_back_coverage: list.look_back_coverage,
        handle,
        matters,
    })
}

/// Today's lists.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Today {
    /// The local day.
    pub(crate) day: NaiveDate,
    /// 晨扫描: the points to walk.
    pub(crate) morning: Vec<TaskView>,
    /// How far that has come.
    pub(crate) morning_coverage: Coverage,
    /// 回头看: the points to go back to.
    pub(crate) look_back: Vec<TaskView>,
    /// How far that has come.
    pub(crate) look_back_coverage: Coverage,
    /// Open cases of the person, soonest due first: reported by them, answered for, or dispatched to them or their
    /// unit. Empty for another team's list.
    pub(crate) handle: Vec<CaseLine>,
    /// Matters to take up today, in that order. Empty for another team's list.
    pub(crate) matters: Vec<MatterLine>,
}

/// At most so many open cases; `cases --mine` has the rest.
const MOST: usize = 50;

/// A point on the list.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct TaskView {
    /// The point.
    pub(crate) point: Named,
    /// What the visit found; nothing while it is to do.
    pub(crate) result: Option<VisitResult>,
    /// Cases to look at there.
    pub(crate) cases: Vec<CaseId>,
}

impl TaskView {
    fn of(task: &Task, names: &Names) -> Self {
        Self { point: names.point(&task.point), result: task.result.clone(), cases: task.cases.clone() }
    }
}

impl Outcome for Today {
    fn show(&self, language: Language) -> String {
        let list = |tasks: &[TaskView]| {
            let mut table = Table::new([
                say!(language, "label-point"),
                say!(language, "label-result"),
                say!(language, "label-cases"),
            ]);
            for task in tasks {
                table.row([
                    task.point.with_code(),
                    words::visit(language, task.result.as_ref()),
                    task.cases.iter().map(short).collect::<Vec<_>>().join(" "),
                ]);
            }
            table.lines()
        };
        let (morning, look_back) = (self.morning_coverage, self.look_back_coverage);
        let mut text = say!(
            language,
            "today-morning",
            day = self.day.to_string(),
            done = morning.visited,
            all = morning.points
        );
        text.push('\n');
        text.push_str(&list(&self.morning));
        text.push('\n');
        text.push_str(&say!(language, "today-look-back", done = look_back.visited, all = look_back.points));
        text.push('\n');
        if !self.look_back.is_empty() {
            text.push_str(&list(&self.look_back));
        }
        if !self.handle.is_empty() {
            text.push('\n');
            text.push_str(&say!(language, "today-handle", n = self.handle.len()));
            text.push('\n');
            text.push_str(&table_of(&self.handle, language));
        }
        if !self.matters.is_empty() {
            text.push('\n');
            text.push_str(&say!(language, "today-matters", n = self.matters.len()));
            text.push('\n');
            text.push_str(&matter::table_of(&self.matters, language));
        }
        text
    }
}
