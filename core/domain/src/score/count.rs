//! Rules put to facts: each fact meets the rules of the set that held on its local day; then what holds for
//! the whole period (numbers, caps) and what appeals decided.

use super::factor::Circumstances;
use super::facts::Happening;
use super::{
    Asked, Book, Factor, Period, Reason, Rule, RuleSet, ScoreEntry, ScoreError, ScorePoints, ScoreSheet,
    SheetInput, Suspended,
};
use crate::time::Stamp;
use num_rational::Ratio;
use num_traits::{CheckedAdd, CheckedMul, CheckedSub, Signed, Zero};
use std::collections::BTreeMap;

/// The sheet of one community: the same bytes wherever the same input is held, in whatever order.
///
/// # Errors
/// [`ScoreError`] when there is no tenant or no rule set to count by, or a sum is too large to be exact.
pub fn sheet(input: &SheetInput<'_>) -> Result<ScoreSheet, ScoreError> {
    let mut book = Book::of(input.community, input.cases.iter().copied(), input.reference, input.as_of)?;
    book.assess(&input.sheets, input.reference, input.as_of)?;
    book.sheet(&Asked {
        period: input.period,
        as_of: input.as_of,
        cut: input.cut.clone(),
        reference: input.reference,
        pending: &input.pending,
    })
}

/// The lines of one period, as far as they are known.
pub(super) struct Lines {
    pub entries: Vec<ScoreEntry>,
    pub suspended: Vec<Suspended>,
}

/// Counts a period by what is known now, whether or not it was published.
pub(super) fn lines(book: &Book, asked: &Asked<'_>, period: Period) -> Result<Lines, ScoreError> {
    let (mut counted, mut suspended) = (Vec::new(), Vec::new());
    for happening in book.within(period) {
        let Some(set) = asked.reference.rule_set_at(happening.at.at()) else { continue };
        for rule in set.rules.iter().filter(|rule| applies(rule, happening)) {
            let entry = entry(happening, rule, set, asked)?;
            match happening.suspended.clone() {
                None => counted.push((entry, rule)),
                Some(why) => suspended.push(Suspended { entry, why }),
            }
        }
    }
    counted.sort_by(|(a, _), (b, _)| place(a).cmp(&place(b)));
    suspended.sort_by(|a, b| place(&a.entry).cmp(&place(&b.entry)));
    hold_to_period(&mut counted)?;
    let mut entries: Vec<ScoreEntry> = counted.into_iter().map(|(entry, _)| entry).collect();
    let rulings = rulings(book, asked, &entries)?;
    entries.extend(rulings);
    entries.sort_by(|a, b| place(a).cmp(&place(b)));
    Ok(Lines { entries, suspended })
}

fn applies(rule: &Rule, happening: &Happening) -> bool {
    rule.when == happening.when && rule.named == happening.named && (rule.each_time || !happening.repeated)
}

fn entry(
    happening: &Happening,
    rule: &Rule,
    set: &RuleSet,
    asked: &Asked<'_>,
) -> Result<ScoreEntry, ScoreError> {
    let halved = rule.halved_on_the_spot && happening.on_the_spot;
    let doubled = match (rule.double_from, &happening.reason) {
        (Some(from), Reason::Announced { clean_points: Some(clean), .. }) => *clean >= from,
        _ => false,
    };
    let kind = || Some(asked.reference.points.get(happening.point.as_ref()?)?.kind.as_str());
    let here = Circumstances {
        on_the_spot: happening.on_the_spot,
        reason: &happening.reason,
        point_kind: if rule.factors.is_empty() { None } else { kind() },
        number: None,
    };
    let held = |factor: &&Factor| factor.condition.of_the_fact() && factor.condition.holds(&here);
    let factors: Vec<Factor> = rule.factors.iter().filter(held).cloned().collect();
    let times = Ratio::new(if doubled { 2 } else { 1 }, if halved { 2 } else { 1 });
    let measured = match (rule.measured, &happening.reason) {
        (Some(measure), Reason::Assessed { met, observed, .. }) => measure.of(*met, *observed),
        _ => Ratio::from_integer(1),
    };
    let once = rule.points.0.checked_mul(&times).and_then(|points| points.checked_mul(&measured));
    let points = factors.iter().try_fold(once, |points, factor| Some(points?.checked_mul(&factor.times.0)));
    let points = points.flatten().ok_or_else(|| ScoreError::Overflow(set.id.clone()))?;
    Ok(ScoreEntry {
        rule_set: set.id.clone(),
        rule: rule.id.clone(),
        clause: rule.clause.clone(),
        title: rule.title.clone(),
        points: ScorePoints(points),
        halved,
        doubled,
        factors,
        capped: false,
        corrects: None,
        reason: happening.reason.clone(),
        at: happening.at,
        event: happening.event,
        case: happening.case,
        point: happening.point.clone(),
        person: happening.person.clone(),
        photos: happening.photos.clone(),
        pending: asked.pending.contains(&happening.event),
    })
}

