//! What people say in their own words, as papers of a day or a week print it: heads of points (18), communities (19),
//! and leaders on a visit (25).

use super::Block;
use super::build::{Desk, ReportError, name_of};
use super::words::in_words;
use chrono::Datelike;
use sanben_domain::id::{PointId, UnitId};
use sanben_domain::matter::{Always, MatterRecord, OPEN, State};
use sanben_domain::score::Period;
use sanben_store::MatterQuery;
use std::collections::BTreeMap;

impl Desk<'_> {
    /// The matters of a feature in these days, of a unit or of all, without those that were withdrawn.
    fn told_in(
        &self,
        feature: &str,
        period: Period,
        unit: Option<&UnitId>,
    ) -> Result<Vec<(MatterRecord, State)>, ReportError> {
        let query = MatterQuery {
            feature: Some(feature.to_owned()),
            from: Some(period.from),
            to: period.until.pred_opt(),
            ..MatterQuery::default()
        };
        let mut all = self.server.replica_to_ask()?.matter_records(&query)?;
        all.retain(|(record, state)| {
            let lies = record.point.as_ref().and_then(|id| self.reference.points.get(id));
            let lies = lies.map_or(&record.home, |point| &point.unit);
            state.step != Always::WITHDRAWN && unit.is_none_or(|unit| self.reference.is_within(lies, unit))
        });
        Ok(all)
    }

    /// What each point's or community's report says: of two, the one recorded last.
    pub(super) fn words_of(
        &self,
        feature: &str,
        period: Period,
        unit: Option<&UnitId>,
    ) -> Result<BTreeMap<(UnitId, Option<PointId>), String>, ReportError> {
        let mut told = self.told_in(feature, period, unit)?;
        // What is handed in again replaces what was.
        told.sort_by_key(|(record, _)| {
            let brings = |act: &str| act == OPEN || act == "hand-in-again";
            let brings = record.events.values().filter(|event| brings(&event.act.name));
            brings.map(|event| (event.at.at(), event.id)).max()
        });
        Ok(told.into_iter().map(|(record, state)| ((record.home, record.point), state.title)).collect())
    }

    /// Where leaders were, their guidance on the spot and what they assigned there.
    pub(super) fn visits(&self, period: Period, unit: Option<&UnitId>) -> Result<Vec<Block>, ReportError> {
        let mut rows = Vec::new();
        let mut visits = self.told_in("leader-visit", period, unit)?;
        visits.sort_by_key(|(record, state)| (record.day, state.opened.at.at(), record.id));
        for (record, state) in &visits {
            let order = record.order();
            let counts = order.sequence().iter().filter(|event| !state.idle.contains(event));
            for event in counts.filter_map(|id| record.events.get(id)) {
                let act = &event.act;
                let said = match act.name.as_str() {
                    "guide" => format!("现场指导：{}", act.text("words")),
                    "assign" => {
                        let until = act.day("until").map(in_words).unwrap_or_default();
                        let to = act.person("person").map(|id| name_of(&self.reference, Some(id)));
                        let to = to.or_else(|| act.unit("unit").map(|unit| self.unit(Some(unit))));
                        let to = to.map(|to| format!("，由{to}办理")).unwrap_or_default();
                        format!("现场交办：{}{to}，{until}前完成", act.text("what"))
                    }
                    _ => continue,
                };
                let who = name_of(&self.reference, Some(&event.by));
                let day = format!("{}月{}日", record.day.month(), record.day.day());
                rows.push(vec![day, state.title.clone(), who, said]);
            }
        }
        if visits.is_empty() {
            return Ok(Vec::new());
        }
        let text = format!("领导一线督导{}次，现场指导和交办{}条。", visits.len(), rows.len());
        let head = ["日期", "地点", "督导人", "内容"].map(str::to_owned).to_vec();
        let mut blocks = vec![Block::Heading("领导一线督导".to_owned()), Block::Text(text)];
        blocks.extend((!rows.is_empty()).then_some(Block::Table { head, rows }));
        Ok(blocks)
    }
}
