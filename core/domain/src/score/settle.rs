//! Published sheets stand; the open period makes up for what came later.
//!
//! Of every line that belongs to a published period, all published sheets together counted a certain amount.
//! What it is worth by now can differ: a report arrived late, a case was voided, an appeal was decided. The
//! difference is a line of the open period, the first one after the last published. Once that is published
//! too, its line counts among what was counted, so nothing is corrected twice.

use super::count::{self, Lines, place};
use super::{
    Asked, Book, Corrects, Counted, ENGINE, PartTotal, Period, Publication, Reason, RuleSet, RuleSetUsed,
    ScoreEntry, ScoreError, ScorePoints, ScoreSheet,
};
use crate::id::{EventId, RuleId};
use crate::time::{Stamp, Zone};
use num_rational::Ratio;
use num_traits::{CheckedAdd, CheckedSub, Zero};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// A line by what it is about.
type Key = (EventId, RuleId);

pub(super) fn sheet(book: &Book, asked: &Asked<'_>) -> Result<ScoreSheet, ScoreError> {
    let zone = asked.reference.tenant.as_ref().ok_or(ScoreError::NoTenant)?.zone;
    let sets = sets_in_force(asked, zone);
    let set = sets.first().ok_or(ScoreError::NoRuleSet(asked.period.from))?;
    let published = published(book, asked);
    let frozen = published.iter().find(|publication| publication.period == asked.period).copied();

    let Lines { mut entries, mut suspended } = count::lines(book, asked, asked.period)?;
    if let Some(frozen) = frozen {
        (entries, suspended) = (stand(book, asked, frozen, &published, entries)?, Vec::new());
    } else if published.last().is_some_and(|last| asked.period.contains(last.period.until)) {
        entries.extend(corrections(book, asked, &published)?);
    }
    let (parts, total) = totals(asked, set, &entries)?;
    let rule_sets = sets.iter().map(|set| Ok(RuleSetUsed { id: set.id.clone(), hash: set.hash()? }));
    Ok(ScoreSheet {
        engine: ENGINE,
        community: book.community.clone(),
        period: asked.period,
        as_of: frozen.map_or(asked.as_of, |frozen| frozen.as_of),
        cut: frozen.map_or_else(|| asked.cut.clone(), |frozen| frozen.cut.clone()),
        rule_sets: rule_sets.collect::<Result<_, _>>()?,
        base: set.base,
        entries,
        suspended,
        parts,
        published: frozen.map(|frozen| frozen.as_of),
        total: frozen.map_or(total, |frozen| frozen.total),
    })
}

/// The rule sets that hold on some day of the period, oldest first.
fn sets_in_force<'a>(asked: &Asked<'a>, zone: Zone) -> Vec<&'a RuleSet> {
    let begun = asked.reference.rule_sets.values().map(|set| set.holds_from);
    let mut days: Vec<_> = begun.filter(|day| asked.period.contains(*day)).collect();
    days.push(asked.period.from);
    days.sort_unstable();
    days.dedup();
    days.into_iter().filter_map(|day| asked.reference.rule_set_at(zone.midnight(day))).collect()
}

/// What was published of the same rhythm, oldest period first. Weeks do not settle months.
fn published<'a>(book: &Book, asked: &Asked<'a>) -> Vec<&'a Publication> {
    let Some(rhythm) = asked.period.rhythm() else { return Vec::new() };
    let of_community = asked.reference.publications.get(&book.community);
    let mut published: Vec<_> = of_community
        .into_iter()
        .flat_map(BTreeMap::values)
        .filter(|publication| publication.as_of <= asked.as_of && publication.period.rhythm() == Some(rhythm))
        .collect();
    published.sort_by_key(|publication| publication.period);
    published
}

fn key(entry: &ScoreEntry) -> Key {
    (entry.event, entry.rule.clone())
}

/// What the publications count for the lines that belong to a period.
fn counted<'a>(
    published: impl IntoIterator<Item = &'a Publication>,
    period: Period,
) -> Result<BTreeMap<Key, (ScorePoints, &'a Counted)>, ScoreError> {
    let mut counted: BTreeMap<Key, (ScorePoints, &Counted)> = BTreeMap::new();
    for publication in published {
        let home = |line: &&Counted| line.of.unwrap_or(publication.period) == period;
        for line in publication.lines.iter().filter(home) {
            let so_far =
                counted.entry((line.event, line.rule.clone())).or_insert((ScorePoints::default(), line));
            let sum = so_far.0.0.checked_add(&line.points.0);
            so_far.0.0 = sum.ok_or_else(|| ScoreError::Overflow(line.rule_set.clone()))?;
        }
    }
    Ok(counted)
}

/// What has to be made up for in the open period.
fn corrections(
    book: &Book,
    asked: &Asked<'_>,
    published: &[&Publication],
) -> Result<Vec<ScoreEntry>, ScoreError> {
    let mut corrections = Vec::new();
    for publication in published {
        let period = publication.period;
        let mut counted = counted(published.iter().copied(), period)?;
        for entry in count::lines(book, asked, period)?.entries {
            let was = counted.remove(&key(&entry)).map(|(points, _)| points).unwrap_or_default();
            if entry.points != was {
                corrections.push(correction(entry, was, period)?);
            }
        }
        for (was, line) in counted.into_values().filter(|(was, _)| !was.0.is_zero()) {
            corrections.push(correction(bare(line, asked), was, period)?);
        }
    }
    corrections.sort_by(|a, b| place(a).cmp(&place(b)));
    Ok(corrections)
}

