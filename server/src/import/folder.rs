//! The files of a folder, read once and held to a size before anybody looks into them.

use super::problem::{Doubt, Problem};
use super::remark::{Remark, Report};
use super::template::NOTES;
use super::workbook::{self, Page};
use super::{TABLES, spelling};
use encoding_rs::GB18030;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// Files are no larger than this: ten times the largest tenant we plan for is a few MiB.
const LARGEST_MIB: u64 = 32;

/// Files with these endings are meant for an import, so one that none reads has a wrong name.
const ENDINGS: [&str; 7] = ["csv", "toml", "geojson", "json", "xlsx", "xls", "txt"];

/// What became of a file.
#[derive(Debug)]
pub(super) enum Source<'a> {
    /// It is not in the folder.
    Absent,
    /// It cannot be read; the report says why.
    Broken,
    /// Its text, without a byte-order mark.
    Text(&'a str),
    /// A sheet of a workbook.
    Page(&'a Page, &'a str),
}

/// The files of a folder by name. `None`: it is there and cannot be read.
#[derive(Debug, Default)]
pub(super) struct Folder {
    files: BTreeMap<String, Option<String>>,
    /// Sheets of workbooks by the table that they hold, each with its place: workbook and sheet.
    pages: BTreeMap<&'static str, Option<(Page, String)>>,
}

impl Folder {
    /// Reads every file of `dir` that `wanted` names, and remarks on those that look meant and are not.
    pub(super) fn read(dir: &Path, wanted: impl Fn(&str) -> bool, report: &mut Report) -> Self {
        let mut folder = Self::default();
        let mut names = match names_in(dir) {
            Ok(names) => names,
            Err(error) => {
                let name = dir.to_string_lossy();
                report.error(Remark::file(&name, Problem::Unreadable(error.to_string())));
                return folder;
            }
        };
        names.sort();
        for name in names {
            if name.starts_with("~$") {
                // What a spreadsheet leaves beside a file that is open.
                continue;
            }
            if wanted(&name) {
                let bytes = bytes_of(&dir.join(&name));
                folder.put(&name, bytes, report);
            } else if name.rsplit_once('.').is_some_and(|(_, ending)| ENDINGS.contains(&ending)) {
                report.warn(Remark::file(&name, Doubt::UnknownFile));
            }
        }
        folder
    }

    /// Adds a file, or says why it cannot be read.
    pub(super) fn put(&mut self, name: &str, bytes: Result<Vec<u8>, Problem>, report: &mut Report) {
        if is_workbook(name) {
            match bytes.map_err(|problem| (None, problem)).and_then(|bytes| workbook::read(&bytes)) {
                Ok(pages) => self.put_pages(name, pages, report),
                Err((sheet, problem)) => self.broken_workbook(name, sheet.as_deref(), problem, report),
            }
            return;
        }
        let text = match bytes {
            Ok(bytes) => String::from_utf8(bytes).or_else(|error| {
                let row = {
                    let sound = error.as_bytes().iter().take(error.utf8_error().valid_up_to());
                    sound.filter(|byte| **byte == b'\n').count() + 1
                };
                // What spreadsheets in China write when nobody asks them for UTF-8.
                let (text, malformed) = GB18030.decode_without_bom_handling(error.as_bytes());
                if name.ends_with(".csv") && !malformed {
                    return Ok(text.into_owned());
                }
                Err(Remark::file(name, Problem::NotUtf8).row(row))
            }),
            Err(problem) => Err(Remark::file(name, problem)),
        };
        let text = text.map_err(|error| report.error(error)).ok();
        if let Some(Some((_, place))) = self.pages.get(name) {
            report.error(Remark::file(name, Problem::DuplicateIn { file: place.clone() }));
        }
        self.files.insert(name.to_owned(), text);
    }

    fn put_pages(&mut self, name: &str, pages: Vec<Page>, report: &mut Report) {
        let alone = pages.iter().filter(|page| page.name != NOTES && !page.rows.is_empty()).count() == 1;
        for page in pages.into_iter().filter(|page| page.name != NOTES && !page.rows.is_empty()) {
            let place = format!("{name}/{}", page.name);
            let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
            let table = table_of(&page.name).or_else(|| alone.then(|| table_of(stem))?);
            let Some(table) = table else {
                report.warn(Remark::file(&place, Doubt::UnknownFile));
                continue;
            };
            let other = match self.pages.get(table) {
                Some(Some((_, other))) => Some(other.clone()),
                _ => self.files.contains_key(table).then(|| table.to_owned()),
            };
            if let Some(file) = other {
                report.error(Remark::file(&place, Problem::DuplicateIn { file }));
                continue;
            }
            self.pages.insert(table, Some((page, place)));
        }
    }

    /// Nobody can say which tables a broken workbook would have held, unless it bears the name of one.
    fn broken_workbook(&mut self, name: &str, sheet: Option<&str>, problem: Problem, report: &mut Report) {
        let place = sheet.map_or_else(|| name.to_owned(), |sheet| format!("{name}/{sheet}"));
        report.error(Remark::file(&place, problem));
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        if let Some(table) = sheet.and_then(table_of).or_else(|| table_of(stem)) {
            self.pages.insert(table, None);
        } else {
            self.pages.extend(TABLES.iter().map(|form| (form.file, None)));
        }
    }

    /// The text of a file.
    pub(super) fn text(&self, name: &str) -> Source<'_> {
        match self.files.get(name) {
            None => match self.pages.get(name) {
                None => Source::Absent,
                Some(None) => Source::Broken,
                Some(Some((page, place))) => Source::Page(page, place),
            },
            Some(None) => Source::Broken,
            Some(Some(text)) => Source::Text(text.strip_prefix('\u{feff}').unwrap_or(text)),
        }
    }

    /// The names of the files, in order.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }
}

/// Whether a file is a workbook.
pub(super) fn is_workbook(name: &str) -> bool {
    name.to_lowercase().ends_with(".xlsx")
}

/// The table that a sheet or workbook of this name holds: 点位, 点位台账, points.
fn table_of(name: &str) -> Option<&'static str> {
    let name = spelling::half_width(name).to_lowercase();
    let exact = TABLES.iter().find(|form| name == form.zh || format!("{name}.csv") == form.file);
    let begins = || TABLES.iter().filter(|form| name.starts_with(form.zh)).max_by_key(|form| form.zh.len());
    exact.or_else(begins).map(|form| form.file)
}

fn names_in(dir: &Path) -> io::Result<Vec<String>> {
    let entries = std::fs::read_dir(dir)?.collect::<io::Result<Vec<_>>>()?;
    Ok(entries.into_iter().filter_map(|entry| entry.file_name().into_string().ok()).collect())
}

pub(super) fn bytes_of(path: &Path) -> Result<Vec<u8>, Problem> {
    let limit = LARGEST_MIB << 20;
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(limit + 1).read_to_end(&mut bytes));
    match read {
        Err(error) => Err(Problem::Unreadable(error.to_string())),
        Ok(_) if u64::try_from(bytes.len()).is_ok_and(|len| len > limit) => {
            Err(Problem::TooLarge { limit_mib: LARGEST_MIB })
        }
        Ok(_) => Ok(bytes),
    }
}
