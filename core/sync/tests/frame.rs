//! Bodies: an answer that goes on where its question ended is small, read only beside it, and capped.

use ciborium::Value;
use proptest::prelude::*;
use sanben_sync::frame::{FrameError, pack, pack_after, unpack, unpack_after, unpack_of};
use serde_bytes::ByteBuf;

type Message = Vec<(ByteBuf, String)>;

fn message() -> impl Strategy<Value = Message> {
    let row = (prop::collection::vec(any::<u8>(), 0..64), ".{0,40}");
    prop::collection::vec(row.prop_map(|(bytes, text)| (ByteBuf::from(bytes), text)), 0..40)
}

proptest! {
    #[test]
    fn an_answer_is_read_beside_its_question(question in message(), answer in message()) {
        let question = pack(&question);
        let packed = pack_after(&answer, &question);
        prop_assert_eq!(unpack_after::<Message>(&packed, 1 << 20, &question), Ok(answer.clone()));
        // What an older server sends is read as ever.
        prop_assert_eq!(unpack_after::<Message>(&pack(&answer), 1 << 20, &question), Ok(answer));
    }

    #[test]
    fn what_was_asked_is_not_said_again(names in prop::collection::vec(any::<[u8; 32]>(), 50)) {
        let names: Message = names.into_iter().map(|name| (ByteBuf::from(name), String::new())).collect();
        let question = pack(&names);
        prop_assert!(pack_after(&names, &question).len() * 4 < pack(&names).len());
    }

    #[test]
    fn damage_and_size_are_told(question in message(), answer in message(), at in any::<prop::sample::Index>(),
                                bit in 0..8_u8, bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let question = pack(&question);
        let mut packed = pack_after(&answer, &question);
        prop_assert!(matches!(
            unpack_after::<Message>(&packed, 0, &question),
            Err(FrameError::TooLarge | FrameError::Damaged)
        ));
        let at = at.index(packed.len());
        if let Some(byte) = packed.get_mut(at) {
            *byte ^= 1 << bit;
        }
        // Whatever comes of it, no panic and nothing beyond the limit.
        let _ = unpack_after::<Message>(&packed, 1 << 16, &question);
        let _ = unpack_after::<Message>(&bytes, 1 << 16, &question);
        let _ = unpack_after::<Message>(&packed, 1 << 16, &bytes);
    }
}

#[test]
fn without_its_question_it_is_of_no_use() {
    let names: Message = (0..40_u8).map(|n| (ByteBuf::from(vec![n; 32]), "同一问题".repeat(3))).collect();
    let packed = pack_after(&names, &pack(&names));
    assert_eq!(unpack::<Message>(&packed, 1 << 20), Err(FrameError::Damaged));
    let other = pack(&vec![(ByteBuf::from(vec![7; 3]), String::new())]);
    assert_ne!(unpack_after::<Message>(&packed, 1 << 20, &other), Ok(names));
}

#[test]
fn a_bomb_after_its_question_is_not_inflated() {
    let long = "垃圾".repeat(1 << 20);
    let question = pack(&"问".to_owned());
    let packed = pack_after(&long, &question);
    assert!(packed.len() < 1 << 16);
    assert_eq!(unpack_after::<String>(&packed, 1 << 20, &question), Err(FrameError::TooLarge));
}

/// Any CBOR of a few kinds, and how many data items it is.
fn value() -> impl Strategy<Value = (Value, usize)> {
    let leaf = prop_oneof![
        any::<i64>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop::collection::vec(any::<u8>(), 0..300).prop_map(Value::from),
        "[a-z\u{4e00}-\u{4e20}]{0,40}".prop_map(Value::from),
    ]
    .prop_map(|leaf| (leaf, 1));
    leaf.prop_recursive(4, 60, 30, |inner| {
        let list = prop::collection::vec(inner.clone(), 0..30).prop_map(|held| {
            let parts = held.iter().map(|(_, parts)| parts).sum::<usize>();
            (Value::Array(held.into_iter().map(|(value, _)| value).collect()), parts + 1)
        });
        let map = prop::collection::vec((inner.clone(), inner), 0..20).prop_map(|held| {
            let parts = held.iter().map(|((_, key), (_, value))| key + value).sum::<usize>();
            let pairs = held.into_iter().map(|((key, _), (value, _))| (key, value));
            (Value::Map(pairs.collect()), parts + 1)
        });
        prop_oneof![list, map]
    })
}

proptest! {
    #[test]
    fn a_message_of_more_parts_is_not_read((message, parts) in value()) {
        let packed = pack(&message);
        prop_assert!(unpack_of::<Value>(&packed, 1 << 20, parts).is_ok());
        prop_assert_eq!(unpack_of::<Value>(&packed, 1 << 20, parts - 1).unwrap_err(), FrameError::TooLarge);
    }
}
