//! `field ledgers POINT [--at DATE]`: the three ledgers (三本台账) of a point.

use crate::error::CommandError;
use crate::language::{Language, say};
use crate::outcome::Outcome;
use crate::reading;
use crate::table::Table;
use crate::view::{Moment, Named, Names, name_of, short, standing};
use crate::words;
use chrono::NaiveDate;
use sanben_domain::case::{Lateness, Status};
use sanben_domain::id::{CaseId, PointId};
use sanben_domain::ledger::{Answering, ProblemEntry, StandardEntry};
use sanben_domain::reference::{Duty, Standard};
use sanben_field::Field;
use serde::Serialize;

/// Of which point, and who answered on which day.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct LedgersArgs {
    /// The point.
    pub(crate) point: PointId,
    /// Responsibility as it stood on this day; now when it is not said.
    #[arg(long, value_name = "DATE", value_parser = reading::day)]
    pub(crate) at: Option<NaiveDate>,
}

/// Opens the ledgers.
///
/// # Errors
/// As [`Field::ledgers`].
pub(crate) fn run(args: &LedgersArgs, field: &Field) -> Result<LedgersView, CommandError> {
    let names = Names::of(field)?;
    // Assignments begin and end with days, so the first instant speaks for the whole day.
    let at = match args.at {
        Some(day) => names.zone.midnight(day),
        None => field.now()?,
    };
    let ledgers = field.ledgers(&args.point, Some(at))?;
    let answering = |answering: &Answering| AnsweringView::of(answering, &names);
    let problem = |entry: &ProblemEntry| ProblemView::of(entry, &names);
    let standard =
        |entry: &StandardEntry| StandardView { standard: entry.standard.clone(), open: entry.open.clone() };
    Ok(LedgersView {
        point: names.point(&args.point),
        kind: ledgers.point.kind.clone(),
        unit: names.unit(&ledgers.point.unit),
        standards: ledgers.standards.standards.iter().map(standard).collect(),
        open: ledgers.problems.open.iter().map(problem).collect(),
        past: ledgers.problems.past.iter().map(problem).collect(),
        at: names.moment(at),
        head: ledgers.responsibility.head.as_ref().map(answering),
        contacts: ledgers.responsibility.contacts.iter().map(answering).collect(),
        history: ledgers.responsibility.history.iter().map(answering).collect(),
    })
}

/// The three ledgers.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct LedgersView {
    /// The point.
    pub(crate) point: Named,
    /// Its kind.
    pub(crate) kind: String,
    /// The unit it hangs on.
    pub(crate) unit: Named,
    /// 标准台账: which standards hold.
    pub(crate) standards: Vec<StandardView>,
    /// 问题台账: what is wrong.
    pub(crate) open: Vec<ProblemView>,
    /// What was wrong.
    pub(crate) past: Vec<ProblemView>,
    /// 责任台账: as it stood then.
    pub(crate) at: Moment,
    /// Who answers.
    pub(crate) head: Option<AnsweringView>,
    /// Contact persons.
    pub(crate) contacts: Vec<AnsweringView>,
    /// Everybody who ever answered.
    pub(crate) history: Vec<AnsweringView>,
}

/// A standard at the point.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct StandardView {
    /// The standard.
    pub(crate) standard: Standard,
    /// Open cases against it.
    pub(crate) open: Vec<CaseId>,
}

/// A problem at the point.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ProblemView {
    /// The case.
    pub(crate) case: CaseId,
    /// The standard it breaks.
    pub(crate) standard: Option<Named>,
    /// The words.
    pub(crate) description: String,
    /// When it was first found.
    pub(crate) found: Moment,
    /// How many times it was found.
    pub(crate) times_found: usize,
    /// How far it has come.
    pub(crate) status: Status,
    /// Whether a person has to decide.
    pub(crate) disputed: bool,
    /// By when.
    pub(crate) due: Option<Moment>,
    /// Whether it is late.
    pub(crate) lateness: Lateness,
    /// Who answered when it was found.
    pub(crate) answered_then: Option<Named>,
}

