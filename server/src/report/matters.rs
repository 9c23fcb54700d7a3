//! What reports say of matters: who reported the day or the week, and what volunteers, activities, meetings and small works
//! came to. Everything is counted once ([`once`]), whoever wrote it down in how many matters.

use super::Block;
use super::build::{Desk, Folded, ReportError, name_of};
use super::words::{numeral, span};
use sanben_domain::coverage::{Lack, uncovered};
use sanben_domain::department::departments;
use sanben_domain::id::{PointId, UnitId};
use sanben_domain::matter::feature;
use sanben_domain::matter::{
    Always, Amount, Counted, Days, Feature, Figure, MatterRecord, Once, Tongue, counts, feature_name,
    figure_name, missing, once, sum,
};
use sanben_domain::score::Period;
use sanben_store::MatterQuery;
use std::collections::{BTreeMap, BTreeSet};

/// The day's report of a point, and the week's of a community: what their authors say, apart from what was done.
const DAILY: &str = "daily-report";
const WEEKLY: &str = "weekly-summary";
/// A paper names so many places that did not report; of the others it gives the number.
const NAMED: usize = 60;

/// What was counted in some days, of a unit or of all.
pub(super) struct Work {
    counted: Vec<Counted>,
    repeated: usize,
}

impl Desk<'_> {
    /// What matters hold of some days.
    pub(super) fn work(&self, period: Period, unit: Option<&UnitId>) -> Result<Work, ReportError> {
        let store = self.server.replica_to_ask()?;
        let mut all = Vec::new();
        for (feature, counting) in feature::ALL.iter().filter_map(|it| Some((it, it.counting?))) {
            let own = counting.days == Days::Own;
            let query = MatterQuery {
                feature: Some(feature.name.to_owned()),
                from: own.then_some(period.from),
                to: period.until.pred_opt().filter(|_| own),
                ..MatterQuery::default()
            };
            let records = store.matter_records(&query)?;
            all.extend(records.iter().flat_map(|(record, _)| counts(record, &self.reference)));
        }
        let Once { mut counted, repeated } = once(all);
        counted.retain(|one| {
            period.contains(one.day)
                && unit.is_none_or(|unit| {
                    let lies = one.point.as_ref().and_then(|id| self.reference.points.get(id));
                    self.reference.is_within(lies.map_or(&one.home, |point| &point.unit), unit)
                })
        });
        Ok(Work { counted, repeated })
    }

    /// Who reported a day, what they say, and who did not.
    pub(super) fn reported_points(
        &self,
        period: Period,
        unit: Option<&UnitId>,
        work: &Work,
    ) -> Result<Vec<Block>, ReportError> {
        let points = by(work, DAILY, |one| one.point.clone());
        let absent = self.absent(DAILY, period, unit)?;
        let (right, left) = (work.sum(DAILY, "put-right-count"), work.sum(DAILY, "left"));
        let mut text = format!(
            "应报点位{}个，已报{}个；点位自报整改{right}件，尚余{left}件。",
            points.len() + absent.len(),
            points.len()
        );
        // Of one community by name; of many how many each lacks.
        if unit.is_some() {
            let names = absent.iter().map(|(_, point)| self.point(point.as_ref()));
            text.push_str(&named("未报点位", names.collect()));
        }
        let mut blocks = vec![Block::Heading("点位自报".to_owned()), Block::Text(text)];
        if unit.is_none() {
            let lies = |point: &PointId| self.reference.community_of_point(point).map(|it| it.id.clone());
            let mut counts: BTreeMap<Option<UnitId>, (usize, usize)> = BTreeMap::new();
            points.keys().flatten().for_each(|point| counts.entry(lies(point)).or_default().0 += 1);
            let lacking = absent.iter().filter_map(|(_, point)| point.as_ref());
            lacking.for_each(|point| counts.entry(lies(point)).or_default().1 += 1);
            let row = |(community, (told, lacking)): (Option<UnitId>, (usize, usize))| {
                let name = community.map_or_else(|| "社区以外".to_owned(), |unit| self.unit(Some(&unit)));
                vec![name, (told + lacking).to_string(), told.to_string(), lacking.to_string()]
            };
            let head = ["社区", "应报", "已报", "未报"].map(str::to_owned).to_vec();
            let rows: Vec<_> = counts.into_iter().map(row).collect();
            blocks.extend((!rows.is_empty()).then_some(Block::Table { head, rows }));
        }
        let words = self.words_of(DAILY, period, unit)?;
        let words: BTreeMap<_, _> = words.iter().map(|((_, point), words)| (point, words)).collect();
        let rows = points.iter().map(|(point, figures)| {
            let head =
                point.as_ref().and_then(|id| self.reference.head_of(id, self.zone.midnight(period.until)));
            let said = |figure| figures.get(figure).copied().unwrap_or_default().to_string();
            vec![
                self.point(point.as_ref()),
                name_of(&self.reference, head.map(|head| &head.person)),
                said("put-right-count"),
                said("left"),
                words.get(point).map(|words| (*words).clone()).unwrap_or_default(),
            ]
        });
        let rows: Vec<_> = rows.collect();
        let head = ["点位", "点位负责人", "自报整改", "自报未整改", "负责人说明"].map(str::to_owned).to_vec();
        blocks.extend((!rows.is_empty()).then_some(Block::Table { head, rows }));
        Ok(blocks)
    }

    /// Which communities handed their week in, what they say, and which did not.
    pub(super) fn reported_communities(
        &self,
        period: Period,
        unit: Option<&UnitId>,
        work: &Work,
    ) -> Result<Vec<Block>, ReportError> {
        let communities = by(work, WEEKLY, |one| one.home.clone());
        let absent = self.absent(WEEKLY, period, unit)?;
        let names = absent.iter().map(|(unit, _)| self.unit(Some(unit))).collect();
        let mut text = format!(
            "应报社区{}个，已报{}个；社区自报发现{}件，整改{}件。",
            communities.len() + absent.len(),
            communities.len(),
            work.sum(WEEKLY, "found"),
            work.sum(WEEKLY, "put-right-count")
        );
        text.push_str(&named("未报社区", names));
        let mut blocks = vec![Block::Heading("社区自报".to_owned()), Block::Text(text)];
        let words = self.words_of(WEEKLY, period, unit)?;
        let words: BTreeMap<_, _> = words.iter().map(|((home, _), words)| (home, words)).collect();
        let rows = communities.iter().map(|(home, figures)| {
            let said = |figure| figures.get(figure).copied().unwrap_or_default().to_string();
            let words = words.get(home).map(|words| (*words).clone()).unwrap_or_default();
            vec![self.unit(Some(home)), said("found"), said("put-right-count"), words]
        });
        let rows: Vec<_> = rows.collect();
        let head = ["社区", "自报发现", "自报整改", "本周情况"].map(str::to_owned).to_vec();
        blocks.extend((!rows.is_empty()).then_some(Block::Table { head, rows }));
        Ok(blocks)
    }

    /// The departments that points were handed out to, and how what was found there in these days stands (11).
    pub(super) fn handed_out(&self, cases: &[Folded]) -> Vec<Block> {
        let works = departments(&self.reference, cases, self.now);
        let held = works.values().filter(|work| !work.points.is_empty()).count();
        let rows = works.iter().filter(|(_, work)| !work.points.is_empty() || !work.cases.is_empty());
        let rows = rows.map(|(unit, work)| {
            vec![
                self.unit(Some(unit)),
                work.points.len().to_string(),
                work.cases.len().to_string(),
                work.open.to_string(),
                work.handled.closed.to_string(),
                work.handled.on_time.to_string(),
            ]
        });
        let rows: Vec<_> = rows.collect();
        if rows.is_empty() {
            return Vec::new();
        }
        let text = format!("{held}个部门包联点位，各部门包联点位上发现的问题办理情况如下。");
        let head = ["包联部门", "点位", "发现", "未结案", "结案率", "按期结案率"].map(str::to_owned).to_vec();
        vec![Block::Heading("包联部门办理情况".to_owned()), Block::Text(text), Block::Table { head, rows }]
    }

    /// What was done besides: a line for each figure of each feature.
    pub(super) fn done(&self, work: &Work) -> Vec<Block> {
        let rows: Vec<_> = work
            .figures(|_| true)
            .into_iter()
            .map(|(feature, figure)| {
                let shown = written(figure.amount);
                let figure = figure_name(Tongue::Chinese, &figure.name);
                vec![feature_name(Tongue::Chinese, feature), figure, shown]
            })
            .collect();
        if rows.is_empty() {
            return Vec::new();
        }
        let head = ["事项", "项目", "合计"].map(str::to_owned).to_vec();
        let mut blocks =
            vec![Block::Heading("志愿服务、文明实践与居民议事".to_owned()), Block::Table { head, rows }];
        if work.repeated > 0 {
            let text = format!("同一人员、点位或来源重复登记{}条，只计一次。", work.repeated);
            blocks.push(Block::Text(text));
        }
        blocks
    }

    /// The same by community: a table for each feature, so that it fits on a page.
    pub(super) fn done_by_community(&self, work: &Work) -> Vec<Block> {
        let all = work.figures(|_| true);
        let homes: BTreeSet<&UnitId> = work.done().map(|one| self.community_of(&one.home)).collect();
        let by_home: Vec<_> = homes
            .into_iter()
            .map(|home| (self.unit(Some(home)), work.figures(|one| self.community_of(&one.home) == home)))
            .collect();
        let mut blocks = Vec::new();
        for its in all.chunk_by(|(one, _), (other, _)| one.name == other.name) {
            let Some((feature, _)) = its.first() else { continue };
            let names = its.iter().map(|(_, figure)| figure_name(Tongue::Chinese, &figure.name));
            let head: Vec<_> = std::iter::once("社区".to_owned()).chain(names).collect();
            let row = |title: &str, figures: &[(&Feature, Figure)]| {
                let of = |(_, wanted): &(&Feature, Figure)| {
                    let same = |(of, figure): &&(&Feature, Figure)| {
                        of.name == feature.name && figure.name == wanted.name
                    };
                    figures.iter().find(same).map(|(_, figure)| written(figure.amount))
                };
                let cells: Vec<Option<String>> = its.iter().map(of).collect();
                cells.iter().any(Option::is_some).then(|| {
                    let cells = cells.into_iter().map(|cell| cell.unwrap_or_else(|| "0".to_owned()));
                    std::iter::once(title.to_owned()).chain(cells).collect::<Vec<_>>()
                })
            };
            let rows = by_home.iter().filter_map(|(name, figures)| row(name, figures));
            let rows = rows.chain(row("合计", its)).collect();
            blocks.push(Block::Heading(feature_name(Tongue::Chinese, feature)));
            blocks.push(Block::Table { head, rows });
        }
        blocks
    }

    /// Where the grid lacks what a standard asks for in each node, as far as anybody looked in these days.
    pub(super) fn coverage(&self, period: Period) -> Result<(String, Vec<Block>), ReportError> {
        let query = MatterQuery {
            feature: Some("observation-sheet".to_owned()),
            from: Some(period.from),
            to: period.until.pred_opt(),
            ..MatterQuery::default()
        };
        let sheets = self.server.replica_to_ask()?.matter_records(&query)?;
        let lacking = uncovered(&self.reference, period, &sheets);
        let text = match lacking.len() {
            0 => format!("{}，标准要求每处都有的，处处都有。", span(period)),
            many => format!("{}，标准要求每处都有而没有的共{many}处，逐处列明如下。", span(period)),
        };
        let rows = lacking.iter().map(|it| {
            let standard = self.reference.standards.get(&it.standard);
            let standard =
                standard.map_or_else(|| it.standard.to_string(), |it| format!("{} {}", it.clause, it.name));
            let lack = match it.lack {
                Lack::NoPoint => "没有适用的点位",
                Lack::NotSeen => "期间没有人观测",
                Lack::NotMet => "观测过，不符合",
            };
            let above = self.reference.ancestors(&it.node).map(|unit| unit.name.as_str());
            let mut path: Vec<_> = above.take(2).collect();
            path.reverse();
            vec![standard, path.join(" "), lack.to_owned()]
        });
        let rows: Vec<_> = rows.collect();
        let mut blocks = vec![Block::Text(text)];
        let head = ["标准", "网格", "情况"].map(str::to_owned).to_vec();
        blocks.extend((!rows.is_empty()).then_some(Block::Table { head, rows }));
        Ok(("覆盖盲区清单".to_owned(), blocks))
    }

    fn community_of<'a>(&'a self, unit: &'a UnitId) -> &'a UnitId {
        self.reference.community_of(unit).map_or(unit, |community| &community.id)
    }

    /// The places of a schedule that have nothing of a period.
    fn absent(
        &self,
        feature: &'static str,
        period: Period,
        unit: Option<&UnitId>,
    ) -> Result<Vec<(UnitId, Option<PointId>)>, ReportError> {
        let Some(schedule) = feature::named(feature).and_then(|it| it.schedule) else {
            return Ok(Vec::new());
        };
        let query = MatterQuery {
            feature: Some(feature.to_owned()),
            from: Some(period.from),
            to: period.until.pred_opt(),
            ..MatterQuery::default()
        };
        let held = self.server.replica_to_ask()?.matter_records(&query)?.into_iter();
        let held: Vec<MatterRecord> =
            held.filter(|(_, state)| state.step != Always::WITHDRAWN).map(|(record, _)| record).collect();
        let at = self.zone.midnight(period.until).min(self.now);
        let missing = missing(schedule, period.from, &held, &self.reference, at).into_iter();
        let here = |of: &UnitId| unit.is_none_or(|unit| self.reference.is_within(of, unit));
        Ok(missing.filter(|it| here(&it.unit)).map(|it| (it.unit, it.point)).collect())
    }
}

