//! A paper as a workbook: one sheet, set up to be printed.

use super::{Block, Paper, cut};
use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, XlsxError};

/// A column is between these widths, in characters.
const WIDTHS: (usize, usize) = (8, 48);

pub(super) fn write(paper: &Paper) -> Result<Vec<u8>, XlsxError> {
    let title = Format::new().set_bold().set_font_size(18).set_align(FormatAlign::Center);
    let heading = Format::new().set_bold();
    let cell = Format::new().set_border(FormatBorder::Thin).set_text_wrap();
    let head = cell.clone().set_bold().set_align(FormatAlign::Center);
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let columns = paper.blocks.iter().map(|block| match block {
        Block::Table { head, .. } => head.len(),
        _ => 1,
    });
    let columns = columns.max().unwrap_or(1);
    let last = u16::try_from(columns.saturating_sub(1)).unwrap_or(u16::MAX);
    if last > 0 {
        sheet.merge_range(0, 0, 0, last, &cut(&paper.title), &title)?;
    } else {
        sheet.write_string_with_format(0, 0, cut(&paper.title), &title)?;
    }
    let mut widths = vec![WIDTHS.0; columns];
    let mut row = 2;
    for block in &paper.blocks {
        match block {
            Block::Heading(text) => {
                sheet.write_string_with_format(row, 0, cut(text), &heading)?;
            }
            Block::Text(text) => {
                sheet.write_string(row, 0, cut(text))?;
            }
            Block::Table { head: names, rows } => {
                for (line, cells) in std::iter::once(names).chain(rows).enumerate() {
                    let format = if line == 0 { &head } else { &cell };
                    for ((place, text), width) in (0u16..).zip(cells).zip(&mut widths) {
                        write_cell(sheet, (row, place), text, format)?;
                        *width = (*width).max(wide(text)).min(WIDTHS.1);
                    }
                    row += 1;
                }
            }
        }
        row += 1;
    }
    sheet.write_string(row, 0, cut(&format!("{}　{}", paper.issuer, paper.day)))?;
    for (place, width) in (0u16..).zip(widths) {
        sheet.set_column_width(place, u16::try_from(width + 2).unwrap_or(u16::MAX))?;
    }
    sheet.set_paper_size(9).set_print_fit_to_pages(1, 0).set_footer("&C— &P —");
    book.save_to_buffer()
}

/// Whole numbers are numbers, so that a spreadsheet can add them; everything else stays as it is written.
fn write_cell(
    sheet: &mut rust_xlsxwriter::Worksheet,
    (row, place): (u32, u16),
    text: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    match text.parse::<i32>() {
        Ok(number) if number.to_string() == text => sheet.write_with_format(row, place, number, format)?,
        _ => sheet.write_string_with_format(row, place, cut(text), format)?,
    };
    Ok(())
}

/// How wide a text is: a Chinese character takes two places.
fn wide(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}
