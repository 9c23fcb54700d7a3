//! Any number of cases as a workbook, row by row: what was written leaves memory at once.

use super::cut;
use rust_xlsxwriter::{Format, Workbook, XlsxError};
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

const HEAD: [(&str, u16); 10] = [
    ("编号", 38),
    ("发现时间", 18),
    ("社区", 16),
    ("点位", 20),
    ("标准", 24),
    ("问题", 40),
    ("来源", 10),
    ("状态", 10),
    ("责任人", 12),
    ("期限", 18),
];

/// A sheet holds so many rows under its header; more go onto the next one.
const ROWS: u32 = 1_000_000;

/// A workbook of cases that is being written.
pub(super) struct CaseBook {
    book: Workbook,
    /// Rows on the last sheet, its head aside.
    rows: u32,
}

impl CaseBook {
    /// With a first sheet and nothing on it.
    pub(super) fn begin() -> Result<Self, XlsxError> {
        let mut begun = Self { book: Workbook::new(), rows: 0 };
        begun.sheet()?;
        Ok(begun)
    }

    fn sheet(&mut self) -> Result<(), XlsxError> {
        let head = Format::new().set_bold();
        let sheet = self.book.add_worksheet_with_constant_memory()?;
        for (column, (name, width)) in (0u16..).zip(HEAD) {
            sheet.set_column_width(column, width)?;
            sheet.write_with_format(0, column, name, &head)?;
        }
        sheet.set_freeze_panes(1, 0)?;
        self.rows = 0;
        Ok(())
    }

    /// Writes a case under those before it.
    pub(super) fn add(&mut self, case: &CaseLine) -> Result<(), XlsxError> {
        if self.rows == ROWS {
            self.sheet()?;
        }
        self.rows += 1;
        let cells = [
            &case.id,
            &case.found,
            &case.community,
            &case.point,
            &case.standard,
            &case.what,
            &case.source,
            &case.status,
            &case.person,
            &case.due,
        ];
        let last = self.book.worksheets().len() - 1;
        let sheet = self.book.worksheet_from_index(last)?;
        for (column, text) in (0u16..).zip(cells).filter(|(_, text)| !text.is_empty()) {
            sheet.write_string(self.rows, column, cut(text))?;
        }
        Ok(())
    }

    pub(super) fn save(mut self, file: &Path) -> Result<(), XlsxError> {
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
