//! Any soup of events folds, and to the same case wherever it is held.

use super::super::*;
use crate::event::Event;
use crate::fixture::*;
use crate::id::{DocumentId, EventId, PersonId};
use crate::time::{Stamp, Timestamp};
use proptest::prelude::*;
use proptest::sample::{Index, subsequence};
use uuid::Uuid;

fn instant() -> impl Strategy<Value = Timestamp> {
    let march = (march20(0, 0).0..at(4, 10, 0, 0).0).prop_map(Timestamp);
    prop_oneof![9 => march, 1 => any::<i64>().prop_map(Timestamp)]
}

fn stamp() -> impl Strategy<Value = Stamp> {
    let offset = prop_oneof![Just(Some(0)), Just(None), any::<i64>().prop_map(Some)];
    (instant(), offset, any::<bool>()).prop_map(|(wall, offset_ms, jumped)| Stamp { wall, offset_ms, jumped })
}

/// An act; events are named by their place in the soup.
fn act(events: usize) -> impl Strategy<Value = CaseAct> {
    let event = || (0..events).prop_map(id);
    let reason = String::new;
    prop_oneof![
        4 => Just(CaseAct::Report { source: Source::City }),
        8 => prop_oneof![Just(CaseAct::Confirm), Just(CaseAct::File), Just(CaseAct::Close)],
        4 => prop_oneof![Just(dispatch("dept-huanwei")), Just(dispatch("park-01"))],
        12 => prop_oneof![Just(acknowledge()), Just(rectify()), Just(passed()), Just(failed()), Just(rework())],
        8 => prop_oneof![Just(found_again()), Just(void()), Just(comment()), Just(CaseAct::Unknown)],
        4 => instant().prop_map(on_account),
        4 => instant().prop_map(extend),
        2 => instant().prop_map(move |due| CaseAct::Except { reason: reason(), due }),
        2 => Just(CaseAct::Escalate { to: "park".into(), reason: reason() }),
        2 => Just(CaseAct::Answer { words: reason() }),
        6 => (event(), proptest::collection::vec(event(), 0..3)).prop_map(|(upholds, over)| decide(upholds, &over)),
        3 => (0_u128..3).prop_map(|kept| CaseAct::MergeInto { kept: DocumentId(Uuid::from_u128(kept)) }),
        2 => event().prop_map(move |merge| CaseAct::Unmerge { merge, reason: reason() }),
        1 => Just(CaseAct::Amend { fields: vec![Field::Point] }),
    ]
}

/// Ids in an order that has nothing to do with the order of the soup.
fn id(place: usize) -> EventId {
    EventId(Uuid::from_u128((place as u128).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835)))
}

/// Events that have seen any others, also later ones: a forged cycle is part of the soup.
fn soup() -> impl Strategy<Value = Vec<Event<CaseAct>>> {
    (1_usize..24).prop_flat_map(|events| {
        let seen = proptest::collection::vec(any::<Index>(), 0..4);
        let one = (stamp(), act(events), seen, any::<bool>());
        proptest::collection::vec(one, events).prop_map(move |parts| {
            let event = |(place, (at, act, seen, honest)): (usize, (Stamp, CaseAct, Vec<Index>, bool))| {
                let reach = if honest { place } else { events };
                let seen = seen.iter().filter(|_| reach > 0).map(|index| id(index.index(reach))).collect();
                Event { id: id(place), at, by: PersonId::from(HEAD), seen, act }
            };
            parts.into_iter().enumerate().map(event).collect()
        })
    })
}

fn holding(events: impl IntoIterator<Item = Event<CaseAct>>) -> CaseRecord {
    let mut record = Story::at(SOUTH_GATE).record;
    record.events = events.into_iter().map(|event| (event.id, event)).collect();
    record
}

proptest! {
    #[test]
    fn any_soup_folds_soundly(events in soup(), full in any::<bool>(), as_of in proptest::option::of(instant())) {
        let park = park_with(if full { full_workflow() } else { short_workflow() });
        let record = holding(events.clone());
        let Some(state) = fold(&record, &park, as_of) else {
            let reports = events.iter().filter(|event| matches!(event.act, CaseAct::Report { .. }));
            let counted = reports.filter(|event| as_of.is_none_or(|instant| event.at.at() <= instant));
            prop_assert_eq!(counted.count(), 0);
            return Ok(());
        };
        let counted = events.iter().filter(|event| as_of.is_none_or(|instant| event.at.at() <= instant));
        prop_assert_eq!(state.thread.len(), counted.count(), "every event is in the thread once");
        prop_assert_eq!(state.findings.len(), state.terms.len());
        prop_assert_eq!(state.findings.len(), state.first_rectified.len());
        prop_assert_eq!(state.due, state.terms.last().and_then(|term| term.due));
        prop_assert_eq!(state.status == Status::Merged, state.merged.is_some());
        prop_assert!(!(state.disputed() && state.unmerged == Status::Closed), "a disputed case cannot close");
        prop_assert_eq!(state.settled.is_some(), matches!(state.unmerged, Status::Closed | Status::Voided));
        let ignored = |id: &EventId| state.thread.iter().any(|t| t.event == *id && t.ignored.is_some());
        for dispute in &state.disputes {
            prop_assert!(dispute.between.len() >= 2);
            prop_assert!(dispute.between.is_sorted());
            prop_assert!(!dispute.between.iter().any(ignored), "what is disputed is not ignored");
            let effects = state.look_backs.iter().map(|look| &look.mark).chain(&state.findings);
            prop_assert!(!effects.into_iter().any(|mark| dispute.between.contains(&mark.event)));
        }
        for now in [Timestamp(i64::MIN), march20(20, 0), Timestamp(i64::MAX)] {
            let _ = lateness(&state, now);
        }
    }

    /// Deliveries in any order and any overlap end in the same case; so does a device that was told part of
    /// it, then the rest.
    #[test]
    fn deliveries_in_any_order_fold_to_the_same_case(
        (events, shuffled, part) in soup().prop_flat_map(|events| {
            let count = events.len();
            (Just(events.clone()), Just(events.clone()).prop_shuffle(), subsequence(events, 0..=count))
        })
    ) {
        let park = park();
        let whole = fold(&holding(events), &park, None);
        let mut device = holding(part);
        let _ = fold(&device, &park, None);
        for event in shuffled {
            device.events.entry(event.id).or_insert(event);
        }
        prop_assert_eq!(fold(&device, &park, None), whole);
    }

    /// A word in the thread changes nothing else.
    #[test]
    fn a_comment_changes_nothing(events in soup()) {
        let park = park();
        let before = fold(&holding(events.clone()), &park, None);
        let mut told = Story { record: holding(events), mirrored: false };
        let word = told.tell(CLERK, march20(12, 0), comment());
        let after = fold(&told.record, &park, None).map(|mut state| {
            state.thread.retain(|taken| taken.event != word);
            state
        });
        prop_assert_eq!(after, before);
    }

    /// While nobody acts without having seen everything, nothing is ever disputed.
    #[test]
    fn a_thread_without_concurrency_has_no_disputes(acts in proptest::collection::vec(act(12), 1..12)) {
        let mut case = Story::at(SOUTH_GATE);
        for act in acts {
            case.tell(COMMAND, march20(12, 0), act);
        }
        prop_assert!(!case.state(&park()).disputed());
    }
}