impl ProblemView {
    fn of(entry: &ProblemEntry, names: &Names) -> Self {
        Self {
            case: entry.case,
            standard: entry.standard.as_ref().map(|id| names.standard(id)),
            description: entry.description.clone(),
            found: names.moment(entry.found),
            times_found: entry.times_found,
            status: entry.status,
            disputed: entry.disputed,
            due: entry.due.map(|due| names.moment(due.at)),
            lateness: entry.lateness,
            answered_then: entry.answered_then.as_ref().map(|id| names.person(id)),
        }
    }
}

/// Somebody who answers, and from when until when.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct AnsweringView {
    /// Who.
    pub(crate) person: Named,
    /// Their unit.
    pub(crate) unit: Option<Named>,
    /// In what way.
    pub(crate) duty: Duty,
    /// First instant.
    pub(crate) from: Moment,
    /// First instant after.
    pub(crate) until: Option<Moment>,
}

impl AnsweringView {
    fn of(answering: &Answering, names: &Names) -> Self {
        Self {
            person: names.person(&answering.person),
            unit: answering.unit.as_ref().map(|id| names.unit(id)),
            duty: answering.duty,
            from: names.moment(answering.from),
            until: answering.until.map(|at| names.moment(at)),
        }
    }
}

impl Outcome for LedgersView {
    fn show(&self, language: Language) -> String {
        let mut standards = Table::new([
            say!(language, "label-code"),
            say!(language, "label-standard"),
            say!(language, "label-limit"),
            say!(language, "label-demand"),
            say!(language, "label-open-cases"),
        ]);
        for StandardView { standard, open } in &self.standards {
            standards.row([
                standard.id.to_string(),
                standard.name.clone(),
                words::time_limit(language, standard.limit),
                standard.demand.clone(),
                open.iter().map(short).collect::<Vec<_>>().join(" "),
            ]);
        }
        let mut problems = Table::new([
            say!(language, "label-case"),
            say!(language, "label-status"),
            say!(language, "label-words"),
            say!(language, "label-found"),
            say!(language, "label-times-found"),
            say!(language, "label-due"),
            say!(language, "label-answered-then"),
        ]);
        for problem in self.open.iter().chain(&self.past) {
            problems.row([
                short(problem.case),
                standing(language, problem.status, problem.disputed, problem.lateness),
                problem.description.clone(),
                problem.found.to_string(),
                problem.times_found.to_string(),
                problem.due.map(|due| due.to_string()).unwrap_or_default(),
                name_of(problem.answered_then.as_ref()),
            ]);
        }
        let mut people = Table::new([
            say!(language, "label-who"),
            say!(language, "label-duty"),
            say!(language, "label-unit"),
            say!(language, "label-from"),
            say!(language, "label-until"),
        ]);
        for answering in &self.history {
            people.row([
                answering.person.to_string(),
                words::duty(language, answering.duty),
                name_of(answering.unit.as_ref()),
                answering.from.to_string(),
                answering.until.map(|at| at.to_string()).unwrap_or_default(),
            ]);
        }
        let head = match &self.head {
            Some(head) => head.person.to_string(),
            None => say!(language, "nobody-answers"),
        };
        let answers = say!(language, "ledger-answers", time = self.at.to_string(), head = head);
        let problems = if self.open.is_empty() && self.past.is_empty() {
            say!(language, "ledger-no-problems") + "\n"
        } else {
            problems.lines()
        };
        format!(
            "{} · {}\n\n{}\n{}\n{}\n{problems}\n{}\n{answers}\n{}",
            self.point.with_code(),
            self.kind,
            say!(language, "ledger-standards"),
            standards.lines(),
            say!(language, "ledger-problems"),
            say!(language, "ledger-responsibility"),
            people.lines(),
        )
    }
}
