//! A CSV file as a spreadsheet shows it: named columns in any order, numbered rows, typed cells.

use super::folder::Source;
use super::known::Codes;
use super::problem::{Doubt, Problem};
use super::remark::{Remark, Report};
use super::spelling::{self, Words};
use chrono::NaiveDate;
use csv::{ReaderBuilder, StringRecord};
use std::cell::Cell;
use std::collections::BTreeMap;

/// A column by the names that a header may give it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Column {
    /// In Chinese.
    pub(super) zh: &'static str,
    /// In English.
    pub(super) en: &'static str,
    pub(super) needed: bool,
}

impl Column {
    /// A column that has to be there.
    pub(super) const fn needed(zh: &'static str, en: &'static str) -> Self {
        Self { zh, en, needed: true }
    }

    /// A column that may be left out.
    pub(super) const fn optional(zh: &'static str, en: &'static str) -> Self {
        Self { zh, en, needed: false }
    }

    fn is_called(self, header: &str) -> bool {
        let header = spelling::half_width(header).to_lowercase().replace(['_', '-'], " ");
        header == self.zh || header == self.en
    }
}

/// The codes of the rows of almost every table.
pub(super) const ID: Column = Column::needed("编号", "id");
/// What people call it.
pub(super) const NAME: Column = Column::needed("名称", "name");

/// What became of a table.
#[derive(Debug)]
pub(super) enum Sheet {
    /// The file is not in the folder.
    Absent,
    /// It cannot be read; the report says why.
    Broken,
    /// Its rows.
    Table(Table),
}

/// The rows of a CSV file.
#[derive(Debug)]
pub(super) struct Table {
    file: String,
    header: StringRecord,
    places: BTreeMap<&'static str, usize>,
    rows: Vec<(usize, StringRecord)>,
    /// In a workbook days can be bare numbers: counted from 1904 or not.
    serials: Option<bool>,
}

/// Ends a text for the reader: a last record that is not this one means that a quotation mark is open.
const END: &str = "\u{1a}";

impl Sheet {
    /// Reads a table; says everything that is wrong with its shape.
    pub(super) fn open(
        file: &'static str,
        source: &Source<'_>,
        columns: &[Column],
        report: &mut Report,
    ) -> Self {
        let table = match source {
            Source::Absent => return Self::Absent,
            Source::Broken => return Self::Broken,
            Source::Text(text) => match records(text) {
                Ok(records) => Table::of(file, records, columns, report),
                Err((row, problem)) => {
                    report.error(Remark::file(file, problem).row(row));
                    None
                }
            },
            Source::Page(page, place) => {
                let table = Table::of(place, page.rows.clone(), columns, report);
                table.map(|table| Table { serials: Some(page.from_1904), ..table })
            }
        };
        table.map_or(Self::Broken, Self::Table)
    }

    /// The rows that hold anything, in order.
    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        let table = if let Self::Table(table) = self { Some(table) } else { None };
        table.into_iter().flat_map(|table| {
            table.rows.iter().map(|(number, cells)| Row {
                table,
                number: *number,
                cells,
                short: Cell::new(false),
            })
        })
    }

    /// Reads each row that can be read.
    pub(super) fn each<'a, T>(
        &'a self,
        report: &mut Report,
        read: impl Fn(&Row<'a>, &mut Report) -> Option<T>,
    ) -> Vec<(Row<'a>, T)> {
        let rows = self.rows().map(|row| (if row.fits(report) { read(&row, report) } else { None }, row));
        rows.filter_map(|(read, row)| Some((row, read?))).collect()
    }
}

impl Table {
    fn of(
        file: &str,
        mut records: Vec<(usize, StringRecord)>,
        columns: &[Column],
        report: &mut Report,
    ) -> Option<Self> {
        // What stands above the header is a title, or who made the list and when.
        let rows =
            records.split_off(header_of(&records, columns).map_or(1, |row| row + 1).min(records.len()));
        let (header_row, header) = records.pop().unwrap_or((1, StringRecord::new()));
        let places = places(file, header_row, &header, columns, report)?;
        Some(Self { file: file.to_owned(), header, places, rows, serials: None })
    }
}

