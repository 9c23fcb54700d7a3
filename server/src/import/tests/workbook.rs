//! Workbooks as offices keep them: titles merged over the table, blank rows, names instead of codes, dates of
//! every kind, and files that only look like workbooks.

use super::*;
use crate::import::{template, template_kinds};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};
use sanben_domain::id::{PersonId, PointId};
use sanben_domain::time::Zone;
use std::io::Write;

/// A table of the park's CSV as a sheet of text cells.
fn fill(sheet: &mut Worksheet, csv: &str, first_row: u32) {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(csv.as_bytes());
    for (row, record) in (first_row..).zip(reader.records()) {
        for (column, cell) in (0u16..).zip(record.unwrap().iter().map(str::to_owned).collect::<Vec<_>>()) {
            sheet.write(row, column, cell).unwrap();
        }
    }
}

/// The park with this workbook in the place of some of its files.
fn with_book(mut book: Workbook, instead_of: &[&str]) -> Files {
    let mut files = Files::park();
    for file in instead_of {
        files = files.without(file);
    }
    files.0.insert("创城台账.xlsx".to_owned(), book.save_to_buffer().unwrap());
    files
}

const TABLES: [(&str, &str); 5] = [
    ("units.csv", "单位"),
    ("points.csv", "点位台账2026"),
    ("standards.csv", "标准"),
    ("people.csv", "人员表"),
    ("assignments.csv", "责任分工"),
];

#[test]
fn one_workbook_says_what_the_files_say() {
    let mut book = Workbook::new();
    for (file, tab) in TABLES {
        fill(book.add_worksheet().set_name(tab).unwrap(), &Files::park().text(file), 0);
    }
    let import =
        with_book(book, &TABLES.map(|(file, _)| file)).import().unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(import.update, Files::park().import().unwrap().update);
    assert!(import.complete.contains("point"));
}

/// The office's own book: a merged title, who made it and when, blank rows, the community merged over its points, English
/// headers on one sheet, days as dates, as serials and as text, two people of one name.
fn messy(two: &str) -> Files {
    let mut book = Workbook::new();
    let title = Format::new().set_bold();
    let date = Format::new().set_num_format("yyyy/m/d");
    let points = book.add_worksheet().set_name("点位").unwrap();
    points.merge_range(0, 0, 0, 6, "公园街道创城点位台账", &title).unwrap();
    points.write(1, 0, "填表：办公室").unwrap();
    points.write(1, 5, "2026年3月").unwrap();
    fill(points, &Files::park().text("points.csv"), 4);
    let people = book.add_worksheet().set_name("人员").unwrap();
    fill(
        people,
        &format!(
            "{}\nU901,石晓兰,点位负责人,park-02,\nU902,石晓兰,点位负责人,park-03,\n",
            Files::park().text("people.csv").trim_end()
        ),
        2,
    );
    let duties = book.add_worksheet().set_name("责任").unwrap();
    duties.merge_range(0, 0, 0, 4, "包保责任一览", &title).unwrap();
    for (column, name) in (0u16..).zip(["point", "person", "duty", "from", "until"]) {
        duties.write(2, column, name).unwrap();
    }
    let day = ExcelDateTime::from_ymd(2026, 3, 20).unwrap();
    for (row, (point, person)) in (0u32..).zip([("P011", "U902"), ("P012", two), ("P013", "U901")]) {
        // A blank row between any two.
        let row = 4 + 2 * row;
        duties.write(row, 0, point).unwrap();
        duties.write(row, 1, person).unwrap();
        duties.write(row, 2, "点位负责人").unwrap();
        match point {
            "P011" => drop(duties.write_with_format(row, 3, &day, &date).unwrap()),
            "P012" => drop(duties.write(row, 3, 46_101).unwrap()),
            _ => drop(duties.write(row, 3, "2026年3月20日").unwrap()),
        }
    }
    with_book(book, &["points.csv", "people.csv", "assignments.csv"])
}

#[test]
fn a_messy_office_workbook_comes_in() {
    let held = reference(messy("U901").import().unwrap_or_else(|errors| panic!("{errors}")));
    assert_eq!(held.points, reference(Files::park().import().unwrap()).points);
    let midnight = Zone::CHINA.midnight("2026-03-20".parse().unwrap());
    for (point, person) in [("P011", "U902"), ("P012", "U901"), ("P013", "U901")] {
        let [duty] = held.assignments[&PointId::from(point)].as_slice() else { panic!("{point}") };
        assert_eq!((&duty.person, duty.from), (&PersonId::from(person), midnight), "{point}");
    }
}

