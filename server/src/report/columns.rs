//! How the columns of a table lie: numbers to the right, each as wide as what stands in it.

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Column {
    /// Everything in it is a number, with what belongs to one.
    pub(super) number: bool,
    /// The widest text in it, in places: a Chinese character takes two.
    pub(super) wide: usize,
}

/// The columns of a table.
pub(super) fn columns(head: &[String], rows: &[Vec<String>]) -> Vec<Column> {
    let column = |(place, name): (usize, &String)| {
        let cells = || rows.iter().filter_map(|row| row.get(place));
        let widest = cells().chain([name]).map(|text| wide(text)).max();
        Column { number: !rows.is_empty() && cells().all(|text| is_number(text)), wide: widest.unwrap_or(0) }
    };
    head.iter().enumerate().map(column).collect()
}

/// A number, what stands for none, a share, hours, places gained and lost.
fn is_number(text: &str) -> bool {
    let text = text.trim_end_matches("小时").trim_end_matches('%').trim_start_matches(['-', '↑', '↓']);
    let figures = !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || c == '.' || c == '/');
    figures || matches!(text, "—" | "平" | "未评")
}

/// How wide a text is: a Chinese character takes two places.
pub(super) fn wide(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

/// `total` shared out among columns by what each would need: who needs little gets it, the rest share what is left
/// alike; what is over goes to all.
pub(super) fn shared(needs: &[usize], total: usize) -> Vec<usize> {
    let sum: usize = needs.iter().sum();
    if sum == 0 {
        return needs.to_vec();
    }
    if sum <= total {
        return needs.iter().map(|need| need * total / sum).collect();
    }
    let mut by_need: Vec<usize> = needs.to_vec();
    by_need.sort_unstable();
    let (mut left, mut most) = (total, total);
    for (place, need) in by_need.iter().enumerate() {
        most = left / (by_need.len() - place);
        if *need > most {
            break;
        }
        left -= need;
    }
    needs.iter().map(|need| *need.min(&most)).collect()
}

#[cfg(test)]
mod tests {
    use super::{Column, columns, shared};

    fn row(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|cell| (*cell).to_owned()).collect()
    }

    #[test]
    fn numbers_shares_hours_and_places_are_numbers_and_codes_are_not() {
        let rows = [row(&["柳林社区", "991.67", "↓6", "33.33%", "18.0小时", "2026-03-20"])];
        let found = columns(&row(&["社区", "得分", "升降", "结案率", "服务时长", "日期"]), &rows);
        let numbers: Vec<bool> = found.iter().map(|column| column.number).collect();
        assert_eq!(numbers, [false, true, true, true, true, false]);
        assert_eq!(found[0], Column { number: false, wide: 8 });
    }

    #[test]
    fn a_long_text_leaves_a_date_its_line() {
        let shares = shared(&[14, 40, 8, 6, 16, 6], 73);
        assert_eq!(shares, [14, 23, 8, 6, 16, 6]);
        assert_eq!(shared(&[10, 10], 100), [50, 50]);
        assert!(shared(&[90, 80, 10], 60).iter().sum::<usize>() <= 60);
    }
}
