//! The files of a folder, read once and held to a size before anybody looks into them.

use super::problem::{Doubt, Problem};
use super::remark::{Remark, Report};
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
}

/// The files of a folder by name. `None`: it is there and cannot be read.
#[derive(Debug, Default)]
pub(super) struct Folder {
    files: BTreeMap<String, Option<String>>,
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
        let text = match bytes {
            Ok(bytes) => String::from_utf8(bytes).map_err(|error| {
                let sound = error.as_bytes().iter().take(error.utf8_error().valid_up_to());
                let row = sound.filter(|byte| **byte == b'\n').count() + 1;
                Remark::file(name, Problem::NotUtf8).row(row)
            }),
            Err(problem) => Err(Remark::file(name, problem)),
        };
        let text = text.map_err(|error| report.error(error)).ok();
        self.files.insert(name.to_owned(), text);
    }

    /// The text of a file.
    pub(super) fn text(&self, name: &str) -> Source<'_> {
        match self.files.get(name) {
            None => Source::Absent,
            Some(None) => Source::Broken,
            Some(Some(text)) => Source::Text(text.strip_prefix('\u{feff}').unwrap_or(text)),
        }
    }

    /// The names of the files, in order.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }
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