fn correction(entry: ScoreEntry, counted: ScorePoints, period: Period) -> Result<ScoreEntry, ScoreError> {
    let points = entry.points.0.checked_sub(&counted.0);
    let points = points.ok_or_else(|| ScoreError::Overflow(entry.rule_set.clone()))?;
    Ok(ScoreEntry { points: ScorePoints(points), corrects: Some(Corrects { period, counted }), ..entry })
}

/// The lines of a published sheet, with what is known of each by now.
fn stand(
    book: &Book,
    asked: &Asked<'_>,
    frozen: &Publication,
    published: &[&Publication],
    own: Vec<ScoreEntry>,
) -> Result<Vec<ScoreEntry>, ScoreError> {
    let mut known = BTreeMap::from([(frozen.period, by_key(own))]);
    let before = published.iter().copied().filter(|publication| publication.period < frozen.period);
    let mut entries = Vec::new();
    for line in &frozen.lines {
        let home = line.of.unwrap_or(frozen.period);
        let lines = match known.entry(home) {
            Entry::Occupied(told) => told.into_mut(),
            Entry::Vacant(empty) => empty.insert(by_key(count::lines(book, asked, home)?.entries)),
        };
        let line_key = (line.event, line.rule.clone());
        let now = lines.get(&line_key).cloned();
        let corrects = match line.of {
            None => None,
            Some(period) => {
                let counted = counted(before.clone(), period)?.get(&line_key).map(|(points, _)| *points);
                Some(Corrects { period, counted: counted.unwrap_or_default() })
            }
        };
        let entry = now.unwrap_or_else(|| bare(line, asked));
        entries.push(ScoreEntry { points: line.points, corrects, ..entry });
    }
    Ok(entries)
}

fn by_key(entries: Vec<ScoreEntry>) -> BTreeMap<Key, ScoreEntry> {
    entries.into_iter().map(|entry| (key(&entry), entry)).collect()
}

/// A published line of which nothing else is known any more. It is worth nothing now.
fn bare(line: &Counted, asked: &Asked<'_>) -> ScoreEntry {
    let set = asked.reference.rule_sets.get(&line.rule_set);
    let rule = set.and_then(|set| set.rules.iter().find(|rule| rule.id == line.rule));
    ScoreEntry {
        rule_set: line.rule_set.clone(),
        rule: line.rule.clone(),
        clause: rule.map(|rule| rule.clause.clone()).unwrap_or_default(),
        title: rule.map(|rule| rule.title.clone()).unwrap_or_default(),
        points: ScorePoints::default(),
        halved: false,
        doubled: false,
        factors: Vec::new(),
        capped: false,
        corrects: None,
        reason: Reason::Withdrawn,
        at: Stamp::exact(line.at),
        event: line.event,
        case: line.case,
        point: None,
        person: None,
        photos: Vec::new(),
        pending: false,
    }
}

/// Each part within its bounds, and the sum of everything.
fn totals(
    asked: &Asked<'_>,
    set: &RuleSet,
    entries: &[ScoreEntry],
) -> Result<(Vec<PartTotal>, ScorePoints), ScoreError> {
    let mut sums: BTreeMap<Option<&str>, Ratio<i64>> = BTreeMap::new();
    for entry in entries {
        let part = part_of(asked, set, entry);
        let sum = sums.entry(part).or_insert_with(Ratio::zero);
        *sum =
            sum.checked_add(&entry.points.0).ok_or_else(|| ScoreError::Overflow(entry.rule_set.clone()))?;
    }
    let too_large = || ScoreError::Overflow(set.id.clone());
    let outside = sums.remove(&None).unwrap_or_default();
    let mut total = set.base.0.checked_add(&outside).ok_or_else(too_large)?;
    let mut parts = Vec::new();
    for part in &set.parts {
        let moved = sums.remove(&Some(part.id.as_str())).unwrap_or_default();
        let came_to = part.base.0.checked_add(&moved).ok_or_else(too_large)?;
        let came_to = part.least.map_or(came_to, |least| came_to.max(least.0));
        let came_to = part.most.map_or(came_to, |most| came_to.min(most.0));
        let moved = came_to.checked_sub(&part.base.0).ok_or_else(too_large)?;
        total = total.checked_add(&moved).ok_or_else(too_large)?;
        let (id, title) = (part.id.clone(), part.title.clone());
        parts.push(PartTotal { id, title, base: part.base, total: ScorePoints(came_to) });
    }
    Ok((parts, ScorePoints(total)))
}

/// The part of the first set's base that an entry is counted in.
fn part_of<'a>(asked: &Asked<'a>, set: &RuleSet, entry: &ScoreEntry) -> Option<&'a str> {
    if set.parts.is_empty() {
        return None;
    }
    let rules = &asked.reference.rule_sets.get(&entry.rule_set)?.rules;
    let part = rules.iter().find(|rule| rule.id == entry.rule)?.part.as_deref()?;
    set.parts.iter().any(|known| known.id == part).then_some(part)
}
