//! A paper as a workbook: one sheet, set up to be printed as it stands.

use super::columns::{columns, shared, wide};
use super::{Block, Paper, cut};
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

/// A sheet is about so many characters wide: A4 upright, in the type below.
const LINE: usize = 88;
/// A column is at least so wide.
const LEAST: usize = 8;
const FACE: &str = "宋体";
/// A line of the type in points.
const PITCH: f64 = 16.0;

/// The looks of a sheet.
struct Looks {
    head: Format,
    number_of: Format,
    title: Format,
    heading: Format,
    text: Format,
    name: Format,
    cell: Format,
    number: Format,
    sign: Format,
}

impl Looks {
    fn new() -> Self {
        let plain = Format::new().set_font_name(FACE).set_font_size(11);
        let centred = plain.clone().set_align(FormatAlign::Center).set_align(FormatAlign::VerticalCenter);
        let cell = plain.clone().set_border(FormatBorder::Thin).set_text_wrap();
        let cell = cell.set_align(FormatAlign::VerticalCenter);
        Self {
            number_of: centred.clone(),
            head: centred.clone().set_font_size(20).set_font_color(Color::RGB(0x00C0_0000)),
            title: centred.set_bold().set_font_size(16).set_text_wrap(),
            heading: plain.clone().set_bold(),
            text: plain.clone().set_text_wrap().set_align(FormatAlign::Top),
            name: cell.clone().set_bold().set_align(FormatAlign::Center),
            number: cell.clone().set_align(FormatAlign::Right),
            cell,
            sign: plain.set_align(FormatAlign::Right),
        }
    }
}

pub(super) fn write(paper: &Paper) -> Result<Vec<u8>, XlsxError> {
    let looks = Looks::new();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let widths = widths(paper);
    let last = u16::try_from(widths.len().saturating_sub(1)).unwrap_or(u16::MAX);
    for (place, width) in (0u16..).zip(&widths) {
        sheet.set_column_width(place, u16::try_from(*width).unwrap_or(u16::MAX))?;
    }
    let mut page = Page { sheet, last, row: 0 };
    page.line(&paper.issuer, &looks.head, 30.0)?;
    if let Some(number) = &paper.number {
        page.line(&number.to_string(), &looks.number_of, PITCH + 2.0)?;
    }
    page.line(&paper.title, &looks.title, 14.0 + 20.0 * lines(wide(&paper.title) * 3 / 2, LINE))?;
    page.row += 1;
    page.blocks(super::body(&paper.blocks), &widths, &looks)?;
    page.row += 1;
    let listed = super::listed(&paper.blocks);
    for line in &listed {
        page.line(line, &looks.text, PITCH)?;
    }
    page.line(&paper.issuer, &looks.sign, PITCH)?;
    page.line(&paper.day, &looks.sign, PITCH)?;
    let mut breaks = Vec::new();
    for (place, (title, contents)) in super::annexes(&paper.blocks).into_iter().enumerate() {
        page.row += 1;
        breaks.push(page.row);
        page.line(&super::marked(place, listed.len()), &looks.heading, PITCH + 2.0)?;
        page.line(title, &looks.title, 14.0 + 20.0 * lines(wide(title) * 3 / 2, LINE))?;
        page.blocks(contents, &widths, &looks)?;
    }
    sheet.set_page_breaks(&breaks)?;
    sheet.set_paper_size(9).set_print_fit_to_pages(1, 0).set_footer("&C— &P —");
    sheet.set_print_center_horizontally(true);
    book.save_to_buffer()
}

/// What each column takes for all tables of the paper; together they fill a line.
fn widths(paper: &Paper) -> Vec<usize> {
    let mut needs = vec![LEAST];
    for block in &paper.blocks {
        if let Block::Table { head, rows } = block {
            for (place, column) in columns(head, rows).into_iter().enumerate() {
                let need = (column.wide + 2).clamp(LEAST, LINE);
                match needs.get_mut(place) {
                    Some(known) => *known = need.max(*known),
                    None => needs.push(need),
                }
            }
        }
    }
    shared(&needs, LINE.max(needs.len() * LEAST))
}

/// How many lines a text takes in so many places.
#[expect(clippy::cast_precision_loss, reason = "a text has few lines")]
fn lines(wide: usize, places: usize) -> f64 {
    wide.div_ceil(places.max(1)).max(1) as f64
}

/// A sheet that is written from the top.
struct Page<'a> {
    sheet: &'a mut Worksheet,
    last: u16,
    row: u32,
}

impl Page<'_> {
    fn blocks(&mut self, blocks: &[Block], widths: &[usize], looks: &Looks) -> Result<(), XlsxError> {
        for block in blocks {
            match block {
                Block::Heading(text) | Block::Annex(text) => {
                    self.line(text, &looks.heading, PITCH + 2.0)?;
                }
                Block::Text(text) => {
                    self.line(text, &looks.text, PITCH * lines(wide(text), LINE) + 4.0)?;
                }
                Block::Table { head, rows } => {
                    self.table(head, rows, widths, looks)?;
                    self.row += 1;
                }
            }
        }
        Ok(())
    }

    /// A text across all columns.
    fn line(&mut self, text: &str, format: &Format, height: f64) -> Result<(), XlsxError> {
        if self.last > 0 {
            self.sheet.merge_range(self.row, 0, self.row, self.last, &cut(text), format)?;
        } else {
            self.sheet.write_string_with_format(self.row, 0, cut(text), format)?;
        }
        self.sheet.set_row_height(self.row, height.min(HIGHEST))?;
        self.row += 1;
        Ok(())
    }

    fn table(
        &mut self,
        head: &[String],
        rows: &[Vec<String>],
        widths: &[usize],
        looks: &Looks,
    ) -> Result<(), XlsxError> {
        let columns = columns(head, rows);
        for (line, cells) in std::iter::once(head).chain(rows.iter().map(Vec::as_slice)).enumerate() {
            for ((place, text), column) in (0u16..).zip(cells).zip(&columns) {
                let format = match (line, column.number) {
                    (0, _) => &looks.name,
                    (_, true) => &looks.number,
                    (_, false) => &looks.cell,
                };
                write_cell(self.sheet, (self.row, place), text, format)?;
            }
            let most =
                cells.iter().zip(widths).map(|(text, width)| lines(wide(text), width.saturating_sub(1)));
            let height = PITCH * most.fold(1.0, f64::max) + 2.0;
            self.sheet.set_row_height(self.row, height.min(HIGHEST))?;
            self.row += 1;
        }
        Ok(())
    }
}

/// A row is no higher than this, in points.
const HIGHEST: f64 = 400.0;

/// Numbers are numbers, so that a spreadsheet can add them, with the decimals that they are written with; everything else
/// stays as it is written.
fn write_cell(
    sheet: &mut Worksheet,
    (row, place): (u32, u16),
    text: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    match text.parse::<f64>() {
        Ok(number) if decimals <= 2 && format!("{number:.decimals$}") == text => {
            let format = match decimals {
                0 => format.clone(),
                1 => format.clone().set_num_format("0.0"),
                _ => format.clone().set_num_format("0.00"),
            };
            sheet.write_number_with_format(row, place, number, &format)?
        }
        _ => sheet.write_string_with_format(row, place, cut(text), format)?,
    };
    Ok(())
}