/// How far down a header is looked for.
const TITLE_ROWS: usize = 20;

/// Which of the first records names most columns; the first of them if several do.
fn header_of(records: &[(usize, StringRecord)], columns: &[Column]) -> Option<usize> {
    let named = |record: &StringRecord| {
        record.iter().filter(|name| columns.iter().any(|column| column.is_called(name))).count()
    };
    let counts = records.iter().take(TITLE_ROWS).map(|(_, record)| named(record)).enumerate();
    let (row, most) = counts.max_by_key(|(row, count)| (*count, std::cmp::Reverse(*row)))?;
    (most > 0).then_some(row)
}

/// The records that hold anything, each with its row in a spreadsheet: a line break inside a cell does not
/// count, an empty line does.
fn records(text: &str) -> Result<Vec<(usize, StringRecord)>, (usize, Problem)> {
    let text = format!("{}\n{END}", text.replace("\r\n", "\n").replace('\r', "\n"));
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let (mut records, mut row) = (Vec::new(), 0);
    for record in reader.records() {
        let record = record.map_err(|error| (row + 1, Problem::Syntax(error.to_string())))?;
        let start = record.position().and_then(|position| usize::try_from(position.byte()).ok());
        let from_start = start.and_then(|start| text.as_bytes().get(start..)).unwrap_or_default();
        // The reader skips empty lines without a word; they stand before the record.
        row += 1 + from_start.iter().take_while(|byte| **byte == b'\n').count();
        if record.iter().any(|cell| !cell.trim().is_empty()) {
            records.push((row, record));
        }
    }
    match records.pop() {
        Some((_, end)) if end.iter().eq([END]) => Ok(records),
        _ => Err((row, Problem::OpenQuote)),
    }
}

/// Where the header has each column; `None`, with a remark for each, if one is missing or there twice.
fn places(
    file: &str,
    row: usize,
    header: &StringRecord,
    columns: &[Column],
    report: &mut Report,
) -> Option<BTreeMap<&'static str, usize>> {
    let mut places = BTreeMap::new();
    let mut sound = true;
    for (place, name) in header.iter().enumerate().filter(|(_, name)| !name.trim().is_empty()) {
        match columns.iter().find(|column| column.is_called(name)) {
            None => report.warn(Remark::file(file, Doubt::UnknownColumn).row(row).column(name.trim())),
            Some(column) if places.insert(column.zh, place).is_some() => {
                report.error(Remark::file(file, Problem::ColumnTwice).row(row).column(name.trim()));
                sound = false;
            }
            Some(_) => {}
        }
    }
    let english =
        columns.iter().any(|column| header.iter().any(|name| name.trim().eq_ignore_ascii_case(column.en)));
    for column in columns.iter().filter(|column| column.needed && !places.contains_key(column.zh)) {
        let name = if english { column.en } else { column.zh };
        report.error(Remark::file(file, Problem::Missing).row(row).column(name));
        sound = false;
    }
    sound.then_some(places)
}

/// One row of a table. Whoever asks for a cell that is not as it should be gets `None`, and the report a
/// remark.
#[derive(Debug)]
pub(super) struct Row<'a> {
    table: &'a Table,
    /// As a spreadsheet numbers it.
    pub(super) number: usize,
    cells: &'a StringRecord,
    /// Whether it was already said that the row is too short.
    short: Cell<bool>,
}

