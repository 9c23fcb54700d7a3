//! `rules.toml`: a score rule set. A set that replaces another one gets a file of its own
//! (`rules-2027.toml`): past sheets are still computed from the earlier one.

use super::known::Known;
use super::problem::Problem;
use super::remark::Report;
use super::settings::{Section, Setting};
use super::spelling::{self, Words};
use sanben_domain::id::{RuleId, RuleSetId, UnitId};
use sanben_domain::score::{
    Condition, Factor, Measure, Part, Rhythm, Rule, RuleSet, ScorePoints, When, YearEnd, YearPart, YearSource,
};
use std::collections::{BTreeMap, BTreeSet};

/// Whether a file holds a rule set.
pub(super) fn is_file(name: &str) -> bool {
    name == "rules.toml" || (name.starts_with("rules-") && name.ends_with(".toml"))
}

/// Amounts have no more digits than this before and after the stroke. Fractions of such amounts can overflow
/// all the same when they are added, so that every sum is checked.
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
    ("模拟测评", "assessed", When::Assessed),
    ("其他", "announced", When::Announced),
];

const MEASURES: Words<Measure> = &[
    ("符合数", "met", Measure::Met),
    ("不符合数", "not-met", Measure::NotMet),
    ("符合率", "met-share", Measure::MetShare),
    ("不符合率", "not-met-share", Measure::NotMetShare),
];

const RHYTHMS: Words<Rhythm> = &[
    ("每周", "weekly", Rhythm::Weekly),
    ("每月", "monthly", Rhythm::Monthly),
    ("每年", "yearly", Rhythm::Yearly),
];

/// Reads a rule set.
pub(super) fn read(top: &Section<'_>, known: &Known, report: &mut Report) -> Option<RuleSet> {
    top.expect_only(
        &["id", "name", "holds_from", "base", "tiers", "rhythm", "part", "year_end", "rule"],
        report,
    );
    let id = top.needed("id", report).and_then(|id| id.read(spelling::code, Problem::BadCode, report));
    let name = top.needed("name", report).and_then(|name| name.text(report));
    let holds_from = top.needed("holds_from", report);
    let holds_from = holds_from.and_then(|day| day.bare(spelling::day, Problem::BadDay, report));
    let base = top.needed("base", report).and_then(|base| whole(base, report));
    let tiers = top.optional("tiers", |tiers| self::tiers(tiers, known, report));
    let rhythm = top.optional("rhythm", |rhythm| rhythm.word(RHYTHMS, report));
    let parts = top.optional("part", |parts| self::parts(parts, report));
    let year_end = top.optional("year_end", |year| year_end(year, report));
    let named = parts.iter().flatten().flatten().map(|part| part.id.clone()).collect();
    let rules = top.needed("rule", report).and_then(|rules| self::rules(rules, &named, report));
    if let (Some(base), Some(Some(parts)), Some(setting)) = (base, &parts, top.get("part")) {
        check_parts(base, parts, setting, report);
    }
    Some(RuleSet {
        id: RuleSetId(id?),
        name: name?.to_owned(),
        holds_from: holds_from?,
        base: base?,
        tiers: tiers?.unwrap_or_default(),
        rhythm: rhythm?.unwrap_or_default(),
        parts: parts?.unwrap_or_default(),
        year_end: year_end?,
        rules: rules?,
    })
}

fn points(setting: Setting<'_>, report: &mut Report) -> Option<ScorePoints> {
    setting.bare(exact, Problem::NotExact, report)
}

/// What shares are taken of: more than nothing.
fn whole(setting: Setting<'_>, report: &mut Report) -> Option<ScorePoints> {
    let whole = points(setting, report)?;
    if !whole.is_positive() {
        report.error(setting.remark(Problem::NotPositive));
    }
    Some(whole)
}