#[test]
fn two_owners_of_one_name_are_asked_for_their_codes() {
    let errors = messy("石晓兰").errors();
    let [error] = errors.as_slice() else { panic!("{errors:#?}") };
    assert_eq!((error.file.as_str(), error.row), ("创城台账.xlsx/责任", Some(7)));
    assert_eq!((error.column.as_deref(), error.value.as_deref()), (Some("person"), Some("石晓兰")));
    assert_eq!(error.problem, Problem::SameName { codes: vec!["U901".to_owned(), "U902".to_owned()] });
}

#[test]
fn a_name_that_one_person_bears_is_as_good_as_their_code() {
    let name =
        Files::park().text("people.csv").lines().nth(20).unwrap().split(',').nth(1).unwrap().to_owned();
    let held = reference(messy(&name).import().unwrap_or_else(|errors| panic!("{errors}")));
    let person = &held.assignments[&PointId::from("P012")][0].person;
    assert_eq!(held.people[person].name, name);
}

#[test]
fn a_cell_merged_over_rows_holds_for_each_of_them() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("督导组").unwrap();
    for (column, name) in (0u16..).zip(["编号", "名称", "组长"]) {
        sheet.write(0, column, name).unwrap();
    }
    let leader =
        Files::park().text("teams.csv").lines().nth(1).unwrap().split(',').nth(2).unwrap().to_owned();
    sheet.merge_range(1, 2, 4, 2, &leader, &Format::new()).unwrap();
    for (row, id) in (1..).zip(["T1", "T2", "T3", "T4"]) {
        sheet.write(row, 0, id).unwrap();
        sheet.write(row, 1, format!("第{row}组")).unwrap();
    }
    let held =
        reference(with_book(book, &["teams.csv"]).import().unwrap_or_else(|errors| panic!("{errors}")));
    assert!(held.teams.values().all(|team| team.leader.as_str() == leader), "{:?}", held.teams);
}

#[test]
fn every_template_comes_back_and_says_nothing_until_it_is_filled() {
    for kind in template_kinds() {
        let bytes = template(kind).unwrap().unwrap();
        let mut files = Files::default();
        files.0.insert("模板.xlsx".to_owned(), bytes);
        let import = files.onto(Some(&reference(Files::park().import().unwrap())));
        let import = import.unwrap_or_else(|errors| panic!("{kind}: {errors}"));
        assert_eq!((import.update.rows.len(), import.warnings), (0, vec![]), "{kind}");
    }
    assert!(template("不知道").is_none());
}

#[test]
fn a_filled_template_is_imported() {
    // Filled as a spreadsheet would: the template's own two rows above, then the office's lines.
    let bytes = template("points").unwrap().unwrap();
    let pages = crate::import::workbook::read(&bytes).unwrap();
    let header: Vec<_> = pages[0].rows[1].1.iter().map(str::to_owned).collect();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name(&pages[0].name).unwrap();
    sheet.write(0, 0, pages[0].rows[0].1.get(0).unwrap()).unwrap();
    let csv = Files::park().text("points.csv");
    let mut lines = csv.lines();
    assert_eq!(
        lines.next().unwrap().split(',').collect::<BTreeSet<_>>(),
        header.iter().map(String::as_str).collect()
    );
    fill(sheet, &csv, 1);
    let import = with_book(book, &["points.csv"]).import().unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(import.update, Files::park().import().unwrap().update);
}

#[test]
fn a_fault_is_named_by_sheet_row_and_column() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("点位").unwrap();
    fill(sheet, &Files::park().text("points.csv").replacen("park-02", "park-99", 1), 3);
    let errors = with_book(book, &["points.csv"]).errors();
    let [error] = errors.as_slice() else { panic!("{errors:#?}") };
    assert_eq!(error.file, "创城台账.xlsx/点位");
    assert_eq!(error.problem, Problem::Unknown { file: "units.csv" });
    assert!(error.row.is_some_and(|row| row > 4) && error.column.is_some());
}

#[test]
fn a_table_is_in_one_place() {
    let mut book = Workbook::new();
    fill(book.add_worksheet().set_name("点位").unwrap(), &Files::park().text("points.csv"), 0);
    let errors = with_book(book, &[]).errors();
    assert!(errors.iter().any(|error| matches!(error.problem, Problem::DuplicateIn { .. })), "{errors:#?}");
}

