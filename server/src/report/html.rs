//! A paper as a page that prints as it is seen: A4, one file, nothing fetched.

use super::columns::{columns, shared};
use super::{Block, Paper, escaped};

const STYLE: &str = "@page{size:A4;margin:37mm 26mm 35mm 28mm}\
body{font:16pt/28pt 'FangSong','STFangsong','仿宋_GB2312',serif;max-width:156mm;margin:auto}\
.head{color:#c00;font:bold 32pt/48pt 'SimSun','STSong',serif;text-align:center;border-bottom:2pt solid #c00;\
padding-bottom:8pt;margin-bottom:28pt}th{text-align:center}.n{text-align:right}\
h1{font:22pt/32pt 'FZXiaoBiaoSong-B05S','SimSun','STSong',serif;text-align:center;margin:0 0 28pt}\
h2{font:16pt/28pt 'SimHei','STHeiti',sans-serif;margin:0;text-indent:2em}p{margin:0;text-indent:2em;text-align:justify}\
table{border-collapse:collapse;width:100%;font-size:12pt;line-height:18pt;margin:8pt 0}\
th,td{border:.5pt solid #000;padding:2pt 4pt;overflow-wrap:anywhere}thead{display:table-header-group}\
tr,h2,.sign{break-inside:avoid}h2{break-after:avoid}\
.head small{font:16pt/28pt 'FangSong','STFangsong',serif;color:#000}\
.annex{margin-top:28pt}.annex+.annex{margin:0}.mark{font-family:'SimHei','STHeiti',sans-serif;text-indent:0;break-before:page;margin-bottom:28pt}\
.sign{display:table;margin:28pt 2em 0 auto;text-indent:0;text-align:center}";

/// A line of a table holds so many places at 12 pt.
const LINE: usize = 73;

pub(super) fn write(paper: &Paper) -> String {
    let title = escaped(&paper.title);
    let number =
        paper.number.as_ref().map(|number| format!("<br><small>{}</small>", escaped(&number.to_string())));
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <style>{STYLE}</style></head><body>\n<div class=\"head\">{}{}</div>\n<h1>{title}</h1>\n",
        escaped(&paper.issuer),
        number.unwrap_or_default()
    );
    super::body(&paper.blocks).iter().for_each(|block| page.push_str(&written(block)));
    let listed = super::listed(&paper.blocks);
    for line in &listed {
        page.push_str(&format!("<p class=\"annex\">{}</p>\n", escaped(line)));
    }
    let (issuer, day) = (escaped(&paper.issuer), escaped(&paper.day));
    page.push_str(&format!("<p class=\"sign\">{issuer}<br>{day}</p>\n"));
    for (place, (title, contents)) in super::annexes(&paper.blocks).into_iter().enumerate() {
        let (mark, title) = (super::marked(place, listed.len()), escaped(title));
        page.push_str(&format!("<p class=\"mark\">{mark}</p>\n<h1>{title}</h1>\n"));
        contents.iter().for_each(|block| page.push_str(&written(block)));
    }
    page + "</body></html>\n"
}

fn written(block: &Block) -> String {
    match block {
        Block::Heading(text) | Block::Annex(text) => format!("<h2>{}</h2>\n", escaped(text)),
        Block::Text(text) => format!("<p>{}</p>\n", escaped(text)),
        Block::Table { head, rows } => table(head, rows),
    }
}

fn table(head: &[String], rows: &[Vec<String>]) -> String {
    let columns = columns(head, rows);
    let needs: Vec<_> = columns.iter().map(|column| column.wide + 2).collect();
    let widths = shared(&needs, LINE).into_iter().map(|share| share * 100 / LINE);
    let widths: String = widths.map(|share| format!("<col style=\"width:{share}%\">")).collect();
    let names: String = head.iter().map(|name| format!("<th>{}</th>", escaped(name))).collect();
    let mut table = format!("<table><colgroup>{widths}</colgroup><thead><tr>{names}</tr></thead><tbody>\n");
    for row in rows {
        let cells = row.iter().zip(&columns).map(|(text, column)| {
            let class = if column.number { " class=\"n\"" } else { "" };
            format!("<td{class}>{}</td>", escaped(text))
        });
        table.push_str(&format!("<tr>{}</tr>\n", cells.collect::<String>()));
    }
    table + "</tbody></table>\n"
}
