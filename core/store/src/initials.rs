//! Pinyin initials (拼音首字母): on a phone's keyboard `ljcd` is typed sooner than 垃圾成堆. A character with several
//! readings (重: chóng, zhòng) is found by the initial of each.

use pinyin::ToPinyinMulti;
use std::collections::BTreeSet;

/// Set before a pair of initials in the word index, so that it is no Latin word: a private-use character, which no
/// question can hold.
const MARK: char = '\u{E000}';

/// The pairs of initials of neighbouring characters, for the index: 垃圾堆 → `lj jd`.
pub(crate) fn pairs(run: &[char]) -> BTreeSet<String> {
    let initials: Vec<Vec<char>> = run.iter().map(|c| of(*c)).collect();
    let mut pairs = BTreeSet::new();
    for (first, second) in initials.iter().zip(initials.iter().skip(1)) {
        for a in first {
            pairs.extend(second.iter().map(|b| String::from_iter([MARK, *a, *b])));
        }
    }
    pairs
}

/// The same of what was typed, all of which have to be there; none when it cannot be initials: fewer than two
/// letters, or others than a to z.
pub(crate) fn typed(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    if !letters.iter().all(char::is_ascii_lowercase) {
        return Vec::new();
    }
    letters.windows(2).map(|pair| std::iter::once(MARK).chain(pair.iter().copied()).collect()).collect()
}

/// Whether a short text (a name, a code) has what somebody typed: a part of it, in whatever case, or the initials of
/// characters that stand one after the other.
///
/// ```
/// # use sanben_store::found_in;
/// assert!(found_in("荷花池社区", "荷花") && found_in("荷花池社区", "hhc"));
/// assert!(!found_in("荷花池社区", "hcq"));
/// ```
#[must_use]
pub fn found_in(text: &str, typed: &str) -> bool {
    let (text, typed) = (text.to_lowercase(), typed.to_lowercase());
    if text.contains(&typed) {
        return true;
    }
    let letters: Vec<char> = typed.chars().collect();
    if letters.len() < 2 || !letters.iter().all(char::is_ascii_lowercase) {
        return false;
    }
    let initials: Vec<Vec<char>> = text.chars().map(of).collect();
    initials
        .windows(letters.len())
        .any(|window| window.iter().zip(&letters).all(|(initials, letter)| initials.contains(letter)))
}

/// The initials that a character may have; none when it is not Chinese.
fn of(c: char) -> Vec<char> {
    let mut initials = Vec::new();
    if let Some(readings) = c.to_pinyin_multi() {
        for reading in readings {
            // ê̄ and the like are no keys.
            if let Some(first) = reading.first_letter().chars().next().filter(char::is_ascii_lowercase)
                && !initials.contains(&first)
            {
                initials.push(first);
            }
        }
    }
    initials
}
