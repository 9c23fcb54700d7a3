//! What offices print: bulletins, summaries, briefs, notices, blind spots, the year's sheet.
//!
//! A report is a [`Paper`]: who issues it, its title, and blocks of text and tables. What stands in it comes
//! from the replica and the sheets (`build` and, by what they tell, `days`, `ranked`, `brief`, `matters`, `said`); three writers know
//! nothing of cases: `docx` makes an official paper (公文), `xlsx` a workbook, `html` a page to be printed; `columns` says how
//! wide a table's columns are in each of them. `cases` writes a workbook of any number of cases
//! row by row.

mod brief;
mod build;
mod cases;
mod columns;
mod days;
mod docx;
mod html;
mod matters;
mod number;
mod ranked;
mod said;
mod words;
mod xlsx;

pub use build::{Kind, ReportError, Wanted};
use cases::CaseBook;
pub use cases::{CaseLine, write_cases};
pub use number::DocumentNumber;

use serde::Serialize;
use std::borrow::Cow;

/// A report before it has a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Paper {
    /// Who issues it: the red head.
    pub issuer: String,
    /// What it is filed under.
    pub number: Option<DocumentNumber>,
    /// Its title.
    pub title: String,
    /// Its contents: the body, then the annexes.
    pub blocks: Vec<Block>,
    /// The day it is issued, as it is written under it.
    pub day: String,
}

/// A part of a paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Block {
    /// A heading: 一、…
    Heading(String),
    /// A paragraph.
    Text(String),
    /// A table.
    Table {
        /// Its columns.
        head: Vec<String>,
        /// Its rows, each as long as the head.
        rows: Vec<Vec<String>>,
    },
    /// Here an annex of this title begins: behind the signature, on a page of its own.
    Annex(String),
}

/// What stands before the first annex.
fn body(blocks: &[Block]) -> &[Block] {
    let end = blocks.iter().position(|block| matches!(block, Block::Annex(_)));
    blocks.get(..end.unwrap_or(blocks.len())).unwrap_or_default()
}

/// What is written under the body when there are annexes (GB/T 9704, 7.3.4): with numbers where there are several.
fn listed(blocks: &[Block]) -> Vec<String> {
    let titles = blocks.iter().filter_map(|block| match block {
        Block::Annex(title) => Some(title),
        _ => None,
    });
    let titles: Vec<_> = titles.collect();
    match titles.as_slice() {
        [one] => vec![format!("附件：{one}")],
        several => several
            .iter()
            .zip(1..)
            .map(|(title, number)| {
                format!("{}{number}.{title}", if number == 1 { "附件：" } else { "\u{3000}\u{3000}\u{3000}" })
            })
            .collect(),
    }
}

/// What stands above an annex, by its place among so many.
fn marked(place: usize, many: usize) -> String {
    if many > 1 { format!("附件{}", place + 1) } else { "附件".to_owned() }
}

/// The annexes, each as its title and what stands in it.
fn annexes(blocks: &[Block]) -> Vec<(&str, &[Block])> {
    let mut annexes = Vec::new();
    let mut rest = blocks.get(body(blocks).len()..).unwrap_or_default();
    while let Some((Block::Annex(title), after)) = rest.split_first() {
        let contents = body(after);
        annexes.push((title.as_str(), contents));
        rest = after.get(contents.len()..).unwrap_or_default();
    }
    annexes
}

impl Block {
    /// A cell with nothing in it looks forgotten: a paper has a dash there.
    fn fill(&mut self) {
        if let Self::Table { rows, .. } = self {
            rows.iter_mut().flatten().filter(|cell| cell.is_empty()).for_each(|cell| cell.push('—'));
        }
    }
}

/// The forms a paper can take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For Word and WPS.
    Docx,
    /// For Excel and WPS.
    Xlsx,
    /// For a browser, to be printed.
    Html,
}

impl Paper {
    /// The paper as a file.
    ///
    /// # Errors
    /// When a text cannot be written in that form.
    pub fn write(&self, format: Format) -> std::io::Result<Vec<u8>> {
        match format {
            Format::Docx => docx::write(self),
            Format::Xlsx => xlsx::write(self).map_err(std::io::Error::other),
            Format::Html => Ok(html::write(self).into_bytes()),
        }
    }
}

/// A text is written up to so many UTF-16 units: a spreadsheet's cell holds 32,767, and the three forms are to
/// say the same.
const LONGEST: usize = 32_000;

/// A text as it is written; one that is longer than a cell ends in "…".
fn cut(text: &str) -> Cow<'_, str> {
    // No text has more units than bytes.
    if text.len() <= LONGEST {
        return Cow::Borrowed(text);
    }
    let mut units = 0;
    let end = text.char_indices().find(|(_, c)| {
        units += c.len_utf16();
        units > LONGEST
    });
    end.map_or(Cow::Borrowed(text), |(end, _)| Cow::Owned(format!("{}…", &text[..end])))
}

/// A text inside markup; characters that XML cannot hold go.
fn escaped(text: &str) -> String {
    let text = cut(text);
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(' '),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests;
