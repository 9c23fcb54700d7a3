//! Any number of cases as a workbook, row by row: what was written leaves memory at once.

use super::cut;
use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, XlsxError};
use std::path::Path;

/// A case as the list shows it.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "each is the column of its name")]
pub struct CaseLine {
    pub id: String,
    pub found: String,
    pub community: String,
    pub point: String,
    pub standard: String,
    pub what: String,
    pub source: String,
    pub status: String,
    pub person: String,
    pub due: String,
}

/// The number of the row first; the code of the case, which a draw's list wants, last.
const HEAD: [(&str, u16); 11] = [
    ("序号", 7),
    ("发现时间", 17),
    ("社区", 12),
    ("点位", 18),
    ("标准", 18),
    ("问题", 36),
    ("来源", 10),
    ("状态", 10),
    ("责任人", 10),
    ("期限", 17),
    ("案件编号", 38),
];

/// So many columns are printed.
const PRINTED: u16 = 10;

/// A sheet holds so many rows under its header; more go onto the next one.
const ROWS: u32 = 1_000_000;

/// A workbook of cases that is being written.
pub(super) struct CaseBook {
    book: Workbook,
    /// Rows on the last sheet, its head aside.
    rows: u32,
    cell: Format,
}

impl CaseBook {
    /// With a first sheet and nothing on it.
    pub(super) fn begin() -> Result<Self, XlsxError> {
        let cell = Format::new().set_border(FormatBorder::Thin).set_text_wrap();
        let cell = cell.set_align(FormatAlign::VerticalCenter);
        let mut begun = Self { book: Workbook::new(), rows: 0, cell };
        begun.sheet()?;
        Ok(begun)
    }

    fn sheet(&mut self) -> Result<(), XlsxError> {
        let head = self.cell.clone().set_bold().set_align(FormatAlign::Center);
        self.finish()?;
        let sheet = self.book.add_worksheet_with_constant_memory()?;
        for (column, (name, width)) in (0u16..).zip(HEAD) {
            sheet.set_column_width(column, width)?;
            sheet.write_with_format(0, column, name, &head)?;
        }
        sheet.set_freeze_panes(1, 0)?.set_repeat_rows(0, 0)?;
        sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0).set_footer("&C— &P —");
        self.rows = 0;
        Ok(())
    }

    /// What is printed of the last sheet, once it is full: everything but the codes.
    fn finish(&mut self) -> Result<(), XlsxError> {
        let Some(last) = self.book.worksheets().len().checked_sub(1) else { return Ok(()) };
        let sheet = self.book.worksheet_from_index(last)?;
        sheet.set_print_area(0, 0, self.rows, PRINTED - 1)?;
        Ok(())
    }

    /// Writes a case under those before it.
    pub(super) fn add(&mut self, case: &CaseLine) -> Result<(), XlsxError> {
        if self.rows == ROWS {
            self.sheet()?;
        }
        self.rows += 1;
        let cells = [
            &case.found,
            &case.community,
            &case.point,
            &case.standard,
            &case.what,
            &case.source,
            &case.status,
            &case.person,
            &case.due,
            &case.id,
        ];
        let last = self.book.worksheets().len() - 1;
        let sheet = self.book.worksheet_from_index(last)?;
        sheet.write_number_with_format(self.rows, 0, self.rows, &self.cell)?;
        for (column, text) in (1u16..).zip(cells) {
            sheet.write_string_with_format(self.rows, column, cut(text), &self.cell)?;
        }
        Ok(())
    }

    pub(super) fn save(mut self, file: &Path) -> Result<(), XlsxError> {
        self.finish()?;
        self.book.save(file)
    }
}

/// Writes a workbook of cases.
///
/// # Errors
/// When the file cannot be written.
pub fn write_cases(file: &Path, cases: impl IntoIterator<Item = CaseLine>) -> Result<(), XlsxError> {
    let mut book = CaseBook::begin()?;
    cases.into_iter().try_for_each(|case| book.add(&case))?;
    book.save(file)
}
