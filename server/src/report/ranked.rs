//! 千分制通报 and 年终计分表: communities by what they have, and why.

use super::Block;
use super::build::{Desk, ReportError, name_of};
use super::matters::numbered;
use super::words::{amount, decimal, numeral, span};
use crate::score::SheetsError;
use chrono::Datelike;
use sanben_domain::id::UnitId;
use sanben_domain::rate::Handled;
use sanben_domain::reference::UnitKind;
use sanben_domain::score::{Period, Rank, ScoreError, ScoreSheet, ranking, year_end};
use std::collections::BTreeMap;

impl Desk<'_> {
    pub(super) fn bulletin(&self, period: Period) -> Result<(String, Vec<Block>), ReportError> {
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
            "{}，全辖区共发现问题{}件，结案率{}，按期结案率{}。现将各社区得分和排名通报如下，分值保留两位小数，四舍五入。",
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
                    decimal(rank.total),
                    change(rank, &places),
                    handled.closed.to_string(),
                    handled.on_time.to_string(),
                ]
            });
            blocks.push(Block::Table { head, rows: rows.collect() });
        }
        numbered(&mut blocks, self.done_by_community(&self.work(period, None)?));
        blocks.extend(self.entries(&now));
        Ok((format!("关于{}创城督查千分制考评情况的通报", span(period)), blocks))
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
                    decimal(entry.points),
                ]
            })
        });
        let rows: Vec<_> = rows.collect();
        if rows.is_empty() {
            return Vec::new();
        }
        let head = ["社区", "日期", "条款", "点位", "当时责任人", "分值"].map(str::to_owned).to_vec();
        vec![Block::Annex("加减分明细".to_owned()), Block::Table { head, rows }]
    }

    pub(super) fn year(&self, period: Period) -> Result<(String, Vec<Block>), ReportError> {
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
        head.extend(rules.parts.iter().map(|part| format!("{}（{}分）", part.title, amount(part.weight))));
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
}

fn change(rank: &Rank, before: &BTreeMap<UnitId, usize>) -> String {
    match before.get(&rank.community) {
        None => "—".to_owned(),
        Some(was) if *was > rank.place => format!("↑{}", was - rank.place),
        Some(was) if *was < rank.place => format!("↓{}", rank.place - was),
        Some(_) => "平".to_owned(),
    }
}
