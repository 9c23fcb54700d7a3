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

/// Writes a workbook of cases.
///
/// # Errors
/// When the file cannot be written.
pub fn write_cases(file: &Path, cases: impl IntoIterator<Item = CaseLine>) -> Result<(), XlsxError> {
    let head = Format::new().set_bold();
    let mut book = Workbook::new();
    let mut cases = cases.into_iter().peekable();
    loop {
        let sheet = book.add_worksheet_with_constant_memory()?;
        for (column, (name, width)) in (0u16..).zip(HEAD) {
            sheet.set_column_width(column, width)?;
            sheet.write_with_format(0, column, name, &head)?;
        }
        sheet.set_freeze_panes(1, 0)?;
        let mut row = 0;
        while row < ROWS
            && let Some(case) = cases.next()
        {
            row += 1;
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
            for (column, text) in (0u16..).zip(cells).filter(|(_, text)| !text.is_empty()) {
                sheet.write_string(row, column, cut(text))?;
            }
        }
        if cases.peek().is_none() {
            break;
        }
    }
    book.save(file)
}
