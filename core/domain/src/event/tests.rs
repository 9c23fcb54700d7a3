use super::*;
use proptest::prelude::*;
use proptest::sample::Index;
use uuid::Uuid;

fn id(number: u128) -> EventId {
    EventId(Uuid::from_u128(number))
}

fn order(events: &[(u128, &[u128])]) -> CausalOrder {
    let events: Vec<(EventId, Vec<EventId>)> =
        events.iter().map(|(n, seen)| (id(*n), seen.iter().map(|n| id(*n)).collect())).collect();
    CausalOrder::of(events.iter().map(|(id, seen)| (*id, seen.as_slice())))
}

fn sequence(order: &CausalOrder) -> Vec<u128> {
    order.sequence().iter().map(|id| id.0.as_u128()).collect()
}

#[test]
fn what_was_seen_comes_first_and_ties_go_by_id() {
    let order = order(&[(1, &[9]), (9, &[5]), (5, &[]), (3, &[5]), (4, &[1, 3])]);
    assert_eq!(sequence(&order), [5, 3, 9, 1, 4]);
    assert!(order.saw(id(4), id(5)) && !order.saw(id(5), id(4)));
    assert!(order.concurrent(id(3), id(1)) && !order.concurrent(id(3), id(3)));
    assert_eq!(order.heads(), [id(4)]);
}

#[test]
fn an_event_that_is_not_held_yet_holds_nothing_up() {
    let order = order(&[(2, &[7]), (1, &[2])]);
    assert_eq!(sequence(&order), [2, 1]);
    assert!(!order.saw(id(2), id(7)));
}

#[test]
fn a_forged_cycle_follows_everything_else() {
    let order = order(&[(1, &[2]), (2, &[1]), (3, &[]), (4, &[4])]);
    assert_eq!(sequence(&order), [3, 4, 1, 2]);
}

proptest! {
    #[test]
    fn the_order_respects_what_was_seen(seen in proptest::collection::vec(proptest::collection::vec(any::<Index>(), 0..3), 1..30)) {
        // Ids run against the order of telling.
        let number = |place: usize| 1_000 - place as u128;
        let events: Vec<(EventId, Vec<EventId>)> = seen
            .iter()
            .enumerate()
            .map(|(place, seen)| {
                let seen = seen.iter().filter(|_| place > 0).map(|index| id(number(index.index(place)))).collect();
                (id(number(place)), seen)
            })
            .collect();
        let order = CausalOrder::of(events.iter().map(|(id, seen)| (*id, seen.as_slice())));
        let place = |event: &EventId| order.sequence().iter().position(|other| other == event).unwrap();
        prop_assert_eq!(order.sequence().len(), events.len());
        for (event, seen) in &events {
            for earlier in seen {
                prop_assert!(place(earlier) < place(event));
                prop_assert!(order.saw(*event, *earlier));
                for before in order.sequence() {
                    prop_assert!(!order.saw(*earlier, *before) || order.saw(*event, *before), "seeing is passed on");
                }
            }
        }
        let named: BTreeSet<_> = events.iter().flat_map(|(_, seen)| seen).collect();
        let expected: BTreeSet<_> = events.iter().map(|(event, _)| event).filter(|event| !named.contains(event)).collect();
        let heads = order.heads();
        prop_assert_eq!(heads.iter().collect::<BTreeSet<_>>(), expected);
        let mut shuffled = events.clone();
        shuffled.reverse();
        let again = CausalOrder::of(shuffled.iter().map(|(id, seen)| (*id, seen.as_slice())));
        prop_assert_eq!(again.sequence(), order.sequence());
    }
}