#[test]
fn gb18030_is_what_spreadsheets_write() {
    let mut files = Files::park();
    for name in ["points.csv", "people.csv", "units.csv"] {
        let text = files.text(name);
        let bytes = encoding_rs::GB18030.encode(&text).0.into_owned();
        files.0.insert(name.to_owned(), bytes);
    }
    assert_eq!(files.import().unwrap().update, Files::park().import().unwrap().update);
}

/// A zip of one part that holds so many zero bytes, which deflate packs a thousandfold.
fn bomb(mib: usize) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive.start_file("xl/sharedStrings.xml", zip::write::SimpleFileOptions::default()).unwrap();
    let block = vec![0; 1 << 20];
    (0..mib).for_each(|_| archive.write_all(&block).unwrap());
    archive.finish().unwrap().into_inner()
}

#[test]
fn a_bomb_is_refused_before_anything_reads_it() {
    let bytes = bomb(97);
    assert!(bytes.len() < 1 << 20, "{} bytes", bytes.len());
    let mut files = Files::park();
    files.0.insert("炸弹.xlsx".to_owned(), bytes);
    let errors = files.errors();
    assert!(errors.iter().any(|error| error.problem == Problem::TooLarge { limit_mib: 96 }), "{errors:#?}");
}

#[test]
fn a_sheet_that_reaches_to_the_end_of_the_world_is_refused() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("点位").unwrap();
    sheet.write(0, 0, "编号").unwrap();
    sheet.write(1_048_575, 16_383, "x").unwrap();
    let errors = with_book(book, &["points.csv"]).errors();
    assert!(errors.iter().any(|error| matches!(error.problem, Problem::TooManyCells { .. })), "{errors:#?}");
}

/// What is wrong with a small file that is large once it is written out.
#[track_caller]
fn fault_of(mut book: Workbook) -> Problem {
    let bytes = book.save_to_buffer().unwrap();
    assert!(bytes.len() < 2 << 20, "{} bytes", bytes.len());
    crate::import::workbook::read(&bytes).unwrap_err().1
}

const TOO_MUCH: Problem = Problem::TooMuchText { limit_mib: 64 };

#[test]
fn one_long_text_that_is_cited_everywhere_is_refused() {
    let (long, mut book) = ("长".repeat(32_000), Workbook::new());
    for sheet in 0..2 {
        let sheet = book.add_worksheet().set_name(format!("点位{sheet}")).unwrap();
        // 33.6 MB a sheet: each fits alone.
        for row in 0..350 {
            sheet.write(row, 0, &long).unwrap();
        }
    }
    let error = crate::import::workbook::read(&book.save_to_buffer().unwrap()).unwrap_err();
    assert_eq!(error, (Some("点位1".to_owned()), TOO_MUCH));
}

#[test]
fn a_long_text_merged_over_many_rows_is_refused() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.merge_range(0, 0, 1_000, 0, &"长".repeat(32_000), &Format::new()).unwrap();
    for row in 0..=1_000 {
        sheet.write(row, 1, "P001").unwrap();
    }
    assert_eq!(fault_of(book), TOO_MUCH);
}

#[test]
fn rows_that_are_wide_for_one_cell_are_refused() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for row in 0..35_000 {
        sheet.write(row, 255, "x").unwrap();
    }
    assert_eq!(fault_of(book), TOO_MUCH);
    // As many in the first column are a list.
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for row in 0..35_000 {
        sheet.write(row, 0, "x").unwrap();
    }
    assert_eq!(crate::import::workbook::read(&book.save_to_buffer().unwrap()).unwrap()[0].rows.len(), 35_000);
}

#[test]
fn what_only_looks_like_a_workbook_is_named() {
    for bytes in [b"".to_vec(), "编号,名称".into(), bomb(1)] {
        let mut files = Files::park();
        files.0.insert("点位.xlsx".to_owned(), bytes);
        let errors = files.without("points.csv").errors();
        assert!(errors.iter().any(|error| matches!(error.problem, Problem::NotAWorkbook(_))), "{errors:#?}");
        assert!(errors.iter().all(|error| error.file == "点位.xlsx"), "nothing else is blamed: {errors:#?}");
    }
}
