//! The draw against everybody who might want to bend it.

use super::*;
use proptest::prelude::*;

const PARTIES: [&str; 3] = ["纪检", "创城办", "居民代表"];

fn nonce(number: u8) -> Bytes32 {
    Bytes32(Sha256::digest([number]).into())
}

fn list(items: Vec<String>, draw: u32) -> Frame {
    Frame {
        title: "三月整改抽查".to_owned(),
        day: "2026-03-20".to_owned(),
        number: 1,
        draw,
        parties: PARTIES.map(str::to_owned).to_vec(),
        items,
    }
}

fn frame(items: usize, draw: u32) -> Frame {
    list((0..items).map(|n| format!("P{n:03}")).collect(), draw).freeze().unwrap()
}

fn committed(frame: Frame, nonces: [Bytes32; 3]) -> Draw {
    let mut draw = Draw::of(frame);
    for (party, nonce) in PARTIES.into_iter().zip(nonces) {
        draw.commit(party, Commitment::of(draw.frozen, nonce, party)).unwrap();
    }
    draw
}

fn drawn(frame: Frame, nonces: [Bytes32; 3]) -> Draw {
    let mut draw = committed(frame, nonces);
    for (party, nonce) in PARTIES.into_iter().zip(nonces) {
        draw.reveal(party, nonce).unwrap();
    }
    draw.close().unwrap();
    draw
}

#[test]
fn a_draw_from_freeze_to_result() {
    let draw = drawn(frame(136, 10), [nonce(1), nonce(2), nonce(3)]);
    let sample = draw.verify().unwrap();
    assert_eq!(sample.len(), 10);
    let different: BTreeSet<_> = sample.iter().collect();
    assert_eq!(different.len(), 10, "nothing is drawn twice");
    assert!(sample.iter().all(|item| draw.frame.items.contains(item)));
}

/// Written by hand from the module's own words, without its code.
#[test]
fn a_third_party_can_do_it_with_sha256_alone() {
    let draw = drawn(frame(5, 2), [nonce(1), nonce(2), nonce(3)]);
    let mut bytes = b"sanben draw 1\n".to_vec();
    let text = |bytes: &mut Vec<u8>, text: &str| {
        bytes.extend((text.len() as u64).to_be_bytes());
        bytes.extend(text.bytes());
    };
    text(&mut bytes, "三月整改抽查");
    text(&mut bytes, "2026-03-20");
    bytes.extend([0, 0, 0, 1]);
    bytes.extend([0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 3]);
    PARTIES.iter().for_each(|party| text(&mut bytes, party));
    bytes.extend([0, 0, 0, 0, 0, 0, 0, 5]);
    let mut items: Vec<_> = ["P000", "P001", "P002", "P003", "P004"].map(str::to_owned).to_vec();
    items.iter().for_each(|item| text(&mut bytes, item));
    let frozen = Sha256::digest(&bytes);
    assert_eq!(draw.frozen.0[..], frozen[..]);
    let mut committed = [b"sanben draw commitments 1\n".as_slice(), &frozen].concat();
    for (party, nonce) in PARTIES.into_iter().zip([1, 2, 3].map(nonce)) {
        let commitment =
            [b"sanben draw commitment 1\n".as_slice(), &nonce.0, &frozen, party.as_bytes()].concat();
        committed.extend(Sha256::digest(commitment));
    }
    assert_eq!(draw.committed().unwrap().0[..], Sha256::digest(committed)[..]);
    let seed = [b"sanben draw seed 1\n".as_slice(), &frozen, &nonce(1).0, &nonce(2).0, &nonce(3).0].concat();
    let seed = Sha256::digest(seed);
    for (place, left) in [(0usize, 5u64), (1, 4)] {
        let counter = (place as u64).to_be_bytes();
        let block = Sha256::digest([seed.as_slice(), &counter].concat());
        let number = u64::from_be_bytes(block[..8].try_into().unwrap());
        items.swap(place, place + usize::try_from(number % left).unwrap());
    }
    assert_eq!(draw.verify().unwrap(), &items[..2]);
}

