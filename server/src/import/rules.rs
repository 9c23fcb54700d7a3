//! `rules.toml`: a score rule set. A set that replaces another one gets a file of its own
//! (`rules-2027.toml`): past sheets are still computed from the earlier one.

use super::known::Known;
use super::problem::Problem;
use super::remark::Report;
use super::settings::{Section, Setting};
use super::spelling::{self, Words};
use sanben_domain::id::{RuleId, RuleSetId, UnitId};
use sanben_domain::score::{Rule, RuleSet, ScorePoints, When};
use std::collections::BTreeMap;

/// Whether a file holds a rule set.
pub(super) fn is_file(name: &str) -> bool {
    name == "rules.toml" || (name.starts_with("rules-") && name.ends_with(".toml"))
}

/// Amounts have no more digits than this before and after the stroke, so that no sum of them overflows.
const MOST_DIGITS: usize = 6;

const WHEN: Words<When> = &[
    ("市级检查发现问题", "finding-city", When::FindingCity),
    ("区级检查发现问题", "finding-district", When::FindingDistrict),
    ("街道检查发现问题", "finding-subdistrict", When::FindingSubdistrict),
    ("数字城管超期", "overdue-digital", When::OverdueDigital),
    ("当日未办完", "overdue-same-day", When::OverdueSameDay),
    ("超期", "overdue", When::Overdue),
    ("再次发现", "found-again", When::FoundAgain),
    ("回头看不合格", "look-back-failed", When::LookBackFailed),
    ("市级表扬", "praise-city", When::PraiseCity),
    ("区级表扬", "praise-district", When::PraiseDistrict),
    ("街道表扬", "praise-subdistrict", When::PraiseSubdistrict),
    ("市级检查无问题", "clean-point-city", When::CleanPointCity),
    ("区级检查无问题", "clean-point-district", When::CleanPointDistrict),
    ("市级退回材料", "material-failed-city", When::MaterialFailedCity),
    ("区级退回材料", "material-failed-district", When::MaterialFailedDistrict),
];

/// Reads a rule set.
pub(super) fn read(top: &Section<'_>, known: &Known, report: &mut Report) -> Option<RuleSet> {
    top.expect_only(&["id", "name", "holds_from", "base", "tiers", "rule"], report);
    let id = top.needed("id", report).and_then(|id| id.read(spelling::code, Problem::BadCode, report));
    let name = top.needed("name", report).and_then(|name| name.text(report));
    let holds_from = top.needed("holds_from", report);
    let holds_from = holds_from.and_then(|day| day.bare(spelling::day, Problem::BadDay, report));
    let base = top.needed("base", report).and_then(|base| points(base, report));
    let tiers = top.optional("tiers", |tiers| self::tiers(tiers, known, report));
    let rules = top.needed("rule", report).and_then(|rules| self::rules(rules, report));
    Some(RuleSet {
        id: RuleSetId(id?),
        name: name?.to_owned(),
        holds_from: holds_from?,
        base: base?,
        tiers: tiers?.unwrap_or_default(),
        rules: rules?,
    })
}

fn points(setting: Setting<'_>, report: &mut Report) -> Option<ScorePoints> {
    setting.bare(exact, Problem::NotExact, report)
}

/// `-1`, `1/2`, `-3/2`: whole numbers with an optional stroke.
fn exact(text: &str) -> Option<ScorePoints> {
    let text = spelling::half_width(text);
    let digits = |part: &str| {
        (1..=MOST_DIGITS).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let plain = text.strip_prefix(['-', '+']).unwrap_or(&text).split('/').all(digits);
    plain.then(|| text.parse().ok())?
}

/// Communities, each in one tier.
fn tiers(setting: Setting<'_>, known: &Known, report: &mut Report) -> Option<Vec<Vec<UnitId>>> {
    let mut lines = BTreeMap::new();
    let mut tiers = Vec::new();
    for tier in setting.list(report)? {
        let mut communities = Vec::new();
        for community in tier.list(report)? {
            let code = community.read(spelling::code, Problem::BadCode, report)?;
            if !known.units.hold(&code) {
                report.error(community.remark(Problem::Unknown { file: known.units.file }));
            } else if !known.communities.hold(&code) {
                report.error(community.remark(Problem::NotACommunity));
            }
            if let Some(row) = lines.insert(code.clone(), community.line()) {
                report.error(community.remark(Problem::Duplicate { row }));
            }
            communities.push(UnitId(code));
        }
        tiers.push(communities);
    }
    Some(tiers)
}

fn rules(setting: Setting<'_>, report: &mut Report) -> Option<Vec<Rule>> {
    let mut lines = BTreeMap::new();
    let mut rules = Vec::new();
    for rule in setting.list(report)? {
        let Some(section) = rule.section(report) else { continue };
        if let Some((id, rule)) = self::rule(&section, report) {
            if let Some(row) = lines.insert(rule.id.clone(), id.line()) {
                report.error(id.remark(Problem::Duplicate { row }));
            }
            rules.push(rule);
        }
    }
    Some(rules)
}

fn rule<'a>(rule: &Section<'a>, report: &mut Report) -> Option<(Setting<'a>, Rule)> {
    let keys = ["id", "clause", "title", "when", "points", "halved_on_the_spot", "each_time", "double_from"];
    rule.expect_only(&keys, report);
    let id = rule.needed("id", report);
    let code = id.and_then(|id| id.read(spelling::code, Problem::BadCode, report));
    let clause = rule.needed("clause", report).and_then(|clause| clause.text(report));
    let title = rule.needed("title", report).and_then(|title| title.text(report));
    let when = rule.needed("when", report).and_then(|when| when.word(WHEN, report));
    let points = rule.needed("points", report).and_then(|points| self::points(points, report));
    let halved_on_the_spot = rule.optional("halved_on_the_spot", |flag| flag.flag(report));
    let each_time = rule.optional("each_time", |flag| flag.flag(report));
    let double_from = rule.optional("double_from", |many| many.number(2, 1_000, report));
    let rule = Rule {
        id: RuleId(code?),
        clause: clause?.to_owned(),
        title: title?.to_owned(),
        when: when?,
        points: points?,
        halved_on_the_spot: halved_on_the_spot?.unwrap_or_default(),
        each_time: each_time?.unwrap_or_default(),
        double_from: double_from?.and_then(|many| u32::try_from(many).ok()),
    };
    Some((id?, rule))
}
