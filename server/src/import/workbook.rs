//! An office's workbook (.xlsx): its sheets as rows of texts, in bounded memory.
//!
//! A workbook is a zip of XML. Before anything parses it, every part is inflated once into nothing and
//! counted, so that a small file that inflates without end is refused; cells are then read one by one and
//! counted too, because a sheet can claim 17 milliards of them. What each takes once it is written out is
//! counted before it is kept ([`Room`]): a long text is stored once and cited from everywhere, a merged cell
//! speaks for many rows, and a cell far to the right makes its row as wide.

use super::problem::Problem;
use calamine::{DataRef, Reader, SheetVisible, Xlsx};
use csv::StringRecord;
use std::collections::BTreeMap;
use std::io::{Cursor, Read};

/// A workbook's parts together inflate to no more than this.
const LARGEST_MIB: u64 = 96;
/// A workbook has no more parts: a sheet is one, a picture another.
const MOST_PARTS: usize = 2_000;
/// A workbook holds no more filled cells.
const MOST_CELLS: usize = 2_000_000;
/// What is kept of all its sheets takes no more than this.
const MOST_TEXT_MIB: usize = 64;
/// A row takes this before anything stands in it.
const ROW: usize = 128;
/// A cell takes this beside its text.
const CELL: usize = 32;
/// Each place of a row takes this, filled or not.
const PLACE: usize = 8;
/// Tables end before this column (IV, where old spreadsheets ended).
const MOST_COLUMNS: u32 = 256;

/// The rows of a sheet that hold anything, each with its number in the spreadsheet.
pub(super) type Rows = Vec<(usize, StringRecord)>;

/// A sheet of a workbook.
#[derive(Debug)]
pub(super) struct Page {
    /// Its name on the tab.
    pub(super) name: String,
    /// Its rows.
    pub(super) rows: Rows,
    /// Days that are bare numbers count from 1904, as on an old Mac.
    pub(super) from_1904: bool,
}

/// Reads the visible sheets.
///
/// # Errors
/// What is wrong with the file, with the sheet if it is one sheet's fault.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Page>, (Option<String>, Problem)> {
    measure(bytes).map_err(|problem| (None, problem))?;
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|error| (None, not_a_workbook(&error)))?;
    let from_1904 = book.has_1904_epoch();
    let visible = book.sheets_metadata().iter().filter(|sheet| sheet.visible == SheetVisible::Visible);
    let names: Vec<String> = visible.map(|sheet| sheet.name.clone()).collect();
    let (mut pages, mut room) = (Vec::new(), Room { bytes: MOST_TEXT_MIB << 20, cells: MOST_CELLS });
    for name in names {
        let rows = rows(&mut book, &name, &mut room).map_err(|problem| (Some(name.clone()), problem))?;
        pages.push(Page { name, rows, from_1904 });
    }
    Ok(pages)
}

fn not_a_workbook(error: &impl ToString) -> Problem {
    Problem::NotAWorkbook(error.to_string())
}

/// Inflates every part once and keeps nothing.
fn measure(bytes: &[u8]) -> Result<(), Problem> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| not_a_workbook(&error))?;
    if archive.len() > MOST_PARTS {
        return Err(Problem::TooLarge { limit_mib: LARGEST_MIB });
    }
    let mut left = LARGEST_MIB << 20;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|error| not_a_workbook(&error))?;
        let inflated = std::io::copy(&mut part.take(left + 1), &mut std::io::sink());
        let inflated = inflated.map_err(|error| not_a_workbook(&error))?;
        left = left.checked_sub(inflated).ok_or(Problem::TooLarge { limit_mib: LARGEST_MIB })?;
    }
    Ok(())
}

/// What a workbook may still take.
struct Room {
    bytes: usize,
    cells: usize,
}

impl Room {
    /// One more cell is looked at.
    fn visit(&mut self) -> Result<(), Problem> {
        let left = self.cells.checked_sub(1);
        self.cells = left.ok_or(Problem::TooManyCells { cells: MOST_CELLS, columns: MOST_COLUMNS })?;
        Ok(())
    }

    fn take(&mut self, bytes: usize) -> Result<(), Problem> {
        let left = self.bytes.checked_sub(bytes);
        self.bytes = left.ok_or(Problem::TooMuchText { limit_mib: MOST_TEXT_MIB })?;
        Ok(())
    }
}

/// The filled cells of a row by their columns.
type Cells = BTreeMap<usize, String>;

/// What a row takes for being so wide.
fn width(row: &Cells) -> usize {
    row.last_key_value().map_or(0, |(last, _)| (last + 1) * PLACE)
}

/// Puts a text into a row when there is room for it.
fn put(row: &mut Cells, column: usize, text: &str, room: &mut Room) -> Result<(), Problem> {
    let wider = ((column + 1) * PLACE).saturating_sub(width(row));
    room.take(CELL + text.len() + wider)?;
    row.insert(column, text.to_owned());
    Ok(())
}

fn rows(book: &mut Xlsx<Cursor<&[u8]>>, name: &str, room: &mut Room) -> Result<Rows, Problem> {
    let mut rows: BTreeMap<u32, Cells> = BTreeMap::new();
    let mut reader = book.worksheet_cells_reader(name).map_err(|error| not_a_workbook(&error))?;
    while let Some(cell) = reader.next_cell().map_err(|error| not_a_workbook(&error))? {
        let text = text(cell.get_value());
        if text.is_empty() {
            continue;
        }
        let (row, column) = cell.get_position();
        room.visit()?;
        if column >= MOST_COLUMNS {
            return Err(Problem::TooManyCells { cells: MOST_CELLS, columns: MOST_COLUMNS });
        }
        if !rows.contains_key(&row) {
            room.take(ROW)?;
        }
        put(rows.entry(row).or_default(), place(column), &text, room)?;
    }
    drop(reader);
    let merged = book.merge_cells_by_sheet_name(name).map_err(|error| not_a_workbook(&error))?;
    // A cell merged over several rows says the same for each of them that holds anything else.
    for area in merged.iter().filter(|area| area.start.1 == area.end.1 && area.start.0 < area.end.0) {
        let column = place(area.start.1);
        let Some(text) = rows.get(&area.start.0).and_then(|row| row.get(&column)).cloned() else { continue };
        for (_, row) in rows.range_mut(area.start.0 + 1..=area.end.0) {
            room.visit()?;
            if !row.contains_key(&column) {
                put(row, column, &text, room)?;
            }
        }
    }
    let record = |row: Cells| {
        let width = row.last_key_value().map_or(0, |(last, _)| last + 1);
        StringRecord::from_iter((0..width).map(|column| row.get(&column).map_or("", String::as_str)))
    };
    Ok(rows.into_iter().map(|(row, cells)| (place(row).saturating_add(1), record(cells))).collect())
}

fn place(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// What a cell shows, as somebody would type it into a CSV file.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => plain(*number),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.trim().to_owned()
        }
        DataRef::SharedString(text) => text.trim().to_owned(),
        DataRef::Bool(flag) => flag.to_string(),
        DataRef::DateTime(time) if time.is_datetime() => {
            let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
            match (time.as_f64() < 1.0, (hour, minute, second)) {
                // A time of day alone.
                (true, _) => format!("{hour:02}:{minute:02}"),
                (false, (0, 0, 0)) => format!("{year:04}-{month:02}-{day:02}"),
                (false, _) => format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"),
            }
        }
        DataRef::DateTime(time) => plain(time.as_f64()),
        DataRef::Error(error) => error.to_string(),
    }
}

/// A number without the `.0` that a spreadsheet does not show either.
fn plain(number: f64) -> String {
    format!("{number}")
}
