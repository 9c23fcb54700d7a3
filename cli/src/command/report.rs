//! `report KIND --dir DIR -o FILE`: what offices print, as an official paper, a workbook or a page.

use super::home::Home;
use super::score::SpanArgs;
use super::sheets::names;
use crate::close::close;
use crate::error::CommandError;
use crate::language::{Language, say};
use crate::outcome::Outcome;
use crate::reading;
use chrono::NaiveDate;
use sanben_domain::id::UnitId;
use sanben_domain::score::{Period, Rhythm};
use sanben_field::{FieldError, Platform};
use sanben_server::report::{DocumentNumber, Format, Kind, ReportError, Wanted};
use serde::Serialize;
use std::path::PathBuf;

/// Which report, of which days, in which form.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct ReportArgs {
    /// Which.
    #[arg(value_enum)]
    pub(crate) kind: ReportKind,
    /// The server's.
    #[command(flatten)]
    pub(crate) home: Home,
    /// One day; today when nothing is said of a daily report.
    #[arg(long, value_name = "DATE", value_parser = reading::day, conflicts_with_all = ["month", "week", "from"])]
    pub(crate) day: Option<NaiveDate>,
    /// Which days.
    #[command(flatten)]
    pub(crate) span: SpanArgs,
    /// Of which unit.
    #[arg(long)]
    pub(crate) unit: Option<UnitId>,
    /// In which form; what the file's name ends with when it is not said.
    #[arg(long, value_enum)]
    pub(crate) format: Option<ReportFormat>,
    /// What it is filed under.
    #[arg(long, value_parser = reading::document_number)]
    pub(crate) number: Option<DocumentNumber>,
    /// What the office has to say besides.
    #[arg(long)]
    pub(crate) words: Option<String>,
    /// The file, which is made.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: PathBuf,
}

/// The reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ReportKind {
    /// 点位日报.
    Daily,
    /// 社区周汇总.
    Weekly,
    /// 千分制通报.
    Bulletin,
    /// 工作简报.
    Brief,
    /// 超期通报.
    Notice,
    /// 年终得分表.
    Year,
    /// 覆盖盲区.
    Coverage,
    /// Every case, as a workbook.
    Cases,
}

/// The forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum ReportFormat {
    /// An official paper.
    Docx,
    /// A workbook.
    Xlsx,
    /// A page to be printed.
    Html,
}

/// Writes it.
///
/// # Errors
/// [`CommandError::Report`], [`CommandError::Usage`] for a form that there is not, [`CommandError::Write`].
pub(crate) fn run(
    args: &ReportArgs,
    platform: &Platform,
    language: Language,
) -> Result<Reported, CommandError> {
    let server = args.home.open_existing(platform)?;
    let known = names(&server)?;
    // A mistyped code must not look like a unit in which nothing happened.
    if let Some(unit) = args.unit.as_ref().filter(|unit| !known.reference.units.contains_key(*unit)) {
        let id = unit.to_string();
        let close = close(&known.reference, "unit", &id);
        return Err(match close.is_empty() {
            true => FieldError::NotFound { what: "unit", id }.into(),
            false => CommandError::Unknown { what: "unit", id, close },
        });
    }
    let zone = known.zone;
    let today = zone.day(platform.clock.wall());
    let rhythm = match args.kind {
        ReportKind::Weekly => Some(Rhythm::Weekly),
        ReportKind::Year => Some(Rhythm::Yearly),
        _ => None,
    };
    let said = args.span.month.is_some() || args.span.week.is_some() || args.span.from.is_some();
    let period = match (args.day, args.kind, rhythm) {
        (Some(day), ..) => Period { from: day, until: day.succ_opt().unwrap_or(day) },
        _ if said => args.span.period_in(zone, || Ok(today))?.0,
        (_, ReportKind::Daily | ReportKind::Brief | ReportKind::Notice, _) => {
            Period { from: today, until: today.succ_opt().unwrap_or(today) }
        }
        (_, _, Some(rhythm)) => Period::of(rhythm, today),
        _ => args.span.period_in(zone, || Ok(today))?.0,
    };
    let ending =
        args.output.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_lowercase();
    let format = match (args.format, ending.as_str()) {
        (Some(ReportFormat::Docx), _) | (None, "docx") => Format::Docx,
        (Some(ReportFormat::Xlsx), _) | (None, "xlsx") => Format::Xlsx,
        (Some(ReportFormat::Html), _) | (None, "html" | "htm") => Format::Html,
        (None, _) => return Err(CommandError::Usage(say!(language, "report-format"))),
    };
    let unwritten = |error| CommandError::Write { file: args.output.clone(), error };
    let kind = match args.kind {
        ReportKind::Daily => Kind::Daily,
        ReportKind::Weekly => Kind::Weekly,
        ReportKind::Bulletin => Kind::Bulletin,
        ReportKind::Brief => Kind::Brief,
        ReportKind::Notice => Kind::Notice,
        ReportKind::Year => Kind::Year,
        ReportKind::Coverage => Kind::Coverage,
        ReportKind::Cases if format != Format::Xlsx => {
            return Err(CommandError::Usage(say!(language, "report-cases-xlsx")));
        }
        ReportKind::Cases => {
            server.write_cases(period, &args.output).map_err(|error| match error {
                ReportError::Unwritten(error) => unwritten(error),
                error => error.into(),
            })?;
            return Ok(Reported { kind: args.kind, file: args.output.clone() });
        }
    };
    let (unit, number, words) = (args.unit.clone(), args.number.clone(), args.words.clone());
    let paper = server.report(&Wanted { kind, period, unit, number, words })?;
    let bytes = paper.write(format).map_err(unwritten)?;
    std::fs::write(&args.output, bytes).map_err(unwritten)?;
    Ok(Reported { kind: args.kind, file: args.output.clone() })
}

/// Where it is.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Reported {
    kind: ReportKind,
    file: PathBuf,
}

impl Outcome for Reported {
    fn show(&self, language: Language) -> String {
        say!(language, "report-written", file = self.file.display().to_string()) + "\n"
    }
}