/// `-1`, `1/2`, `-3/2`: whole numbers with an optional stroke.
pub(super) fn exact(text: &str) -> Option<ScorePoints> {
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

/// The parts of the base, each with a code of its own.
fn parts(setting: Setting<'_>, report: &mut Report) -> Option<Vec<Part>> {
    let mut lines = BTreeMap::new();
    let mut parts = Vec::new();
    for part in setting.list(report)? {
        let section = part.section(report)?;
        section.expect_only(&["id", "title", "base", "least", "most"], report);
        let id = section.needed("id", report);
        let code = id.and_then(|id| id.read(spelling::code, Problem::BadCode, report));
        let title = section.needed("title", report).and_then(|title| title.text(report));
        let base = section.needed("base", report).and_then(|base| points(base, report));
        let least = section.optional("least", |least| points(least, report));
        let most = section.optional("most", |most| points(most, report));
        let (id, code) = (id?, code?);
        if let Some(row) = lines.insert(code.clone(), id.line()) {
            report.error(id.remark(Problem::Duplicate { row }));
        }
        parts.push(Part { id: code, title: title?.to_owned(), base: base?, least: least?, most: most? });
    }
    Some(parts)
}

/// The parts together are the base.
fn check_parts(base: ScorePoints, parts: &[Part], setting: Setting<'_>, report: &mut Report) {
    match ScorePoints::sum(parts.iter().map(|part| part.base)) {
        None => report.error(setting.remark(Problem::NoSum)),
        Some(sum) if sum == base => {}
        Some(sum) => report.error(setting.remark(Problem::PartsNotBase { sum: sum.to_string() })),
    }
}

fn year_end(setting: Setting<'_>, report: &mut Report) -> Option<YearEnd> {
    let section = setting.section(report)?;
    section.expect_only(&["rhythm", "part"], report);
    let rhythm = section.needed("rhythm", report).and_then(|rhythm| rhythm.word(RHYTHMS, report));
    let mut parts = Vec::new();
    for part in section.needed("part", report)?.list(report)? {
        let part = part.section(report)?;
        part.expect_only(&["title", "weight", "from"], report);
        let title = part.needed("title", report).and_then(|title| title.text(report));
        let weight = part.needed("weight", report).and_then(|weight| points(weight, report));
        let from = part.needed("from", report).and_then(|from| year_source(from, report));
        parts.push(YearPart { title: title?.to_owned(), weight: weight?, from: from? });
    }
    Some(YearEnd { rhythm: rhythm?, parts })
}

fn year_source(setting: Setting<'_>, report: &mut Report) -> Option<YearSource> {
    const WORDS: Words<()> = &[("各期", "sheets", ())];
    if !setting.is_section() {
        return setting.word(WORDS, report).map(|()| YearSource::Sheets);
    }
    let section = setting.section(report)?;
    section.expect_only(&["quarter", "mark"], report);
    if let Some(quarter) = section.get("quarter") {
        return u32::try_from(quarter.number(1, 4, report)?).ok().map(YearSource::Quarter);
    }
    let mark = section.needed("mark", report)?.section(report)?;
    mark.expect_only(&["named", "full"], report);
    let named = mark.needed("named", report).and_then(|named| named.text(report));
    let full = mark.needed("full", report).and_then(|full| whole(full, report));
    Some(YearSource::Mark { named: named?.to_owned(), full: full? })
}

fn factors(setting: Setting<'_>, report: &mut Report) -> Option<Vec<Factor>> {
    let mut factors = Vec::new();
    for factor in setting.list(report)? {
        let factor = factor.section(report)?;
        factor.expect_only(&["times", "if"], report);
        let times = factor.needed("times", report).and_then(|times| points(times, report));
        let condition = factor.needed("if", report).and_then(|condition| self::condition(condition, report));
        factors.push(Factor { times: times?, condition: condition? });
    }
    Some(factors)
}

fn condition(setting: Setting<'_>, report: &mut Report) -> Option<Condition> {
    const WORDS: Words<()> = &[("当场整改", "on-the-spot", ())];
    if !setting.is_section() {
        return setting.word(WORDS, report).map(|()| Condition::OnTheSpot);
    }
    let section = setting.section(report)?;
    section.expect_only(&["clean-points", "found", "in-period", "met-from", "point-kind"], report);
    let from =
        |setting: Setting<'_>, report: &mut Report| u32::try_from(setting.number(1, 1_000, report)?).ok();
    if let Some(many) = section.get("clean-points") {
        return from(many, report).map(Condition::CleanPoints);
    }
    if let Some(times) = section.get("found") {
        return from(times, report).map(Condition::Found);
    }
    if let Some(number) = section.get("in-period") {
        return from(number, report).map(Condition::InPeriod);
    }
    if let Some(share) = section.get("met-from") {
        return points(share, report).map(Condition::MetFrom);
    }
    let kinds = section.needed("point-kind", report)?.list(report)?;
    let kinds = kinds.into_iter().map(|kind| kind.text(report).map(str::to_owned));
    kinds.collect::<Option<_>>().map(Condition::PointKind)
}

fn rules(setting: Setting<'_>, parts: &BTreeSet<String>, report: &mut Report) -> Option<Vec<Rule>> {
    let mut lines = BTreeMap::new();
    let mut rules = Vec::new();
    for rule in setting.list(report)? {
        let Some(section) = rule.section(report) else { continue };
        if let Some((id, rule)) = self::rule(&section, parts, report) {
            if let Some(row) = lines.insert(rule.id.clone(), id.line()) {
                report.error(id.remark(Problem::Duplicate { row }));
            }
            rules.push(rule);
        }
    }
    Some(rules)
}

fn rule<'a>(
    rule: &Section<'a>,
    parts: &BTreeSet<String>,
    report: &mut Report,
) -> Option<(Setting<'a>, Rule)> {
    let keys = [
        "id",
        "clause",
        "title",
        "when",
        "named",
        "points",
        "halved_on_the_spot",
        "each_time",
        "double_from",
        "measured",
        "factors",
        "cap",
        "part",
    ];
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
    let named = if when == Some(When::Announced) {
        rule.needed("named", report).and_then(|named| named.text(report)).map(Some)
    } else {
        Some(None)
    };
    let measured = rule.optional("measured", |measure| measure.word(MEASURES, report));
    if let (Some(Some(_)), Some(setting)) =
        (measured, rule.get("measured").filter(|_| when != Some(When::Assessed)))
    {
        report.error(setting.remark(Problem::NothingMeasured));
    }
    let factors = rule.optional("factors", |factors| self::factors(factors, report));
    let cap = rule.optional("cap", |cap| self::points(cap, report));
    let part = rule.optional("part", |part| {
        let code = part.text(report)?;
        if !parts.contains(code) {
            report.error(part.remark(Problem::UnknownPart));
        }
        Some(code.to_owned())
    });
    let rule = Rule {
        id: RuleId(code?),
        clause: clause?.to_owned(),
        title: title?.to_owned(),
        when: when?,
        points: points?,
        halved_on_the_spot: halved_on_the_spot?.unwrap_or_default(),
        each_time: each_time?.unwrap_or_default(),
        double_from: double_from?.and_then(|many| u32::try_from(many).ok()),
        named: named?.map(str::to_owned),
        measured: measured?,
        factors: factors?.unwrap_or_default(),
        cap: cap?,
        part: part?,
    };
    Some((id?, rule))
}
