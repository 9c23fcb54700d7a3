//! The three forms say the same, whatever stands in the texts.

use super::*;
use calamine::{Data, Reader, Xlsx};
use std::io::{Cursor, Read};

fn paper() -> Paper {
    Paper {
        issuer: "公园街道创城办".to_owned(),
        number: None,
        title: "创城督查千分制考评通报".to_owned(),
        blocks: vec![
            Block::Text("全辖区共发现问题 15 件，结案率 93.33%。".to_owned()),
            Block::Heading("一、第一梯队".to_owned()),
            Block::Table {
                head: vec!["名次".to_owned(), "社区".to_owned(), "得分".to_owned()],
                rows: vec![
                    vec!["1".to_owned(), "柳<林>&\"社区\"".to_owned(), "999.5".to_owned()],
                    vec!["007".to_owned(), "=1+1".to_owned(), "998".to_owned()],
                ],
            },
        ],
        day: "2026年4月1日".to_owned(),
    }
}

fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn an_official_paper_has_its_measures() {
    let bytes = paper().write(Format::Docx).unwrap();
    let document = part(&bytes, "word/document.xml");
    for measure in [
        // 红头 over a red line; the title 22 pt; the body 16 pt on 28 pt; margins of GB/T 9704 in twentieths.
        r#"<w:color w:val="C00000"/>"#,
        r#"w:eastAsia="方正小标宋简体"/><w:color w:val="000000"/><w:sz w:val="44"/>"#,
        r#"w:eastAsia="仿宋_GB2312"/><w:color w:val="000000"/><w:sz w:val="32"/>"#,
        r#"w:line="560" w:lineRule="exact""#,
        r#"w:top="2098" w:right="1474" w:bottom="1984" w:left="1588""#,
        "柳&lt;林&gt;&amp;&quot;社区&quot;",
    ] {
        assert!(document.contains(measure), "{measure}");
    }
    assert!(part(&bytes, "word/footer1.xml").contains(" PAGE "));
    assert_eq!(bytes, paper().write(Format::Docx).unwrap(), "the same paper, the same bytes");
}

/// 通报: with its number under the head and two annexes, which are listed above the signature and stand behind it.
#[test]
fn a_filed_paper_has_its_number_and_its_annexes_in_every_form() {
    let mut paper = paper();
    paper.number = DocumentNumber::read("公创〔2026〕3号");
    let annex = |title: &str, words: &str| [Block::Annex(title.to_owned()), Block::Text(words.to_owned())];
    paper.blocks.extend(annex("加减分明细", "逐分列明"));
    paper.blocks.extend(annex("超期问题清单", "逐件列明"));
    let docx = part(&paper.write(Format::Docx).unwrap(), "word/document.xml");
    let html = String::from_utf8(paper.write(Format::Html).unwrap()).unwrap();
    let mut book = Xlsx::new(Cursor::new(paper.write(Format::Xlsx).unwrap())).unwrap();
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    let cells = sheet.used_cells().filter_map(|(_, _, cell)| match cell {
        Data::String(text) => Some(text.as_str()),
        _ => None,
    });
    let xlsx = cells.collect::<Vec<_>>().join("\n");
    for form in [&docx, &html, &xlsx] {
        let order = [
            "公园街道创城办",
            "公创〔2026〕3号",
            "一、第一梯队",
            "附件：1.加减分明细",
            "2.超期问题清单",
            "2026年4月1日",
            "附件1",
            "逐分列明",
            "附件2",
            "逐件列明",
        ];
        let mut rest = form.as_str();
        for words in order {
            let (_, after) =
                rest.split_once(words).unwrap_or_else(|| panic!("{words} is not there in its turn"));
            rest = after;
        }
    }
    assert_eq!(docx.matches("<w:pageBreakBefore/>").count(), 2, "each on a page of its own");
    paper.blocks.truncate(paper.blocks.len() - 2);
    let html = String::from_utf8(paper.write(Format::Html).unwrap()).unwrap();
    assert!(html.contains("附件：加减分明细"), "one annex has no number");
}

#[test]
fn a_signature_takes_the_last_row_along() {
    let document = part(&paper().write(Format::Docx).unwrap(), "word/document.xml");
    let last_row = document.rsplit("<w:tr>").next().unwrap();
    let paragraphs: Vec<_> = last_row.split("<w:p>").skip(1).collect();
    let (day, before) = paragraphs.split_last().unwrap();
    assert!(day.contains("2026年4月1日") && !day.contains("keepNext"));
    assert_eq!(before.len(), 5, "three cells, the space under the table, who signs");
    assert!(before.iter().all(|paragraph| paragraph.contains("<w:keepNext/>")));
}

