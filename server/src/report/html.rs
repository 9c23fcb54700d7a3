//! A paper as a page that prints as it is seen: A4, one file, nothing fetched.

use super::{Block, Paper, escaped};

const STYLE: &str = "@page{size:A4;margin:37mm 26mm 35mm 28mm}\
body{font:16pt/28pt 'FangSong','STFangsong','仿宋_GB2312',serif;max-width:156mm;margin:auto}\
.head{color:#c00;font:bold 32pt/48pt 'SimSun','STSong',serif;text-align:center;border-bottom:2pt solid #c00;\
padding-bottom:8pt;margin-bottom:28pt}\
h1{font:22pt/32pt 'FZXiaoBiaoSong-B05S','SimSun','STSong',serif;text-align:center;margin:0 0 28pt}\
h2{font:16pt/28pt 'SimHei','STHeiti',sans-serif;margin:0;text-indent:2em}p{margin:0;text-indent:2em;text-align:justify}\
table{border-collapse:collapse;width:100%;font-size:12pt;line-height:18pt;margin:8pt 0}\
th,td{border:.5pt solid #000;padding:2pt 4pt;overflow-wrap:anywhere}thead{display:table-header-group}\
tr{break-inside:avoid}.sign{text-align:right;margin-top:28pt;text-indent:0}";

pub(super) fn write(paper: &Paper) -> String {
    let title = escaped(&paper.title);
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <style>{STYLE}</style></head><body>\n<div class=\"head\">{}</div>\n<h1>{title}</h1>\n",
        escaped(&paper.issuer)
    );
    let cells = |cells: &[String], tag: &str| -> String {
        cells.iter().map(|cell| format!("<{tag}>{}</{tag}>", escaped(cell))).collect()
    };
    for block in &paper.blocks {
        match block {
            Block::Heading(text) => page.push_str(&format!("<h2>{}</h2>\n", escaped(text))),
            Block::Text(text) => page.push_str(&format!("<p>{}</p>\n", escaped(text))),
            Block::Table { head, rows } => {
                page.push_str(&format!("<table><thead><tr>{}</tr></thead><tbody>\n", cells(head, "th")));
                for row in rows {
                    page.push_str(&format!("<tr>{}</tr>\n", cells(row, "td")));
                }
                page.push_str("</tbody></table>\n");
            }
        }
    }
    let (issuer, day) = (escaped(&paper.issuer), escaped(&paper.day));
    page.push_str(&format!("<p class=\"sign\">{issuer}<br>{day}</p>\n</body></html>\n"));
    page
}
