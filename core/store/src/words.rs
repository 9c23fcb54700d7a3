//! Words for search. FTS5's own trigrams need three characters, and most Chinese words have two (垃圾): so
//! every run of Chinese is cut into overlapping pairs, 垃圾成堆 → 垃圾 圾成 成堆 堆. A longer word is then a
//! phrase of pairs, a single character the beginning of one (the last of a run stands alone for that). After the
//! text stand the pairs of its pinyin initials, each once.
//!
//! What is a letter is decided here and nowhere else: the index uses FTS5's `ascii` tokenizer, to which every
//! character beyond ASCII belongs to a word. Its `unicode61` has tables of its own, and what only Rust calls a letter
//! (a lone Tamil vowel sign) was never found.

use crate::initials;
use std::collections::BTreeSet;

/// A piece of text: a run of Chinese characters, or a Latin word or number.
enum Piece {
    Run(Vec<char>),
    Word(String),
}

/// The words of a text for the index, separated by spaces.
pub(crate) fn index(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut initials = BTreeSet::new();
    for piece in pieces(text) {
        match piece {
            Piece::Run(run) => {
                initials.append(&mut initials::pairs(&run));
                for pair in run.windows(2) {
                    out.extend(pair);
                    out.push(' ');
                }
                out.extend(run.last());
            }
            Piece::Word(word) => out.push_str(&word),
        }
        out.push(' ');
    }
    for pair in initials {
        out.push_str(&pair);
        out.push(' ');
    }
    out
}

/// A question in FTS5's language that finds all words of a text; `None` when it holds none.
pub(crate) fn query(text: &str) -> Option<String> {
    let all: Vec<String> = pieces(text).into_iter().map(asked).collect();
    (!all.is_empty()).then(|| all.join(" AND "))
}

/// Pieces hold letters and digits only: nothing to escape inside the quotes.
fn asked(piece: Piece) -> String {
    match piece {
        Piece::Run(run) => match run.as_slice() {
            [single] => format!("\"{single}\"*"),
            run => format!("\"{}\"", run.windows(2).map(String::from_iter).collect::<Vec<_>>().join(" ")),
        },
        Piece::Word(word) => {
            let initials = initials::typed(&word);
            if initials.is_empty() {
                return format!("\"{word}\"*");
            }
            let quoted: Vec<String> = initials.iter().map(|pair| format!("\"{pair}\"")).collect();
            format!("(\"{word}\"* OR ({}))", quoted.join(" AND "))
        }
    }
}

fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for c in text.chars().map(narrow) {
        if is_chinese(c) {
            match pieces.last_mut() {
                Some(Some(Piece::Run(run))) => run.push(c),
                _ => pieces.push(Some(Piece::Run(vec![c]))),
            }
        } else if c.is_alphanumeric() {
            let lower = c.to_lowercase();
            match pieces.last_mut() {
                Some(Some(Piece::Word(word))) => word.extend(lower),
                _ => pieces.push(Some(Piece::Word(lower.collect()))),
            }
        } else {
            pieces.push(None);
        }
    }
    pieces.into_iter().flatten().collect()
}

/// Full-width letters and digits (Ａ, １) as their usual forms.
fn narrow(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

/// Written without spaces between words: Han, kana, Hangul.
fn is_chinese(c: char) -> bool {
    matches!(c, '\u{3005}' | '\u{3007}' | '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}'
        | '\u{4E00}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFF}')
        && c.is_alphabetic()
}
