//! Rules put to facts: each fact meets the rules of the set that held on its local day.

use super::facts::{self, Happening};
use super::{
    ENGINE, Reason, Rule, RuleSet, RuleSetUsed, ScoreEntry, ScoreError, ScorePoints, ScoreSheet, SheetInput,
    Suspended,
};
use crate::case::Merges;
use crate::id::CaseId;
use crate::time::Zone;
use num_rational::Ratio;
use num_traits::{CheckedAdd, CheckedMul};
use std::collections::BTreeMap;

/// The sheet of one community: the same bytes wherever the same input is held, in whatever order.
///
/// # Errors
/// [`ScoreError`] when there is no tenant or no rule set to count by, or a sum is too large to be exact.
pub fn sheet(input: &SheetInput<'_>) -> Result<ScoreSheet, ScoreError> {
    let zone = input.reference.tenant.as_ref().ok_or(ScoreError::NoTenant)?.zone;
    let sets = sets_in_force(input, zone);
    let base = sets.first().ok_or(ScoreError::NoRuleSet(input.period.from))?.base;

    let (mut entries, mut suspended) = (Vec::new(), Vec::new());
    for happening in happenings(input) {
        let at = happening.at.at();
        if !input.period.contains(zone.day(at)) {
            continue;
        }
        let Some(set) = input.reference.rule_set_at(at) else { continue };
        for rule in set.rules.iter().filter(|rule| applies(rule, &happening)) {
            let entry = entry(&happening, rule, set, input)?;
            match happening.suspended.clone() {
                None => entries.push(entry),
                Some(why) => suspended.push(Suspended { entry, why }),
            }
        }
    }
    entries.sort_by(|a, b| place(a).cmp(&place(b)));
    suspended.sort_by(|a, b| place(&a.entry).cmp(&place(&b.entry)));

    let total = entries.iter().try_fold(base, |sum, entry| {
        let sum = sum.0.checked_add(&entry.points.0).map(ScorePoints);
        sum.ok_or_else(|| ScoreError::Overflow(entry.rule_set.clone()))
    })?;
    let rule_sets = sets.iter().map(|set| Ok(RuleSetUsed { id: set.id.clone(), hash: set.hash()? }));
    Ok(ScoreSheet {
        engine: ENGINE,
        community: input.community.clone(),
        period: input.period,
        as_of: input.as_of,
        cut: input.cut.clone(),
        rule_sets: rule_sets.collect::<Result<_, _>>()?,
        base,
        entries,
        suspended,
        total,
    })
}

/// The rule sets that hold on some day of the period, oldest first.
fn sets_in_force<'a>(input: &SheetInput<'a>, zone: Zone) -> Vec<&'a RuleSet> {
    let begun = input.reference.rule_sets.values().map(|set| set.holds_from);
    let mut days: Vec<_> = begun.filter(|day| input.period.contains(*day)).collect();
    days.push(input.period.from);
    days.sort_unstable();
    days.dedup();
    days.into_iter().filter_map(|day| input.reference.rule_set_at(zone.midnight(day))).collect()
}

/// Everything that happened, in an order that does not depend on the order of the input.
///
/// The input is what lies in the community's own scope. A case there that another community answers for was
/// only shared into it: it does not count here, and neither does a merge into a case that does not, which
/// not everybody who holds this community could follow. So equal cuts make equal sheets.
fn happenings(input: &SheetInput<'_>) -> Vec<Happening> {
    let ours = input.cases.iter().filter(|case| case.state.community.as_ref() == Some(input.community));
    let by_id: BTreeMap<CaseId, _> = ours.map(|case| (case.record.id, *case)).collect();
    let merged = by_id.iter().map(|(id, case)| {
        let into = case.state.merged.filter(|(kept, _)| by_id.contains_key(kept));
        (*id, into)
    });
    let merges = Merges::of(merged);
    let standing = by_id.values().filter(|case| merges.stands(case.record.id));
    let of_cases = standing.flat_map(|case| facts::of_case(*case, input));
    of_cases.chain(facts::announced(input)).collect()
}

fn applies(rule: &Rule, happening: &Happening) -> bool {
    rule.when == happening.when && (rule.each_time || !happening.repeated)
}

fn entry(
    happening: &Happening,
    rule: &Rule,
    set: &RuleSet,
    input: &SheetInput<'_>,
) -> Result<ScoreEntry, ScoreError> {
    let halved = rule.halved_on_the_spot && happening.on_the_spot;
    let doubled = match (rule.double_from, &happening.reason) {
        (Some(from), Reason::Announced { clean_points: Some(clean), .. }) => *clean >= from,
        _ => false,
    };
    let times = Ratio::new(if doubled { 2 } else { 1 }, if halved { 2 } else { 1 });
    let points = rule.points.0.checked_mul(&times).ok_or_else(|| ScoreError::Overflow(set.id.clone()))?;
    Ok(ScoreEntry {
        rule_set: set.id.clone(),
        rule: rule.id.clone(),
        clause: rule.clause.clone(),
        title: rule.title.clone(),
        points: ScorePoints(points),
        halved,
        doubled,
        reason: happening.reason.clone(),
        at: happening.at,
        event: happening.event,
        case: happening.case,
        point: happening.point.clone(),
        person: happening.person.clone(),
        photos: happening.photos.clone(),
        pending: input.pending.contains(&happening.event),
    })
}

/// Where an entry stands on the sheet.
fn place(entry: &ScoreEntry) -> impl Ord + '_ {
    (entry.at.at(), entry.event, &entry.rule, entry.case)
}
