//! What nobody should hand over, and answers that nobody should give to it.

use super::super::carried::{answers, doors, works};
use super::super::scene::Scene;
use super::{Keep, bomb, cuts, deep, framed};

pub(super) fn door(scene: &Scene, keep: Keep<'_>) {
    let whole = doors(scene).remove(0);
    cuts(&whole, |name, bytes| keep("door", name, bytes));
    let mut say = |name: &str, text: &str| keep("door", name, text.as_bytes().to_vec());
    let to = "POST /v1/carry HTTP/1.1\r\n";
    say("longer-than-it-says", &format!("{to}content-length: 1\r\n\r\nabcdef"));
    say("shorter-than-it-says", &format!("{to}content-length: 1000\r\n\r\nabc"));
    say("of-all-the-bytes-there-are", &format!("{to}content-length: 18446744073709551615\r\n\r\n"));
    say("of-less-than-nothing", &format!("{to}content-length: -1\r\n\r\n"));
    say("of-two-lengths", &format!("{to}content-length: 3\r\ncontent-length: 9\r\n\r\nabc"));
    say("with-a-head-that-never-ends", &format!("{to}{}", "a: b\r\n".repeat(2000)));
    say(
        "with-proofs-in-other-digits",
        &format!("{to}sanben-for: １２\r\nsanben-proof: ٣٤\r\ncontent-length: 0\r\n\r\n"),
    );
    say("another-program", "\u{16}\u{3}\u{1}\u{2}\0\u{1}");
    say("nothing-at-all", "");
}

pub(super) fn answer(scene: &Scene, keep: Keep<'_>) {
    for (number, honest) in answers(scene).iter().enumerate() {
        cuts(honest, |name, bytes| keep("answer", &format!("{number}-{name}"), bytes));
    }
    for who in 0..4 {
        let said = |body: &[u8]| [&[who], body].concat();
        keep("answer", &format!("{who}-a-bomb-of-1-gib"), said(&framed(1, &bomb(8192, 0))));
        keep("answer", &format!("{who}-nested-arrays"), said(&framed(0, &deep(&[0x81], 4000))));
        keep("answer", &format!("{who}-nothing"), said(&[]));
    }
}

pub(super) fn work(scene: &Scene, keep: Keep<'_>) {
    let whole = works(scene).pop().unwrap();
    cuts(&whole, |name, bytes| keep("work", name, bytes));
    let first = b"sanben work 1\n";
    keep("work", "a-head-of-4-gib", [first.as_slice(), &[0xff; 40]].concat());
    keep("work", "nested-arrays", [first.as_slice(), &4000_u32.to_be_bytes(), &deep(&[0x81], 4000)].concat());
    keep("work", "of-another-version", b"sanben work 9\n\0\0\0\0".to_vec());
    keep("work", "nothing-at-all", Vec::new());
}
