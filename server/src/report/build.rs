//! Which reports there are, and what each of them looks at; what stands in them is in `days`, `ranked`, `brief` and `matters`.

use super::matters::numbered;
use super::words::{in_words, source, status};
use super::{Block, CaseBook, CaseLine, DocumentNumber, Paper, body};
use crate::score::SheetsError;
use crate::tenant::{Server, ServerError};
use rust_xlsxwriter::XlsxError;
use sanben_domain::case::{CaseRecord, CaseState, Status};
use sanben_domain::id::{PersonId, PointId, UnitId};
use sanben_domain::reference::Reference;
use sanben_domain::score::{Period, ScoreError};
use sanben_domain::time::{Timestamp, Zone};
use sanben_store::{RecordFilter, StoreError};
use std::path::Path;
use std::sync::Arc;

/// The kinds of reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 点位日报: what happened at each point of a unit in a day.
    Daily,
    /// 社区周汇总: a community's week, for the subdistrict.
    Weekly,
    /// 千分制通报: all communities, ranked, with the change since the period before.
    Bulletin,
    /// 工作简报: the day's problems with department, person and deadline.
    Brief,
    /// 通报: who is overdue at the end of a day.
    Notice,
    /// 年终计分表.
    Year,
    /// 覆盖盲区: the nodes of the grid that lack what a standard asks for in each.
    Coverage,
}

/// What is wanted in it.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Which report.
    pub kind: Kind,
    /// Which days; of a daily report the first.
    pub period: Period,
    /// Of which unit; the whole tenant's when absent.
    pub unit: Option<UnitId>,
    /// What it is filed under.
    pub number: Option<DocumentNumber>,
    /// What the office has to say besides, a paragraph a line: this week's emphasis, what is asked of everybody.
    pub words: Option<String>,
}

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The sheets, the log or the replica.
    #[error(transparent)]
    Sheets(#[from] SheetsError),
    /// The rules say nothing of the year's end.
    #[error("the rules in force have no [year_end]: add one to the rule set")]
    NoYearEnd,
    /// The file could not be written.
    #[error("cannot write the workbook: {0}")]
    Unwritten(std::io::Error),
}

impl From<XlsxError> for ReportError {
    fn from(error: XlsxError) -> Self {
        Self::Unwritten(match error {
            XlsxError::IoError(error) => error,
            other => std::io::Error::other(other),
        })
    }
}

impl From<ServerError> for ReportError {
    fn from(error: ServerError) -> Self {
        Self::Sheets(error.into())
    }
}

impl From<StoreError> for ReportError {
    fn from(error: StoreError) -> Self {
        ServerError::from(error).into()
    }
}

impl From<ScoreError> for ReportError {
    fn from(error: ScoreError) -> Self {
        Self::Sheets(error.into())
    }
}

pub(super) type Folded = (CaseRecord, CaseState);

/// What every report looks at.
pub(super) struct Desk<'a> {
    pub(super) server: &'a Server,
    pub(super) reference: Arc<Reference>,
    pub(super) zone: Zone,
    pub(super) now: Timestamp,
}

impl Server {
    /// Builds a report of what is known now.
    ///
    /// # Errors
    /// [`ReportError`].
    pub fn report(&self, wanted: &Wanted) -> Result<Paper, ReportError> {
        let reference = self.reference()?;
        let zone = reference.tenant.as_ref().ok_or(ScoreError::NoTenant)?.zone;
        let desk = Desk { server: self, reference, zone, now: self.now() };
        let (title, mut blocks) = match wanted.kind {
            Kind::Daily => desk.daily(wanted)?,
            Kind::Weekly => desk.weekly(wanted)?,
            Kind::Bulletin => desk.bulletin(wanted.period)?,
            Kind::Brief => desk.brief(wanted.period.from)?,
            Kind::Notice => desk.notice(wanted.period.from)?,
            Kind::Year => desk.year(wanted.period)?,
            Kind::Coverage => desk.coverage(wanted.period)?,
        };
        let issuer = match (&wanted.unit, wanted.kind) {
            (Some(unit), Kind::Daily | Kind::Weekly) => desk.unit(Some(unit)),
            _ => desk.reference.tenant.as_ref().map(|tenant| tenant.name.clone()).unwrap_or_default(),
        };
        blocks.iter_mut().for_each(Block::fill);
        if let Some(words) = &wanted.words {
            let annexes = blocks.split_off(body(&blocks).len());
            let lines = words.lines().map(str::trim).filter(|line| !line.is_empty());
            let said = std::iter::once(Block::Heading("工作要求".to_owned()));
            numbered(&mut blocks, said.chain(lines.map(|line| Block::Text(line.to_owned()))).collect());
            blocks.extend(annexes);
        }
        let (number, day) = (wanted.number.clone(), in_words(desk.zone.day(desk.now)));
        Ok(Paper { issuer, number, title, blocks, day })
    }

