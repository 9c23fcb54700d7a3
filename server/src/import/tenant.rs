//! `tenant.toml`: the shape of a day, what a duplicate is, and the steps a case takes.

use super::problem::Problem;
use super::remark::Report;
use super::settings::{Section, Setting};
use super::spelling::{self, Words};
use chrono::NaiveTime;
use sanben_domain::case::Step;
use sanben_domain::id::TenantId;
use sanben_domain::reference::{DayPlan, DuplicateRule, Tenant, Workflow};
use sanben_domain::time::Zone;

/// The file.
pub(super) const FILE: &str = "tenant.toml";

const STEPS: Words<Step> = &[
    ("上报", "report", Step::Report),
    ("核实", "confirm", Step::Confirm),
    ("立案", "file", Step::File),
    ("派遣", "dispatch", Step::Dispatch),
    ("处置", "handle", Step::Handle),
    ("核查", "verify", Step::Verify),
    ("结案", "close", Step::Close),
];

/// Reads the settings.
pub(super) fn read(top: &Section<'_>, report: &mut Report) -> Option<Tenant> {
    top.expect_only(
        &["id", "name", "utc_offset_minutes", "day", "offline_days", "duplicate", "workflow"],
        report,
    );
    let id = top.needed("id", report).and_then(|id| id.read(spelling::code, Problem::BadCode, report));
    let name = top.needed("name", report).and_then(|name| name.text(report));
    // The offsets in use on earth.
    let offset = top.needed("utc_offset_minutes", report).and_then(|at| at.number(-720, 840, report));
    let day =
        top.needed("day", report).and_then(|day| day.section(report)).and_then(|day| day_plan(&day, report));
    let duplicate = top.needed("duplicate", report).and_then(|rule| rule.section(report));
    let duplicate = duplicate.and_then(|rule| duplicate_rule(&rule, report));
    let workflow = top.needed("workflow", report).and_then(|flow| flow.section(report));
    let workflow = workflow.and_then(|flow| self::workflow(&flow, report));
    let offline_days = top.optional("offline_days", |days| days.number(0, 366, report));
    Some(Tenant {
        id: TenantId(id?),
        name: name?.to_owned(),
        zone: Zone { offset_minutes: i32::try_from(offset?).ok()? },
        day: day?,
        duplicate: duplicate?,
        workflow: workflow?,
        offline_days: offline_days?.map_or(Ok(Tenant::a_week()), u16::try_from).ok()?,
    })
}

fn time(setting: Setting<'_>, report: &mut Report) -> Option<NaiveTime> {
    setting.bare(spelling::time, Problem::BadTime, report)
}

fn day_plan(day: &Section<'_>, report: &mut Report) -> Option<DayPlan> {
    day.expect_only(&["patrol_at", "look_back_at", "ends_at", "work"], report);
    let mut last = None;
    // A day that ends before its look-back would make every finding late at once.
    let [patrol_at, look_back_at, ends_at] = ["patrol_at", "look_back_at", "ends_at"]
        .map(|key| in_order(day.needed(key, report)?, &mut last, report));
    let work = day.needed("work", report).and_then(|work| work.list(report));
    let work = work.and_then(|spans| working_hours(&spans, report));
    Some(DayPlan { patrol_at: patrol_at?, look_back_at: look_back_at?, ends_at: ends_at?, work: work? })
}

/// A time that comes after `last`, and is the next `last`.
fn in_order(setting: Setting<'_>, last: &mut Option<NaiveTime>, report: &mut Report) -> Option<NaiveTime> {
    let time = time(setting, report)?;
    if last.is_some_and(|last| time <= last) {
        report.error(setting.remark(Problem::OutOfOrder));
    }
    *last = Some(time);
    Some(time)
}

/// Spans that follow each other.
fn working_hours(spans: &[Setting<'_>], report: &mut Report) -> Option<Vec<(NaiveTime, NaiveTime)>> {
    let mut last = None;
    let mut hours = Vec::new();
    for span in spans {
        let ends = span.list(report)?;
        let [from, until] = ends.as_slice() else {
            report.error(span.remark(Problem::WrongType { wanted: "[\"08:30\", \"12:00\"]" }));
            return None;
        };
        hours.push((in_order(*from, &mut last, report)?, in_order(*until, &mut last, report)?));
    }
    Some(hours)
}

fn duplicate_rule(rule: &Section<'_>, report: &mut Report) -> Option<DuplicateRule> {
    rule.expect_only(&["metres", "hours"], report);
    let metres = rule.needed("metres", report).and_then(|metres| metres.number(0, 10_000, report));
    let hours = rule.needed("hours", report).and_then(|hours| hours.number(0, 8_784, report));
    Some(DuplicateRule { metres: u32::try_from(metres?).ok()?, hours: u32::try_from(hours?).ok()? })
}

fn workflow(flow: &Section<'_>, report: &mut Report) -> Option<Workflow> {
    flow.expect_only(&["steps", "automatic"], report);
    let steps = flow.needed("steps", report).and_then(|steps| self::steps(steps, report));
    let automatic = flow.optional("automatic", |automatic| {
        let named = self::steps(automatic, report)?;
        if let Some(steps) = &steps
            && !named.iter().all(|step| steps.contains(step))
        {
            let words = STEPS.iter().filter(|(_, _, step)| steps.contains(step));
            let words = words.map(|(zh, en, _)| (*zh, *en)).collect();
            report.error(automatic.remark(Problem::UnknownWord { words }));
        }
        Some(named)
    });
    Some(Workflow { steps: steps?, automatic: automatic?.unwrap_or_default() })
}

/// Steps in the order of the flow, each once.
fn steps(setting: Setting<'_>, report: &mut Report) -> Option<Vec<Step>> {
    let mut steps: Vec<Step> = Vec::new();
    for value in setting.list(report)? {
        let step = value.word(STEPS, report)?;
        if steps.last().is_some_and(|last| step <= *last) {
            report.error(value.remark(Problem::OutOfOrder));
        }
        steps.push(step);
    }
    Some(steps)
}