impl Row<'_> {
    /// What a cell holds, trimmed; empty if it is not there.
    pub(super) fn cell(&self, column: Column) -> &str {
        self.table.places.get(column.zh).and_then(|place| self.cells.get(*place)).unwrap_or_default().trim()
    }

    /// Whether the row ends with the header. One that does not has a comma too many, and which of its cells
    /// are out of place nobody can say.
    fn fits(&self, report: &mut Report) -> bool {
        let columns = self.table.header.len();
        let fits = self.cells.iter().skip(columns).all(|cell| cell.trim().is_empty());
        if !fits {
            let problem = Problem::LongRow { cells: self.cells.len(), columns };
            report.error(Remark::file(&self.table.file, problem).row(self.number));
        }
        fits
    }

    /// A remark about a cell.
    pub(super) fn remark<P>(&self, column: Column, problem: P) -> Remark<P> {
        let name = self.table.places.get(column.zh).and_then(|place| self.table.header.get(*place));
        Remark::file(&self.table.file, problem)
            .row(self.number)
            .column(name.map_or(column.zh, str::trim))
            .value(self.cell(column))
    }

    /// What a cell that has to be filled holds.
    pub(super) fn text(&self, column: Column, report: &mut Report) -> Option<&str> {
        let text = self.cell(column);
        if !text.is_empty() {
            return Some(text);
        }
        let within = self.table.places.get(column.zh).is_some_and(|place| *place < self.cells.len());
        if within {
            report.error(self.remark(column, Problem::Empty));
        } else if !self.short.replace(true) {
            let (cells, columns) = (self.cells.len(), self.table.header.len());
            report.error(self.remark(column, Problem::ShortRow { cells, columns }));
        }
        None
    }

    /// What a cell that has to be filled means.
    pub(super) fn read<T>(
        &self,
        column: Column,
        meaning: impl FnOnce(&str) -> Option<T>,
        problem: Problem,
        report: &mut Report,
    ) -> Option<T> {
        let meant = meaning(self.text(column, report)?);
        if meant.is_none() {
            report.error(self.remark(column, problem));
        }
        meant
    }

    /// `Some(None)` if the cell is empty, otherwise what `read` makes of it.
    pub(super) fn optional<T>(
        &self,
        column: Column,
        read: impl FnOnce(&Self) -> Option<T>,
    ) -> Option<Option<T>> {
        if self.cell(column).is_empty() { Some(None) } else { read(self).map(Some) }
    }

    /// A code.
    pub(super) fn code(&self, column: Column, report: &mut Report) -> Option<String> {
        self.read(column, spelling::code, Problem::BadCode, report)
    }

    /// A code of a row elsewhere.
    pub(super) fn known(&self, column: Column, codes: &Codes, report: &mut Report) -> Option<String> {
        let code = self.code(column, report)?;
        if codes.hold(&code) {
            return Some(code);
        }
        // Offices write names where the lists want codes; that is as good while one bears the name.
        match codes.named(self.cell(column)) {
            [one] => return Some(one.clone()),
            [] => {}
            several => {
                report.error(self.remark(column, Problem::SameName { codes: several.to_vec() }));
                return None;
            }
        }
        report.error(self.remark(column, Problem::Unknown { file: codes.file }));
        None
    }

    /// A word that stands for a value.
    pub(super) fn word<T: Copy>(&self, column: Column, words: Words<T>, report: &mut Report) -> Option<T> {
        let list = || words.iter().map(|(zh, en, _)| (*zh, *en)).collect();
        self.read(column, |text| spelling::word(text, words), Problem::UnknownWord { words: list() }, report)
    }

    /// A day.
    pub(super) fn day(&self, column: Column, report: &mut Report) -> Option<NaiveDate> {
        let serial = |text: &str| spelling::day_of_serial(text, self.table.serials?);
        self.read(column, |text| spelling::day(text).or_else(|| serial(text)), Problem::BadDay, report)
    }

    /// Degrees between `-most` and `most`.
    pub(super) fn degrees(&self, column: Column, most: i32, report: &mut Report) -> Option<f64> {
        let degrees = self.read(column, spelling::degrees, Problem::NotANumber, report)?;
        if degrees.abs() <= f64::from(most) {
            return Some(degrees);
        }
        report.error(
            self.remark(column, Problem::OutOfRange { least: i64::from(-most), most: i64::from(most) }),
        );
        None
    }
}
