//! 工作简报 and 通报: department, person and deadline of every problem, and who is overdue.

use super::Block;
use super::build::{Desk, ReportError, name_of};
use super::words::{in_words, status, term};
use chrono::{Datelike, NaiveDate};
use sanben_domain::brief::{BriefItem, WorkBrief};
use sanben_domain::case::Lateness;
use sanben_domain::score::ScoreError;
use sanben_store::RecordFilter;

impl Desk<'_> {
    pub(super) fn brief(&self, day: NaiveDate) -> Result<(String, Vec<Block>), ReportError> {
        let brief = self.brief_of(day)?;
        let text = format!(
            "{}发现问题{}件，已整改{}件；连同此前未办结的，逐件列明如下。",
            in_words(day),
            brief.found,
            brief.put_right
        );
        let standing = |item: &BriefItem| match (item.disputed, item.lateness) {
            (true, _) => "有争议".to_owned(),
            (false, Lateness::Late) => "超期".to_owned(),
            (false, _) => status(item.status).to_owned(),
        };
        let rows = brief.items.iter().map(|item| {
            let mut row = self.told(item, day);
            row.push(standing(item));
            row
        });
        let rows: Vec<_> = rows.collect();
        let head = ["点位", "问题", "责任单位", "责任人", "期限", "状态"].map(str::to_owned).to_vec();
        let mut blocks = vec![Block::Text(text)];
        blocks.extend((!rows.is_empty()).then_some(Block::Table { head, rows }));
        Ok((format!("创城工作简报（{}）", in_words(day)), blocks))
    }

    pub(super) fn notice(&self, day: NaiveDate) -> Result<(String, Vec<Block>), ReportError> {
        let brief = self.brief_of(day)?;
        let late = |case| brief.items.iter().find(|item| item.case == case);
        let cases = brief.overdue.iter().flat_map(|named| named.cases.iter().copied().filter_map(late));
        let rows: Vec<_> = cases.map(|item| self.told(item, day)).collect();
        let text = match (brief.closed, rows.len()) {
            (false, _) => "当日尚未结束，不作通报。".to_owned(),
            (true, 0) => format!("截至{}，没有超期未整改的问题。", in_words(day)),
            (true, many) => format!(
                "截至{}，下列{many}件问题超期未整改，现予通报，请责任单位和责任人立即整改。",
                in_words(day)
            ),
        };
        let head = ["点位", "问题", "责任单位", "责任人", "期限"].map(str::to_owned).to_vec();
        let mut blocks = vec![Block::Text(text)];
        blocks.extend((!rows.is_empty()).then_some(Block::Table { head, rows }));
        Ok(("关于超期未整改问题的通报".to_owned(), blocks))
    }

    fn brief_of(&self, day: NaiveDate) -> Result<WorkBrief, ReportError> {
        let store = self.server.replica_to_ask()?;
        let filter =
            RecordFilter { open_or_active_since: Some(self.zone.midnight(day)), ..RecordFilter::default() };
        let cases = store.case_records(&filter)?;
        let brief = WorkBrief::of(&self.reference, day, &cases, &store.merges()?, self.now);
        Ok(brief.ok_or(ScoreError::NoTenant)?)
    }

    /// Where, what, which department, who, by when.
    fn told(&self, item: &BriefItem, day: NaiveDate) -> Vec<String> {
        let person = item.person.as_ref().map(|id| name_of(&self.reference, Some(id)));
        vec![
            self.point(item.point.as_ref()),
            item.what.clone(),
            self.unit(item.department.as_ref()),
            person.unwrap_or_default(),
            item.due.map(|due| term(due, self.zone, day.year())).unwrap_or_default(),
        ]
    }
}
