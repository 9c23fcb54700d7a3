//! What stands in each report, from the replica and the sheets.

use super::matters::numbered;
use super::{Block, CaseBook, CaseLine, Paper};
use crate::score::SheetsError;
use crate::tenant::{Server, ServerError};
use chrono::{Datelike, NaiveDate};
use rust_xlsxwriter::XlsxError;
use sanben_domain::brief::WorkBrief;
use sanben_domain::case::{CaseRecord, CaseState, Lateness, Source, Status, finding_lateness};
use sanben_domain::id::{PersonId, PointId, UnitId};
use sanben_domain::rate::Handled;
use sanben_domain::reference::{Reference, UnitKind};
use sanben_domain::score::{Period, Rank, ScoreError, ScorePoints, ScoreSheet, ranking, year_end};
use sanben_domain::time::{Timestamp, Zone};
use sanben_store::{RecordFilter, StoreError};
use std::collections::BTreeMap;
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

type Folded = (CaseRecord, CaseState);

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
        let (title, blocks) = match wanted.kind {
            Kind::Daily => desk.daily(wanted)?,
            Kind::Weekly => desk.weekly(wanted)?,
            Kind::Bulletin => desk.bulletin(wanted.period)?,
            Kind::Brief => desk.brief(wanted.period.from, false)?,
            Kind::Notice => desk.brief(wanted.period.from, true)?,
            Kind::Year => desk.year(wanted.period)?,
            Kind::Coverage => desk.coverage(wanted.period)?,
        };
        let issuer = match (&wanted.unit, wanted.kind) {
            (Some(unit), Kind::Daily | Kind::Weekly) => desk.unit(Some(unit)),
            _ => desk.reference.tenant.as_ref().map(|tenant| tenant.name.clone()).unwrap_or_default(),
        };
        Ok(Paper { issuer, title, blocks, day: in_words(desk.zone.day(desk.now)) })
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
    fn cases(&self, period: Period, unit: Option<&UnitId>) -> Result<Vec<Folded>, ReportError> {
        let mut cases = self.server.replica_to_ask()?.case_records(&within(period, self.zone))?;
        cases.retain(|(record, state)| {
            let of_point = || Some(&self.reference.points.get(record.point.as_ref()?)?.unit);
            let lies = of_point().or(state.community.as_ref());
            unit.is_none_or(|unit| lies.is_some_and(|lies| self.reference.is_within(lies, unit)))
        });
        cases.retain(|(_, state)| !matches!(state.status, Status::Voided | Status::Merged));
        Ok(cases)
    }

    fn daily(&self, wanted: &Wanted) -> Result<(String, Vec<Block>), ReportError> {
        let day = wanted.period.from;
        let until = day.succ_opt().unwrap_or(day);
        let period = Period { from: day, until };
        let cases = self.cases(period, wanted.unit.as_ref())?;
        let mut by_point: BTreeMap<Option<PointId>, Vec<&Folded>> = BTreeMap::new();
        for case in &cases {
            by_point.entry(case.0.point.clone()).or_default().push(case);
        }
        let rows = by_point.into_iter().map(|(point, cases)| {
            let right = cases.iter().filter(|(_, state)| put_right(state)).count();
            let late = cases.iter().filter(|(_, state)| self.late(state)).count();
            let head =
                point.as_ref().and_then(|point| self.reference.head_of(point, self.zone.midnight(until)));
            let person = name_of(&self.reference, head.map(|head| &head.person));
            let left = cases.len() - right;
            vec![
                self.point(point.as_ref()),
                person,
                cases.len().to_string(),
                right.to_string(),
                left.to_string(),
                late.to_string(),
            ]
        });
        let rows: Vec<_> = rows.collect();
        let right = cases.iter().filter(|(_, state)| put_right(state)).count();
        let text = format!(
            "当日发现问题 {} 件，涉及点位 {} 个；已整改 {right} 件，未整改 {} 件。",
            cases.len(),
            rows.len(),
            cases.len() - right
        );
        let head = ["点位", "点位负责人", "发现", "已整改", "未整改", "超期"].map(str::to_owned).to_vec();
        let mut blocks = vec![Block::Text(text)];
        blocks.extend((!rows.is_empty()).then_some(Block::Table { head, rows }));
        let work = self.work(period, wanted.unit.as_ref())?;
        numbered(&mut blocks, self.reported_points(period, wanted.unit.as_ref(), &work)?);
        numbered(&mut blocks, self.done(&work));
        Ok((format!("点位日报（{}）", in_words(day)), blocks))
    }

    fn weekly(&self, wanted: &Wanted) -> Result<(String, Vec<Block>), ReportError> {
        let cases = self.cases(wanted.period, wanted.unit.as_ref())?;
        let mut handled = Handled::default();
        let mut kinds: BTreeMap<String, (u64, u64)> = BTreeMap::new();
        for (record, state) in &cases {
            handled.count(state, self.now);
            let standard = record.standard.as_ref().and_then(|id| self.reference.standards.get(id));
            let kind = standard.map_or_else(|| "未对照标准".to_owned(), |standard| standard.name.clone());
            let counts = kinds.entry(kind).or_default();
            counts.0 += 1;
            counts.1 += u64::from(put_right(state));
        }
        let mut blocks = vec![
            Block::Heading("一、总体情况".to_owned()),
            Block::Text(format!(
                "{}共发现问题 {} 件，结案率 {}，按期结案率 {}。",
                span(wanted.period),
                cases.len(),
                handled.closed,
                handled.on_time
            )),
        ];
        if !kinds.is_empty() {
            blocks.push(Block::Heading("二、问题分类".to_owned()));
            let head = ["对照标准", "发现", "已整改"].map(str::to_owned).to_vec();
            let rows =
                kinds.into_iter().map(|(kind, (n, right))| vec![kind, n.to_string(), right.to_string()]);
            blocks.push(Block::Table { head, rows: rows.collect() });
        }
        let open: Vec<_> = cases.iter().filter(|(_, state)| !put_right(state)).collect();
        if !open.is_empty() {
            let heading = Block::Heading("尚未整改".to_owned());
            numbered(&mut blocks, vec![heading]);
            let head = ["点位", "问题", "责任人", "期限"].map(str::to_owned).to_vec();
            let rows = open.into_iter().map(|(record, state)| {
                let due = state.due.map(|due| self.zone.show(due.at)).unwrap_or_default();
                let person = name_of(&self.reference, state.answered_then.as_ref());
                vec![self.point(record.point.as_ref()), record.description.clone(), person, due]
            });
            blocks.push(Block::Table { head, rows: rows.collect() });
        }
        let work = self.work(wanted.period, wanted.unit.as_ref())?;
        numbered(&mut blocks, self.reported_communities(wanted.period, wanted.unit.as_ref(), &work)?);
        numbered(&mut blocks, self.done(&work));
        Ok(("创城工作周汇总".to_owned(), blocks))
    }

    fn bulletin(&self, period: Period) -> Result<(String, Vec<Block>), ReportError> {
        let sheets = self.server.sheets(None, &[period.before(), period], None, None);
        // Before the first rules held there is no change to tell.
        let (before, now): (Vec<_>, Vec<_>) = match sheets {
            Ok(sheets) => sheets.into_iter().partition(|sheet| sheet.period != period),
            Err(SheetsError::Score(ScoreError::NoRuleSet(_))) => {
                (Vec::new(), self.server.sheets(None, &[period], None, None)?)
            }
            Err(error) => return Err(error.into()),
        };
        let set = self.reference.rule_set_at(self.zone.midnight(period.from));
        let tiers = set.map(|set| set.tiers.as_slice()).unwrap_or_default();
        let places: BTreeMap<_, _> =
            ranking(&before, tiers).into_iter().map(|rank| (rank.community, rank.place)).collect();
        let cases = self.cases(period, None)?;
        let mut handled: BTreeMap<UnitId, Handled> = BTreeMap::new();
        let mut all = Handled::default();
        for (_, state) in &cases {
            all.count(state, self.now);
            if let Some(community) = &state.community {
                handled.entry(community.clone()).or_default().count(state, self.now);
            }
        }
        let mut blocks = vec![Block::Text(format!(
            "{}，全辖区共发现问题 {} 件，结案率 {}，按期结案率 {}。现将各社区得分和排名通报如下。",
            span(period),
            cases.len(),
            all.closed,
            all.on_time
        ))];
        let ranks = ranking(&now, tiers);
        for (tier, ranks) in ranks.chunk_by(|a, b| a.tier == b.tier).enumerate() {
            blocks.push(Block::Heading(format!("{}、第{}梯队", numeral(tier + 1), numeral(tier + 1))));
            let head = ["名次", "社区", "得分", "升降", "结案率", "按期结案率"].map(str::to_owned).to_vec();
            let rows = ranks.iter().map(|rank| {
                let handled = handled.get(&rank.community).copied().unwrap_or_default();
                vec![
                    rank.place.to_string(),
                    self.unit(Some(&rank.community)),
                    amount(rank.total),
                    change(rank, &places),
                    handled.closed.to_string(),
                    handled.on_time.to_string(),
                ]
            });
            blocks.push(Block::Table { head, rows: rows.collect() });
        }
        numbered(&mut blocks, self.done_by_community(&self.work(period, None)?));
        blocks.extend(self.entries(&now));
        Ok(("创城督查千分制考评通报".to_owned(), blocks))
    }

    /// Every point given or taken, with its reason: rule, clause, point, person.
    fn entries(&self, sheets: &[ScoreSheet]) -> Vec<Block> {
        let rows = sheets.iter().flat_map(|sheet| {
            sheet.entries.iter().map(|entry| {
                let title = format!("{} {}", entry.clause, entry.title);
                let title = match entry.corrects {
                    Some(corrects) => format!("{title}（更正 {}）", span(corrects.period)),
                    None => title,
                };
                let person = entry.person.as_ref().map(|id| name_of(&self.reference, Some(id)));
                vec![
                    self.unit(Some(&sheet.community)),
                    self.zone.day(entry.at.at()).to_string(),
                    title,
                    entry.point.as_ref().map(|id| self.point(Some(id))).unwrap_or_default(),
                    person.unwrap_or_default(),
                    amount(entry.points),
                ]
            })
        });
        let rows: Vec<_> = rows.collect();
        if rows.is_empty() {
            return Vec::new();
        }
        let head = ["社区", "日期", "条款", "点位", "当时责任人", "分值"].map(str::to_owned).to_vec();
        vec![Block::Heading("附：加减分明细".to_owned()), Block::Table { head, rows }]
    }

    fn brief(&self, day: NaiveDate, notice: bool) -> Result<(String, Vec<Block>), ReportError> {
        let store = self.server.replica_to_ask()?;
        let filter =
            RecordFilter { open_or_active_since: Some(self.zone.midnight(day)), ..RecordFilter::default() };
        let cases = store.case_records(&filter)?;
        let brief = WorkBrief::of(&self.reference, day, &cases, &store.merges()?, self.now);
        let brief = brief.ok_or(ScoreError::NoTenant)?;
        if notice {
            let rows: Vec<_> = brief
                .overdue
                .iter()
                .map(|named| {
                    let person = named.person.as_ref().map(|id| name_of(&self.reference, Some(id)));
                    vec![
                        self.unit(named.department.as_ref()),
                        person.unwrap_or_default(),
                        named.cases.len().to_string(),
                    ]
                })
                .collect();
            let text = match (brief.closed, rows.is_empty()) {
                (false, _) => "当日尚未结束，不作通报。".to_owned(),
                (true, true) => format!("截至{}，没有超期未整改的问题。", in_words(day)),
                (true, false) => {
                    format!(
                        "截至{}，下列单位和人员负责的问题超期未整改，现予通报，请立即整改。",
                        in_words(day)
                    )
                }
            };
            let mut blocks = vec![Block::Text(text)];
            let head = ["责任单位", "责任人", "超期件数"].map(str::to_owned).to_vec();
            blocks.extend((!rows.is_empty()).then_some(Block::Table { head, rows }));
            return Ok(("关于超期未整改问题的通报".to_owned(), blocks));
        }
        let text = format!(
            "{}发现问题 {} 件，已整改 {} 件；连同此前未办结的，逐件列明如下。",
            in_words(day),
            brief.found,
            brief.put_right
        );
        let rows: Vec<_> = brief
            .items
            .iter()
            .map(|item| {
                let person = item.person.as_ref().map(|id| name_of(&self.reference, Some(id)));
                vec![
                    self.point(item.point.as_ref()),
                    item.what.clone(),
                    self.unit(item.department.as_ref()),
                    person.unwrap_or_default(),
                    item.due.map(|due| self.zone.show(due)).unwrap_or_default(),
                    if item.disputed { "有争议" } else { status(item.status) }.to_owned(),
                ]
            })
            .collect();
        let mut blocks = vec![Block::Text(text)];
        let head = ["点位", "问题", "责任单位", "责任人", "期限", "状态"].map(str::to_owned).to_vec();
        blocks.extend((!rows.is_empty()).then_some(Block::Table { head, rows }));
        Ok((format!("创城工作简报（{}）", in_words(day)), blocks))
    }

    fn year(&self, period: Period) -> Result<(String, Vec<Block>), ReportError> {
        let year = Period::year_of(period.from);
        let last = self.zone.midnight(year.until).min(self.now);
        let rules = self.reference.rule_set_at(last).and_then(|set| set.year_end.as_ref());
        let rules = rules.ok_or(ReportError::NoYearEnd)?;
        // Periods that have begun; the last one may be open.
        let begun: Vec<_> = year
            .each(rules.rhythm)
            .filter(|period| self.zone.midnight(period.from) <= self.now)
            .filter(|period| self.reference.rule_set_at(self.zone.midnight(period.from)).is_some())
            .collect();
        let sheets = self.server.sheets(None, &begun, None, None)?;
        let communities = self
            .reference
            .units
            .values()
            .filter(|unit| unit.kind == UnitKind::Community)
            .map(|unit| &unit.id);
        let marks = communities.map(|community| {
            let announced = self.reference.announcements.values();
            year_end(rules, community, year, &sheets, announced, self.zone)
        });
        let mut marks = marks.collect::<Result<Vec<_>, _>>()?;
        marks.sort_by(|a, b| b.total.cmp(&a.total).then_with(|| a.community.cmp(&b.community)));
        let mut head = vec!["社区".to_owned()];
        head.extend(rules.parts.iter().map(|part| format!("{}（{} 分）", part.title, amount(part.weight))));
        head.push("合计".to_owned());
        let rows = marks.iter().map(|mark| {
            let mut row = vec![self.unit(Some(&mark.community))];
            let known = |line: &sanben_domain::score::YearLine| match line.share {
                Some(_) => decimal(line.points),
                None => "未评".to_owned(),
            };
            row.extend(mark.lines.iter().map(known));
            row.push(decimal(mark.total));
            row
        });
        let table = Block::Table { head, rows: rows.collect() };
        let text = format!("{}年度各社区考评得分如下，分值保留两位小数，四舍五入。", year.from.year());
        Ok((format!("{}年度创城考评得分表", year.from.year()), vec![Block::Text(text), table]))
    }

    fn late(&self, state: &CaseState) -> bool {
        (0..state.terms.len()).any(|finding| finding_lateness(state, finding, self.now) == Lateness::Late)
    }
}

