//! `field brief [--day D]`: the work brief (工作简报) of a day.

use crate::error::CommandError;
use crate::language::{Language, say};
use crate::outcome::Outcome;
use crate::reading;
use crate::table::Table;
use crate::view::{Moment, Named, Names, name_of, short, standing};
use chrono::NaiveDate;
use sanben_domain::brief::BriefItem;
use sanben_domain::case::{Lateness, Status};
use sanben_domain::id::{CaseId, MatterId};
use sanben_domain::matter::{self, Tongue};
use sanben_field::Field;
use serde::Serialize;

/// Of which day.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct BriefArgs {
    /// The day; today when it is not said.
    #[arg(long, value_name = "DATE", value_parser = reading::day)]
    pub(crate) day: Option<NaiveDate>,
    /// Put it into the matter that is issued and answered.
    #[arg(long)]
    pub(crate) fill: bool,
}

/// Writes the brief.
///
/// # Errors
/// As [`Field::brief`].
pub(crate) fn run(args: &BriefArgs, field: &Field) -> Result<Brief, CommandError> {
    let day = match args.day {
        Some(day) => day,
        None => field.today()?,
    };
    let (brief, names) = (field.brief(day)?, Names::of(field)?);
    let title = matter::feature::named("work-brief").map(|it| matter::feature_name(Tongue::Chinese, it));
    let title = format!("{}（{day}）", title.unwrap_or_default());
    let filled = if args.fill { Some(field.fill_work_brief(day, &title)?) } else { None };
    let filled = filled.map(|it| Filled { matter: it.matter, added: it.added.len(), left_out: it.left_out });
    let overdue = brief.overdue.iter().map(|named| Overdue {
        department: named.department.as_ref().map(|id| names.unit(id)),
        person: named.person.as_ref().map(|id| names.person(id)),
        cases: named.cases.clone(),
    });
    Ok(Brief {
        day: brief.day,
        closed: brief.closed,
        found: brief.found,
        put_right: brief.put_right,
        items: brief.items.iter().map(|item| Item::of(item, &names)).collect(),
        overdue: overdue.collect(),
        filled,
    })
}

/// The brief.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Brief {
    /// The day.
    pub(crate) day: NaiveDate,
    /// Whether the day was over: only then is anybody named.
    pub(crate) closed: bool,
    /// Cases with a finding that day.
    pub(crate) found: usize,
    /// Of those, put right.
    pub(crate) put_right: usize,
    /// Every problem found that day or still open.
    pub(crate) items: Vec<Item>,
    /// Who is named.
    pub(crate) overdue: Vec<Overdue>,
    /// The matter it was put into.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) filled: Option<Filled>,
}

/// The brief as a matter.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Filled {
    /// Which.
    pub(crate) matter: MatterId,
    /// How many problems were put into it now.
    pub(crate) added: usize,
    /// Those that nobody answers for, or that found no room.
    pub(crate) left_out: Vec<CaseId>,
}

/// One problem.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Item {
    /// The case.
    pub(crate) case: CaseId,
    /// The community.
    pub(crate) community: Option<Named>,
    /// The point.
    pub(crate) point: Option<Named>,
    /// The standard it breaks.
    pub(crate) standard: Option<Named>,
    /// The words.
    pub(crate) what: String,
    /// When it was last found.
    pub(crate) found: Moment,
    /// The unit that handles it.
    pub(crate) department: Option<Named>,
    /// The person who handles it.
    pub(crate) person: Option<Named>,
    /// By when.
    pub(crate) due: Option<Moment>,
    /// How far it has come.
    pub(crate) status: Status,
    /// Whether a person has to decide.
    pub(crate) disputed: bool,
    /// Whether it is late.
    pub(crate) lateness: Lateness,
}

impl Item {
    fn of(item: &BriefItem, names: &Names) -> Self {
        Self {
            case: item.case,
            community: item.community.as_ref().map(|id| names.unit(id)),
            point: item.point.as_ref().map(|id| names.point(id)),
            standard: item.standard.as_ref().map(|id| names.standard(id)),
            what: item.what.clone(),
            found: names.moment(item.found),
            department: item.department.as_ref().map(|id| names.unit(id)),
            person: item.person.as_ref().map(|id| names.person(id)),
            due: item.due.map(|at| names.moment(at)),
            status: item.status,
            disputed: item.disputed,
            lateness: item.lateness,
        }
    }
}

/// Who is overdue, and with what.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Overdue {
    /// The unit; nothing where nobody answers.
    pub(crate) department: Option<Named>,
    /// The person in it.
    pub(crate) person: Option<Named>,
    /// Their overdue cases.
    pub(crate) cases: Vec<CaseId>,
}

impl Outcome for Brief {
    fn show(&self, language: Language) -> String {
        let mut text = say!(
            language,
            "brief-head",
            day = self.day.to_string(),
            found = self.found,
            right = self.put_right
        );
        text.push('\n');
        if !self.items.is_empty() {
            let mut table = Table::new([
                say!(language, "label-case"),
                say!(language, "label-community"),
                say!(language, "label-point"),
                say!(language, "label-words"),
                say!(language, "label-department"),
                say!(language, "label-who"),
                say!(language, "label-due"),
                say!(language, "label-status"),
            ]);
            for item in &self.items {
                table.row([
                    short(item.case),
                    name_of(item.community.as_ref()),
                    name_of(item.point.as_ref()),
                    item.what.clone(),
                    name_of(item.department.as_ref()),
                    name_of(item.person.as_ref()),
                    item.due.map(|due| due.to_string()).unwrap_or_default(),
                    standing(language, item.status, item.disputed, item.lateness),
                ]);
            }
            text.push_str(&table.lines());
        }
        if !self.closed {
            text.push_str(&say!(language, "brief-not-closed"));
            text.push('\n');
        }
        for named in &self.overdue {
            let who = match (&named.department, &named.person) {
                (Some(unit), Some(person)) => format!("{unit} {person}"),
                (Some(one), None) | (None, Some(one)) => one.to_string(),
                (None, None) => say!(language, "nobody-answers"),
            };
            let cases = named.cases.iter().map(short).collect::<Vec<_>>().join(" ");
            text.push_str(&say!(language, "brief-overdue", who = who, n = named.cases.len(), cases = cases));
            text.push('\n');
        }
        if let Some(filled) = &self.filled {
            let matter = short(filled.matter);
            text.push_str(&say!(language, "brief-filled", matter = matter, n = filled.added));
            text.push('\n');
            if !filled.left_out.is_empty() {
                let cases = filled.left_out.iter().map(short).collect::<Vec<_>>().join(" ");
                text.push_str(&say!(language, "brief-left-out", cases = cases));
                text.push('\n');
            }
        }
        text
    }
}