#[test]
fn a_withheld_reveal_voids_the_draw_for_good_and_names_who() {
    let nonces = [nonce(1), nonce(2), nonce(3)];
    let mut draw = committed(frame(20, 3), nonces);
    draw.reveal("纪检", nonces[0]).unwrap();
    draw.reveal("居民代表", nonces[2]).unwrap();
    let void = Err(DrawError::Withheld(vec!["创城办".to_owned()]));
    assert_eq!(draw.close(), void);
    let text = serde_json::to_string(&draw).unwrap();
    let mut draw: Draw = serde_json::from_str(&text).unwrap();
    assert_eq!(
        draw.reveal("创城办", nonces[1]),
        void,
        "whoever waits to see what the others bring is too late"
    );
    assert_eq!(draw.close(), void);
    draw.nonces.insert("创城办".to_owned(), nonces[1]);
    draw.drawn = Some(frame(20, 3).items[..3].to_vec());
    assert_eq!(draw.verify().map(drop), void);
}

#[test]
fn a_draw_that_is_too_early_is_not_void() {
    let mut draw = Draw::of(frame(20, 3));
    draw.commit("纪检", Commitment::of(draw.frozen, nonce(1), "纪检")).unwrap();
    assert!(matches!(draw.close(), Err(DrawError::NotCommitted(_))));
    draw.commit("创城办", Commitment::of(draw.frozen, nonce(2), "创城办")).unwrap();
}

/// Whoever holds the list thinks of all the nonces anew until the result suits them: the file agrees with
/// itself, and with the published frame. Only the published commitments tell.
#[test]
fn nonces_that_were_tried_until_they_suit_show_in_the_commitments() {
    let held = drawn(frame(20, 3), [nonce(1), nonce(2), nonce(3)]);
    let tried = (4..).map(|n| drawn(frame(20, 3), [nonce(n), nonce(2), nonce(3)]));
    let suits = tried.take(200).find(|draw| draw.drawn.as_ref().unwrap()[0] == "P000").unwrap();
    suits.verify().unwrap();
    assert_eq!(suits.frozen, held.frozen);
    assert_ne!(suits.committed(), held.committed());
}

#[test]
fn the_commitments_have_a_hash_when_all_are_there() {
    let mut draw = Draw::of(frame(20, 3));
    for (party, number) in PARTIES.into_iter().zip(1..) {
        assert_eq!(draw.committed(), None);
        draw.commit(party, Commitment::of(draw.frozen, nonce(number), party)).unwrap();
    }
    assert!(draw.committed().is_some());
}

#[test]
fn two_draws_over_one_list_are_two_frames() {
    let (one, mut other, mut again) = (frame(20, 3), frame(20, 3), frame(20, 3));
    other.day = "2026-04-20".to_owned();
    again.number = 2;
    assert_eq!(BTreeSet::from([one, other, again].map(|frame| frame.hash())).len(), 3);
}

#[test]
fn nobody_reveals_before_all_have_committed() {
    let mut draw = Draw::of(frame(20, 3));
    draw.commit("纪检", Commitment::of(draw.frozen, nonce(1), "纪检")).unwrap();
    let missing = vec!["创城办".to_owned(), "居民代表".to_owned()];
    assert_eq!(draw.reveal("纪检", nonce(1)), Err(DrawError::NotCommitted(missing)));
}

#[test]
fn nobody_changes_their_mind_or_takes_anothers_place() {
    let nonces = [nonce(1), nonce(2), nonce(3)];
    let mut draw = committed(frame(20, 3), nonces);
    let again = Commitment::of(draw.frozen, nonce(9), "纪检");
    assert_eq!(draw.commit("纪检", again), Err(DrawError::Twice("纪检".to_owned())));
    assert_eq!(draw.reveal("纪检", nonce(9)), Err(DrawError::WrongNonce("纪检".to_owned())));
    assert_eq!(draw.reveal("过路人", nonce(1)), Err(DrawError::NoParty("过路人".to_owned())));
    draw.reveal("纪检", nonces[0]).unwrap();
    assert_eq!(draw.reveal("纪检", nonces[0]), Err(DrawError::Twice("纪检".to_owned())));
}

#[test]
fn a_commitment_is_of_one_party_and_one_frame() {
    let here = Commitment::of(frame(20, 3).hash(), nonce(1), "纪检");
    assert_ne!(here, Commitment::of(frame(20, 3).hash(), nonce(1), "创城办"), "copied by another party");
    assert_ne!(here, Commitment::of(frame(21, 3).hash(), nonce(1), "纪检"), "carried into another draw");
}

