//! A paper as WordprocessingML, by hand: four small parts in a zip that Word, WPS and LibreOffice open.
//!
//! The looks are those of an official paper (公文, GB/T 9704): the issuer in red over a red line, the title in
//! 小标宋 22 pt, the body in 仿宋 16 pt on a pitch of 28 pt, margins 37/35/28/26 mm, and the page number
//! between dashes. No crate is needed for so little, and none knows these looks.

use super::columns::{columns, shared, wide};
use super::{Block, Paper, escaped};
use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/footer1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/></Types>"#;

const RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"#;

const OF_DOCUMENT: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer" Target="footer1.xml"/></Relationships>"#;

const MAIN: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const LINKS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A4 in twentieths of a point, with the margins of GB/T 9704.
const SECTION: &str = r#"<w:sectPr><w:footerReference w:type="default" r:id="rId1"/><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1588" w:header="851" w:footer="1400" w:gutter="0"/></w:sectPr>"#;

/// What is left between the margins.
const LINE: usize = 11906 - 1474 - 1588;
/// A place in a cell of 12 pt, and what lies left and right of its text.
const CELL_PLACE: usize = 120;
const PADDING: usize = 260;

/// The type of a run: face, half points, colour.
#[derive(Clone, Copy)]
struct Face(&'static str, u32, &'static str);

const HEAD: Face = Face("方正小标宋简体", 64, "C00000");
const TITLE: Face = Face("方正小标宋简体", 44, "000000");
const HEADING: Face = Face("黑体", 32, "000000");
const BODY: Face = Face("仿宋_GB2312", 32, "000000");
const CELL: Face = Face("仿宋_GB2312", 24, "000000");
const CELL_HEAD: Face = Face("黑体", 24, "000000");
const NUMBER: Face = Face("宋体", 28, "000000");

/// The pitch of the body, 28 pt.
const PITCH: &str = r#"<w:spacing w:before="0" w:after="0" w:line="560" w:lineRule="exact"/>"#;
/// In tables lines are as high as they need, and no gaps are put between characters and figures.
const TIGHT: &str =
    r#"<w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/><w:spacing w:before="20" w:after="20"/>"#;
const INDENT: &str = r#"<w:ind w:firstLineChars="200" w:firstLine="640"/>"#;
const JUSTIFIED: &str = r#"<w:jc w:val="both"/>"#;
const CENTRE: &str = r#"<w:jc w:val="center"/>"#;
const RIGHT: &str = r#"<w:jc w:val="right"/>"#;

pub(super) fn write(paper: &Paper) -> std::io::Result<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    // No times inside: the same paper is the same bytes.
    let options = SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
    for (name, text) in [
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", RELATIONS),
        ("word/_rels/document.xml.rels", OF_DOCUMENT),
        ("word/footer1.xml", &footer()),
        ("word/document.xml", &document(paper)),
    ] {
        archive.start_file(name, options)?;
        archive.write_all(text.as_bytes())?;
    }
    Ok(archive.finish()?.into_inner())
}

fn document(paper: &Paper) -> String {
    let mut body = String::new();
    let line = r#"<w:pBdr><w:bottom w:val="single" w:sz="24" w:space="8" w:color="C00000"/></w:pBdr>"#;
    let spread = r#"<w:spacing w:before="0" w:after="560"/>"#;
    // The number stands between the head and the red line.
    match &paper.number {
        None => body.push_str(&paragraph(&paper.issuer, HEAD, &format!("{line}{spread}{CENTRE}"))),
        Some(number) => {
            body.push_str(&paragraph(&paper.issuer, HEAD, CENTRE));
            body.push_str(&paragraph(&number.to_string(), BODY, &format!("{line}{spread}{CENTRE}")));
        }
    }
    body.push_str(&paragraph(&paper.title, TITLE, &format!("{PITCH}{CENTRE}")));
    body.push_str(&paragraph("", BODY, PITCH));
    let contents = super::body(&paper.blocks);
    // A signature does not stand on a page alone: what comes before it goes along.
    body.push_str(&blocks(contents, "<w:keepNext/>"));
    if !matches!(contents.last(), Some(Block::Table { .. })) {
        body.push_str(&paragraph("", BODY, &format!("<w:keepNext/>{PITCH}")));
    }
    let listed = super::listed(&paper.blocks);
    for line in &listed {
        body.push_str(&paragraph(line, BODY, &format!("<w:keepNext/>{PITCH}{INDENT}")));
    }
    if !listed.is_empty() {
        body.push_str(&paragraph("", BODY, &format!("<w:keepNext/>{PITCH}")));
    }
    let (issuer, day) = signed(wide(&paper.issuer), wide(&paper.day));
    body.push_str(&paragraph(&paper.issuer, BODY, &format!("<w:keepNext/>{PITCH}{issuer}{RIGHT}")));
    body.push_str(&paragraph(&paper.day, BODY, &format!("{PITCH}{day}{RIGHT}")));
    for (place, (title, contents)) in super::annexes(&paper.blocks).into_iter().enumerate() {
        let mark = super::marked(place, listed.len());
        body.push_str(&paragraph(&mark, HEADING, &format!("<w:pageBreakBefore/>{PITCH}")));
        body.push_str(&paragraph("", BODY, PITCH));
        body.push_str(&paragraph(title, TITLE, &format!("{PITCH}{CENTRE}")));
        body.push_str(&paragraph("", BODY, PITCH));
        body.push_str(&blocks(contents, ""));
    }
    format!(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w="{MAIN}" xmlns:r="{LINKS}"><w:body>{body}{SECTION}</w:body></w:document>"#
    )
}