fn put_right(state: &CaseState) -> bool {
    state.terms.last().is_some_and(|term| term.done.is_some())
}

fn change(rank: &Rank, before: &BTreeMap<UnitId, usize>) -> String {
    match before.get(&rank.community) {
        None => "—".to_owned(),
        Some(was) if *was > rank.place => format!("↑{}", was - rank.place),
        Some(was) if *was < rank.place => format!("↓{}", rank.place - was),
        Some(_) => "平".to_owned(),
    }
}

/// An amount as people write it: whole, with a half as a decimal, else as a fraction.
fn amount(points: ScorePoints) -> String {
    let tenfold = points.0 * 10;
    if points.0.is_integer() || !tenfold.is_integer() {
        return points.to_string();
    }
    let (sign, tenths) = (if *tenfold.numer() < 0 { "-" } else { "" }, tenfold.numer().unsigned_abs());
    format!("{sign}{}.{}", tenths / 10, tenths % 10)
}

/// Two decimals, half up.
fn decimal(points: ScorePoints) -> String {
    let (numerator, denominator) = (i128::from(*points.0.numer()), i128::from(*points.0.denom()));
    let hundredths = (numerator * 200 + denominator).div_euclid(2 * denominator);
    let (sign, hundredths) = (if hundredths < 0 { "-" } else { "" }, hundredths.unsigned_abs());
    format!("{sign}{}.{:02}", hundredths / 100, hundredths % 100)
}

fn in_words(day: NaiveDate) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

pub(super) fn span(period: Period) -> String {
    let last = period.until.pred_opt().unwrap_or(period.until);
    format!("{}至{}", in_words(period.from), in_words(last))
}

pub(super) fn numeral(number: usize) -> &'static str {
    ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十"].get(number).copied().unwrap_or("又")
}

fn source(source: Source) -> &'static str {
    match source {
        Source::Own => "自查",
        Source::Subdistrict => "街道督导",
        Source::District => "区检查",
        Source::City => "市检查",
        Source::DigitalCity => "数字城管",
    }
}

fn status(status: Status) -> &'static str {
    match status {
        Status::Reported => "已上报",
        Status::Confirmed => "已核实",
        Status::Filed => "已立案",
        Status::Dispatched => "已派遣",
        Status::Acknowledged => "已签收",
        Status::Rectified => "已处置",
        Status::Rework => "返工",
        Status::OnAccount => "挂账",
        Status::Verified => "核查通过",
        Status::Closed => "已结案",
        Status::Voided => "已作废",
        Status::Merged => "已并案",
    }
}
