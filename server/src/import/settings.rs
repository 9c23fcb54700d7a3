//! A TOML file as lines and keys: each value knows its line, so that every fault can be named at once.

use super::problem::{Doubt, Problem};
use super::remark::{Remark, Report};
use super::spelling::{self, Words};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A file and its text.
#[derive(Debug, Clone, Copy)]
struct Document<'a> {
    file: &'a str,
    text: &'a str,
}

impl Document<'_> {
    fn line(self, span: &Range<usize>) -> usize {
        self.text.bytes().take(span.start).filter(|byte| *byte == b'\n').count() + 1
    }
}

/// Reads a file and hands its top section to `read`; says where it does not follow TOML.
pub(super) fn open<T>(
    file: &str,
    text: &str,
    report: &mut Report,
    read: impl FnOnce(&Section<'_>, &mut Report) -> Option<T>,
) -> Option<T> {
    let document = Document { file, text };
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let line = error.span().map_or(1, |span| document.line(&span));
        report.error(Remark::file(file, Problem::Syntax(error.message().to_owned())).row(line));
    }
    if !errors.is_empty() {
        return None;
    }
    read(&Section { document, line: 1, table: table.get_ref() }, report)
}

/// A table of settings.
#[derive(Debug, Clone, Copy)]
pub(super) struct Section<'a> {
    document: Document<'a>,
    line: usize,
    table: &'a DeTable<'a>,
}

impl<'a> Section<'a> {
    /// A setting, if it is there.
    pub(super) fn get(&self, key: &'a str) -> Option<Setting<'a>> {
        let value = self.table.iter().find(|(name, _)| name.get_ref() == key)?.1;
        Some(Setting { document: self.document, key, value })
    }

    /// A setting that has to be there.
    pub(super) fn needed(&self, key: &'a str, report: &mut Report) -> Option<Setting<'a>> {
        let setting = self.get(key);
        if setting.is_none() {
            report.error(Remark::file(self.document.file, Problem::Missing).row(self.line).column(key));
        }
        setting
    }

    /// `Some(None)` if a setting is not there, otherwise what `read` makes of it.
    pub(super) fn optional<T>(
        &self,
        key: &'a str,
        read: impl FnOnce(Setting<'a>) -> Option<T>,
    ) -> Option<Option<T>> {
        self.get(key).map_or(Some(None), |setting| read(setting).map(Some))
    }

    /// Warns of settings that nobody reads.
    pub(super) fn expect_only(&self, keys: &[&str], report: &mut Report) {
        for name in self.table.keys().filter(|name| !keys.contains(&name.get_ref().as_ref())) {
            let line = self.document.line(&name.span());
            report.warn(
                Remark::file(self.document.file, Doubt::UnknownColumn).row(line).column(name.get_ref()),
            );
        }
    }
}

/// One value under its key.
#[derive(Debug, Clone, Copy)]
pub(super) struct Setting<'a> {
    document: Document<'a>,
    key: &'a str,
    value: &'a Spanned<DeValue<'a>>,
}

impl<'a> Setting<'a> {
    /// A remark about it.
    pub(super) fn remark<P>(&self, problem: P) -> Remark<P> {
        let value = match self.value.get_ref() {
            DeValue::String(text) => text,
            DeValue::Table(_) => "",
            _ => self.document.text.get(self.value.span()).unwrap_or_default(),
        };
        Remark::file(self.document.file, problem).row(self.line()).column(self.key).value(value)
    }

    /// The line it stands on.
    pub(super) fn line(&self) -> usize {
        self.document.line(&self.value.span())
    }

    fn want<T>(&self, value: Option<T>, wanted: &'static str, report: &mut Report) -> Option<T> {
        if value.is_none() {
            report.error(self.remark(Problem::WrongType { wanted }));
        }
        value
    }

    /// A text that is not empty, trimmed.
    pub(super) fn text(&self, report: &mut Report) -> Option<&'a str> {
        let text = self.want(self.value.get_ref().as_str(), "a string", report)?.trim();
        if text.is_empty() {
            report.error(self.remark(Problem::Empty));
            return None;
        }
        Some(text)
    }

    /// What a text means.
    pub(super) fn read<T>(
        &self,
        meaning: impl FnOnce(&str) -> Option<T>,
        problem: Problem,
        report: &mut Report,
    ) -> Option<T> {
        let meant = meaning(self.text(report)?);
        if meant.is_none() {
            report.error(self.remark(problem));
        }
        meant
    }

    /// A word that stands for a value.
    pub(super) fn word<T: Copy>(&self, words: Words<T>, report: &mut Report) -> Option<T> {
        let list = words.iter().map(|(zh, en, _)| (*zh, *en)).collect();
        self.read(|text| spelling::word(text, words), Problem::UnknownWord { words: list }, report)
    }

    /// What a bare or a quoted value means: days and times may be written either way.
    pub(super) fn bare<T>(
        &self,
        meaning: impl FnOnce(&str) -> Option<T>,
        problem: Problem,
        report: &mut Report,
    ) -> Option<T> {
        let meant = match self.value.get_ref() {
            DeValue::String(text) => meaning(text),
            DeValue::Datetime(_) | DeValue::Integer(_) => {
                meaning(self.document.text.get(self.value.span()).unwrap_or_default())
            }
            _ => None,
        };
        if meant.is_none() {
            report.error(self.remark(problem));
        }
        meant
    }

    /// A whole number within a range.
    pub(super) fn number(&self, least: i64, most: i64, report: &mut Report) -> Option<i64> {
        let number = self.want(self.value.get_ref().as_integer(), "a whole number", report)?;
        let number = i64::from_str_radix(number.as_str(), number.radix()).ok();
        let number = number.filter(|number| (least..=most).contains(number));
        if number.is_none() {
            report.error(self.remark(Problem::OutOfRange { least, most }));
        }
        number
    }

    /// `true` or `false`.
    pub(super) fn flag(&self, report: &mut Report) -> Option<bool> {
        self.want(self.value.get_ref().as_bool(), "true or false", report)
    }

    /// The values of a list.
    pub(super) fn list(&self, report: &mut Report) -> Option<Vec<Setting<'a>>> {
        let values = self.want(self.value.get_ref().as_array(), "a list", report)?;
        Some(values.iter().map(|value| Setting { value, ..*self }).collect())
    }

    /// Whether it is a table, where a word or a table may stand.
    pub(super) fn is_section(&self) -> bool {
        self.value.get_ref().is_table()
    }

    /// The settings of a table.
    pub(super) fn section(&self, report: &mut Report) -> Option<Section<'a>> {
        let table = self.want(self.value.get_ref().as_table(), "a table", report)?;
        Some(Section { document: self.document, line: self.line(), table })
    }
}