/// What a rule says about all its lines in a period together.
fn hold_to_period(counted: &mut [(ScoreEntry, &Rule)]) -> Result<(), ScoreError> {
    let mut so_far = BTreeMap::new();
    for (entry, rule) in counted {
        let by_number = rule.factors.iter().filter(|factor| !factor.condition.of_the_fact());
        if rule.cap.is_none() && by_number.clone().next().is_none() {
            continue;
        }
        let too_large = || ScoreError::Overflow(entry.rule_set.clone());
        let (number, spent) =
            so_far.entry((entry.rule_set.clone(), rule.id.clone())).or_insert((0u32, Ratio::zero()));
        *number = number.saturating_add(1);
        let here = Circumstances {
            on_the_spot: false,
            reason: &entry.reason,
            point_kind: None,
            number: Some(*number),
        };
        let held: Vec<Factor> = by_number.filter(|factor| factor.condition.holds(&here)).cloned().collect();
        for factor in held {
            entry.points.0 = entry.points.0.checked_mul(&factor.times.0).ok_or_else(too_large)?;
            entry.factors.push(factor);
        }
        if let Some(cap) = rule.cap {
            let room = cap.0.abs().checked_sub(spent).ok_or_else(too_large)?;
            if entry.points.0.abs() > room {
                entry.points.0 = room * entry.points.0.signum();
                entry.capped = true;
            }
            *spent = spent.checked_add(&entry.points.0.abs()).ok_or_else(too_large)?;
        }
    }
    Ok(())
}

/// A line for each decision on an appeal against one of these lines. A later decision on the same line
/// starts from what the one before it said.
fn rulings(book: &Book, asked: &Asked<'_>, entries: &[ScoreEntry]) -> Result<Vec<ScoreEntry>, ScoreError> {
    let ours = asked.reference.rulings.values();
    let mut ours: Vec<_> =
        ours.filter(|ruling| ruling.community == book.community && ruling.at <= asked.as_of).collect();
    ours.sort_by_key(|ruling| (ruling.at, ruling.id));
    let mut worth = BTreeMap::new();
    let mut lines = Vec::new();
    for ruling in ours {
        let about = |entry: &&ScoreEntry| entry.event == ruling.of && entry.rule == ruling.rule;
        let Some(entry) = entries.iter().find(about) else { continue };
        let was = worth.insert((ruling.of, &ruling.rule), ruling.points).unwrap_or(entry.points);
        let points = ruling.points.0.checked_sub(&was.0);
        lines.push(ScoreEntry {
            points: ScorePoints(points.ok_or_else(|| ScoreError::Overflow(entry.rule_set.clone()))?),
            halved: false,
            doubled: false,
            factors: Vec::new(),
            capped: false,
            reason: Reason::Ruling { of: ruling.of, was, is: ruling.points, words: ruling.words.clone() },
            at: Stamp::exact(ruling.at),
            event: ruling.id,
            ..entry.clone()
        });
    }
    Ok(lines)
}

/// Where an entry stands on the sheet.
pub(super) fn place(entry: &ScoreEntry) -> impl Ord + '_ {
    (entry.at.at(), entry.event, &entry.rule, entry.case)
}
