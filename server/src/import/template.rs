//! Templates: workbooks with the right sheets and headers, to be filled in and imported.

use super::{Form, TABLES, table::Column};
use rust_xlsxwriter::{Color, Format, FormatAlign, Note, Workbook, XlsxError};

/// The sheet that explains; an import passes it over.
pub(super) const NOTES: &str = "填写说明";

/// The kinds of templates: every table by its name, and `all`.
pub fn kinds() -> impl Iterator<Item = &'static str> {
    TABLES.iter().map(|form| stem(form.file)).chain(["all"])
}

fn stem(file: &'static str) -> &'static str {
    file.strip_suffix(".csv").unwrap_or(file)
}

/// A workbook with the sheet of this kind (or all of them) and one that explains the columns; `None` when
/// there is no such kind.
///
/// # Errors
/// When it cannot be written.
pub fn template(kind: &str) -> Option<Result<Vec<u8>, XlsxError>> {
    let forms: Vec<&Form> =
        TABLES.iter().filter(|form| kind == "all" || stem(form.file) == kind || form.zh == kind).collect();
    (!forms.is_empty()).then(|| write(&forms))
}

fn write(forms: &[&Form]) -> Result<Vec<u8>, XlsxError> {
    let title = Format::new().set_bold().set_font_size(16).set_align(FormatAlign::Center);
    let head = Format::new().set_bold().set_background_color(Color::RGB(0x00F2_DCDB));
    let needed = head.clone().set_font_color(Color::RGB(0x00C0_0000));
    // What people type stays as they typed it: 007 is not 7.
    let text = Format::new().set_num_format("@");
    let mut book = Workbook::new();
    for form in forms {
        let sheet = book.add_worksheet();
        sheet.set_name(form.zh)?;
        let last = u16::try_from(form.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
        if last > 0 {
            sheet.merge_range(0, 0, 0, last, &format!("{}表", form.zh), &title)?;
        } else {
            sheet.write_with_format(0, 0, format!("{}表", form.zh), &title)?;
        }
        for (place, column) in (0u16..).zip(form.columns) {
            sheet.write_with_format(1, place, column.zh, if column.needed { &needed } else { &head })?;
            sheet.insert_note(1, place, &Note::new(explain(column)))?;
            sheet.set_column_width(place, 16)?;
            sheet.set_column_format(place, &text)?;
        }
        sheet.set_row_height(0, 26)?.set_landscape().set_print_fit_to_pages(1, 0);
        sheet.set_freeze_panes(2, 0)?;
    }
    let notes = book.add_worksheet();
    notes.set_name(NOTES)?;
    notes.write(0, 0, "红字的列必须填写。编号只用文字、数字、- _ 和 .；日期写成 2026-03-20。填好后放进一个文件夹，先用 sanben import --dry-run 检查。")?;
    let mut row = 2;
    for form in forms {
        for column in form.columns {
            notes.write(row, 0, form.zh)?;
            notes.write(row, 1, column.zh)?;
            notes.write(row, 2, explain(column))?;
            row += 1;
        }
    }
    notes.set_column_width(2, 60)?;
    book.save_to_buffer()
}

fn explain(column: &Column) -> String {
    let needed = if column.needed { "必填" } else { "可不填" };
    format!("{}（{}），{needed}", column.zh, column.en)
}
