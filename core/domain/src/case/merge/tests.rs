use super::*;
use crate::fixture::*;
use crate::id::DocumentId;
use crate::place::Fix;
use crate::reference::DuplicateRule;
use proptest::prelude::*;
use uuid::Uuid;

fn case(number: u128) -> CaseId {
    DocumentId(Uuid::from_u128(number))
}

fn merges(pairs: &[(u128, u128)]) -> Merges {
    let event = EventId(Uuid::nil());
    Merges::of(pairs.iter().map(|(from, kept)| (case(*from), Some((case(*kept), event)))))
}

#[test]
fn merges_are_followed_to_the_end() {
    let merges = merges(&[(3, 2), (2, 1), (5, 4)]);
    assert_eq!([3, 2, 1].map(|n| merges.kept(case(n))), [case(1); 3]);
    assert_eq!(merges.kept(case(5)), case(4));
    assert!(merges.stands(case(9)));
}

#[test]
fn a_cycle_keeps_the_smallest_record_alive() {
    let park = park();
    let [mut one, mut two] = [1, 2].map(|number| Story::found(number, SOUTH_GATE, "S01", march20(7, 4)));
    let (first, second) = (one.id(), two.id());
    one.tell(INSPECTOR, march20(8, 0), CaseAct::MergeInto { kept: second });
    two.tell(COLLEAGUE, march20(8, 0), CaseAct::MergeInto { kept: first });
    let states = [one.state(&park), two.state(&park)];
    let merges = Merges::of([(first, states[0].merged), (second, states[1].merged)]);
    assert_eq!([first, second].map(|id| merges.kept(id)), [first, first]);
    assert_eq!(merges.status(first, &states[0]), Status::Dispatched, "the problem does not vanish");
    assert_eq!(merges.status(second, &states[1]), Status::Merged);
    // Whoever was merged into the cycle follows.
    let with_tail = super::tests::merges(&[(7, 3), (3, 2), (2, 5), (5, 3)]);
    assert_eq!([7, 3, 2, 5].map(|n| with_tail.kept(case(n))), [case(2); 4]);
}

fn sighting(metres_east: f64, hour: u32) -> Sighting {
    // One degree of longitude here is 87.4 km.
    let at = Coordinate::from_degrees(38.308162, 116.839776 + metres_east / 87_370.0);
    Sighting { standard: Some("S01".into()), point: Some(SOUTH_GATE.into()), at, found: march20(hour, 0) }
}

#[test]
fn the_hint_wants_same_near_and_recent() {
    let rule = DuplicateRule { metres: 20, hours: 6 };
    let here = sighting(0.0, 7);
    let hint = |other: &Sighting| {
        let both = [may_be_duplicate(&here, other, rule), may_be_duplicate(other, &here, rule)];
        assert_eq!(both[0], both[1], "it does not matter who asks");
        both[0]
    };
    assert!(hint(&sighting(19.5, 7)));
    assert!(!hint(&sighting(20.5, 7)), "too far");
    assert!(hint(&sighting(0.0, 13)));
    assert!(!hint(&Sighting { found: march20(13, 1), ..sighting(0.0, 13) }), "too long ago");
    assert!(!hint(&Sighting { standard: Some("S02".into()), ..sighting(0.0, 7) }), "another kind");
    assert!(!hint(&Sighting { standard: None, ..sighting(0.0, 7) }), "of unknown kind");
    assert!(hint(&Sighting { at: None, ..sighting(0.0, 7) }), "no fix, but the same point");
    assert!(!hint(&Sighting { at: None, point: None, ..sighting(0.0, 7) }));
    assert!(!hint(&Sighting { at: None, point: Some(MARKET.into()), ..sighting(0.0, 7) }));
}

#[test]
fn a_sighting_is_read_from_the_record() {
    let mut story = Story::at(SOUTH_GATE);
    let coordinate = Coordinate::from_degrees(38.3, 116.8).unwrap();
    story.record.fix = Some(Fix { coordinate, accuracy_m: Some(8) });
    let expected = Sighting { at: Some(coordinate), found: march20(7, 4), ..sighting(0.0, 7) };
    assert_eq!(Sighting::of(&story.record), Some(expected));
    story.record.events.clear();
    assert_eq!(Sighting::of(&story.record), None);
}

proptest! {
    #[test]
    fn keeping_is_settled_whatever_was_merged_into_what(
        (pairs, shuffled) in proptest::collection::btree_map(0_u128..12, 0_u128..12, 0..12).prop_flat_map(|pairs| {
            let pairs: Vec<_> = pairs.into_iter().collect();
            (Just(pairs.clone()), Just(pairs).prop_shuffle())
        })
    ) {
        let (one, other) = (merges(&pairs), merges(&shuffled));
        for number in 0..12 {
            let kept = one.kept(case(number));
            prop_assert_eq!(kept, other.kept(case(number)), "order does not matter");
            prop_assert_eq!(one.kept(kept), kept, "what is kept stands for itself");
        }
        for (from, into) in pairs {
            prop_assert_eq!(one.kept(case(from)), one.kept(case(into)), "both ends are one problem");
        }
    }
}
