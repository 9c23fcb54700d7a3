//! What a thief of a locked tablet would type, and what a party to a draw would write into its file.

use super::super::desk::{draws, recoveries};
use super::super::scene::Scene;
use super::{Keep, bomb, cuts, deep, framed};
use sanben_document::encode;
use sanben_sync::recovery::{NUMBERS, RecoveryRequest};

pub(super) fn recovery(scene: &Scene, keep: Keep<'_>) {
    for (number, honest) in recoveries(scene).iter().enumerate() {
        cuts(honest, |name, bytes| keep("recovery", &format!("{number}-{name}"), bytes));
    }
    let asks = |numbers: Vec<u32>| encode(&RecoveryRequest { numbers });
    keep("recovery", "asks-for-a-thousand", asks((0..1000).collect()));
    keep("recovery", "asks-beyond-the-numbers", asks(vec![NUMBERS, u32::MAX, NUMBERS - 1]));
    keep("recovery", "asks-for-one-many-times", asks(vec![7; 200]));
    keep("recovery", "a-bomb-of-1-gib", framed(1, &bomb(8192, 0)));
    keep("recovery", "nested-arrays", framed(0, &deep(&[0x81], 4000)));
    keep("recovery", "an-array-of-two-thousand-million", vec![0xa1, 0x67, 0x9a, 0x7f, 0xff, 0xff, 0xff]);
    keep("recovery", "of-wide-digits", "１２３４-ＡＢＣＤ-１２３４-ＡＢＣＤ".into());
    keep("recovery", "of-one-letter", "A".repeat(100_000).into_bytes());
    keep("recovery", "nothing-at-all", Vec::new());
}

pub(super) fn draw(scene: &Scene, keep: Keep<'_>) {
    let whole = String::from_utf8(draws(scene).pop().unwrap()).unwrap();
    cuts(whole.as_bytes(), |name, bytes| keep("draw", name, bytes));
    let mut say = |name: &str, from: &str, to: &str| {
        assert!(whole.contains(from), "{from}");
        keep("draw", name, whole.replacen(from, to, 1).into_bytes());
    };
    say("draws-more-than-there-are", "\"draw\": 3", "\"draw\": 4294967295");
    say("draws-less-than-nothing", "\"draw\": 3", "\"draw\": -1");
    say("draws-nothing", "\"draw\": 3", "\"draw\": 0");
    say("of-one-item-twice", "\"P002\"", "\"P001\"");
    say("of-an-item-with-a-line-end", "\"P002\"", "\"P002\\nP003\"");
    say("of-one-party", "\"街道\"", "\"督查组\"");
    say("with-a-party-of-nobody", "\"督查组\": \"", "\"别人\": \"");
    say("void-and-drawn", "\"drawn\"", "\"void\": [\"街道\"], \"drawn\"");
    say("of-another-day", "2026-03-20", "2026-03-21");
    say("of-no-day", "2026-03-20", "9999-99-99");
    keep("draw", "nested-arrays", deep(b"[", 4000));
    keep("draw", "invalid-utf8", vec![0xff; 23]);
    keep("draw", "nothing-at-all", Vec::new());
}