/// Some blocks; `keep` holds the last of them together with what follows.
fn blocks(blocks: &[Block], keep: &str) -> String {
    let written = blocks.iter().enumerate().map(|(place, block)| {
        let keep = if place + 1 == blocks.len() { keep } else { "" };
        match block {
            Block::Heading(text) | Block::Annex(text) => {
                paragraph(text, HEADING, &format!("<w:keepNext/>{PITCH}{INDENT}"))
            }
            Block::Text(text) => paragraph(text, BODY, &format!("{keep}{PITCH}{INDENT}{JUSTIFIED}")),
            Block::Table { head, rows } => table(head, rows, keep),
        }
    });
    written.collect()
}

/// How far the two lines of a signature stand from the right margin: the longer one by two characters, and the day begins
/// two characters behind who signs (GB/T 9704, 7.3.5.2). Widths in places, two of which are a character of 16 pt.
fn signed(issuer: usize, day: usize) -> (String, String) {
    const PLACE: usize = 160;
    let (issuer, day) =
        if issuer >= day + 4 { (4, issuer - day) } else { (day + 8 - issuer.min(day + 4), 4) };
    let indent = |places: usize| format!(r#"<w:ind w:right="{}"/>"#, places * PLACE);
    (indent(issuer), indent(day))
}

fn paragraph(text: &str, face: Face, properties: &str) -> String {
    format!(
        "<w:p><w:pPr>{properties}</w:pPr>{}</w:p>",
        run(&format!(r#"<w:t xml:space="preserve">{}</w:t>"#, escaped(text)), face)
    )
}

fn run(contents: &str, Face(name, size, colour): Face) -> String {
    format!(
        r#"<w:r><w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="{name}"/><w:color w:val="{colour}"/><w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr>{contents}</w:r>"#
    )
}

/// `keep` holds the last row together with what follows the table.
fn table(head: &[String], rows: &[Vec<String>], keep: &str) -> String {
    let edge = |side: &str| format!(r#"<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>"#);
    let edges: String = ["top", "left", "bottom", "right", "insideH", "insideV"].map(edge).concat();
    let columns = columns(head, rows);
    let needs: Vec<_> = columns.iter().map(|column| column.wide * CELL_PLACE + PADDING).collect();
    let widths = shared(&needs, LINE);
    let grid: String = widths.iter().map(|width| format!(r#"<w:gridCol w:w="{width}"/>"#)).collect();
    let mut table = format!(
        r#"<w:tbl><w:tblPr><w:tblW w:w="{LINE}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{edges}</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>"#
    );
    let cells = |cells: &[String], face: Face, align: &[&str], keep: &str| -> String {
        let cell = |((text, width), align): ((&String, &usize), &&str)| {
            let paragraph = paragraph(text, face, &format!("{keep}{TIGHT}{align}"));
            format!(
                r#"<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>{paragraph}</w:tc>"#
            )
        };
        cells.iter().zip(&widths).zip(align).map(cell).collect()
    };
    let aligned: Vec<_> = columns.iter().map(|column| if column.number { RIGHT } else { "" }).collect();
    let first = cells(head, CELL_HEAD, &vec![CENTRE; head.len()], "<w:keepNext/>");
    table.push_str(&format!("<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{first}</w:tr>"));
    for (place, row) in rows.iter().enumerate() {
        let row = cells(row, CELL, &aligned, if place + 1 == rows.len() { keep } else { "" });
        table.push_str(&format!("<w:tr><w:trPr><w:cantSplit/></w:trPr>{row}</w:tr>"));
    }
    // Two tables that touch would become one.
    table + "</w:tbl>" + &paragraph("", CELL, &format!("{keep}{TIGHT}"))
}

/// — 1 —
fn footer() -> String {
    let field = |kind: &str| run(&format!(r#"<w:fldChar w:fldCharType="{kind}"/>"#), NUMBER);
    let text = |text: &str| run(&format!(r#"<w:t xml:space="preserve">{text}</w:t>"#), NUMBER);
    let page = [
        text("— "),
        field("begin"),
        run(r#"<w:instrText xml:space="preserve"> PAGE </w:instrText>"#, NUMBER),
        field("separate"),
        text("1"),
        field("end"),
        text(" —"),
    ];
    format!(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:ftr xmlns:w="{MAIN}"><w:p><w:pPr>{CENTRE}</w:pPr>{}</w:p></w:ftr>"#,
        page.concat()
    )
}