    /// Writes every case that was reported within some days, oldest first, into a workbook: one after the other, so that
    /// any number of them takes the same memory.
    ///
    /// # Errors
    /// [`ReportError`]; [`ReportError::Unwritten`] when the file cannot be written.
    pub fn write_cases(&self, period: Period, file: &Path) -> Result<(), ReportError> {
        let reference = self.reference()?;
        let zone = reference.tenant.as_ref().ok_or(ScoreError::NoTenant)?.zone;
        let mut book = CaseBook::begin()?;
        self.replica_to_ask()?.each_case(&within(period, zone), &mut |record, state| {
            Ok::<_, ReportError>(book.add(&line(&record, &state, &reference, zone))?)
        })?;
        Ok(book.save(file)?)
    }
}

fn within(period: Period, zone: Zone) -> RecordFilter {
    RecordFilter {
        reported_from: Some(zone.midnight(period.from)),
        reported_until: Some(zone.midnight(period.until)),
        ..RecordFilter::default()
    }
}

fn line(record: &CaseRecord, state: &CaseState, reference: &Reference, zone: Zone) -> CaseLine {
    let unit = |id: &UnitId| reference.units.get(id).map_or_else(|| id.to_string(), |unit| unit.name.clone());
    let point = |id: &PointId| reference.points.get(id).map_or_else(|| id.to_string(), |p| p.name.clone());
    let standard = record.standard.as_ref().map(|id| {
        reference.standards.get(id).map_or_else(|| id.to_string(), |standard| standard.name.clone())
    });
    CaseLine {
        id: record.id.to_string(),
        found: zone.show(state.reported.at.at()),
        community: state.community.as_ref().map(unit).unwrap_or_default(),
        point: record.point.as_ref().map(point).unwrap_or_default(),
        standard: standard.unwrap_or_default(),
        what: record.description.clone(),
        source: source(state.source).to_owned(),
        status: status(state.status).to_owned(),
        person: name_of(reference, state.answered_then.as_ref()),
        due: state.due.map(|due| zone.show(due.at)).unwrap_or_default(),
    }
}

pub(super) fn name_of(reference: &Reference, id: Option<&PersonId>) -> String {
    let Some(id) = id else { return "无人负责".to_owned() };
    reference.people.get(id).map_or_else(|| id.to_string(), |person| person.name.clone())
}

impl Desk<'_> {
    pub(super) fn unit(&self, id: Option<&UnitId>) -> String {
        let Some(id) = id else { return "无人负责".to_owned() };
        self.reference.units.get(id).map_or_else(|| id.to_string(), |unit| unit.name.clone())
    }

    pub(super) fn point(&self, id: Option<&PointId>) -> String {
        let Some(id) = id else { return "未定点位".to_owned() };
        self.reference.points.get(id).map_or_else(|| id.to_string(), |point| point.name.clone())
    }

    /// Cases reported within some days that touch a unit, or any unit.
    pub(super) fn cases(&self, period: Period, unit: Option<&UnitId>) -> Result<Vec<Folded>, ReportError> {
        let mut cases = self.server.replica_to_ask()?.case_records(&within(period, self.zone))?;
        cases.retain(|(record, state)| {
            let of_point = || Some(&self.reference.points.get(record.point.as_ref()?)?.unit);
            let lies = of_point().or(state.community.as_ref());
            unit.is_none_or(|unit| lies.is_some_and(|lies| self.reference.is_within(lies, unit)))
        });
        cases.retain(|(_, state)| !matches!(state.status, Status::Voided | Status::Merged));
        Ok(cases)
    }
}

pub(super) fn put_right(state: &CaseState) -> bool {
    state.terms.last().is_some_and(|term| term.done.is_some())
}
