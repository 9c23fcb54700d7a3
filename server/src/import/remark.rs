//! A remark about one place of one file: what refuses an import, and what is only worth a look.

use super::problem::{Doubt, Problem};
use serde::Serialize;
use std::fmt;

/// Errors listed at most; a shifted column would otherwise say the same thing 12,000 times.
pub const MOST_ERRORS: usize = 200;

/// Values are quoted no longer than this many characters.
const LONGEST_QUOTE: usize = 60;

/// Texts in both languages, as a predicate of the value that stands before them.
pub trait InWords {
    /// In English.
    fn en(&self) -> String;
    /// In Chinese.
    fn zh(&self) -> String;
}

/// What is remarked, and where. It is meant for whoever keeps the files; a value may be anything that was
/// typed there, so it does not belong in a log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Remark<P> {
    /// The file's name in the folder.
    pub file: String,
    /// The row as a spreadsheet numbers it (the header is 1), or the line of a text file.
    pub row: Option<usize>,
    /// The column as its header names it, the key of a setting, or the id of a polygon.
    pub column: Option<String>,
    /// What stands there.
    pub value: Option<String>,
    /// What is to be said about it.
    pub problem: P,
}

/// A reason why nothing was imported.
pub type ImportError = Remark<Problem>;
/// Something that was imported and may be a mistake.
pub type Warning = Remark<Doubt>;

impl<P> Remark<P> {
    /// A remark about a file as a whole.
    pub(super) fn file(file: &str, problem: P) -> Self {
        Self { file: file.to_owned(), row: None, column: None, value: None, problem }
    }

    /// The same remark about one row or line.
    pub(super) fn row(mut self, row: usize) -> Self {
        self.row = Some(row);
        self
    }

    /// The same remark about one column or key.
    pub(super) fn column(mut self, column: &str) -> Self {
        self.column = Some(quoted(column));
        self
    }

    /// The same remark with what stands there; nothing to quote when that is empty.
    pub(super) fn value(mut self, value: &str) -> Self {
        self.value = (!value.is_empty()).then(|| quoted(value));
        self
    }
}

fn quoted(text: &str) -> String {
    let clean = |c: char| if c.is_control() { ' ' } else { c };
    let mut quote: String = text.chars().take(LONGEST_QUOTE).map(clean).collect();
    if text.chars().nth(LONGEST_QUOTE).is_some() {
        quote.push('…');
    }
    quote
}

impl<P: InWords> Remark<P> {
    /// The remark in Chinese.
    #[must_use]
    pub fn zh(&self) -> String {
        let row = self.row.map(|row| format!(" 第 {row} 行")).unwrap_or_default();
        let column = self.column.as_ref().map(|column| format!("“{column}”")).unwrap_or_default();
        let value = self.value.as_ref().map(|value| format!("“{value}”")).unwrap_or_default();
        format!("{}{row}{column}：{value}{}", self.file, self.problem.zh())
    }
}

impl<P: InWords> fmt::Display for Remark<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        let lines = if self.file.ends_with(".csv") { "row" } else { "line" };
        if let Some(row) = self.row {
            write!(f, ", {lines} {row}")?;
        }
        if let Some(column) = &self.column {
            write!(f, ", {column}")?;
        }
        f.write_str(": ")?;
        if let Some(value) = &self.value {
            write!(f, "`{value}` ")?;
        }
        f.write_str(&self.problem.en())
    }
}

/// Everything that is wrong with a folder. Nothing of it was imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImportErrors {
    /// What is wrong, by file and row; at most [`MOST_ERRORS`].
    pub errors: Vec<ImportError>,
    /// How many more there are.
    pub more: usize,
}

impl ImportErrors {
    /// All of it in Chinese, a line each.
    #[must_use]
    pub fn zh(&self) -> String {
        let mut text = String::from("没有导入任何内容，请改正后再导入：");
        for error in &self.errors {
            text.push_str("\n  ");
            text.push_str(&error.zh());
        }
        if self.more > 0 {
            text.push_str(&format!("\n  另有 {} 处", self.more));
        }
        text
    }
}

impl fmt::Display for ImportErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nothing was imported, correct this and import again:")?;
        for error in &self.errors {
            write!(f, "\n  {error}")?;
        }
        if self.more > 0 {
            write!(f, "\n  and {} more", self.more)?;
        }
        Ok(())
    }
}

impl std::error::Error for ImportErrors {}

/// Collects remarks while the files are read, so that one run names everything.
#[derive(Debug, Default)]
pub(super) struct Report {
    errors: Vec<ImportError>,
    more: usize,
    warnings: Vec<Warning>,
}

impl Report {
    pub(super) fn error(&mut self, error: ImportError) {
        if self.errors.len() < MOST_ERRORS {
            self.errors.push(error);
        } else {
            self.more += 1;
        }
    }

    pub(super) fn warn(&mut self, warning: Warning) {
        self.warnings.push(warning);
    }

    pub(super) fn is_clean(&self) -> bool {
        self.errors.is_empty()
    }

    /// The warnings, or the errors if there are any; both by file and row.
    pub(super) fn close(mut self) -> Result<Vec<Warning>, ImportErrors> {
        if self.is_clean() {
            self.warnings.sort_by(|a, b| (&a.file, a.row).cmp(&(&b.file, b.row)));
            return Ok(self.warnings);
        }
        self.errors.sort_by(|a, b| (&a.file, a.row).cmp(&(&b.file, b.row)));
        Err(ImportErrors { errors: self.errors, more: self.more })
    }
}
