//! 点位日报 and 社区周汇总: what was found and put right, and what was reported.

use super::Block;
use super::build::{Desk, Folded, ReportError, Wanted, name_of, put_right};
use super::matters::numbered;
use super::words::{in_words, span, term};
use chrono::Datelike;
use sanben_domain::case::{CaseState, Lateness, finding_lateness};
use sanben_domain::id::PointId;
use sanben_domain::rate::Handled;
use sanben_domain::score::Period;
use std::collections::BTreeMap;

impl Desk<'_> {
    pub(super) fn daily(&self, wanted: &Wanted) -> Result<(String, Vec<Block>), ReportError> {
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
            "当日发现问题{}件，涉及点位{}个；已整改{right}件，未整改{}件。",
            cases.len(),
            rows.len(),
            cases.len() - right
        );
        let head = ["点位", "点位负责人", "发现", "已整改", "未整改", "超期"].map(str::to_owned).to_vec();
        let mut blocks = vec![Block::Text(text)];
        blocks.extend((!rows.is_empty()).then_some(Block::Table { head, rows }));
        let work = self.work(period, wanted.unit.as_ref())?;
        numbered(&mut blocks, self.reported_points(period, wanted.unit.as_ref(), &work)?);
        numbered(&mut blocks, self.visits(period, wanted.unit.as_ref())?);
        numbered(&mut blocks, self.done(&work));
        Ok((format!("点位日报（{}）", in_words(day)), blocks))
    }

    pub(super) fn weekly(&self, wanted: &Wanted) -> Result<(String, Vec<Block>), ReportError> {
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
                "{}共发现问题{}件，结案率{}，按期结案率{}。",
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
                let due = state
                    .due
                    .map(|due| term(due.at, self.zone, wanted.period.from.year()))
                    .unwrap_or_default();
                let person = name_of(&self.reference, state.answered_then.as_ref());
                vec![self.point(record.point.as_ref()), record.description.clone(), person, due]
            });
            blocks.push(Block::Table { head, rows: rows.collect() });
        }
        let work = self.work(wanted.period, wanted.unit.as_ref())?;
        if wanted.unit.is_none() {
            numbered(&mut blocks, self.handed_out(&cases));
        }
        numbered(&mut blocks, self.reported_communities(wanted.period, wanted.unit.as_ref(), &work)?);
        numbered(&mut blocks, self.visits(wanted.period, wanted.unit.as_ref())?);
        numbered(&mut blocks, self.done(&work));
        // One line has no room for the year, which the text says.
        let days = span(wanted.period);
        let days = days.split_once('年').map_or(days.as_str(), |(_, days)| days);
        Ok((format!("创城工作周汇总（{days}）"), blocks))
    }

    fn late(&self, state: &CaseState) -> bool {
        (0..state.terms.len()).any(|finding| finding_lateness(state, finding, self.now) == Lateness::Late)
    }
}