impl Work {
    /// What was done, without what somebody reports of the day or the week.
    fn done(&self) -> impl Iterator<Item = &Counted> {
        self.counted.iter().filter(|one| one.feature != DAILY && one.feature != WEEKLY)
    }

    fn sum(&self, feature: &str, figure: &str) -> i64 {
        let of = self.counted.iter().filter(|one| one.feature == feature && one.figure == figure);
        of.map(|one| number(one.amount)).sum()
    }

    /// The sums of what is asked for, in the order of the features.
    fn figures(&self, wanted: impl Fn(&Counted) -> bool) -> Vec<(&'static Feature, Figure)> {
        let of = |feature: &'static Feature| {
            let its = self.done().filter(|one| one.feature == feature.name && wanted(one));
            let its = its.map(|one| Figure {
                name: one.figure.to_owned(),
                label: String::new(),
                amount: one.amount,
            });
            sum(its).into_iter().map(move |figure| (feature, figure))
        };
        feature::ALL.iter().flat_map(|feature| of(feature)).collect()
    }
}

/// The numbers of a feature by what `key` tells apart.
fn by<K: Ord>(
    work: &Work,
    feature: &str,
    key: impl Fn(&Counted) -> K,
) -> BTreeMap<K, BTreeMap<&'static str, i64>> {
    let mut by: BTreeMap<K, BTreeMap<&'static str, i64>> = BTreeMap::new();
    for one in work.counted.iter().filter(|one| one.feature == feature) {
        *by.entry(key(one)).or_default().entry(one.figure).or_default() += number(one.amount);
    }
    by
}

fn number(amount: Amount) -> i64 {
    match amount {
        Amount::Count(number) | Amount::Minutes(number) => number,
        Amount::Share { part, .. } => part,
    }
}

/// As a paper writes it: hours with one decimal, half up.
fn written(amount: Amount) -> String {
    match amount {
        Amount::Minutes(minutes) => {
            let tenths = (minutes + 3) / 6;
            format!("{}.{}小时", tenths / 10, tenths % 10)
        }
        other => number(other).to_string(),
    }
}

fn named(what: &str, names: Vec<String>) -> String {
    match names.len() {
        0 => String::new(),
        many if many > NAMED => {
            format!("{what}：{}等{many}个。", names.get(..NAMED).unwrap_or_default().join("、"))
        }
        _ => format!("{what}：{}。", names.join("、")),
    }
}

/// Headings with their numbers, after those that are there.
pub(super) fn numbered(blocks: &mut Vec<Block>, more: Vec<Block>) {
    let mut number = blocks.iter().filter(|block| matches!(block, Block::Heading(_))).count();
    blocks.extend(more.into_iter().map(|block| match block {
        Block::Heading(text) => {
            number += 1;
            Block::Heading(format!("{}、{text}", numeral(number)))
        }
        other => other,
    }));
}
