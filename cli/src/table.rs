//! Aligned tables for terminals. A Chinese character takes two columns, so widths are counted as shown.

use std::io::{self, IsTerminal};
use unicode_width::UnicodeWidthStr;

/// No cell is shown wider than this on a terminal, columns; the rest is in `--json` and `show`.
const WIDEST: usize = 48;

/// Rows under a header.
#[derive(Debug, Default)]
pub(crate) struct Table {
    rows: Vec<Vec<String>>,
    columns: usize,
    wrapless: bool,
}

impl Table {
    /// A table with these column names.
    #[must_use]
    pub(crate) fn new(header: impl IntoIterator<Item = String>) -> Self {
        let header: Vec<_> = header.into_iter().collect();
        Self { columns: header.len(), rows: vec![header], wrapless: false }
    }

    /// Pairs of a name and a value, without a header.
    #[must_use]
    pub(crate) fn of_pairs() -> Self {
        Self { rows: Vec::new(), columns: 2, wrapless: true }
    }

    /// Cells are shown whole, however wide.
    #[must_use]
    pub(crate) fn whole(mut self) -> Self {
        self.wrapless = true;
        self
    }

    /// Adds a row.
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// Adds a pair unless there is nothing to say.
    pub(crate) fn pair(&mut self, name: String, value: impl Into<Option<String>>) {
        if let Some(value) = value.into().filter(|value| !value.is_empty()) {
            self.row([name, value]);
        }
    }

    /// The lines, each ending with a line feed; no trailing blanks.
    #[must_use]
    pub(crate) fn lines(&self) -> String {
        // What goes into a file or another program is not read on a screen: nothing is cut.
        self.laid_out(io::stdout().is_terminal())
    }

    fn laid_out(&self, on_a_screen: bool) -> String {
        let shown: Vec<Vec<String>> = self
            .rows
            .iter()
            .map(|row| row.iter().map(|cell| self.cell(cell, on_a_screen)).collect())
            .collect();
        let width = |column: usize| {
            shown.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..self.columns).map(width).collect();
        let mut text = String::new();
        for row in &shown {
            let mut line = String::new();
            for (cell, width) in row.iter().zip(&widths) {
                line.push_str(cell);
                line.push_str(&" ".repeat(width - cell.width().min(*width) + 2));
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }

    fn cell(&self, text: &str, on_a_screen: bool) -> String {
        let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if self.wrapless || !on_a_screen || one_line.width() <= WIDEST {
            return one_line;
        }
        let mut cut = String::new();
        for character in one_line.chars() {
            cut.push(character);
            if cut.width() >= WIDEST - 1 {
                break;
            }
        }
        cut + "…"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_by_shown_width() {
        let mut table = Table::new(["点位".to_owned(), "人".to_owned()]);
        table.row(["P011".to_owned(), "余玉山".to_owned()]);
        table.row(["柳林小区南入口".to_owned(), "ab".to_owned()]);
        let starts: Vec<usize> = table
            .lines()
            .lines()
            .zip(["人", "余玉山", "ab"])
            .map(|(line, second)| line.split(second).next().unwrap().width())
            .collect();
        // Seven characters of two columns and a gap of two.
        assert_eq!(starts, [16, 16, 16]);
    }

    #[test]
    fn a_long_cell_is_cut_and_a_line_feed_breaks_no_row() {
        let mut table = Table::new(["a".to_owned()]);
        table.row(["垃圾\n".repeat(40)]);
        assert_eq!(table.laid_out(false).lines().count(), 2);
        assert_eq!(table.laid_out(false).matches("垃圾").count(), 40, "whole for a file");
        let lines = table.laid_out(true);
        assert_eq!(lines.lines().count(), 2);
        assert!(lines.lines().all(|line| line.width() <= WIDEST));
        assert!(lines.ends_with("…\n"));
    }

    #[test]
    fn nothing_said_makes_no_pair() {
        let mut table = Table::of_pairs();
        table.pair("name".to_owned(), None);
        table.pair("name".to_owned(), String::new());
        assert_eq!(table.lines(), "");
    }
}
