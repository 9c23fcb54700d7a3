//! What a community's cases cost, written another way than the engine does: plain half points from what the
//! fold says of each case, without rules, facts or entries. The values are those of `data/park/rules.toml`.

use sanben_domain::case::{CaseAct, CaseRecord, CaseState, Outcome, Source, Status, fold};
use sanben_domain::id::{CaseId, UnitId};
use sanben_domain::reference::{Reference, TimeLimit};
use sanben_domain::score::{Fact, Period};
use sanben_domain::time::{Timestamp, Zone};
use std::collections::{BTreeMap, BTreeSet};

/// By how many half points the month moved, with the records that lie in the community's scope.
#[must_use]
pub fn half_points(
    records: &[CaseRecord],
    reference: &Reference,
    community: &UnitId,
    month: Period,
    now: Timestamp,
) -> i64 {
    let folded: BTreeMap<CaseId, (&CaseRecord, CaseState)> = records
        .iter()
        .filter_map(|record| Some((record.id, (record, fold(record, reference, Some(now))?))))
        .filter(|(_, (_, state))| state.community.as_ref() == Some(community))
        .collect();
    let inside = |at: Timestamp| month.contains(Zone::CHINA.day(at));
    let cases: i64 = folded
        .iter()
        .filter(|(id, _)| !ends_elsewhere(**id, &folded))
        .map(|(_, (record, state))| cost(record, state, now, &inside))
        .sum();
    announced(reference, community, now, &inside) - cases
}

/// Whether following merges from a case ends at another one; in a circle the smallest id is the one kept.
fn ends_elsewhere(id: CaseId, cases: &BTreeMap<CaseId, (&CaseRecord, CaseState)>) -> bool {
    let mut way = vec![id];
    loop {
        let here = way[way.len() - 1];
        let next = cases.get(&here).and_then(|(_, state)| state.merged).map(|(kept, _)| kept);
        let Some(next) = next.filter(|next| cases.contains_key(next)) else { return here != id };
        if let Some(start) = way.iter().position(|passed| *passed == next) {
            return way[start..].iter().min() != Some(&id);
        }
        way.push(next);
    }
}

/// Half points that one case costs.
fn cost(record: &CaseRecord, state: &CaseState, now: Timestamp, inside: &dyn Fn(Timestamp) -> bool) -> i64 {
    let finding = match state.source {
        Source::Own => return 0,
        Source::City => 4,
        Source::District | Source::Subdistrict => 2,
        Source::DigitalCity => 0,
    };
    let contested_void = state
        .disputes
        .iter()
        .flat_map(|dispute| &dispute.between)
        .any(|id| record.events.get(id).is_some_and(|event| matches!(event.act, CaseAct::Void { .. })));
    if state.unmerged == Status::Voided || contested_void {
        return 0;
    }
    let mut sum = 0;
    for (index, _) in state.findings.iter().enumerate().filter(|(_, found)| inside(found.at.at())) {
        let spot = matches!(&state.first_rectified[index], Some(done) if done.on_the_spot);
        sum += match (index, spot) {
            (0, false) => finding,
            (0, true) => finding / 2,
            _ => 2,
        };
    }
    sum + failed(record, state, inside) + overdue(state, now, inside)
}

/// Each failed look-back costs one point, but two people who did not know of each other saw one failure.
fn failed(record: &CaseRecord, state: &CaseState, inside: &dyn Fn(Timestamp) -> bool) -> i64 {
    let before_anybody = [Status::Reported, Status::Confirmed, Status::Filed, Status::OnAccount];
    let idle: BTreeSet<_> = state
        .thread
        .iter()
        .filter(|taken| before_anybody.contains(&taken.status))
        .map(|taken| taken.event)
        .collect();
    let order = record.order();
    let mut apart: Vec<sanben_domain::id::EventId> = Vec::new();
    let mut sum = 0;
    for look in &state.look_backs {
        let event = look.mark.event;
        if look.outcome == Outcome::Passed || idle.contains(&event) {
            continue;
        }
        if apart.iter().all(|other| order.saw(event, *other) || order.saw(*other, event)) {
            apart.push(event);
            sum += if inside(look.mark.at.at()) { 2 } else { 0 };
        }
    }
    sum
}

/// A deadline that passed costs once a case.
fn overdue(state: &CaseState, now: Timestamp, inside: &dyn Fn(Timestamp) -> bool) -> i64 {
    use sanben_domain::case::DueBasis;
    let mut kinds = BTreeSet::new();
    let mut sum = 0;
    for (term, found) in state.terms.iter().zip(&state.findings) {
        let Some(due) = term.due else { continue };
        let in_time = term.done.as_ref().map_or(now <= due.at, |done| done.at.at() <= due.at);
        let from_limit = matches!(due.basis, DueBasis::Limit(_));
        let doubt = term.done.as_ref().is_some_and(|done| done.at.doubtful())
            || (from_limit && found.at.doubtful())
            || state.disputed();
        if in_time || doubt {
            continue;
        }
        let same_day = matches!(due.basis, DueBasis::Limit(TimeLimit::SameDay));
        let kind = (state.source == Source::DigitalCity, same_day);
        let digital = kind.0;
        if kinds.insert(if digital { (true, false) } else { kind }) && inside(due.at) {
            sum += if digital { 4 } else { 2 };
        }
    }
    sum
}

/// What was announced, in half points.
fn announced(
    reference: &Reference,
    community: &UnitId,
    now: Timestamp,
    inside: &dyn Fn(Timestamp) -> bool,
) -> i64 {
    let known =
        reference.announcements.values().filter(|said| said.community == *community && said.at <= now);
    let known: Vec<_> = known.collect();
    let clean: BTreeSet<_> =
        known.iter().filter(|said| said.fact == Fact::CleanPointDistrict).map(|said| &said.point).collect();
    let first: BTreeSet<_> = clean
        .iter()
        .filter_map(|point| {
            let of_point =
                known.iter().filter(|said| said.fact == Fact::CleanPointDistrict && said.point == **point);
            of_point.map(|said| (said.at, said.id)).min()
        })
        .collect();
    let worth = |said: &&&sanben_domain::score::Announcement| match said.fact {
        Fact::PraiseCity => 10,
        Fact::PraiseDistrict | Fact::PraiseSubdistrict => 6,
        Fact::CleanPointDistrict if !first.contains(&(said.at, said.id)) => 0,
        Fact::CleanPointDistrict if clean.len() >= 3 => 4,
        Fact::CleanPointDistrict => 2,
        _ => 0,
    };
    known.iter().filter(|said| inside(said.at)).map(|said| worth(&said)).sum()
}