#[test]
fn a_frame_that_cannot_be_drawn_from_is_refused() {
    let freeze = |parties: &[&str], items: &[&str], draw| {
        let texts = |list: &[&str]| list.iter().map(|&text| text.to_owned()).collect();
        Frame { parties: texts(parties), ..list(texts(items), draw) }.freeze().map(drop)
    };
    assert_eq!(freeze(&["纪检"], &["a"], 1), Err(DrawError::Parties));
    assert_eq!(freeze(&["纪检", "纪检"], &["a"], 1), Err(DrawError::Parties));
    assert_eq!(freeze(&["a", "b"], &["a", "b", "a"], 1), Err(DrawError::Item("a".to_owned())));
    assert_eq!(freeze(&["a", "b"], &[""], 1), Err(DrawError::Item(String::new())));
    for unseen in ["a\u{1b}[2K", "a\nb", "a\u{7f}"] {
        let refused = Err(DrawError::Unseen(unseen.to_owned()));
        assert_eq!(freeze(&["a", "b"], &["a", unseen], 1), refused);
        assert_eq!(freeze(&["a", unseen], &["a"], 1), refused);
        assert_eq!(Frame { title: unseen.to_owned(), ..frame(2, 1) }.freeze().map(drop), refused);
    }
    assert_eq!(freeze(&["a", "b"], &["a"], 2), Err(DrawError::TooMany { draw: 2, items: 1 }));
    assert_eq!(freeze(&["a", "b"], &["a"], 0), Err(DrawError::TooMany { draw: 0, items: 1 }));
}

#[test]
fn no_number_is_likelier_than_another_at_the_edge() {
    // A bound that wastes almost half of the stream: taken modulo, the low half would be twice as likely.
    let bound = (1u64 << 63) + 1;
    let mut stream = Stream::new([7; 32]);
    let low = (0..10_000).filter(|_| stream.below(bound) < bound / 2).count();
    assert!((4_700..5_300).contains(&low), "{low} of 10000 in the lower half");
}

/// Every place of the sample, over fixed seeds: chi-square with 19 degrees of freedom; 43.8 is passed once in
/// a thousand, and the seeds are fixed.
#[test]
fn every_item_is_drawn_as_often_as_any_other() {
    let rounds = 4_000u32;
    let mut counts = vec![[0u32; 20]; 3];
    for round in 0..rounds {
        let mut seed = Sha256::digest(round.to_be_bytes());
        seed[0] ^= 1;
        let draw = drawn(frame(20, 3), [Bytes32(seed.into()), nonce(2), nonce(3)]);
        for (place, item) in draw.drawn.unwrap().iter().enumerate() {
            counts[place][item[1..].parse::<usize>().unwrap()] += 1;
        }
    }
    for (place, counts) in counts.iter().enumerate() {
        let expected = f64::from(rounds) / 20.0;
        let chi: f64 = counts.iter().map(|n| (f64::from(*n) - expected).powi(2) / expected).sum();
        assert!(chi < 43.8, "place {place}: {chi}");
    }
}

proptest! {
    #[test]
    fn the_order_of_the_reveals_does_not_matter(
        order in Just(PARTIES.into_iter().enumerate().collect::<Vec<_>>()).prop_shuffle(),
        seeds in any::<[u8; 3]>(),
    ) {
        let nonces = seeds.map(nonce);
        let expected = drawn(frame(50, 5), nonces);
        let mut draw = committed(frame(50, 5), nonces);
        for (index, party) in order {
            draw.reveal(party, nonces[index]).unwrap();
        }
        prop_assert_eq!(draw.result().unwrap(), expected.drawn.unwrap());
    }

    #[test]
    fn the_order_of_the_list_does_not_matter(
        items in Just((0..30).map(|n| format!("P{n:03}")).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        prop_assert_eq!(list(items, 4).freeze().unwrap(), frame(30, 4));
    }

    /// Whatever byte of the file is changed: it is not JSON, no draw, or does not verify.
    #[test]
    fn any_changed_byte_is_found(place in any::<prop::sample::Index>(), to in any::<u8>()) {
        let draw = drawn(frame(12, 3), [nonce(1), nonce(2), nonce(3)]);
        let mut file = serde_json::to_vec(&draw).unwrap();
        let place = place.index(file.len());
        prop_assume!(file[place] != to);
        file[place] = to;
        let read: Option<Draw> = serde_json::from_slice(&file).ok();
        // White space between tokens says nothing; there is none in what was written, and a byte that becomes
        // one takes the place of a byte that did.
        prop_assert!(read.is_none_or(|draw| draw.verify().is_err()), "at {place}");
    }
}