#[test]
fn every_part_of_a_docx_is_named_and_balanced() {
    let bytes = paper().write(Format::Docx).unwrap();
    let types = part(&bytes, "[Content_Types].xml");
    for name in ["word/document.xml", "word/footer1.xml"] {
        assert!(types.contains(&format!("/{name}")), "{name}");
        let text = part(&bytes, name);
        let mut open = Vec::new();
        for tag in text.split('<').skip(1).filter(|tag| !tag.starts_with('?')) {
            let name = tag.split([' ', '>', '/']).find(|name| !name.is_empty()).unwrap();
            if tag.starts_with('/') {
                assert_eq!(open.pop(), Some(name));
            } else if !tag.split('>').next().unwrap().ends_with('/') {
                open.push(name);
            }
        }
        assert_eq!(open, Vec::<&str>::new());
    }
}

#[test]
fn a_workbook_keeps_texts_as_texts_and_numbers_as_numbers() {
    let bytes = paper().write(Format::Xlsx).unwrap();
    let mut book = Xlsx::new(Cursor::new(bytes)).unwrap();
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    let cells: Vec<_> = sheet.used_cells().map(|(_, _, cell)| cell.clone()).collect();
    assert!(cells.contains(&Data::Float(998.0)), "{cells:?}");
    assert!(cells.contains(&Data::String("007".to_owned())));
    assert!(cells.contains(&Data::String("=1+1".to_owned())), "no formula comes out of a name");
}

#[test]
fn a_page_escapes_what_people_typed() {
    let page = String::from_utf8(paper().write(Format::Html).unwrap()).unwrap();
    assert!(page.contains("柳&lt;林&gt;&amp;&quot;社区&quot;") && !page.contains("<林>"));
    assert!(page.contains("size:A4") && !page.contains("http"), "nothing is fetched");
}

/// As long as a description may be, 64 KiB, in characters of one, two and four bytes.
fn long() -> [String; 3] {
    ["x", "é", "😀"].map(|c| c.repeat((64 << 10) / c.len()))
}

#[test]
fn a_text_longer_than_a_cell_is_cut_alike_in_every_form() {
    for text in long() {
        let mut paper = paper();
        paper.title.clone_from(&text);
        (paper.issuer, paper.day) = (text.clone(), text.clone());
        paper.blocks.extend([Block::Heading(text.clone()), Block::Text(text.clone())]);
        paper.blocks.push(Block::Table { head: vec![text.clone()], rows: vec![vec![text.clone()]] });
        let c = text.chars().next().unwrap();
        let said = |text: &str| {
            text.split(|other| other != c && other != '…').map(str::to_owned).max_by_key(String::len)
        };
        let expected = format!("{}…", c.to_string().repeat(32_000 / c.len_utf16()));
        let docx = part(&paper.write(Format::Docx).unwrap(), "word/document.xml");
        assert!(said(&docx).is_some_and(|said| said == expected));
        let html = String::from_utf8(paper.write(Format::Html).unwrap()).unwrap();
        assert!(said(&html).is_some_and(|said| said == expected));
        let mut book = Xlsx::new(Cursor::new(paper.write(Format::Xlsx).unwrap())).unwrap();
        let sheet = book.worksheet_range_at(0).unwrap().unwrap();
        let cut = sheet.used_cells().filter(|(_, _, cell)| **cell == Data::String(expected.clone()));
        assert!(cut.count() >= 4);
    }
}

#[test]
fn a_list_of_cases_goes_on_after_a_long_text() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("cases.xlsx");
    let cases = long().into_iter().chain(["短".to_owned()]);
    write_cases(&file, cases.map(|what| CaseLine { what, ..CaseLine::default() })).unwrap();
    let mut book = Xlsx::new(Cursor::new(std::fs::read(file).unwrap())).unwrap();
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    let Some(Data::String(first)) = sheet.get_value((1, 5)) else { panic!("no text") };
    assert_eq!((first.len(), first.ends_with("x…")), (32_003, true));
    assert_eq!(sheet.get_value((4, 5)), Some(&Data::String("短".to_owned())));
}

#[test]
fn a_list_of_cases_comes_back_whole() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("cases.xlsx");
    let case = |n: usize| CaseLine { id: format!("c{n}"), what: format!("第{n}件"), ..CaseLine::default() };
    write_cases(&file, (0..5_000).map(case)).unwrap();
    let mut book = Xlsx::new(Cursor::new(std::fs::read(file).unwrap())).unwrap();
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    assert_eq!(sheet.height(), 5_001);
    assert_eq!(sheet.get_value((5_000, 5)), Some(&Data::String("第4999件".to_owned())));
}
